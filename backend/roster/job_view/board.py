"""The queues, who works on them, and what comes by the clock: for administrators."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.core.model import utc_now
from roster.job_view.schemas import (
    QueuePublic,
    QueuesPublic,
    SchedulePublic,
    WorkerPublic,
)
from roster.jobs.models import Job, JobState, Queue, Worker
from roster.jobs.presence import ALIVE_FOR
from roster.jobs.queues import loads
from roster.jobs.registry import JobKind
from roster.jobs.schedule import latest_time

HOUR = timedelta(hours=1)


async def read(
    session: AsyncSession, kinds: Iterable[JobKind], *, broker_reachable: bool | None
) -> QueuesPublic:
    """Read how things stand.

    Args:
        session: Where from.
        kinds: Of these those that have a period.
        broker_reachable: None where jobs are not sent to workers.
    """
    return QueuesPublic(
        executor="embedded" if broker_reachable is None else "celery",
        broker_reachable=broker_reachable,
        queues=await _queues(session),
        workers=await _workers(session),
        schedules=await _schedules(session, kinds),
    )


async def _queues(session: AsyncSession) -> list[QueuePublic]:
    ended = await session.exec(
        select(Job.queue, Job.state, func.count())
        .where(col(Job.finished_at) > utc_now() - HOUR)
        .group_by(col(Job.queue), col(Job.state))
    )
    counts = {(Queue(queue), JobState(state)): count for queue, state, count in ended}
    return [
        QueuePublic(
            name=load.queue,
            waiting=load.waiting,
            running=load.running,
            oldest_waiting_seconds=load.oldest_wait.total_seconds(),
            succeeded_last_hour=counts.get((load.queue, JobState.succeeded), 0),
            failed_last_hour=counts.get((load.queue, JobState.failed), 0),
            is_overloaded=load.is_overloaded,
        )
        for load in await loads(session)
    ]


async def _workers(session: AsyncSession) -> list[WorkerPublic]:
    since = utc_now() - ALIVE_FOR
    found = await session.exec(select(Worker).order_by(col(Worker.created_at)))
    return [
        WorkerPublic(
            name=worker.name,
            queues=[Queue(name) for name in worker.queues],
            slots=worker.slots,
            is_embedded=worker.is_embedded,
            started_at=worker.created_at,
            seen_at=worker.updated_at,
            is_alive=worker.updated_at >= since,
        )
        for worker in found
    ]


async def _schedules(
    session: AsyncSession, kinds: Iterable[JobKind]
) -> list[SchedulePublic]:
    every = {kind.name: kind.every for kind in kinds if kind.every is not None}
    found = await session.exec(
        select(Job.kind, func.max(Job.due_at))
        .where(col(Job.kind).in_(every), col(Job.key).is_not(None))
        .group_by(col(Job.kind))
    )
    newest = dict(found.all())
    keys = [f"{kind}@{due_at.isoformat()}" for kind, due_at in newest.items()]
    jobs = await session.exec(select(Job).where(col(Job.key).in_(keys)))
    last = {job.kind: job for job in jobs}
    now = utc_now()
    return [
        SchedulePublic(
            kind=kind,
            every_seconds=period.total_seconds(),
            last_at=last[kind].started_at or last[kind].due_at
            if kind in last
            else None,
            last_state=last[kind].state if kind in last else None,
            next_at=latest_time(period, now) + period,
        )
        for kind, period in sorted(every.items())
    ]
