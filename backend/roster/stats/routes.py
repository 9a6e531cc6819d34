from typing import Annotated

from fastapi import APIRouter, Query

from roster.auth.deps import ActorDep
from roster.core.caching import ConditionalRoute
from roster.core.db import ReadSessionDep
from roster.core.errors import Forbidden, NotFound, NotSignedIn, problems
from roster.stats import service
from roster.stats.schemas import Stats, StatsQuery

router = APIRouter(route_class=ConditionalRoute, tags=["stats"])


@router.get(
    "/stats",
    summary="Read figures of what you may see",
    responses=problems(NotSignedIn, Forbidden, NotFound),
)
async def read_stats(
    query: Annotated[StatsQuery, Query()], actor: ActorDep, session: ReadSessionDep
) -> Stats:
    """Count what needs you, what you and your teams have, and what happened each day.

    What you may not see changes no number.
    """
    return await service.read(session, query, actor=actor)
