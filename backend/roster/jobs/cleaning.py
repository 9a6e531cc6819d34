"""What is of no use for long: finished jobs, answers for those who retry, changes."""

from datetime import timedelta

from sqlalchemy import or_
from sqlmodel import col, delete

from roster.core import changes, idempotency
from roster.core.model import utc_now
from roster.jobs.models import Job, JobState, Queue
from roster.jobs.presence import forget_dead
from roster.jobs.registry import JobKind, Run

KEPT = timedelta(days=7)
"""Longer than the time between two runs of any periodic job, whose rows tell that
it was done."""
KEPT_FOR_PEOPLE = timedelta(days=30)
"""Those that somebody asked for, who may look at their log."""
FINISHED = (JobState.succeeded, JobState.failed, JobState.cancelled)


async def remove_finished(run: Run) -> None:
    now = utc_now()
    async with run.tools.database.write() as session:
        await session.exec(
            delete(Job).where(
                col(Job.state).in_(FINISHED),
                col(Job.due_at) < now - KEPT,
                col(Job.finished_at) < now - KEPT,
                or_(
                    col(Job.actor_id).is_(None),
                    col(Job.finished_at) < now - KEPT_FOR_PEOPLE,
                ),
            )
        )
        await forget_dead(session)


async def forget_answers(run: Run) -> None:
    async with run.tools.database.write() as session:
        await idempotency.forget(session)


async def forget_changes(run: Run) -> None:
    async with run.tools.database.write() as session:
        await changes.forget(session)


JOBS = [
    JobKind(
        "jobs.remove_finished",
        remove_finished,
        every=timedelta(hours=6),
        queue=Queue.upkeep,
    ),
    JobKind(
        "answers.forget",
        forget_answers,
        every=timedelta(hours=1),
        queue=Queue.upkeep,
    ),
    JobKind(
        "changes.forget",
        forget_changes,
        every=timedelta(minutes=5),
        queue=Queue.upkeep,
    ),
]
