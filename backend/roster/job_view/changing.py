"""What people do to jobs: stop them, and ask for them again."""

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.audit.service import Target, record
from roster.auth.acting import TOKEN, asked_by
from roster.core.actor import Actor
from roster.core.db import wake
from roster.core.errors import Conflict, Forbidden
from roster.core.model import utc_now
from roster.job_view import sight
from roster.job_view.service import ACTIVE, REPEATABLE, Kinds, can_retry
from roster.jobs import claims
from roster.jobs.models import CHANGED, Job, JobState
from roster.jobs.performing import hear_of_end
from roster.jobs.registry import Tools
from roster.jobs.service import enqueue, require_room


async def cancel(
    session: AsyncSession, job: Job, kinds: Kinds, tools: Tools, *, actor: Actor
) -> None:
    """Stop a locked job: at once, or within a second if somebody works on it.

    Raises:
        Conflict: It has ended.
    """
    if job.state not in ACTIVE:
        raise Conflict("This job has ended; there is nothing to cancel.")
    if job.cancel_requested_at is not None:
        return
    now = utc_now()
    job.cancel_requested_at, job.cancelled_by = now, actor.id
    job.version += 1
    wake(session, CHANGED)
    record(session, "job.cancelled", _target(job), by=actor)
    lost = job.updated_at < now - claims.LOST_AFTER
    if job.state is JobState.queued or lost:

        async def hear(session: AsyncSession, ended: Job) -> None:
            await hear_of_end(kinds, session, ended, tools)

        await claims.end(session, job, JobState.cancelled, hear)


async def retry(session: AsyncSession, job: Job, kinds: Kinds, *, actor: Actor) -> Job:
    """Ask once more for a locked job that failed or was cancelled.

    Raises:
        Conflict: It has not ended so, or is asked for in another way.
        Forbidden: They could not have asked for it.
        TooManyRequests: They wait for too much.
    """
    if job.state in ACTIVE:
        raise Conflict("This job has not ended yet; cancel it first.")
    kind = kinds.get(job.kind)
    if job.state not in REPEATABLE or kind is None or kind.retried is None:
        raise Conflict("This job cannot be asked for again; begin what it did anew.")
    seen = await sight.sight_of(session, actor, [job])
    if not can_retry(job, kind, seen):
        raise Forbidden(
            "This needs the role editor in the team; ask one of its owners."
        )
    await _refuse_second(session, job)
    await require_room(session, job.kind, actor.id)
    # It may what the API token may that it is asked for with now, if there is one.
    kept = {name: value for name, value in job.payload.items() if name != TOKEN}
    again = enqueue(
        session,
        job.kind,
        kept | asked_by(actor),
        priority=max(job.priority, 0),  # somebody waits for it now
        actor_id=actor.id,
        team_id=job.team_id,
        subject=None if job.subject_id is None else (job.subject_kind, job.subject_id),
        title=job.title,
    )
    await session.flush()
    await kind.retried(session, job, again)
    record(session, "job.retried", _target(again), by=actor)
    return again


async def _refuse_second(session: AsyncSession, job: Job) -> None:
    if job.subject_id is None:
        return
    found = await session.exec(
        select(Job.id)
        .where(
            Job.subject_id == job.subject_id,
            Job.kind == job.kind,
            col(Job.state).in_(ACTIVE),
        )
        .limit(1)
    )
    if found.first() is not None:
        raise Conflict("This is already being done again; look at its newest job.")


def _target(job: Job) -> Target:
    return Target("job", job.id, job.title or job.kind, job.team_id)
