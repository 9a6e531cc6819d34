"""Shipments to lay out, and what is read back from the files."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from roster.components.foreign import convert
from roster.components.kinds import KINDS, kind_of
from roster.components.kinds.discovery import group
from roster.components.stored import StoredFile
from roster.exports.shipment import Item, Shipment
from roster.exports.targets.base import Exported, Note
from roster.exports.targets.registry import TARGETS
from roster.exports.writing import page

SHIPMENT = Shipment(
    team="forge",
    collection="kit",
    title="Kit",
    description="What the forge works with.",
    number=3,
    author="ann",
    released_at=datetime(2026, 1, 2, tzinfo=UTC),
    items=(),
)


def item(
    kind: str, name: str, data: bytes, others: Mapping[str, bytes] | None = None
) -> Item:
    stored = tuple(
        StoredFile(path, "100644", len(said), hashlib.sha256(said).hexdigest())
        for path, said in sorted((others or {}).items())
    )
    return Item(kind, "forge", name, 1, "digest", data, others=stored)


def markdown(
    kind: str, name: str, values: Mapping[str, Any], body: str = "Do it.\n"
) -> Item:
    return item(kind, name, page(values, body))


def ship(*items: Item) -> Shipment:
    return replace(SHIPMENT, items=items)


def lay_out(target: str, *items: Item) -> Exported:
    return TARGETS[target].export(ship(*items))


def texts(exported: Exported) -> dict[str, str]:
    """What the files say that were written, by their paths."""
    return {
        file.path: file.data.decode()
        for file in exported.files
        if file.data is not None
    }


def digests(exported: Exported) -> dict[str, tuple[str, str]]:
    return {file.path: (file.mode, file.sha256) for file in exported.files}


def notes(exported: Exported, field: str | None = None) -> list[Note]:
    return [note for note in exported.notes if note.field == field]


def read_back(exported: Exported) -> list[Item]:
    """The components that an import finds in the files."""
    found: list[Item] = []
    files = {file.path: file for file in exported.files}
    mains = {}
    for path, file in files.items():
        kind = None if file.data is None else kind_of(path, file.data)
        if kind is not None:
            mains[path] = kind
    units, _ = group(files, mains)
    held = {path for unit in units for path in (unit.main, *unit.others)}
    for unit in units:
        file = files[unit.main]
        data = file.data or b""
        root = len(unit.root) + 1 if unit.root else 0
        others = tuple(
            StoredFile(path[root:], one.mode, one.size, one.sha256)
            for path in unit.others
            for one in [files[path]]
        )
        found += _components(unit.main, unit.kind.name, data, others)
    for path in files.keys() - held:
        found += _converted(path, files[path].data or b"")
    return sorted(found, key=lambda one: (one.kind, one.name))


def _components(
    path: str, kind: str, data: bytes, others: tuple[StoredFile, ...]
) -> list[Item]:
    converted = _converted(path, data)
    if converted:
        return converted
    several = KINDS[kind].split(data)
    if several:
        return [item(kind, name, one) for name, one in several]
    name = KINDS[kind].parse(data, path).name
    assert name, path
    return [replace(item(kind, name, data), others=others)]


def _converted(path: str, data: bytes) -> list[Item]:
    found = []
    for one in convert(path, data):
        assert not one.refusal, (path, one.refusal)
        name = one.name or KINDS[one.kind].parse(one.data, path).name
        assert name, path
        found.append(item(one.kind, name, one.data))
    return found


def again(target: str, exported: Exported) -> Exported:
    """What is read back, laid out for the same tool once more."""
    return lay_out(target, *read_back(exported))


def by_key(items: Iterable[Item]) -> dict[tuple[str, str], Item]:
    return {(one.kind, one.name): one for one in items}
