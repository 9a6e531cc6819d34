"""Why a job that is queued has not begun: a queue that is full is not silent."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.core.model import utc_now
from roster.job_view.schemas import Waiting
from roster.jobs import claims
from roster.jobs.models import Job, JobState, Queue
from roster.jobs.queues import LONGEST_WAIT, served

MOST_AHEAD = 1000
"""Where counting stops."""


async def waiting_of(session: AsyncSession, jobs: Sequence[Job]) -> dict[UUID, Waiting]:
    """Tell of each of these jobs that is queued why it is."""
    queued = [job for job in jobs if job.state is JobState.queued]
    if not queued:
        return {}
    places = await _places(session, {job.queue for job in queued})
    with_worker = await served(session)
    return {job.id: _why(job, places[job.queue], with_worker) for job in queued}


async def _places(
    session: AsyncSession, queues: set[Queue]
) -> dict[Queue, dict[UUID, int]]:
    found = await session.exec(
        select(Job.queue, Job.id)
        .where(claims.is_due(utc_now()), col(Job.queue).in_(queues))
        .order_by(col(Job.priority).desc(), col(Job.due_at), col(Job.id))
        .limit(MOST_AHEAD)
    )
    places: dict[Queue, dict[UUID, int]] = {queue: {} for queue in queues}
    for queue, job_id in found:
        of_queue = places[Queue(queue)]
        of_queue[job_id] = len(of_queue)
    return places


def _why(job: Job, places: dict[UUID, int], with_worker: set[Queue]) -> Waiting:
    ahead = places.get(job.id, len(places))
    waited = utc_now() - job.due_at
    if job.queue not in with_worker:
        return Waiting(ahead=ahead, reason="no_worker")
    if waited.total_seconds() < 0:
        return Waiting(ahead=0, reason="later")
    if waited > LONGEST_WAIT:
        return Waiting(ahead=ahead, reason="overloaded")
    return Waiting(ahead=ahead, reason="turn")
