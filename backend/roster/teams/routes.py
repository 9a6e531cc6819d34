from typing import Annotated

from fastapi import APIRouter, Body, Query, Response, status

from roster.auth.deps import ActorDep, AdminDep, PersonDep
from roster.core.caching import ConditionalRoute, IfMatch, require_match, version_tag
from roster.core.db import SessionDep
from roster.core.errors import (
    Conflict,
    Forbidden,
    NameTaken,
    NotFound,
    NotSignedIn,
    PreconditionRequired,
    Stale,
    problems,
)
from roster.core.paging import Page, PageQuery
from roster.teams import members, service
from roster.teams.deps import (
    AdministeredTeam,
    ManagedTeam,
    SeenTeamDep,
)
from roster.teams.finding import SeenTeam, find
from roster.teams.invitation_routes import router as invitations
from roster.teams.member_routes import router as memberships
from roster.teams.models import TeamMembership
from roster.teams.policy_routes import router as policy
from roster.teams.schemas import TeamCreate, TeamPublic, TeamUpdate

router = APIRouter(
    prefix="/teams",
    route_class=ConditionalRoute,
    tags=["teams"],
    responses=problems(NotSignedIn),
)

one = APIRouter(
    prefix="/{team}",
    route_class=ConditionalRoute,
    responses=problems(Forbidden, NotFound),
)

Confirm = Annotated[str, Query(max_length=40, description="The name of the team.")]


def _tag(response: Response, seen: SeenTeam) -> None:
    response.headers["ETag"] = version_tag(service.version_of(seen.team))
    response.headers["Content-Location"] = f"/api/v1/teams/{seen.team.slug}"


@router.get("", summary="List the teams that you are a member of")
async def list_teams(
    query: Annotated[PageQuery, Query()], actor: ActorDep, session: SessionDep
) -> Page[TeamMembership]:
    return await service.list_teams(session, query, actor=actor)


@router.post(
    "",
    summary="Make a team",
    status_code=status.HTTP_201_CREATED,
    responses=problems(NameTaken, Forbidden),
)
async def create_team(
    data: Annotated[
        TeamCreate, Body(examples=[{"slug": "backend", "name": "Backend"}])
    ],
    actor: PersonDep,
    session: SessionDep,
    response: Response,
) -> TeamPublic:
    seen = await service.create(session, data, actor=actor)
    _tag(response, seen)
    response.headers["Location"] = f"/api/v1/teams/{seen.team.slug}"
    return await service.describe(session, seen)


@one.get("", summary="Read a team")
async def read_team(
    seen: SeenTeamDep, session: SessionDep, response: Response
) -> TeamPublic:
    """Read a team of yours; a former name finds it too, and `slug` is the present one.

    Administrators may read every team and its members, but not what is in it.
    """
    _tag(response, seen)
    return await service.describe(session, seen)


@one.patch(
    "",
    summary="Rename a team, or change its settings",
    responses=problems(Conflict, NameTaken, Stale, PreconditionRequired),
)
async def update_team(
    data: Annotated[TeamUpdate, Body(examples=[{"name": "Backend and data"}])],
    team: ManagedTeam,
    actor: PersonDep,
    session: SessionDep,
    response: Response,
    if_match: IfMatch = None,
) -> TeamPublic:
    seen = await service.update(session, team, data, if_match, actor=actor)
    _tag(response, seen)
    return await service.describe(session, seen)


@one.delete(
    "",
    summary="Delete a team with all that is in it; its name stays taken",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(Conflict, Stale),
)
async def delete_team(
    confirm: Confirm,
    team: ManagedTeam,
    actor: PersonDep,
    session: SessionDep,
    if_match: IfMatch = None,
) -> None:
    if if_match is not None:
        require_match(if_match, service.version_of(team))
    await service.delete(session, team, confirm, actor=actor)


@one.post(
    "/ownership",
    summary="Become owner of a team as administrator; its owners are told",
)
async def take_ownership(
    team: AdministeredTeam, actor: AdminDep, session: SessionDep, response: Response
) -> TeamPublic:
    await members.take_ownership(session, team, actor=actor)
    seen = await find(session, actor, str(team.id))
    _tag(response, seen)
    return await service.describe(session, seen)


for _part in (one, memberships, invitations, policy):
    router.include_router(_part)
