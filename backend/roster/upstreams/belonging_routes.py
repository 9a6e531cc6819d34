"""The components of one repository."""

from typing import Annotated

from fastapi import APIRouter, Query

from roster.auth.deps import ActorDep
from roster.core.caching import ConditionalRoute
from roster.core.db import SessionDep
from roster.core.errors import NotFound, NotSignedIn, problems
from roster.core.paging import Page, PageQuery
from roster.upstreams import belonging
from roster.upstreams.belonging import Belonging
from roster.upstreams.deps import SeenRepository

router = APIRouter(
    prefix="/repositories/{repository_id}/components",
    route_class=ConditionalRoute,
    tags=["repositories"],
    responses=problems(NotSignedIn, NotFound),
)


@router.get("", summary="List what comes from a repository, by path")
async def list_repository_components(
    repository: SeenRepository,
    query: Annotated[PageQuery, Query()],
    actor: ActorDep,
    session: SessionDep,
) -> Page[Belonging]:
    return await belonging.page_of(session, repository, query, actor=actor)
