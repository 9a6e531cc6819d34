"""Lay a release out for a tool. What was laid out once is kept a while."""

from collections.abc import Sequence
from uuid import UUID

from cachetools import LRUCache
from fastapi.concurrency import run_in_threadpool
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.blobs.storage import BlobStore
from roster.collections import exporting
from roster.collections.models import Release
from roster.components.kinds import KINDS
from roster.components.rows import AnyRow
from roster.components.stored import StoredFile
from roster.core.errors import NotFound
from roster.exports.shipment import Item, Shipment
from roster.exports.targets.base import Exported, Target
from roster.exports.targets.registry import TARGETS

KEPT_BYTES = 64 * 1024 * 1024
_NOTE_BYTES = 300

_kept: LRUCache[tuple[UUID, str], Exported] = LRUCache(
    KEPT_BYTES,
    getsizeof=lambda made: (
        sum(len(file.data or b"") + _NOTE_BYTES for file in made.files)
        + _NOTE_BYTES * len(made.notes)
    ),
)


def forget() -> None:
    """Drop what is kept: all of it is made again when somebody asks."""
    _kept.clear()


def find_target(name: str) -> Target:
    """Find a target by its name.

    Raises:
        NotFound: There is none.
    """
    target = TARGETS.get(name)
    if target is None:
        known = ", ".join(TARGETS)
        raise NotFound(f"There is no target {name!r}; there are {known}.")
    return target


async def lay_out(
    session: AsyncSession, store: BlobStore, release_id: UUID, target: Target
) -> tuple[Exported, Sequence[AnyRow]]:
    """Lay a release out that the caller was found to be allowed to see.

    Returns:
        What the exporter made, and the rows of the files that are locked.

    Raises:
        Gone: One of its files was redacted.
    """
    files = await exporting.files_by_id(session, release_id)
    await exporting.require_there(session, files)
    made = _kept.get((release_id, target.name))
    if made is None:
        shipment = await _shipment(session, store, release_id, files)
        made = await run_in_threadpool(target.export, shipment)
        if _kept.getsizeof(made) <= KEPT_BYTES:
            _kept[release_id, target.name] = made
    return made, files


async def _shipment(
    session: AsyncSession,
    store: BlobStore,
    release_id: UUID,
    files: Sequence[AnyRow],
) -> Shipment:
    release = await session.get_one(Release, release_id)
    held: dict[int, list[AnyRow]] = {}
    for row in files:
        held.setdefault(row.position, []).append(row)
    mains = [row.digest for row in files if row.path == KINDS[row.kind].main]
    found = await exporting.contents(session, store, mains)
    items = [_item(held[position], found) for position in sorted(held)]
    return Shipment(
        team=release.team,
        collection=release.name,
        title=release.title,
        description=release.description,
        number=release.number,
        author=release.author,
        released_at=release.created_at,
        items=tuple(items),
    )


def _item(rows: Sequence[AnyRow], found: dict[str, bytes]) -> Item:
    [main] = [row for row in rows if row.path == KINDS[row.kind].main]
    others = sorted(
        (StoredFile(row.path, row.mode, row.size, row.digest) for row in rows),
        key=lambda file: file.path,
    )
    return Item(
        kind=main.kind,
        team=main.team_then,
        name=main.name,
        number=main.number,
        digest=main.tree,
        main=found[main.digest],
        mode=main.mode,
        others=tuple(file for file in others if file.path != main.path),
    )
