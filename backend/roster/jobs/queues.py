"""How much waits in each queue, and whether that is too much."""

import time
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.core.db import Database
from roster.core.model import utc_now
from roster.jobs import claims
from roster.jobs.models import Job, JobState, Queue, Worker
from roster.jobs.presence import ALIVE_FOR

LONGEST_WAIT = timedelta(seconds=60)
"""If the job that is due for longest waits longer, its queue is overloaded."""
LOOK_SECONDS = 60.0

log = structlog.get_logger("roster.jobs")


@dataclass(frozen=True)
class Load:
    queue: Queue
    waiting: int
    """That are due."""
    oldest_wait: timedelta
    running: int
    has_worker: bool

    @property
    def is_overloaded(self) -> bool:
        return self.oldest_wait > LONGEST_WAIT or not self.has_worker


async def served(session: AsyncSession) -> set[Queue]:
    """Give the queues that somebody who is alive takes jobs from."""
    alive = await session.exec(
        select(Worker.queues).where(col(Worker.updated_at) >= utc_now() - ALIVE_FOR)
    )
    return {Queue(name) for names in alive for name in names}


async def loads(session: AsyncSession) -> list[Load]:
    now = utc_now()
    due = await session.exec(
        select(Job.queue, func.count(), func.min(Job.due_at))
        .where(claims.is_due(now))
        .group_by(col(Job.queue))
    )
    waiting = {Queue(queue): (count, oldest) for queue, count, oldest in due}
    found = await session.exec(
        select(Job.queue, func.count())
        .where(Job.state == JobState.running)
        .group_by(col(Job.queue))
    )
    running = {Queue(queue): count for queue, count in found}
    with_worker = await served(session)
    return [
        Load(
            queue=queue,
            waiting=waiting.get(queue, (0, now))[0],
            oldest_wait=now - waiting.get(queue, (0, now))[1],
            running=running.get(queue, 0),
            has_worker=queue in with_worker,
        )
        for queue in Queue
    ]


class Watch:
    """Says once a minute in the log which queues are overloaded."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._looked_at = time.monotonic()

    async def look(self) -> None:
        now = time.monotonic()
        if now - self._looked_at < LOOK_SECONDS:
            return
        self._looked_at = now
        async with self._database.read() as session:
            found = await loads(session)
        for load in found:
            if load.is_overloaded:
                log.warning(
                    "jobs_queue_overloaded",
                    queue=load.queue.value,
                    waiting=load.waiting,
                    oldest_seconds=round(load.oldest_wait.total_seconds()),
                    has_worker=load.has_worker,
                )
