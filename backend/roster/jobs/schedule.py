"""Periodic jobs: a row for each time that one is due, whoever writes it first."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from roster.core.db import Database
from roster.jobs.models import Job

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
            session.add(Job(kind=kind, due_at=due_at, key=key))
    except IntegrityError:
        return  # another process was first
