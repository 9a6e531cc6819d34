from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.core.db import wake
from roster.core.errors import TooManyRequests
from roster.core.model import utc_now
from roster.jobs.log_lines import storable
from roster.jobs.models import CHANGED, Job, JobState
from roster.jobs.registry import queue_of

ALARM = "jobs"
"""Wakes the runner of this process."""
TITLE_LENGTH = 300
MOST_UNFINISHED = 100
"""Of a person, in a queue: what they wait for takes room until it is done."""
WAIT_SECONDS = 60


def enqueue(  # noqa: PLR0913 - what a job is made of, by name
    session: AsyncSession,
    kind: str,
    payload: Mapping[str, Any],
    *,
    due_at: datetime | None = None,
    priority: int = 0,
    actor_id: UUID | None = None,
    team_id: UUID | None = None,
    subject: tuple[str, UUID] | None = None,
    title: str = "",
) -> Job:
    """Ask for background work; it is done if, and only if, the transaction commits.

    Args:
        session: The caller's transaction.
        kind: The name that the job's function is registered under.
        payload: What it needs, as JSON: ids rather than contents, never a secret.
        due_at: Not before this time; None: at once.
        priority: Of those that are due the highest comes first.
        actor_id: The person who asks for it, and may watch and stop it.
        team_id: The team whose editors may do so, too.
        subject: Kind and id of what it works on.
        title: What a person calls it.

    Raises:
        LookupError: There is no such kind.
    """
    subject_kind, subject_id = subject or ("", None)
    job = Job(
        kind=kind,
        payload=dict(payload),
        due_at=due_at or utc_now(),
        queue=queue_of(kind),
        priority=priority,
        actor_id=actor_id,
        team_id=team_id,
        subject_kind=subject_kind,
        subject_id=subject_id,
        title=storable(title)[:TITLE_LENGTH],
    )
    session.add(job)
    wake(session, ALARM)
    wake(session, CHANGED)
    return job


async def require_room(session: AsyncSession, kind: str, actor_id: UUID) -> None:
    """Let nobody ask for much more than is done in the time that they wait.

    Raises:
        TooManyRequests: Too much of theirs waits in the queue of this kind.
    """
    counted = await session.exec(
        select(func.count()).where(
            Job.actor_id == actor_id,
            Job.queue == queue_of(kind),
            col(Job.state).in_((JobState.queued, JobState.running)),
        )
    )
    if counted.one() >= MOST_UNFINISHED:
        raise TooManyRequests(
            f"{MOST_UNFINISHED} of your jobs are not done yet; wait for them, or "
            f"cancel some.",
            headers={"Retry-After": str(WAIT_SECONDS)},
        )
