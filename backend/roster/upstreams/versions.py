"""What a component holds on each of the three sides of an update."""

from collections.abc import Mapping
from dataclasses import dataclass

import anyio.to_thread
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.blobs.reading import find, redacted, whole
from roster.blobs.storage import BlobStore
from roster.components.content import TreeFile, content_digest
from roster.components.kinds import KINDS, Kind
from roster.components.lookup import file_of
from roster.components.models import Component
from roster.components.trees import others_of
from roster.core.errors import Conflict
from roster.lint.decoding import decode
from roster.repositories.models import Taken, Upstream
from roster.upstreams.models import UpstreamFile, UpstreamSide

NOTHING: Mapping[str, TreeFile] = {}


@dataclass(frozen=True, slots=True)
class Version:
    """A main file, its text, and the files beside it by their paths."""

    main: bytes
    text: str
    others: Mapping[str, TreeFile]

    @classmethod
    def of(cls, main: bytes, others: Mapping[str, TreeFile]) -> "Version":
        text = decode(main, limit=len(main)).text if main else ""
        return cls(main, text, others)

    def digest(self, kind: Kind) -> str:
        """Of the revision that it would make."""
        return content_digest(kind, self.main, self.others.values())


async def revision(session: AsyncSession, component: Component, number: int) -> Version:
    """A revision; what was redacted of it is not in it."""
    main = await file_of(session, component.id, number)
    others: Mapping[str, TreeFile] = NOTHING
    if KINDS[component.kind].is_tree:
        files = await others_of(session, component, number)
        others = {file.path: file for file in files}
    return Version.of(main, others)


async def base(
    session: AsyncSession, store: BlobStore, component: Component, upstream: Upstream
) -> Version:
    """What was taken last: the files kept of it, or else the revision they made."""
    kept = await _kept(session, component, UpstreamSide.base)
    if not kept:
        return await revision(session, component, upstream.number)
    return await _stored(session, store, component, upstream, kept)


async def update(
    session: AsyncSession, store: BlobStore, component: Component, upstream: Upstream
) -> Version:
    """The update as it would be stored.

    Raises:
        Conflict: It is gone, or cannot be stored under the name of the component.
    """
    kept = await _kept(session, component, UpstreamSide.update)
    if not kept:
        raise Conflict("There is no update; check the repository again.")
    return await _stored(session, store, component, upstream, kept)


async def _kept(
    session: AsyncSession, component: Component, side: UpstreamSide
) -> dict[str, TreeFile]:
    rows = await session.exec(
        select(UpstreamFile)
        .where(UpstreamFile.component_id == component.id, UpstreamFile.side == side)
        .order_by(col(UpstreamFile.path))
    )
    files = [TreeFile(row.path, row.blob_digest, row.size, row.mode) for row in rows]
    gone = await redacted(session, component.team_id, (one.digest for one in files))
    return {file.path: file for file in files if file.digest not in gone}


async def _stored(
    session: AsyncSession,
    store: BlobStore,
    component: Component,
    upstream: Upstream,
    files: dict[str, TreeFile],
) -> Version:
    kind = KINDS[component.kind]
    main = files.pop(kind.main, None)
    if main is None:
        raise Conflict("Its content was redacted; detach it, or import it again.")
    data = await whole(store, await find(session, main.digest))
    paths = set(files) if kind.is_tree else None
    stored = await anyio.to_thread.run_sync(
        _as_stored, kind, data, component.name, upstream.taken, paths
    )
    return Version.of(stored, files)


def _as_stored(
    kind: Kind, data: bytes, name: str, taken: Taken, paths: set[str] | None
) -> bytes:
    """Repair it if that was taken before, and let it say the component's name."""
    path = kind.export_path(name)
    parsed = kind.parse(data, path, limit=max(1, len(data)), others=paths)
    if taken is Taken.repaired and parsed.repaired is not None:
        data = parsed.repaired
        parsed = kind.parse(data, path, limit=max(1, len(data)), others=paths)
    if parsed.name == name:
        return data
    try:
        return kind.rename(parsed, data, name)
    except ValueError as error:
        raise Conflict(
            f"Upstream it is called {parsed.name}, and it cannot be given the name "
            f"{name}: {error}"
        ) from None
