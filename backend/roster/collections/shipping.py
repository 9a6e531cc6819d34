"""Lay a release out for a tool. What was laid out once is kept a while."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from cachetools import LRUCache
from fastapi.concurrency import run_in_threadpool
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.blobs import reading as blobs
from roster.blobs.storage import BlobStore
from roster.collections import exporting
from roster.collections.models import Release
from roster.components.kinds import KINDS
from roster.components.rows import AnyRow
from roster.components.stored import StoredFile
from roster.exports import packing
from roster.exports.packing import Format, Packed
from roster.exports.shipment import Item, Shipment
from roster.exports.targets.base import Exported, ExportFile, Target, digest_of
from roster.exports.targets.registry import TARGETS

KEPT_BYTES = 64 * 1024 * 1024
ARCHIVES_BYTES = 32 * 1024 * 1024
_LARGEST = ARCHIVES_BYTES // 4
_AS_STORED = ""
_NOTE_BYTES = 300

_kept: LRUCache[tuple[UUID, str], Exported] = LRUCache(
    KEPT_BYTES,
    getsizeof=lambda made: (
        sum(len(file.data or b"") + _NOTE_BYTES for file in made.files)
        + _NOTE_BYTES * len(made.notes)
    ),
)


_archives: LRUCache[tuple[UUID, str, Format], tuple[bytes, str]] = LRUCache(
    ARCHIVES_BYTES, getsizeof=lambda kept: len(kept[0])
)


def forget() -> None:
    """Drop what is kept: all of it is made again when somebody asks."""
    _kept.clear()
    _archives.clear()


@dataclass(frozen=True, slots=True)
class Taken:
    """A release that is being taken out, of which nothing was redacted.

    Attributes:
        release: Its row.
        rows: The files that are locked.
        target: Name of the target; empty for the very bytes.
        made: What the exporter made; None for the very bytes.
    """

    release: AnyRow
    rows: Sequence[AnyRow]
    target: str = _AS_STORED
    made: Exported | None = None

    @property
    def files(self) -> Sequence[ExportFile]:
        if self.made is None:
            return exporting.as_stored(self.rows)
        return self.made.files

    def tag(self, form: Format) -> str:
        """What the archive follows from: the lock alone, in a zip of the very bytes."""
        if self.made is not None:
            return f"{digest_of(self.made)}.{form}"
        digest = str(self.release.digest)
        return digest if form is Format.zip else f"{digest}.{form}"


async def take(
    session: AsyncSession, store: BlobStore, release: AnyRow, target: Target | None
) -> Taken:
    """Find what goes out of a release that the caller was found to be allowed to see.

    Raises:
        Gone: One of its files was redacted.
    """
    if target is None:
        rows = await exporting.files_of(session, release)
        await exporting.require_there(session, rows)
        return Taken(release, rows)
    made, rows = await lay_out(session, store, release.id, target)
    return Taken(release, rows, target.name, made)


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
    [made] = await _laid_out(session, store, release_id, files, [target])
    return made, files


async def lay_out_all(
    session: AsyncSession, store: BlobStore, release_id: UUID
) -> list[Exported]:
    """The same for every target, in their order.

    Raises:
        Gone: One of its files was redacted.
    """
    files = await exporting.files_by_id(session, release_id)
    await exporting.require_there(session, files)
    targets = list(TARGETS.values())
    return await _laid_out(session, store, release_id, files, targets)


async def _laid_out(
    session: AsyncSession,
    store: BlobStore,
    release_id: UUID,
    files: Sequence[AnyRow],
    targets: Sequence[Target],
) -> list[Exported]:
    found: list[Exported] = []
    shipment = None
    for target in targets:
        made = _kept.get((release_id, target.name))
        if made is None:
            if shipment is None:
                shipment = await shipment_of(session, store, release_id, files)
            made = await run_in_threadpool(target.export, shipment)
            if _kept.getsizeof(made) <= KEPT_BYTES:
                _kept[release_id, target.name] = made
        found.append(made)
    return found


async def pack(
    session: AsyncSession, store: BlobStore, taken: Taken, form: Format, *, most: int
) -> Packed:
    """Pack what was taken.

    Raises:
        TooLarge: It has more bytes than the most that are allowed.
        Gone: One of the files was redacted meanwhile.
    """
    key = (taken.release.id, taken.target, form)
    if key in _archives:
        return packing.kept(*_archives[key])
    packed = await packing.pack(session, store, taken.files, form, most=most)
    if packed.size <= _LARGEST:
        _archives[key] = packed.whole(), packed.digest
    return packed


async def shipment_of(
    session: AsyncSession,
    store: BlobStore,
    release_id: UUID,
    files: Sequence[AnyRow],
) -> Shipment:
    """What an exporter may look at, of a release that may be seen.

    Args:
        session: To read with.
        store: Where large files are.
        release_id: Of the release.
        files: Those that it locks.
    """
    release = await session.get_one(Release, release_id)
    held: dict[int, list[AnyRow]] = {}
    for row in files:
        held.setdefault(row.position, []).append(row)
    mains = [row.digest for row in files if row.path == KINDS[row.kind].main]
    found = await blobs.contents(session, store, mains)
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
