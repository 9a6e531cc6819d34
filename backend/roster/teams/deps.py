"""From the name or id in a path to a team that the caller may see or manage."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path

from roster.auth.deps import ActorDep, AdminDep, PersonDep
from roster.core.db import SessionDep
from roster.core.names import Slug
from roster.teams.finding import (
    SeenTeam,
    find,
    locked,
    require_owner,
    require_unlocked,
)
from roster.teams.models import Team

TeamPath = Annotated[
    Slug,
    Path(description="Name of the team, a former one of it, or its id."),
]
UsernamePath = Annotated[Slug, Path(description="User name of the member.")]
InvitationId = Annotated[UUID, Path(description="Id of the invitation.")]


async def get_seen_team(
    team: TeamPath, session: SessionDep, actor: ActorDep
) -> SeenTeam:
    return await find(session, actor, team)


async def get_readable_team(
    seen: Annotated[SeenTeam, Depends(get_seen_team)], actor: ActorDep
) -> SeenTeam:
    require_unlocked(seen, actor)
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
