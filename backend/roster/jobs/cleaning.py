"""What is of no use for long: finished jobs, and answers kept for those who retry."""

from datetime import timedelta

from sqlmodel import col, delete

from roster.core import idempotency
from roster.core.model import utc_now
from roster.jobs.models import Job, JobState
from roster.jobs.registry import JobKind, Run

KEPT = timedelta(days=7)
"""Longer than the time between two runs of any periodic job, whose rows tell that
it was done."""
FINISHED = (JobState.succeeded, JobState.failed, JobState.cancelled)


async def remove_finished(run: Run) -> None:
    before = utc_now() - KEPT
    async with run.tools.database.write() as session:
        await session.exec(
            delete(Job).where(
                col(Job.state).in_(FINISHED),
                col(Job.due_at) < before,
                col(Job.finished_at) < before,
            )
        )


async def forget_answers(run: Run) -> None:
    async with run.tools.database.write() as session:
        await idempotency.forget(session)


JOBS = [
    JobKind("jobs.remove_finished", remove_finished, every=timedelta(hours=6)),
    JobKind("answers.forget", forget_answers, every=timedelta(hours=1)),
]
