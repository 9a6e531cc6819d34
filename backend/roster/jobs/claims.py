"""Whose a job is: taking one, keeping it, and what becomes of it.

An attempt's number tells its owner apart from whoever had the job before: what an
owner that was taken for dead still wants to say of it changes nothing.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.core.model import utc_now
from roster.jobs.models import Job, JobState

BEAT = timedelta(seconds=5)
LOST_AFTER = timedelta(seconds=30)
"""A running job that was silent for so long is run again."""
FIRST_DELAY, LONGEST_DELAY = timedelta(seconds=5), timedelta(hours=1)
STOPPED = "The process that ran it stopped in the middle."
ERROR_LENGTH = 1000


def _can_be_taken(kinds: Mapping[str, int], now: datetime) -> ColumnElement[bool]:
    queued = and_(col(Job.state) == JobState.queued, col(Job.due_at) <= now)
    lost = and_(
        col(Job.state) == JobState.running, col(Job.updated_at) < now - LOST_AFTER
    )
    return and_(col(Job.kind).in_(kinds), or_(queued, lost))


async def any_due(session: AsyncSession, kinds: Mapping[str, int]) -> bool:
    found = await session.exec(
        select(Job.id).where(_can_be_taken(kinds, utc_now())).limit(1)
    )
    return found.first() is not None


async def take(session: AsyncSession, kinds: Mapping[str, int]) -> Job | None:
    """Take the job that is due for longest, unless there is none.

    Args:
        session: A transaction for this alone.
        kinds: How many attempts each kind has that this process can do.
    """
    while True:
        now = utc_now()
        found = await session.exec(
            select(Job)
            .where(_can_be_taken(kinds, now))
            .order_by(col(Job.due_at), col(Job.id))
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        job = found.first()
        if job is None:
            return None
        job.updated_at = now
        if job.state is JobState.running and job.attempts >= kinds[job.kind]:
            job.state, job.finished_at, job.error = JobState.failed, now, STOPPED
            await session.flush()
            continue
        job.state, job.started_at = JobState.running, now
        job.attempts += 1
        await session.flush()
        return job


async def succeed(
    session: AsyncSession,
    job_id: UUID,
    attempt: int,
    result: dict[str, Any] | None = None,
) -> bool:
    return await _change(
        session,
        job_id,
        attempt,
        state=JobState.succeeded,
        result=result,
        finished_at=utc_now(),
        error="",
    )


async def fail(session: AsyncSession, job_id: UUID, attempt: int, error: str) -> bool:
    return await _change(
        session,
        job_id,
        attempt,
        state=JobState.failed,
        finished_at=utc_now(),
        error=error[:ERROR_LENGTH],
    )


async def try_later(
    session: AsyncSession, job_id: UUID, attempt: int, error: str
) -> bool:
    delay = min(LONGEST_DELAY, FIRST_DELAY * 4 ** (attempt - 1))
    return await _change(
        session,
        job_id,
        attempt,
        state=JobState.queued,
        due_at=utc_now() + delay,
        error=error[:ERROR_LENGTH],
    )


async def give_back(session: AsyncSession, job_id: UUID, attempt: int) -> bool:
    """Let others do a job that was not at fault; the attempt does not count."""
    return await _change(
        session, job_id, attempt, state=JobState.queued, attempts=attempt - 1
    )


async def beat(session: AsyncSession, job_id: UUID, attempt: int) -> bool:
    """Say that a job is being worked on, and learn whether it still is ours."""
    return await _change(session, job_id, attempt)


async def count_lines(
    session: AsyncSession, job_id: UUID, attempt: int, more: int
) -> int | None:
    """Make room for lines in the log, and give the number of the first of them."""
    counted = await session.exec(
        update(Job)
        .where(
            col(Job.id) == job_id,
            col(Job.state) == JobState.running,
            col(Job.attempts) == attempt,
        )
        .values(lines=Job.lines + more, version=Job.version + 1, updated_at=utc_now())
        .returning(col(Job.lines))
        .execution_options(synchronize_session=False)
    )
    last = counted.scalar_one_or_none()
    return None if last is None else last - more + 1


async def has_finished(session: AsyncSession, job_id: UUID, attempt: int) -> bool:
    """Tell whether this very attempt brought the job to its end."""
    found = await session.exec(
        select(Job.id).where(
            Job.id == job_id,
            Job.attempts == attempt,
            col(Job.finished_at).is_not(None),
        )
    )
    return found.first() is not None


async def _change(
    session: AsyncSession, job_id: UUID, attempt: int, **values: Any
) -> bool:
    result = await session.exec(
        update(Job)
        .where(
            col(Job.id) == job_id,
            col(Job.state) == JobState.running,
            col(Job.attempts) == attempt,
        )
        .values(updated_at=utc_now(), **values)
        .execution_options(synchronize_session=False)
    )
    return bool(result.rowcount)
