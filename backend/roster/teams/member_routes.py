from typing import Annotated

from fastapi import APIRouter, Body, Query, Response, status

from roster.auth.deps import ActorDep, PersonDep
from roster.core.caching import ConditionalRoute, IfMatch, version_tag
from roster.core.db import SessionDep
from roster.core.errors import (
    Conflict,
    Forbidden,
    LastOwner,
    NotFound,
    Stale,
    problems,
)
from roster.core.paging import Page, PageQuery
from roster.teams import members, service
from roster.teams.deps import (
    LockedTeam,
    ManagedTeam,
    ReadableTeam,
    UsernamePath,
)
from roster.teams.finding import find
from roster.teams.schemas import (
    MemberPublic,
    MemberUpdate,
    TeamPublic,
    TransferRequest,
)

router = APIRouter(
    prefix="/{team}",
    route_class=ConditionalRoute,
    responses=problems(Forbidden, NotFound),
)


@router.get("/members", summary="List the members of a team")
async def list_members(
    query: Annotated[PageQuery, Query()],
    seen: ReadableTeam,
    actor: ActorDep,
    session: SessionDep,
) -> Page[MemberPublic]:
    return await members.page_of(session, seen, query, actor=actor)


@router.put(
    "/members/{username}",
    summary="Add an account to a team, or give a member another role",
    responses=problems(Conflict, LastOwner, Stale),
)
async def set_member(
    username: UsernamePath,
    data: Annotated[MemberUpdate, Body(examples=[{"role": "editor"}])],
    team: ManagedTeam,
    actor: PersonDep,
    session: SessionDep,
    if_match: IfMatch = None,
) -> MemberPublic:
    return await members.set_role(
        session, team, username, data.role, actor=actor, if_match=if_match
    )


@router.delete(
    "/members/{username}",
    summary="Remove a member from a team, or leave it yourself",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(Conflict, LastOwner, Stale),
)
async def remove_member(
    username: UsernamePath,
    team: LockedTeam,
    actor: PersonDep,
    session: SessionDep,
    if_match: IfMatch = None,
) -> None:
    await members.remove(session, team, username, actor=actor, if_match=if_match)


@router.post(
    "/transfer",
    summary="Make another member owner in your place; you stay as editor",
    responses=problems(Conflict),
)
async def transfer_team(
    data: Annotated[TransferRequest, Body(examples=[{"username": "grace"}])],
    team: ManagedTeam,
    actor: PersonDep,
    session: SessionDep,
    response: Response,
) -> TeamPublic:
    await members.transfer(session, team, data.username, actor=actor)
    response.headers["ETag"] = version_tag(service.version_of(team))
    return await service.describe(session, await find(session, actor, str(team.id)))
