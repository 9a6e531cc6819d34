"""Whose a job is: taking one, keeping it, and what becomes of it.

An attempt's number tells its owner apart from whoever had the job before: what an
owner that was taken for dead still wants to say of it changes nothing.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.core.db import wake
from roster.core.model import utc_now
from roster.jobs import log_lines
from roster.jobs.log_lines import Line, storable
from roster.jobs.models import CHANGED, Job, JobState

BEAT = timedelta(seconds=5)
LOST_AFTER = timedelta(seconds=30)
"""A running job that was silent for so long is run again."""
FIRST_DELAY, LONGEST_DELAY = timedelta(seconds=5), timedelta(hours=1)
STOPPED = "The process that ran it stopped in the middle."
ERROR_LENGTH = 1000
STEP_LENGTH = 200

Ending = Callable[[AsyncSession, Job], Awaitable[None]]
"""Called with a job that has failed for good or was cancelled, in that transaction."""


async def nobody_cares(_session: AsyncSession, _job: Job) -> None:
    """Nothing has to know that a job has ended."""


@dataclass(frozen=True)
class Taker:
    """Who takes jobs."""

    attempts: Mapping[str, int]
    """How many attempts each kind has that it can do."""
    name: str = ""
    ending: Ending = nobody_cares


def is_lost(now: datetime) -> ColumnElement[bool]:
    """Jobs whose owner has not been heard of for too long."""
    return and_(
        col(Job.state) == JobState.running, col(Job.updated_at) < now - LOST_AFTER
    )


def is_due(now: datetime) -> ColumnElement[bool]:
    return and_(col(Job.state) == JobState.queued, col(Job.due_at) <= now)


def _can_be_taken(
    kinds: Mapping[str, int], now: datetime, job_id: UUID | None = None
) -> ColumnElement[bool]:
    wanted = [col(Job.kind).in_(kinds), or_(is_due(now), is_lost(now))]
    if job_id is not None:
        wanted.append(col(Job.id) == job_id)
    return and_(*wanted)


def _begun_for_the_same(now: datetime) -> ColumnElement[int]:
    """How many jobs run in the same queue for whom a job is.

    Who asks for a thousand at once waits for their own, and nobody else does.
    """
    other = aliased(Job)
    return (
        select(func.count())
        .where(
            other.state == JobState.running,
            col(other.updated_at) >= now - LOST_AFTER,
            other.queue == Job.queue,
            func.coalesce(other.actor_id, other.team_id)
            == func.coalesce(Job.actor_id, Job.team_id),
        )
        .correlate(Job)
        .scalar_subquery()
    )


async def any_due(
    session: AsyncSession, kinds: Mapping[str, int], job_id: UUID | None = None
) -> bool:
    found = await session.exec(
        select(Job.id).where(_can_be_taken(kinds, utc_now(), job_id)).limit(1)
    )
    return found.first() is not None


async def give_up_for(session: AsyncSession, workers: Iterable[str]) -> None:
    """Let the jobs of processes that are known to be no more be taken at once."""
    await session.exec(
        update(Job)
        .where(col(Job.worker).in_(workers), col(Job.state) == JobState.running)
        .values(updated_at=utc_now() - 2 * LOST_AFTER)
    )


async def take(
    session: AsyncSession, taker: Taker, job_id: UUID | None = None
) -> Job | None:
    """Take the job that comes first of those that are due, unless there is none.

    Args:
        session: A transaction for this alone.
        taker: Who takes it.
        job_id: The only one to take; None: any.
    """
    while True:
        now = utc_now()
        found = await session.exec(
            select(Job)
            .where(_can_be_taken(taker.attempts, now, job_id))
            .order_by(
                col(Job.priority).desc(),
                _begun_for_the_same(now),
                col(Job.due_at),
                col(Job.id),
            )
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        job = found.first()
        if job is None:
            return None
        if await _is_over(session, job, taker):
            continue
        if job.state is JobState.running:
            await _say(session, job, f"{STOPPED} It begins again.", "warning")
        job.state, job.started_at = JobState.running, now
        job.worker = taker.name
        job.attempts += 1
        job.version += 1
        job.updated_at = now
        await session.flush()
        wake(session, CHANGED)
        return job


async def _is_over(session: AsyncSession, job: Job, taker: Taker) -> bool:
    """End a job that nobody is to do again."""
    if job.cancel_requested_at is not None:
        await end(session, job, JobState.cancelled, taker.ending)
        return True
    attempts = taker.attempts[job.kind]
    if job.state is JobState.running and job.attempts >= attempts:
        await end(session, job, JobState.failed, taker.ending, STOPPED)
        return True
    return False


async def _say(session: AsyncSession, job: Job, message: str, level: str) -> None:
    job.lines += 1
    line = Line(message, level, utc_now())
    log_lines.add(session, job.id, job.attempts, job.lines, [line])


async def end(
    session: AsyncSession, job: Job, state: JobState, ending: Ending, error: str = ""
) -> None:
    """End a locked job that nobody works on any more, or is to."""
    now = utc_now()
    job.state, job.finished_at, job.updated_at = state, now, now
    job.error = storable(error)[:ERROR_LENGTH]
    job.version += 1
    if error:
        await _say(session, job, error, "error")
    await session.flush()
    wake(session, CHANGED)
    await ending(session, job)


async def succeed(
    session: AsyncSession,
    job_id: UUID,
    attempt: int,
    result: dict[str, Any] | None = None,
) -> bool:
    values: dict[str, Any] = {} if result is None else {"result": result}
    return await _change(
        session,
        job_id,
        attempt,
        state=JobState.succeeded,
        finished_at=utc_now(),
        error="",
        **values,
    )


async def fail(session: AsyncSession, job_id: UUID, attempt: int, error: str) -> bool:
    return await _change(
        session,
        job_id,
        attempt,
        state=JobState.failed,
        finished_at=utc_now(),
        error=storable(error)[:ERROR_LENGTH],
    )


async def cancel(session: AsyncSession, job_id: UUID, attempt: int) -> bool:
    return await _change(
        session,
        job_id,
        attempt,
        state=JobState.cancelled,
        finished_at=utc_now(),
        error="",
    )


def delay_after(attempt: int) -> timedelta:
    """How long to wait before the next attempt: longer each time."""
    delay: timedelta = FIRST_DELAY * 4 ** (attempt - 1)
    return min(LONGEST_DELAY, delay)


async def try_later(
    session: AsyncSession, job_id: UUID, attempt: int, error: str
) -> bool:
    return await _change(
        session,
        job_id,
        attempt,
        state=JobState.queued,
        due_at=utc_now() + delay_after(attempt),
        sent_at=None,
        error=storable(error)[:ERROR_LENGTH],
    )


async def give_back(session: AsyncSession, job_id: UUID, attempt: int) -> bool:
    """Let others do a job that was not at fault; the attempt does not count."""
    return await _change(
        session,
        job_id,
        attempt,
        state=JobState.queued,
        attempts=attempt - 1,
        sent_at=None,
    )


async def beat(session: AsyncSession, job_id: UUID, attempt: int) -> bool:
    """Say that a job is being worked on, and learn whether it still is ours."""
    changed = await session.exec(
        update(Job)
        .where(_ours(job_id, attempt))
        .values(updated_at=utc_now())
        .execution_options(synchronize_session=False)
    )
    return bool(changed.rowcount)


async def count_lines(
    session: AsyncSession, job_id: UUID, attempt: int, more: int, **values: Any
) -> int | None:
    """Make room for lines in the log, and give the number of the first of them.

    Args:
        session: The transaction that the lines come with.
        job_id: Whose log it is.
        attempt: Which attempt speaks; None is the answer if another one has it.
        more: How many lines there will be.
        values: What else becomes of the job.
    """
    wake(session, CHANGED)
    counted = await session.exec(
        update(Job)
        .where(_ours(job_id, attempt))
        .values(
            lines=Job.lines + more,
            version=Job.version + 1,
            updated_at=utc_now(),
            **values,
        )
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


async def tell(
    session: AsyncSession,
    job_id: UUID,
    attempt: int,
    lines: Sequence[Line],
    **progress: Any,
) -> bool:
    """Store lines and progress, and say by it that the job is worked on."""
    if "step" in progress:
        progress["step"] = storable(progress["step"])[:STEP_LENGTH]
    number = await count_lines(session, job_id, attempt, len(lines), **progress)
    if number is None:
        return False
    log_lines.add(session, job_id, attempt, number, lines)
    return True


def _ours(job_id: UUID, attempt: int) -> ColumnElement[bool]:
    return and_(
        col(Job.id) == job_id,
        col(Job.state) == JobState.running,
        col(Job.attempts) == attempt,
    )


async def _change(
    session: AsyncSession, job_id: UUID, attempt: int, **values: Any
) -> bool:
    wake(session, CHANGED)
    result = await session.exec(
        update(Job)
        .where(_ours(job_id, attempt))
        .values(updated_at=utc_now(), version=Job.version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    return bool(result.rowcount)
