"""Lists and their facets: of each kind, and of all together."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from roster.auth.deps import CallerDep
from roster.components import direct_lists, listing, ranked
from roster.components.details import JSON
from roster.components.facets import count_facets
from roster.components.kinds import Kind
from roster.components.query import Facets, Filters, ListModels, ListQuery
from roster.components.schemas import ComponentPage
from roster.core.actor import Caller
from roster.core.answers import Answers, keep
from roster.core.caching import ConditionalRoute, made_once
from roster.core.changes import ANY_COMPONENT
from roster.core.db import Database, DatabaseDep, ReadSessionDep
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
    @made_once
    async def list_components(
        asked: Annotated[models.query, Query()],  # type: ignore[name-defined] # made
        actor: CallerDep,
        database: DatabaseDep,
        request: Request,
        *,
        lines: WantsLines,
    ) -> ComponentPage | Response:
        query: ListQuery = asked
        kinds = kinds_of(query)
        if lines:
            found = await listing.lines_of(database, actor, query, kinds)
            return as_lines(found, plural)
        keep(request, ANY_COMPONENT)
        return await _page(request, actor, query, kinds)

    @router.get(
        "/facets",
        name=f"count_{plural}",
        summary=f"Count {plural} by each value of each filter",
        response_model=models.facets,
    )
    @made_once
    async def count_components(
        asked: Annotated[models.filters, Query()],  # type: ignore[name-defined] # made
        actor: CallerDep,
        session: ReadSessionDep,
        request: Request,
    ) -> Facets:
        filters: Filters = asked
        keep(request, ANY_COMPONENT)
        return await count_facets(
            session, actor, filters, kinds_of(filters), models.facets
        )


async def _page(
    request: Request, actor: Caller, query: ListQuery, kinds: list[str]
) -> ComponentPage | Response:
    answers: Answers = request.app.state.answers
    database: Database = request.app.state.database
    if direct_lists.is_direct(query):
        page = await direct_lists.page(
            database.direct, answers.parts, actor, query, kinds
        )
        return Response(page, media_type=JSON)
    async with database.read() as session:
        if ranked.is_ranked(query):
            page = await ranked.page(session, database.direct, actor, query, kinds)
            return Response(page, media_type=JSON)
        return await listing.page_of(session, actor, query, kinds)


add_lists(router, None)
