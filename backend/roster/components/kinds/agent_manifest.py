"""The manifest of an agent. To add a field: one line in `AgentManifest`."""

import json
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from roster.lint.mending import split_items

# Keys that other tools and collections write into agent files: read as keys, not
# as text, wherever they stand.
OTHER_KEYS = frozenset(
    {
        "allowed-tools",
        "argument-hint",
        "author",
        "capabilities",
        "category",
        "display_name",
        "emoji",
        "license",
        "mcp-servers",
        "mode",
        "permission",
        "tags",
        "temperature",
        "version",
        "vibe",
    },
)


class AgentManifest(BaseModel):
    """The documented keys of an agent, under the names that files use.

    Keys that are not documented are kept as they are.
    """

    model_config = ConfigDict(extra="allow", strict=True)

    name: str | None = None
    description: str | None = None
    tools: list[str] | None = None
    disallowedTools: list[str] | None = None  # noqa: N815  # the keys of the files
    model: str | None = None
    color: str | None = None
    permissionMode: str | None = None  # noqa: N815
    maxTurns: int | None = None  # noqa: N815
    skills: list[str] | None = None
    mcpServers: list[Any] | dict[str, Any] | None = None  # noqa: N815
    hooks: dict[str, Any] | None = None
    memory: str | None = None
    background: bool | None = None
    effort: str | int | None = None
    isolation: str | None = None
    initialPrompt: str | None = None  # noqa: N815

    @field_validator("tools", "disallowedTools", "skills", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return split_list(value) if isinstance(value, str) else value

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


DOCUMENTED = frozenset(AgentManifest.model_fields)
KNOWN = DOCUMENTED | OTHER_KEYS


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
