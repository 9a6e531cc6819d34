"""Ask for work on a repository: at most one check of it at a time, and one update."""

from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.auth.acting import asked_by
from roster.core.actor import Actor
from roster.jobs.models import Job
from roster.jobs.refs import ACTIVE
from roster.jobs.service import enqueue, require_room
from roster.repositories.models import Repository

CHECK, CHECK_DUE = "repositories.check", "repositories.check_due"
UPDATE = "repositories.update"
SUBJECT = "repository"
BY_CLOCK = -1
"""Priority of checks that nobody asked for."""
TITLES = {CHECK: "Check {url}", UPDATE: "Update from {url}"}


async def ask(
    session: AsyncSession, kind: str, repository: Repository, *, actor: Actor | None
) -> Job:
    """Ask for a check or an update of a locked repository.

    One that waits or runs already is given instead.

    Raises:
        TooManyRequests: The actor waits for too much.
    """
    job = await active(session, kind, repository.id)
    if job is None:
        if actor is not None:
            await require_room(session, kind, actor.id)
        payload = {"repository_id": str(repository.id)}
        job = enqueue(
            session,
            kind,
            payload if actor is None else payload | asked_by(actor),
            actor_id=None if actor is None else actor.id,
            team_id=repository.team_id,
            subject=(SUBJECT, repository.id),
            title=TITLES[kind].format(url=repository.url)[:300],
            # What comes by the clock lets those go first whom somebody waits for.
            priority=0 if actor is not None else BY_CLOCK,
        )
        await session.flush()
    elif actor is not None and job.priority == BY_CLOCK:
        job.priority = 0
        await session.flush()
    if kind == CHECK:
        repository.job_id = job.id
    return job


async def active(session: AsyncSession, kind: str, repository_id: UUID) -> Job | None:
    found = await session.exec(
        select(Job)
        .where(
            Job.subject_id == repository_id,
            Job.kind == kind,
            col(Job.state).in_(ACTIVE),
            col(Job.cancel_requested_at).is_(None),
        )
        .order_by(col(Job.created_at).desc())
        .limit(1)
    )
    return found.first()


async def asked_again(session: AsyncSession, _job: Job, anew: Job) -> None:
    """Show a check that a person asked for again as the newest one."""
    if anew.kind != CHECK or anew.subject_id is None:
        return
    repository = await session.get(Repository, anew.subject_id, with_for_update=True)
    if repository is not None:
        repository.job_id = anew.id
