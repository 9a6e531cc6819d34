"""Store what a check found out about the components of a repository, in batches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from fastapi.concurrency import run_in_threadpool
from sqlalchemy import insert
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.blobs.reading import redacted
from roster.blobs.staging import Source, insert_new, rely_on, row_of, stage
from roster.blobs.storage import store_of
from roster.components.content import TreeFile
from roster.components.kinds import KINDS
from roster.components.models import Component
from roster.core.model import utc_now
from roster.jobs.registry import Run
from roster.repositories.models import Repository, Upstream, UpstreamState
from roster.uploads.spool import Spool
from roster.upstreams.comparing import Sight, Sighting, main_of
from roster.upstreams.models import UpstreamFile, UpstreamSide, UpstreamUpdate

BATCH = 200
REDACTED = "it holds what the team redacted"


@dataclass(frozen=True, slots=True)
class Known:
    """A component that comes from the repository, and what is known of it."""

    component: Component
    upstream: Upstream
    update_digest: str | None

    @property
    def name(self) -> str:
        return f"{self.component.kind} {self.component.name}"


@dataclass(frozen=True, slots=True)
class Update:
    """Content that was put where it can be referred to."""

    digest: str
    main: TreeFile
    others: tuple[TreeFile, ...]

    @property
    def files(self) -> tuple[TreeFile, ...]:
        return (self.main, *self.others)


@dataclass
class Finding:
    """One check, from what was read to what is stored of it."""

    run: Run
    repository: Repository
    commit: str
    sight: Sight
    spool: Spool
    is_whole: bool = True
    """Whether everything could be compared with this commit."""
    _taken: set[str] = field(default_factory=set)

    async def store(self) -> None:
        """Compare and store all of them, each batch in its own transaction."""
        database = self.run.tools.database
        async with database.read() as session:
            rows = await session.exec(
                select(Upstream.component_id, Upstream.path)
                .where(Upstream.repository_id == self.repository.id)
                .order_by(col(Upstream.component_id))
            )
            found = rows.all()
        self._taken = {path for _, path in found}
        ids = [component_id for component_id, _ in found]
        for start in range(0, len(ids), BATCH):
            self.run.check()
            self.run.progress(start, len(ids), step="Comparing")
            await self._store_batch(ids[start : start + BATCH])
        self.run.progress(len(ids), len(ids))

    async def _store_batch(self, ids: Sequence[UUID]) -> None:
        database = self.run.tools.database
        async with database.read() as session:
            known = await _known(session, self.repository.id, ids)
        updates = await self._stage(known)
        async with database.write() as session:
            refused = await self._hold(session, updates)
            for one in await _known(session, self.repository.id, ids, lock=True):
                await self._settle(session, one, updates, refused)
            await session.flush()

    def _sighting(self, one: Known) -> Sighting | None:
        upstream = one.upstream
        digests = filter(None, (upstream.digest, one.update_digest))
        taken = self._taken - {upstream.path}
        return self.sight.find(one.component.kind, upstream.path, digests, taken)

    async def _stage(self, known: Sequence[Known]) -> dict[UUID, Update]:
        """Store the files of what differs, which nothing refers to yet."""
        wanted: dict[UUID, tuple[Known, Sighting]] = {}
        for one in known:
            seen = self._sighting(one)
            same = {one.upstream.digest, one.update_digest}
            if seen is not None and not seen.refusal and seen.digest not in same:
                wanted[one.component.id] = one, seen
        beside = [span for _, seen in wanted.values() for _, span in seen.others]
        sources = [
            Source(span.size, lambda span=span: self.spool.open(span))  # type: ignore[misc]
            for span in beside
        ]
        settings = self.run.tools.settings
        await stage(self.run.tools.database, settings, store_of(settings), sources)
        return await run_in_threadpool(self._updates, wanted)

    def _updates(
        self, wanted: Mapping[UUID, tuple[Known, Sighting]]
    ) -> dict[UUID, Update]:
        made = {}
        for id_, (one, seen) in wanted.items():
            moved = one.upstream.moved_secrets
            data = main_of(seen, self.spool, moved_secrets=moved)
            main = TreeFile.of(KINDS[seen.kind].main, data)
            made[id_] = Update(
                seen.digest, main, tuple(file for file, _ in seen.others)
            )
        return made

    async def _hold(
        self, session: AsyncSession, updates: Mapping[UUID, Update]
    ) -> set[UUID]:
        """Keep the files from being collected; those of redacted ones are not kept."""
        files = [file for one in updates.values() for file in one.files]
        team_id = self.repository.team_id
        gone = await redacted(session, team_id, (file.digest for file in files))
        refused = {
            id_
            for id_, one in updates.items()
            if any(file.digest in gone for file in one.files)
        }
        kept = [one for id_, one in updates.items() if id_ not in refused]
        rows = [row_of(one.main.digest, one.main.size, one.main.data) for one in kept]
        await insert_new(session, rows)
        digests = (file.digest for one in kept for file in one.files)
        await rely_on(session, digests, team_id, rows)
        return refused

    async def _settle(
        self,
        session: AsyncSession,
        one: Known,
        updates: Mapping[UUID, Update],
        refused: set[UUID],
    ) -> None:
        upstream, seen = one.upstream, self._sighting(one)
        upstream.checked_at = utc_now()
        before = upstream.state, upstream.path, one.update_digest
        if seen is None:
            upstream.state = UpstreamState.gone
            await _forget(session, upstream)
            if before[0] is not UpstreamState.gone:
                line = f"{one.name}: {upstream.path} is not there any more."
                await self.run.say(session, line, "warning")
        else:
            upstream.path = seen.path
            if seen.path != before[1]:
                await self.run.say(session, f"{one.name}: it is at {seen.path} now.")
            await self._compare(session, one, seen, updates, refused)
        if before[:2] != (upstream.state, upstream.path):
            upstream.version += 1

    async def _compare(
        self,
        session: AsyncSession,
        one: Known,
        seen: Sighting,
        updates: Mapping[UUID, Update],
        refused: set[UUID],
    ) -> None:
        upstream, id_ = one.upstream, one.component.id
        reason = REDACTED if id_ in refused else seen.refusal
        if seen.digest == upstream.digest or reason:
            upstream.state = UpstreamState.current
            await _forget(session, upstream)
            if reason and seen.digest != upstream.digest:
                line = f"{one.name}: {seen.path} cannot be taken: {reason}"
                await self.run.say(session, line, "warning")
        elif seen.digest == one.update_digest:
            upstream.state = UpstreamState.available
        elif id_ in updates and updates[id_].digest == seen.digest:
            upstream.state = UpstreamState.available
            upstream.version += 1
            await _forget(session, upstream)
            await _keep(session, upstream, updates[id_], self.commit)
            await self.run.say(session, f"{one.name}: there is an update.")
        else:
            # Something else was taken of it meanwhile: the next check compares again.
            self.is_whole = False


async def _known(
    session: AsyncSession,
    repository_id: UUID,
    ids: Sequence[UUID],
    *,
    lock: bool = False,
) -> list[Known]:
    """Those of some components that still come from the repository."""
    statement = (
        select(Component, Upstream, UpstreamUpdate.digest)
        .join(Upstream, col(Upstream.component_id) == Component.id)
        .outerjoin(
            UpstreamUpdate, col(UpstreamUpdate.component_id) == Upstream.component_id
        )
        .where(
            col(Upstream.component_id).in_(ids),
            # Meanwhile it may be another team's, which takes it from elsewhere.
            Upstream.repository_id == repository_id,
        )
        .order_by(col(Upstream.component_id))
    )
    if lock:
        statement = statement.with_for_update(of=Upstream)
    return [Known(*row) for row in await session.exec(statement)]


async def _forget(session: AsyncSession, upstream: Upstream) -> None:
    """Let there be no update."""
    id_ = upstream.component_id
    await session.exec(
        delete(UpstreamFile).where(
            col(UpstreamFile.component_id) == id_,
            col(UpstreamFile.side) == UpstreamSide.update,
        )
    )
    await session.exec(
        delete(UpstreamUpdate).where(col(UpstreamUpdate.component_id) == id_)
    )


async def _keep(
    session: AsyncSession, upstream: Upstream, update: Update, commit: str
) -> None:
    id_ = upstream.component_id
    session.add(UpstreamUpdate(component_id=id_, digest=update.digest, commit=commit))
    await session.flush()
    rows: list[dict[str, Any]] = [
        {
            "component_id": id_,
            "side": UpstreamSide.update,
            "path": file.path,
            "mode": file.mode,
            "blob_digest": file.digest,
            "size": file.size,
        }
        for file in update.files
    ]
    await session.exec(insert(UpstreamFile), params=rows)
