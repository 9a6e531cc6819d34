from typing import Annotated

from fastapi import APIRouter, Query

from roster.auth.deps import ActorDep
from roster.core.caching import ConditionalRoute
from roster.core.db import SessionDep
from roster.core.errors import NotSignedIn, problems
from roster.core.paging import Page, PageQuery
from roster.teams import service
from roster.teams.models import TeamMembership

router = APIRouter(
    prefix="/teams",
    route_class=ConditionalRoute,
    tags=["teams"],
    responses=problems(NotSignedIn),
)


@router.get("", summary="List the teams that you are a member of")
async def list_teams(
    query: Annotated[PageQuery, Query()], actor: ActorDep, session: SessionDep
) -> Page[TeamMembership]:
    return await service.list_teams(session, query, actor=actor)
