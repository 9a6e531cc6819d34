"""Where the configuration of a server stands in a JSON document."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from roster.lint.json_text import Node
from roster.lint.naming import is_name, slug

WRAPPERS = ("mcpServers", "servers", "mcp_servers")
_BESIDE = frozenset({"$schema", "inputs"})
_TARGETS = frozenset({"command", "url", "httpUrl"})
_OWN = _TARGETS | {"args", "env", "headers", "type"}
_NUMBERED = 58  # so much of a name is left where a number follows
_NONDESCRIPT = frozenset({"mcp", "mcp-config", "server", "servers", "settings"})


@dataclass(frozen=True, slots=True)
class Entry:
    """A server in a document; `key` is its name as written, with its quotes' place."""

    node: Node
    key: str | None = None
    key_span: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Servers:
    """The servers of a document; `alone` if nothing else stands in it."""

    entries: list[Entry]
    alone: bool


def find(root: Node) -> Servers:
    """The servers of a document: under a name each, or one without."""
    for wrapper in WRAPPERS:
        inner = root.members.get(wrapper)
        if inner is not None and _holds_servers(inner, wrapper):
            beside = root.members.keys() - _BESIDE - {wrapper}
            return Servers(_entries(inner), alone=not beside)
    if root.members.keys() & _OWN:
        return Servers([Entry(root)], alone=True)
    if root.members and all(
        member.members.keys() & _TARGETS for member in root.members.values()
    ):
        return Servers(_entries(root), alone=True)
    return Servers([], alone=True)


def _holds_servers(node: Node, wrapper: str) -> bool:
    """`servers` is a common word: what stands under it must look like servers."""
    if not isinstance(node.value, dict):
        return False
    return wrapper != "servers" or any(
        member.members.keys() & _OWN for member in node.members.values()
    )


def _entries(node: Node) -> list[Entry]:
    return [
        Entry(member, key, node.keys[key])
        for key, member in node.members.items()
        if isinstance(member.value, dict)
    ]


def split(servers: Servers) -> list[tuple[str, bytes]]:
    """A document of its own for each, where one holds several or other things too."""
    if len(servers.entries) <= 1 and servers.alone:
        return []
    names = names_of(entry.key or "" for entry in servers.entries)
    return [
        (name, write(key_for(entry.key or "", name), entry.node.value))
        for name, entry in zip(names, servers.entries, strict=True)
    ]


def key_for(key: str, name: str) -> str:
    """The key that a document has whose server is called so: as written, if it can."""
    return key if slug(key) == name else name


def names_of(keys: Iterable[str]) -> list[str]:
    """The name of the server with each key; no two have the same."""
    found: dict[str, None] = {}
    last: dict[str, int] = {}
    for key in keys:
        name = slug(key) or "server"
        start, free = name[:_NUMBERED], name
        while free in found:
            last[start] = last.get(start, 1) + 1
            free = f"{start}-{last[start]}"
        found[free] = None
    return list(found)


def write(name: str | None, values: dict[str, Any]) -> bytes:
    """A document that holds one server; without a name, its object alone."""
    document = values if name is None else {"mcpServers": {name: values}}
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode(
        errors="replace"
    )


def name_from_path(path: str | None) -> str | None:
    """The name that a file has, or else its folder, if one of them says anything."""
    if not path:
        return None
    place = PurePosixPath(path.replace("\\", "/"))
    for part in (place.stem, place.parent.name):
        name = slug(part)
        if name and name not in _NONDESCRIPT and not part.startswith("."):
            return name
    return None


def name_of(key: str | None, path: str | None) -> str | None:
    """The registry name: the key's, if a name can be made of it."""
    if key is None:
        return name_from_path(path)
    return key if is_name(key) else slug(key) or name_from_path(path)
