"""Tells the workers which jobs are due: after the commit, and again if they stay away.

`sent_at` is noted before a message is sent, so that of several processes one sends it.
What could not be sent is due again at once; what was sent and not taken is sent again
when its queue of messages is empty, which tells that it was lost.
"""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError
from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.core.db import Database
from roster.core.model import utc_now
from roster.jobs import claims, queues
from roster.jobs.broker import Outbox
from roster.jobs.models import Job, JobState, Queue
from roster.jobs.service import ALARM

POLL_SECONDS = 1.0
PAUSE_SECONDS = 2.0
"""After a failure."""
BATCH = 100
MISSED_AFTER = timedelta(seconds=60)
"""Since it was sent, and its queue is empty: the message was lost."""
GONE_AFTER = timedelta(minutes=10)
"""Since it was sent, however full its queue is."""
UNREACHABLE = (OperationalError, RedisError, OSError)

log = structlog.get_logger("roster.jobs")


def _to_send(
    now: datetime, kinds: Iterable[str], empty: Sequence[Queue]
) -> ColumnElement[bool]:
    sent = col(Job.sent_at)
    due = and_(
        claims.is_due(now),
        or_(
            sent.is_(None),
            sent < col(Job.due_at),
            and_(sent < now - MISSED_AFTER, col(Job.queue).in_(empty)),
            sent < now - GONE_AFTER,
        ),
    )
    lost = and_(
        claims.is_lost(now), or_(sent.is_(None), sent < now - claims.LOST_AFTER)
    )
    return and_(col(Job.kind).in_(kinds), or_(due, lost))


async def send_due(
    database: Database, outbox: Outbox, *, look_for_missed: bool = False
) -> int:
    """Send what is due and was not sent; tell how much that was.

    Args:
        database: Where the jobs are.
        outbox: Where to.
        look_for_missed: Ask the broker, too, whether messages were lost.

    Raises:
        OperationalError: The broker does not answer (or one of UNREACHABLE).
    """
    empty: list[Queue] = []
    if look_for_missed:
        empty = await asyncio.to_thread(_empty, outbox)
    done = 0
    while True:
        jobs = await _note(database, outbox.kinds, empty)
        if not jobs:
            return done
        try:
            await asyncio.to_thread(outbox.send, jobs)
        except UNREACHABLE:
            await _take_back(database, [job.id for job in jobs])
            raise
        done += len(jobs)


def _empty(outbox: Outbox) -> list[Queue]:
    return [queue for queue in Queue if not outbox.waiting(queue)]


async def _note(
    database: Database, kinds: Iterable[str], empty: Sequence[Queue]
) -> Sequence[Job]:
    # Looked for first: on SQLite the one who notes keeps all writers waiting.
    async with database.read() as session:
        if not await _found(session, kinds, empty):
            return []
    async with database.write() as session:
        jobs = await _found(session, kinds, empty, lock=True)
        ids = [job.id for job in jobs]
        await session.exec(
            update(Job).where(col(Job.id).in_(ids)).values(sent_at=utc_now())
        )
        return jobs


async def _found(
    session: AsyncSession,
    kinds: Iterable[str],
    empty: Sequence[Queue],
    *,
    lock: bool = False,
) -> Sequence[Job]:
    statement = (
        select(Job)
        .where(_to_send(utc_now(), kinds, empty))
        .order_by(col(Job.priority).desc(), col(Job.due_at), col(Job.id))
        .limit(BATCH)
    )
    if lock:
        statement = statement.with_for_update(skip_locked=True)
    return (await session.exec(statement)).all()


async def _take_back(database: Database, ids: Sequence[UUID]) -> None:
    """Some of them may have been sent; then they are sent twice."""
    async with database.write() as session:
        await session.exec(
            update(Job)
            .where(col(Job.id).in_(ids), col(Job.state) == JobState.queued)
            .values(sent_at=None)
        )


class Sender:
    """Sends what is due, in a process that serves requests."""

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self.is_reachable = True
        """Whether the last that was sent, or asked, got through."""
        self._database = database
        self._outbox = outbox
        self._woken = database.alarm(ALARM)
        self._stopping = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="job sender")

    async def stop(self) -> None:
        self._stopping = True
        self._woken.set()
        if self._task is not None:
            await self._task

    async def _run(self) -> None:
        watch = queues.Watch(self._database)
        missed_at = 0.0
        while not self._stopping:
            self._woken.clear()
            pause = POLL_SECONDS
            now = asyncio.get_running_loop().time()
            asks = now - missed_at >= queues.LOOK_SECONDS / 4
            try:
                await send_due(self._database, self._outbox, look_for_missed=asks)
                missed_at = now if asks else missed_at
                self._note_reachable(now=True)
                await watch.look()
            except UNREACHABLE:
                self._note_reachable(now=False)
                pause = PAUSE_SECONDS
            except Exception as error:  # noqa: BLE001 - the database may come back
                log.warning("jobs_unavailable", error=type(error).__name__)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), pause)

    def _note_reachable(self, *, now: bool) -> None:
        if now is not self.is_reachable:
            self.is_reachable = now
            event = "broker_reachable" if now else "broker_unreachable"
            (log.info if now else log.warning)(event)
