"""Cursor: fields as its documentation and the converters of others name them."""

from collections.abc import Iterator, Mapping

from tests.exports.validators.reading import (
    RefusedError,
    Rule,
    Values,
    are_texts,
    document,
    is_bool,
    is_said,
    maps_texts,
    matter,
    mistyped,
    one_of,
    skills,
)

_AGENT: dict[str, Rule] = {
    "name": is_said,
    "description": is_said,
    "model": is_said,
    "readonly": is_bool,
    "is_background": is_bool,
}
_SERVER: dict[str, Rule] = {
    "type": one_of("stdio", "http", "sse"),
    "command": is_said,
    "args": are_texts,
    "env": maps_texts,
    "cwd": is_said,
    "url": is_said,
    "headers": maps_texts,
}
_NOT_ITS = frozenset({"tools", "disallowedTools", "color", "hooks", "permissionMode"})


def problems(files: Mapping[str, bytes]) -> list[str]:
    return [said for path, data in files.items() for said in _of(path, data)]


def _of(path: str, data: bytes) -> Iterator[str]:
    yield from skills(path, data)
    try:
        if path.startswith(".cursor/agents/"):
            values, _ = matter(data)
            yield from (f"{path}: {said}" for said in _agent(values))
        elif path.startswith(".cursor/commands/"):
            # Plain Markdown: whatever stands in it is what is sent.
            if b"\nallowed-tools:" in data.partition(b"\n---")[0]:
                yield f"{path}: its front matter would be sent as well"
        elif path == ".cursor/mcp.json":
            yield from (f"{path}: {said}" for said in _servers(document(data)))
        elif not path.startswith(".cursor/skills/"):
            yield f"{path}: nobody looks there"
    except RefusedError as error:
        yield f"{path}: {error}"


def _agent(values: Values) -> Iterator[str]:
    yield from (f"it has no {key}" for key in {"name", "description"} - values.keys())
    yield from mistyped(values, _AGENT)
    yield from (f"{key} is not Cursor's" for key in _NOT_ITS & values.keys())


def _servers(values: Values) -> Iterator[str]:
    if list(values) != ["mcpServers"]:
        yield f"its keys are {sorted(values)}"
    for name, config in values["mcpServers"].items():
        yield from (f"{name}: {said}" for said in mistyped(config, _SERVER))
        if ("command" in config) == ("url" in config):
            yield f"{name}: nothing says how to reach it"
