"""From the name or id in a path to a team that the caller may see or manage.

What is to be changed comes locked, and the caller's role is read after that: of two
requests at once, the second one decides on what the first one left.
"""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path
from sqlalchemy import and_, or_
from sqlmodel import col, literal, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.auth.deps import ActorDep, AdminDep, PersonDep
from roster.core.actor import Actor, Scope
from roster.core.db import SessionDep
from roster.core.errors import Forbidden, NotFound
from roster.core.names import Slug
from roster.teams.access import Verb, require, within_reach
from roster.teams.models import Membership, Role, Team, TeamSlug

TeamPath = Annotated[
    Slug,
    Path(description="Name of the team, a former one of it, or its id."),
]
UsernamePath = Annotated[Slug, Path(description="User name of the member.")]
InvitationId = Annotated[UUID, Path(description="Id of the invitation.")]

_NOT_FOUND = "There is no such team, or you may not see it."
_LOCKED = (
    "This team requires a second factor of its members: set one up in your account."
)


@dataclass(frozen=True)
class SeenTeam:
    """A team, and what its reader is in it."""

    team: Team
    role: Role | None
    locked: bool
    """Whether a second factor is missing."""


def administers(actor: Actor) -> bool:
    return actor.is_admin and Scope.admin in actor.scopes


def _as_id(reference: str) -> UUID | None:
    try:
        return UUID(reference)
    except ValueError:
        return None


async def find(session: AsyncSession, actor: Actor, reference: str) -> SeenTeam:
    """Find a team that the actor is a member of, or administers.

    Raises:
        NotFound: There is none.
    """
    mine = and_(col(Membership.team_id) == Team.id, col(Membership.user_id) == actor.id)
    seen = or_(col(Membership.id).is_not(None), literal(administers(actor)))
    names = select(TeamSlug.team_id).where(TeamSlug.slug == reference)
    team_id = _as_id(reference)
    rows = await session.exec(
        select(Team, col(Membership.role))
        .outerjoin(Membership, mine)
        .where(
            or_(
                col(Team.slug) == reference,
                col(Team.id).in_(names),
                col(Team.id) == team_id,
            ),
            within_reach(actor, col(Team.id)),
            seen,
        )
    )
    found = rows.all()
    if not found:
        raise NotFound(_NOT_FOUND)
    # A name may look like the id of another team, which then comes first.
    team, role = max(found, key=lambda row: row[0].id == team_id)
    member: Role | None = role  # the outer join may find none
    shut = team.require_second_factor and not actor.has_second_factor
    return SeenTeam(team, member, locked=member is not None and shut)


async def locked(session: AsyncSession, team_id: UUID) -> Team:
    """Lock a team until the transaction ends.

    Raises:
        NotFound: It was deleted meanwhile.
    """
    rows = await session.exec(
        select(Team)
        .where(Team.id == team_id, col(Team.deleted_at).is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    team = rows.first()
    if team is None:
        raise NotFound(_NOT_FOUND)
    return team


async def require_owner(session: AsyncSession, actor: Actor, team: Team) -> None:
    if team.require_second_factor and not actor.has_second_factor:
        raise Forbidden(_LOCKED)
    await require(session, actor, team.id, Verb.manage)


async def get_seen_team(
    team: TeamPath, session: SessionDep, actor: ActorDep
) -> SeenTeam:
    return await find(session, actor, team)


async def get_readable_team(
    seen: Annotated[SeenTeam, Depends(get_seen_team)], actor: ActorDep
) -> SeenTeam:
    """One whose members the caller may read: an administrator, those of every team."""
    if seen.locked and not administers(actor):
        raise Forbidden(_LOCKED)
    return seen


async def get_locked_team(
    team: TeamPath, session: SessionDep, actor: PersonDep
) -> Team:
    seen = await find(session, actor, team)
    return await locked(session, seen.team.id)


async def get_managed_team(
    team: Annotated[Team, Depends(get_locked_team)],
    session: SessionDep,
    actor: PersonDep,
) -> Team:
    await require_owner(session, actor, team)
    return team


async def get_overseen_team(
    team: TeamPath, session: SessionDep, actor: PersonDep
) -> Team:
    """One that the caller owns, for reading what only owners may."""
    seen = await find(session, actor, team)
    await require_owner(session, actor, seen.team)
    return seen.team


async def get_administered_team(
    team: TeamPath, session: SessionDep, actor: AdminDep
) -> Team:
    seen = await find(session, actor, team)
    return await locked(session, seen.team.id)


SeenTeamDep = Annotated[SeenTeam, Depends(get_seen_team)]
ReadableTeam = Annotated[SeenTeam, Depends(get_readable_team)]
LockedTeam = Annotated[Team, Depends(get_locked_team)]
ManagedTeam = Annotated[Team, Depends(get_managed_team)]
OverseenTeam = Annotated[Team, Depends(get_overseen_team)]
AdministeredTeam = Annotated[Team, Depends(get_administered_team)]
