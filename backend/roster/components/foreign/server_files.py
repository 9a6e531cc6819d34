"""The servers in the files of all tools, each as a document of its own."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from roster.components.foreign.base import (
    Convert,
    Converted,
    Cut,
    UnreadableError,
    Values,
    listed,
)
from roster.components.foreign.documents import Document, open_json, open_toml
from roster.components.foreign.server_fields import (
    CLAUDE,
    CODEX,
    COPILOT,
    CURSOR,
    GEMINI,
    OPENCODE,
    VS_CODE,
    Dialect,
    mapped,
    says_twice,
)
from roster.components.kinds import server_document

SERVER = "server"
_MOST = 1_000
_STARTS = frozenset({"command", "url", "httpUrl", "http_url", "serverUrl"})
_SCHEMA = frozenset({"$schema"})
# A folder of a tool that a configuration stands in, and how the tool writes it.
_BY_FOLDER = {
    ".vscode": VS_CODE,
    ".cursor": CURSOR,
    ".copilot": COPILOT,
    ".github": COPILOT,
    ".gemini": GEMINI,
    ".opencode": OPENCODE,
    ".codex": CODEX,
}


def in_server_file(path: str, data: bytes) -> list[Converted]:
    """The servers of an ``mcp.json``; nothing where it is ours already."""
    try:
        document = open_json(data)
    except UnreadableError:  # the kind itself says what is wrong, and where
        return []
    values = document.values
    dialect = _dialect(path, values)
    held = _entries(CLAUDE, values)[1].values()
    if dialect is CLAUDE and not any(says_twice(config) for config in held):
        return []
    bare = {dialect.wrappers[0][0]: _servers_in(values)}
    found = servers(dialect, values, document.cut) or servers(dialect, bare)
    if len(found) != 1 or not _is_alone(dialect, values):
        return found
    only = replace(found[0], source=None)
    _, entries = _entries(dialect, values)
    ours, notes = mapped(dialect, *entries.values())
    if ours in entries.values() and not values.keys() & dialect.beside:
        return [replace(only, data=data, notes=tuple(notes))]
    return [only]


def _dialect(path: str, values: Values) -> Dialect:
    place = PurePosixPath(path.replace("\\", "/").lower())
    if place.name == "mcp-config.json":
        return COPILOT
    for folder in reversed(place.parent.parts):
        if folder in _BY_FOLDER:
            return _BY_FOLDER[folder]
    if isinstance(values.get("inputs"), list) and isinstance(
        values.get("servers"), dict
    ):
        return VS_CODE
    return CLAUDE


def _is_alone(dialect: Dialect, values: Values) -> bool:
    """Whether nothing but servers stands in the document, where the kind looks."""
    wrappers = {path[0] for path in dialect.wrappers} & set(server_document.WRAPPERS)
    others = values.keys() - wrappers - _SCHEMA - dialect.beside
    return bool(wrappers & values.keys()) and not others


def of_json(dialect: Dialect) -> Convert:
    """A converter of documents that hold other settings too."""
    return lambda _, data: _of_document(dialect, open_json(data))


def of_toml(dialect: Dialect) -> Convert:
    return lambda _, data: _of_document(dialect, open_toml(data))


def _of_document(dialect: Dialect, document: Document) -> list[Converted]:
    return servers(dialect, document.values, document.cut)


def servers(
    dialect: Dialect, values: Values, cut: Cut | None = None
) -> list[Converted]:
    """A document for each server that the values name.

    Raises:
        UnreadableError: They are more than anybody has.
    """
    wrapper, entries = _entries(dialect, values)
    if len(entries) > _MOST:
        raise UnreadableError(f"It names more than {_MOST:,} servers.")
    inputs = _inputs(values) if "inputs" in dialect.beside else {}
    names = server_document.names_of(entries)
    found = []
    for name, (key, config) in zip(names, entries.items(), strict=True):
        ours, notes = mapped(dialect, config, inputs)
        used = _used(config, inputs)
        if used:
            notes.append(f"A person is asked for: {listed(used)}.")
        data = server_document.write(server_document.key_for(key, name), ours)
        source = cut((*wrapper, key)) if cut else None
        told = tuple(notes)
        found.append(Converted(name, SERVER, data, dialect.tool, told, source=source))
    return found


def _entries(
    dialect: Dialect, values: Values
) -> tuple[tuple[str, ...], dict[str, Values]]:
    """The first wrapper that holds any server, and what stands below it."""
    for path in dialect.wrappers:
        inner: Any = values
        for key in path:
            inner = inner.get(key) if isinstance(inner, dict) else None
        found = _maps_in(inner)
        if any(item.keys() & _STARTS for item in found.values()):
            # OpenCode switches off by an entry that holds no server.
            return path, _servers_in(found) if dialect is OPENCODE else found
    return (), {}


def _maps_in(values: Any) -> dict[str, Values]:
    if not isinstance(values, dict):
        return {}
    return {key: item for key, item in values.items() if isinstance(item, dict)}


def _servers_in(values: Values) -> dict[str, Values]:
    maps = _maps_in(values).items()
    return {key: item for key, item in maps if item.keys() & _STARTS}


def _inputs(values: Values) -> dict[str, Values]:
    asked = values.get("inputs")
    return {
        item["id"]: item
        for item in (asked if isinstance(asked, list) else [])
        if isinstance(item, dict) and isinstance(item.get("id"), str)
    }


def _used(config: Values, inputs: Mapping[str, Values]) -> list[str]:
    """What a person is asked for, in the words of the file."""
    text = str(config)
    return [
        f"{name} ({known['description']})"
        if isinstance(known.get("description"), str)
        else name
        for name, known in inputs.items()
        if f"${{input:{name}}}" in text
    ]
