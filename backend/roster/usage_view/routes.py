from typing import Annotated

from fastapi import APIRouter, Query

from roster.auth.deps import CallerDep
from roster.collections.deps import VisibleCollection
from roster.components.deps import VisibleComponent
from roster.core.caching import ConditionalRoute
from roster.core.db import SessionDep
from roster.core.errors import Forbidden, NotFound, NotSignedIn, problems
from roster.usage_view import service
from roster.usage_view.schemas import (
    ComponentUsage,
    ManyUsages,
    ManyUsagesQuery,
    Usage,
    UsageQuery,
)

router = APIRouter(
    route_class=ConditionalRoute, tags=["usage"], responses=problems(NotSignedIn)
)
of_component = APIRouter(
    prefix="/components/{component_id}", route_class=ConditionalRoute
)
of_collection = APIRouter(
    prefix="/collections/{collection_id}", route_class=ConditionalRoute
)


@of_component.get(
    "/usage",
    summary="Read how often a component was pulled",
    responses=problems(Forbidden, NotFound),
)
async def read_component_usage(
    query: Annotated[UsageQuery, Query()],
    seen: VisibleComponent,
    caller: CallerDep,
    session: SessionDep,
) -> ComponentUsage:
    """For members of its team, and for who sees it where the team shares that.

    Pulls of releases count where you may see the release.
    """
    return await service.of_component(
        session, caller, seen.id, seen.team_id, query.days
    )


@of_collection.get(
    "/usage",
    summary="Read how often the releases of a collection were pulled",
    responses=problems(Forbidden, NotFound),
)
async def read_collection_usage(
    query: Annotated[UsageQuery, Query()],
    seen: VisibleCollection,
    caller: CallerDep,
    session: SessionDep,
) -> Usage:
    """For members of its team, and for who sees it where the team shares that."""
    found = seen.collection
    return await service.of_collection(
        session, caller, found.id, found.team_id, query.days
    )


@router.get("/usage", summary="Read how often each of some components was pulled")
async def list_usages(
    query: Annotated[ManyUsagesQuery, Query()], caller: CallerDep, session: SessionDep
) -> ManyUsages:
    return await service.of_many(session, caller, query.id, query.days)


for _part in (of_component, of_collection):
    router.include_router(_part)
