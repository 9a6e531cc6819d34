"""Examples for the OpenAPI document, put together from those of the fields.

A model's fields say what they look like (`Field(examples=[…])`) where their type does
not; a whole body or answer is made of them, so that each operation shows one.
"""

from typing import Any

Schema = dict[str, Any]

_JSON = "application/json"
_BY_FORMAT = {
    "uuid": "019b2f6c-8d1e-7a30-9c54-2f1b6e0d4a77",
    "date-time": "2026-03-14T09:26:53Z",
    "date": "2026-03-14",
    "email": "ada@example.org",
    "uri": "https://example.org/",
    "binary": "…",
}
_BY_NAME = {
    "username": "ada",
    "display_name": "Ada Lovelace",
    "slug": "platform",
    "team": "platform",
    "name": "reviewer",
    "label": "production",
    "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "etag": '"v7"',
    "message": "Say what to do with failing tests",
    "reason": "It deletes files it should only read",
    "description": "Reviews changes before they are merged",
    "path": "AGENT.md",
    "cursor": "bzEyMzQ",
    "key": "API_TOKEN",
}
_DEEPEST = 8


def of_schema(schema: Schema, schemas: dict[str, Schema]) -> Any:
    """Make an example of a JSON schema.

    Args:
        schema: The schema.
        schemas: Those that it may refer to, by name.
    """
    return _make(schema, schemas, name="", depth=0)


def add_to(operation: dict[str, Any], schemas: dict[str, Schema]) -> None:
    """Give an operation's body and good answers the examples that they lack."""
    contents = [operation.get("requestBody", {}).get("content", {})]
    contents += [
        answer.get("content", {})
        for status, answer in operation["responses"].items()
        if status.startswith("2")
    ]
    for content in contents:
        media = content.get(_JSON)
        if media and not {"example", "examples"} & media.keys():
            media["example"] = of_schema(media.get("schema", {}), schemas)


def _make(schema: Schema, schemas: dict[str, Schema], name: str, depth: int) -> Any:
    if "$ref" in schema:
        target = schemas[schema["$ref"].rsplit("/", 1)[1]]
        return _make({**target, **_own(schema)}, schemas, name, depth)
    if schema.get("examples"):
        return schema["examples"][0]
    for word in ("example", "const", "default"):
        if schema.get(word) is not None:
            return schema[word]
    if "enum" in schema:
        return schema["enum"][0]
    for word in ("anyOf", "oneOf", "allOf"):
        if word in schema:
            return _first(schema[word], schemas, name, depth)
    return _of_type(schema, schemas, name, depth)


def _own(schema: Schema) -> Schema:
    return {key: value for key, value in schema.items() if key != "$ref"}


def _first(
    choices: list[Schema], schemas: dict[str, Schema], name: str, depth: int
) -> Any:
    """The first choice that says something."""
    telling = [one for one in choices if one.get("type") != "null"]
    return _make(telling[0], schemas, name, depth) if telling else None


def _of_type(schema: Schema, schemas: dict[str, Schema], name: str, depth: int) -> Any:
    match schema.get("type"):
        case "object":
            return _object(schema, schemas, depth)
        case "array":
            items = schema.get("items", {})
            few = depth < _DEEPEST or schema.get("minItems")
            return [_make(items, schemas, name, depth + 1)] if few and items else []
        case "integer" | "number":
            return max(schema.get("minimum", 1), 1)
        case "boolean":
            return False
        case "string":
            return _text(schema, name)
        case _:
            return None


def _object(schema: Schema, schemas: dict[str, Schema], depth: int) -> dict[str, Any]:
    required = schema.get("required", ())
    return {
        name: _make(part, schemas, name, depth + 1)
        for name, part in schema.get("properties", {}).items()
        if name in required or depth < _DEEPEST
    }


def _text(schema: Schema, name: str) -> str:
    known = _BY_NAME.get(name) or _BY_NAME.get(name.rsplit("_", 1)[-1], "text")
    text = _BY_FORMAT.get(schema.get("format", ""), known)
    return text[: schema.get("maxLength", len(text))]
