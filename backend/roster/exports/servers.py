"""All MCP servers of an export in one `.mcp.json`, as tools read it."""

import json
from collections.abc import Sequence
from typing import Any

from roster.components.kinds import KINDS

PATH = ".mcp.json"
KIND = "server"
WRAPPER = "mcpServers"


def merged(servers: Sequence[tuple[str, bytes]]) -> bytes:
    """One document of several (name, file); one alone stays as it is, if it can."""
    if len(servers) == 1 and _is_document_of(*servers[0]):
        return servers[0][1]
    found: dict[str, Any] = {}
    for name, data in servers:
        parsed = KINDS[KIND].parse(data, limit=max(1, len(data)))
        found[name] = parsed.manifest
    document = json.dumps({WRAPPER: found}, indent=2, ensure_ascii=False)
    return f"{document}\n".encode()


def _is_document_of(name: str, data: bytes) -> bool:
    """Whether tools find exactly this server in the file as it is."""
    found = _found(data)
    return found is not None and list(found) == [name]


def says(data: bytes, servers: dict[str, Any]) -> bool:
    """Whether tools find exactly these servers in the file as it is."""
    return _found(data) == servers


def _found(data: bytes) -> dict[str, Any] | None:
    try:
        document = json.loads(data.decode())
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, dict) or list(document) != [WRAPPER]:
        return None
    servers = document[WRAPPER]
    return servers if isinstance(servers, dict) else None
