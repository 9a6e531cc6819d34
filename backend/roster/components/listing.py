"""Pages and facet counts of components."""

from collections.abc import Callable

from sqlalchemy import ColumnElement, Subquery, case, func, select
from sqlalchemy.orm import Mapped
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components.models import Component, ComponentFacet, Label
from roster.components.orders import by_count, by_name
from roster.components.query import (
    HEALTH,
    AgentLikeQuery,
    Facet,
    Filters,
    Sort,
    conditions,
)
from roster.components.rows import (
    AnySelect,
    component_rows,
    fetch,
    labels_of,
    public,
)
from roster.components.schemas import ComponentPublic, Facets, FacetValue, HealthLevel
from roster.core.actor import Caller
from roster.core.paging import (
    Page,
    PageQuery,
    SortKey,
    by_id,
    by_time,
    cut,
    ordered,
)
from roster.search.matching import matching
from roster.teams.models import Team

FACET_VALUES = 100

_ORDERS: dict[str, Callable[..., SortKey]] = {
    "updated_at": by_time,
    "created_at": by_time,
    "name": by_name,
    "description_tokens": by_count,
}


def _matches(session: AsyncSession, filters: Filters) -> Subquery | None:
    if filters.q is None:
        return None
    return matching(session.get_bind().dialect.name, filters.q)


def _keys(order: Sort, matches: Subquery | None) -> list[SortKey]:
    if matches is not None and order == "relevance":
        newest = by_id(col(Component.id), descending=True)
        return [SortKey(matches.c.rank, float, descending=True), newest]
    name, descending = order.removeprefix("-"), order.startswith("-")
    first = _ORDERS[name](getattr(Component, name), descending=descending)
    return [first, by_id(col(Component.id), descending=descending)]


async def page_of(
    session: AsyncSession, actor: Caller, query: AgentLikeQuery, kinds: list[str]
) -> Page[ComponentPublic]:
    order, matches = query.order, _matches(session, query)
    place = PageQuery(limit=query.size, cursor=query.cursor)
    rows = await fetch(session, _page_rows(actor, query, kinds, matches, place))
    kept, next_cursor = cut(rows, order, place, lambda row: [row.key, row.id])
    labels = await labels_of(session, [row.id for row in kept]) if kept else {}
    page: Page[ComponentPublic] = Page(
        items=[public(row, labels.get(row.id, [])) for row in kept],
        next_cursor=next_cursor,
    )
    if query.count:
        wanted = conditions(query, actor, kinds=kinds, matches=matches)
        total = select(func.count()).select_from(Component).where(*wanted)
        [(page.total,)] = await fetch(session, total)
    return page


def _page_rows(
    actor: Caller,
    query: AgentLikeQuery,
    kinds: list[str],
    matches: Subquery | None,
    place: PageQuery,
) -> AnySelect:
    """Rows of one page: first its ids, by an index, and the rest for these alone."""
    keys = _keys(query.order, matches)
    wanted = conditions(query, actor, kinds=kinds, matches=None)
    ids: AnySelect = select(col(Component.id), keys[0].column.label("key")).where(
        *wanted
    )
    if matches is not None:
        ids = ids.join(matches, matches.c.component_id == Component.id)
    page = ordered(ids, query.order, keys, place).subquery("page")
    order = (
        (page.c.key.desc(), page.c.id.desc())
        if keys[0].descending
        else (page.c.key, page.c.id)
    )
    return (
        component_rows(actor)
        .add_columns(page.c.key)
        .join(page, page.c.id == Component.id)
        .order_by(*order)
    )


async def facets_of(
    session: AsyncSession, actor: Caller, filters: Filters, kinds: list[str]
) -> Facets:
    """Count what each value of each facet would show.

    A facet's own filter does not count for it, because its values mean "or".
    """
    matches = _matches(session, filters)
    found: dict[Facet, list[FacetValue]] = {}
    for facet in Facet:
        wanted = conditions(
            filters, actor, kinds=kinds, matches=matches, leave_out=facet
        )
        rows = await fetch(session, _counted(facet, wanted))
        found[facet] = [FacetValue(value=value, count=count) for value, count in rows]
    return Facets(**{facet.value: values for facet, values in found.items()})


def _counted(facet: Facet, wanted: list[ColumnElement[bool]]) -> AnySelect:
    value: ColumnElement[str] | Mapped[str]
    base = select().select_from(Component).where(*wanted)
    if facet is Facet.team:
        value = col(Team.slug)
        base = base.join(Team, col(Team.id) == Component.team_id)
    elif facet is Facet.label:
        value = col(Label.name)
        base = base.join(Label, col(Label.component_id) == Component.id)
    elif facet is Facet.health:
        whens = [(HEALTH[level], level.value) for level in HealthLevel]
        value = case(*whens)
    else:
        value = col(ComponentFacet.value)
        base = base.join(
            ComponentFacet, col(ComponentFacet.component_id) == Component.id
        ).where(col(ComponentFacet.facet) == facet.value)
    return (
        base.add_columns(value.label("value"), func.count().label("count"))
        .group_by("value")
        .order_by(func.count().desc(), "value")
        .limit(FACET_VALUES)
    )
