"""Periodic jobs: a row for each time that one is due, whoever writes it first."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from roster.core.db import Database, wake
from roster.core.model import utc_now
from roster.jobs.models import CHANGED, Job
from roster.jobs.registry import JobKind, queue_of

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def latest_time(every: timedelta, now: datetime) -> datetime:
    """Give the last multiple of a period, the same for every process."""
    return EPOCH + (now - EPOCH) // every * every


async def plan(database: Database, kind: str, due_at: datetime) -> None:
    """Write the row of a periodic job at one time, unless it is there."""
    key = f"{kind}@{due_at.isoformat()}"
    async with database.read() as session:
        if (await session.exec(select(Job.id).where(Job.key == key))).first():
            return
    try:
        async with database.write() as session:
            row = Job(kind=kind, due_at=due_at, key=key, queue=queue_of(kind))
            session.add(row)
            wake(session, CHANGED)
    except IntegrityError:
        return  # another process was first


async def plan_all(
    database: Database, kinds: Iterable[JobKind], planned: dict[str, datetime]
) -> None:
    """Write what is missing of the rows of periodic jobs.

    Args:
        database: Where to.
        kinds: Of all of them those that have a period.
        planned: What was written before, which is not looked for again.
    """
    now = utc_now()
    for kind in kinds:
        if kind.every is None:
            continue
        due_at = latest_time(kind.every, now)
        if planned.get(kind.name) != due_at:
            await plan(database, kind.name, due_at)
            planned[kind.name] = due_at
