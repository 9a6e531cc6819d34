"""The servers of an export in one `.mcp.json`, as Claude Code reads it."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from roster.exports import servers
from roster.exports.ledger import Ledger
from roster.exports.served import Served, served
from roster.exports.shipment import Item

Finish = Callable[[Served], None]


def put(
    ledger: Ledger, items: Sequence[Item], path: str, finish: Finish | None = None
) -> None:
    """Add the document of all servers; one alone stays as it is where it can."""
    held = [served(item) for item in items if item.kind == servers.KIND]
    for one in held:
        before = dict(one.values)
        if finish:
            finish(one)
        for change in one.changes:
            ledger.note(
                one.item, change.fate, change.why, path, change.field, change.becomes
            )
        if not one.changes and one.values == before:
            ledger.kept(one.item, "It is read as it is.", path)
        ledger.variables(one.item, one.references)
    if held:
        only = held[0].item if len(held) == 1 else None
        ledger.add(path, _document(held), only)


def _document(held: Sequence[Served]) -> bytes:
    entries: dict[str, Any] = {one.name: one.values for one in held}
    if len(held) == 1 and servers.says(held[0].item.main, entries):
        return held[0].item.main
    document = json.dumps({servers.WRAPPER: entries}, indent=2, ensure_ascii=False)
    return f"{document}\n".encode(errors="replace")
