"""Who sees which jobs, and how much of them.

A job is seen by who asked for it and by the editors of its team. For jobs of a team
the rights of now count: who has left it sees none of them. What has neither is the
instance's own, for administrators; of all others they see that there is such a job,
and not what it is about.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, true
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.core.actor import Actor, Scope
from roster.core.errors import Forbidden
from roster.job_view.schemas import JobScope
from roster.jobs.models import Job
from roster.teams.access import Verb, may, roles_in, teams_of
from roster.teams.models import Role


def administers(actor: Actor) -> bool:
    return actor.is_admin and Scope.admin in actor.scopes and actor.team_ids is None


def own(actor: Actor) -> ColumnElement[bool]:
    """Jobs that the actor asked for, and may still see."""
    in_teams = col(Job.team_id).in_(teams_of(actor, Verb.read))
    without = col(Job.team_id).is_(None) if actor.team_ids is None else false()
    return and_(col(Job.actor_id) == actor.id, or_(in_teams, without))


def within(scope: JobScope, actor: Actor) -> ColumnElement[bool]:
    """Jobs of a scope.

    Raises:
        Forbidden: Not for them.
    """
    if scope is JobScope.mine:
        return own(actor)
    if scope is JobScope.teams:
        return or_(own(actor), col(Job.team_id).in_(teams_of(actor, Verb.edit)))
    if not administers(actor):
        raise Forbidden("Only administrators of this instance may do this.")
    return true()


@dataclass(frozen=True)
class Sight:
    """What an actor sees of some jobs, by what they are in the teams of these."""

    actor: Actor
    roles: Mapping[UUID, Role]

    def is_full(self, job: Job) -> bool:
        """Tell whether they may see what it is about."""
        is_own = job.actor_id == self.actor.id
        if job.team_id is not None:
            role = self.roles.get(job.team_id)
            return may(role, Verb.edit) or (is_own and may(role, Verb.read))
        if job.actor_id is None:
            return administers(self.actor)
        return is_own and self.actor.team_ids is None

    def is_any(self, job: Job) -> bool:
        return administers(self.actor) or self.is_full(job)

    def may_repeat(self, job: Job) -> bool:
        """Tell whether they might ask for such a job themselves."""
        if job.team_id is not None:
            return may(self.roles.get(job.team_id), Verb.edit)
        return self.is_full(job)


async def sight_of(session: AsyncSession, actor: Actor, jobs: Iterable[Job]) -> Sight:
    teams = {job.team_id for job in jobs if job.team_id is not None}
    roles = await roles_in(session, actor, list(teams)) if teams else {}
    return Sight(actor, roles)
