"""Jobs as people see, stop and repeat them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from roster.core.actor import Actor
from roster.core.errors import NotFound
from roster.core.paging import Page, by_id, cut, ordered
from roster.job_view import sight
from roster.job_view.schemas import (
    JobLinePublic,
    JobPublic,
    JobQuery,
    JobSubject,
    LineQuery,
    Waiting,
)
from roster.job_view.sight import Sight
from roster.job_view.waiting import waiting_of
from roster.jobs.models import Job, JobLine, JobState
from roster.jobs.registry import JobKind
from roster.teams.models import TeamRef
from roster.teams.refs import refs_of
from roster.users.models import User, UserRef

# Ids sort by the time of making.
NEWEST = [by_id(col(Job.id), descending=True)]
ACTIVE = (JobState.queued, JobState.running)
REPEATABLE = (JobState.failed, JobState.cancelled)

Kinds = Mapping[str, JobKind]


async def list_jobs(
    session: AsyncSession, query: JobQuery, kinds: Kinds, *, actor: Actor
) -> Page[JobPublic]:
    statement = _asked_for(query, actor)
    total = None
    if query.count:
        counted = select(func.count()).select_from(statement.subquery())
        total = (await session.exec(counted)).one()
    rows = await session.exec(ordered(statement, "newest", NEWEST, query))
    jobs, cursor = cut(rows.all(), "newest", query, lambda job: [job.id])
    items = await describe(session, jobs, kinds, actor=actor)
    return Page(items=items, next_cursor=cursor, total=total)


def _asked_for(query: JobQuery, actor: Actor) -> SelectOfScalar[Job]:
    statement = select(Job).where(sight.within(query.scope, actor))
    if query.state:
        statement = statement.where(col(Job.state).in_(query.state))
    if query.kind is not None:
        statement = statement.where(Job.kind == query.kind)
    if query.queue is not None:
        statement = statement.where(Job.queue == query.queue)
    if query.subject is not None:
        statement = statement.where(Job.subject_id == query.subject)
    return statement


async def find(
    session: AsyncSession, job_id: UUID, *, actor: Actor, lock: bool = False
) -> Job:
    """Load a job that the actor may see.

    Raises:
        NotFound: There is none for them.
    """
    job = await session.get(Job, job_id, with_for_update=lock)
    if job is not None:
        seen = await sight.sight_of(session, actor, [job])
        if seen.is_any(job):
            return job
    raise NotFound("There is no such job, or you may not see it.")


async def describe(
    session: AsyncSession, jobs: Sequence[Job], kinds: Kinds, *, actor: Actor
) -> list[JobPublic]:
    """Show jobs as this actor may see them."""
    seen = await sight.sight_of(session, actor, jobs)
    user_ids = {job.actor_id for job in jobs} | {job.cancelled_by for job in jobs}
    users = await session.exec(select(User).where(col(User.id).in_(user_ids - {None})))
    user_of = {user.id: UserRef.model_validate(user) for user in users}
    team_of = await refs_of(session, {job.team_id for job in jobs if job.team_id})
    waiting = await waiting_of(session, jobs)
    around = _Around(kinds, seen, user_of, team_of, waiting)
    return [_public(job, around) for job in jobs]


@dataclass(frozen=True)
class _Around:
    """What is shown with jobs."""

    kinds: Kinds
    seen: Sight
    user_of: Mapping[UUID, UserRef]
    team_of: Mapping[UUID, TeamRef]
    waiting: Mapping[UUID, Waiting]


def _public(job: Job, around: _Around) -> JobPublic:
    full = around.seen.is_full(job)
    kind = around.kinds.get(job.kind)
    user_of, team_of = around.user_of, around.team_of
    subject = None
    if full and job.subject_id is not None:
        subject = JobSubject(kind=job.subject_kind, id=job.subject_id)
    return JobPublic(
        **job.model_dump(
            include={
                *("id", "kind", "queue", "state", "created_at", "due_at"),
                *("started_at", "finished_at", "attempts", "done", "total"),
                *("lines", "priority", "cancel_requested_at", "worker"),
            }
        ),
        title=job.title if full else "",
        subject=subject,
        team=team_of.get(job.team_id) if full and job.team_id else None,
        actor=user_of.get(job.actor_id) if job.actor_id else None,
        most_attempts=kind.attempts if kind else job.attempts,
        step=job.step if full else "",
        result=job.result if full else None,
        error=job.error if full else "",
        cancelled_by=user_of.get(job.cancelled_by) if job.cancelled_by else None,
        waiting=around.waiting.get(job.id),
        is_private=not full,
        can_cancel=job.state in ACTIVE and job.cancel_requested_at is None,
        can_retry=can_retry(job, kind, around.seen),
    )


def can_retry(job: Job, kind: JobKind | None, seen: Sight) -> bool:
    return (
        job.state in REPEATABLE
        and kind is not None
        and kind.retried is not None
        and seen.may_repeat(job)
    )


async def lines_after(
    session: AsyncSession, job_id: UUID, after: int, limit: int
) -> list[JobLinePublic]:
    rows = await session.exec(
        select(JobLine)
        .where(JobLine.job_id == job_id, JobLine.number > after)
        .order_by(col(JobLine.number))
        .limit(limit)
    )
    return [JobLinePublic.model_validate(row, from_attributes=True) for row in rows]


async def list_lines(
    session: AsyncSession, job: Job, query: LineQuery
) -> Page[JobLinePublic]:
    found = await lines_after(session, job.id, query.after, query.limit + 1)
    items = found[: query.limit]
    more = len(found) > query.limit
    return Page(items=items, next_cursor=str(items[-1].number) if more else None)
