"""What the manifests of all kinds share: how they are read from the values of a file.

To add a field to a kind: one line in its manifest class.
"""

import json
from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ValidationError,
    WithJsonSchema,
)

from roster.lint.mending import split_items


class Manifest(BaseModel):
    """The documented keys of a kind, under the names that files use.

    Keys that are not documented are kept as they are.
    """

    model_config = ConfigDict(extra="allow", strict=True)

    @classmethod
    def documented(cls) -> frozenset[str]:
        """The keys, as files write them."""
        fields = cls.model_fields.items()
        return frozenset(field.alias or name for name, field in fields)

    @classmethod
    def read(cls, values: dict[str, Any]) -> tuple[Self, dict[str, str]]:
        """The typed view of a manifest, without the values of a wrong type.

        The second part says which keys these are, and what was expected there.
        """
        try:
            return cls.model_validate(values), {}
        except ValidationError as error:
            wrong = {str(item["loc"][0]): item["msg"] for item in error.errors()}
        kept = {key: value for key, value in values.items() if key not in wrong}
        return cls.model_validate(kept), wrong


def split_list(text: str) -> list[str]:
    """Names in a text: between commas, as JSON, or between blanks; in files, all occur.

    Commas inside parentheses stay: `Agent(one, two)` is one tool.
    """
    text = text.strip()
    if text[:1] == "[" and text[-1:] == "]":
        try:
            values = json.loads(text)
            return [str(value) for value in values]
        except ValueError:
            text = text[1:-1]
    items = [item.strip("\"' ") for _, item in split_items(text)]
    items = [item for item in items if item]
    if len(items) == 1 and "(" not in text and " " in items[0]:
        words = items[0].split()
        if all(word[:1].isupper() or word.startswith("mcp__") for word in words):
            return words
    return items


def split_words(text: str) -> list[str]:
    """Names between commas or, as Agent Skills write them, between blanks.

    Blanks and commas inside parentheses stay: `Bash(git log:*) Read` are two tools.
    """
    words, depth, word = [], 0, ""
    for char in text:
        depth += (char == "(") - (char == ")")
        if depth <= 0 and (char.isspace() or char == ","):
            words.append(word)
            word = ""
        else:
            word += char
    return [item for item in (*words, word) if item]


def _names(value: Any) -> Any:
    return split_list(value) if isinstance(value, str) else value


def _words(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    bracketed = value.strip()[:1] == "["
    return split_list(value) if bracketed else split_words(value)


_TRUTHS = {"yes": True, "on": True, "1": True, "no": False, "off": False, "0": False}


def _truth(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    if isinstance(value, str | int):
        return _TRUTHS.get(str(value).lower(), value)
    return value


_AS_WRITTEN = WithJsonSchema(
    {
        "anyOf": [
            {"type": "string"},
            {"type": "array", "items": {"type": "string"}},
            {"type": "null"},
        ]
    }
)
Names = Annotated[list[str] | None, BeforeValidator(_names), _AS_WRITTEN]
"""A list, or a text with commas between the names."""
Words = Annotated[list[str] | None, BeforeValidator(_words), _AS_WRITTEN]
"""A list, or a text with blanks or commas between the names."""
Truth = Annotated[
    bool | None,
    BeforeValidator(_truth),
    WithJsonSchema({"type": ["boolean", "string", "integer", "null"]}),
]
"""Also yes and no, on and off, 1 and 0, as Claude Code reads them."""
