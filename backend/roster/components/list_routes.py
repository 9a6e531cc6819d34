"""Lists and their facets: of each kind, and of all together."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from roster.auth.deps import CallerDep
from roster.components import listing
from roster.components.facets import count_facets
from roster.components.kinds import Kind
from roster.components.query import Facets, Filters, ListModels, ListQuery
from roster.components.schemas import ComponentPage
from roster.core.caching import ConditionalRoute
from roster.core.db import DatabaseDep, ReadSessionDep
from roster.core.lines import AS_LINES, WantsLines, as_lines

router = APIRouter(
    prefix="/components", route_class=ConditionalRoute, tags=["components"]
)


def add_lists(router: APIRouter, kind: Kind | None) -> None:
    """Add a list and its facets, with the filters of that kind, or with all."""
    plural = "components" if kind is None else kind.plural
    models = ListModels.of(kind)

    def kinds_of(filters: Filters) -> list[str]:
        return list(filters.values("kind")) if kind is None else [kind.name]

    @router.get(
        "",
        name=f"list_{plural}",
        summary=f"List {plural}",
        response_model=ComponentPage,
        responses=AS_LINES,
    )
    async def list_components(
        asked: Annotated[models.query, Query()],  # type: ignore[name-defined] # made
        actor: CallerDep,
        database: DatabaseDep,
        session: ReadSessionDep,
        *,
        lines: WantsLines,
    ) -> ComponentPage | Response:
        query: ListQuery = asked
        if lines:
            found = await listing.lines_of(database, actor, query, kinds_of(query))
            return as_lines(found, plural)
        return await listing.page_of(session, actor, query, kinds_of(query))

    @router.get(
        "/facets",
        name=f"count_{plural}",
        summary=f"Count {plural} by each value of each filter",
        response_model=models.facets,
    )
    async def count_components(
        asked: Annotated[models.filters, Query()],  # type: ignore[name-defined] # made
        actor: CallerDep,
        session: ReadSessionDep,
    ) -> Facets:
        filters: Filters = asked
        return await count_facets(
            session, actor, filters, kinds_of(filters), models.facets
        )


add_lists(router, None)
