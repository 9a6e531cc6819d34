"""Who watches jobs in this process.

The watch reads twice a second, and after each change that this process makes, which
version the watched jobs have: once for all watchers. Each then reads for itself what
it was not told yet, with the rights that it has by then; nothing is kept for a watcher
but how far it got.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple
from uuid import UUID

import structlog
from sqlalchemy import Select, and_, or_, select
from sqlmodel import col

from roster.auth.api_tokens import Use
from roster.core.db import Database
from roster.core.errors import NotFound
from roster.job_view import service
from roster.job_view.schemas import JobLinePublic, JobPublic
from roster.job_view.service import ACTIVE, Kinds
from roster.jobs.models import CHANGED, Job
from roster.live.hub import Hub
from roster.live.listeners import Claims, End, Listener, within

LOOK_SECONDS = 0.5
LEAST_SECONDS = 0.05
"""Between two looks, however much this process changes."""
MOST_READING = 2
"""Watchers that read at once: requests need the database too."""
LINES = 200
"""Of a log, at once."""

log = structlog.get_logger()


class Glance(NamedTuple):
    """What the watch knows of a job."""

    actor_id: UUID | None
    version: int
    lines: int
    is_active: bool


class News(NamedTuple):
    """Something to tell of a job; neither: there is nothing new."""

    job: JobPublic | None = None
    line: JobLinePublic | None = None
    job_id: UUID | None = None
    is_end: bool = False


class Wanted(NamedTuple):
    """What a client wants to watch."""

    job_id: UUID | None = None
    """None: all that it asked for and that have not ended."""
    told: dict[UUID, int] | None = None
    """The number of the last line that it knows of each job, if it was there before."""
    after: int = 0
    """Else: that of the one job."""


class Watcher(Listener):
    """One who watches a job, or all that they asked for and that have not ended."""

    def __init__(
        self, watch: "Watch", claims: Claims, use: Use, wanted: Wanted
    ) -> None:
        super().__init__(claims, use)
        self.job_id = wanted.job_id
        self._wanted = wanted
        self.told: dict[UUID, int] = {}
        """The number of the last line that was told of each job."""
        self._versions: dict[UUID, int] = {}
        self._watch = watch

    def begin(self) -> None:
        """Begin where the client was, if it was there before."""
        told, after = self._wanted.told, self._wanted.after
        if self.job_id is not None:
            self.told = {self.job_id: (told or {}).get(self.job_id, after)}
        elif told is not None:
            self.told = told
        else:
            self.told = {
                job_id: glance.lines
                for job_id, glance in self._watch.glances.items()
                if glance.actor_id == self.actor.id and glance.is_active
            }

    async def all_news(self, *, follow: bool = True) -> AsyncGenerator[News]:
        """Give what there is to tell, until the watcher leaves, or once."""
        yield News()
        while self.end is None:
            self.news.clear()
            for job_id in self.changed():
                async for news in self._news_of(job_id):
                    yield news
            if not follow:
                return
            if not await within(self._watch.hub.pace.beat_seconds, self.news):
                yield News()

    def changed(self) -> list[UUID]:
        """Give the jobs of which there may be something new to tell."""
        glances = self._watch.glances
        concerned = set(self.told)
        if self.job_id is None:
            concerned |= {
                job_id
                for job_id, glance in glances.items()
                if glance.actor_id == self.actor.id and glance.is_active
            }
        return sorted(
            job_id
            for job_id in concerned
            if job_id not in glances
            or glances[job_id].version != self._versions.get(job_id)
        )

    async def _news_of(self, job_id: UUID) -> AsyncGenerator[News]:
        try:
            seen = await self._watch.read(self, job_id)
        except NotFound:
            self._forget(job_id)
            return
        except Exception as error:  # noqa: BLE001 - the client may come back
            log.warning("job_watch_failed", error=type(error).__name__)
            self.leave(End.failed)
            return
        version, job, lines = seen
        self._versions[job_id] = version
        self.told.setdefault(job_id, 0)
        yield News(job=job)
        while lines and self.end is None:
            for line in lines:
                self.told[job_id] = line.number
                yield News(line=line, job_id=job_id)
            if len(lines) < LINES:
                break
            lines = await self._watch.lines_after(job_id, self.told[job_id])
        if job.state not in ACTIVE and self.end is None:
            if self.job_id is not None:
                yield News(job=job, is_end=True)
                self.leave(End.told)
            self._forget(job_id)

    def _forget(self, job_id: UUID) -> None:
        """Stop to watch what has ended, or may be seen no more."""
        self.told.pop(job_id, None)
        self._versions.pop(job_id, None)
        if self.job_id is not None:
            self.leave(End.ended)


class Watch:
    def __init__(self, database: Database, hub: Hub, kinds: Kinds) -> None:
        self.hub = hub
        self.glances: dict[UUID, Glance] = {}
        self._database = database
        self._kinds = kinds
        self._wake = database.alarm(CHANGED)
        self._looking = asyncio.Lock()
        self._reading = asyncio.Semaphore(MOST_READING)
        self._watchers: set[Watcher] = set()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="job watch")

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    @asynccontextmanager
    async def joined(self, token: str, wanted: Wanted) -> AsyncGenerator[Watcher]:
        """Let a client watch; see `Listeners.admitted`."""
        admitted = self.hub.listeners.admitted(
            token, lambda claims, use: Watcher(self, claims, use, wanted)
        )
        async with admitted as watcher:
            self._watchers.add(watcher)
            try:
                await self._look()
                watcher.begin()
                await self._look()
                self.hub.wake()
                self._wake.set()
                yield watcher
            finally:
                self._watchers.discard(watcher)

    async def read(
        self, watcher: Watcher, job_id: UUID
    ) -> tuple[int, JobPublic, list[JobLinePublic]]:
        """Read a job and what its log has more than the watcher knows.

        Raises:
            NotFound: There is none for them any more.
        """
        actor = watcher.actor
        async with self._reading, self._database.read() as session:
            job = await service.find(session, job_id, actor=actor)
            (public,) = await service.describe(session, [job], self._kinds, actor=actor)
            if public.is_private and watcher.job_id is None:
                raise NotFound("There is no such job, or you may not see it.")
            lines: list[JobLinePublic] = []
            known = watcher.told.get(job_id, 0)
            if not public.is_private and job.lines > known:
                lines = await service.lines_after(session, job_id, known, LINES)
            return job.version, public, lines

    async def lines_after(self, job_id: UUID, number: int) -> list[JobLinePublic]:
        async with self._reading, self._database.read() as session:
            return await service.lines_after(session, job_id, number, LINES)

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            try:
                await self._look()
            except Exception as error:  # noqa: BLE001 - it may come back
                log.warning("job_watch_failed", error=type(error).__name__)
            await asyncio.sleep(LEAST_SECONDS)
            await within(LOOK_SECONDS if self._watchers else None, self._wake)

    async def _look(self) -> None:
        """Read what became of the watched jobs, and call those whom it concerns."""
        if not self._watchers:
            return
        async with self._looking:
            ids = {job_id for one in self._watchers for job_id in one.told}
            actors = {one.actor.id for one in self._watchers if one.job_id is None}
            async with self._database.read() as session:
                connection = await session.connection()
                found = await connection.execute(_watched(ids, actors))
                self.glances = {
                    job_id: Glance(actor_id, version, lines, state in ACTIVE)
                    for job_id, actor_id, version, lines, state in found
                }
            for watcher in self._watchers:
                if watcher.changed():
                    watcher.news.set()


def _watched(ids: set[UUID], actors: set[UUID]) -> Select[*tuple[Any, ...]]:
    active = and_(col(Job.actor_id).in_(actors), col(Job.state).in_(ACTIVE))
    return select(
        col(Job.id),
        col(Job.actor_id),
        col(Job.version),
        col(Job.lines),
        col(Job.state),
    ).where(or_(col(Job.id).in_(ids), active))
