"""Pages of components."""

from collections.abc import AsyncGenerator, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Subquery, func, literal, select, union_all
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components.conditions import conditions
from roster.components.kinds import KINDS
from roster.components.models import Component
from roster.components.orders import keys_of
from roster.components.query import ListQuery
from roster.components.references import Asked, revisions_of
from roster.components.rows import (
    AnyRow,
    AnySelect,
    component_rows,
    fetch,
    labels_of,
    public,
)
from roster.components.schemas import ComponentListed, ComponentPage, LabelRef
from roster.components.searching import found_by
from roster.core.actor import Caller
from roster.core.db import Database
from roster.core.paging import COUNTED, MAX_LIMIT, PageQuery, cut, ordered

Labels = dict[UUID, list[LabelRef]]


async def page_of(
    session: AsyncSession, actor: Caller, query: ListQuery, kinds: list[str]
) -> ComponentPage:
    order = query.order
    found = await found_by(session, actor, query, kinds)
    matches = None if found is None else found.matches(session)
    place = PageQuery(limit=query.size, cursor=query.cursor)
    rows = await fetch(session, _page_rows(actor, query, kinds, matches, place))
    kept, next_cursor = cut(rows, order, place, lambda row: [row.key, row.id])
    ids = [row.id for row in kept]
    labels = await labels_of(session, ids) if kept else {}
    asked = None
    if any("@" in reference for reference in query.ref):
        asked = await revisions_of(session, query.ref, ids)
    page = ComponentPage(
        items=list(_items(kept, labels, asked)), next_cursor=next_cursor
    )
    if query.count and found is not None:
        page.total, page.at_least = len(found.ranks), not found.complete
    elif query.count:
        wanted = conditions(query, actor, kinds=kinds, matches=None)
        some = select(literal(1)).select_from(Component).where(*wanted)
        limited = some.limit(COUNTED + 1).subquery()
        [(total,)] = await fetch(session, select(func.count()).select_from(limited))
        page.total, page.at_least = min(total, COUNTED), total > COUNTED
    return page


def _items(
    rows: Iterable[AnyRow], labels: Labels, asked: Asked | None
) -> Iterable[ComponentListed]:
    """Give the rows' items: several, where several revisions of one were asked for."""
    for row in rows:
        shown = public(row, labels.get(row.id, []))
        for revision in [None] if asked is None else asked[row.id]:
            yield ComponentListed(**dict(shown), revision=revision)


async def lines_of(
    database: Database, actor: Caller, query: ListQuery, kinds: list[str]
) -> AsyncGenerator[bytes]:
    """Give all items from the query's cursor on, one a line.

    The first ones are read at once, so that a query that is wrong is refused. Each
    page has a session of its own: who reads slowly keeps no connection.
    """

    async def read(cursor: str | None) -> ComponentPage:
        part = {"limit": MAX_LIMIT, "count": False, "cursor": cursor}
        async with database.read() as session:
            return await page_of(session, actor, query.model_copy(update=part), kinds)

    async def lines(page: ComponentPage) -> AsyncGenerator[bytes]:
        while True:
            for item in page.items:
                yield item.model_dump_json().encode() + b"\n"
            if page.next_cursor is None:
                return
            page = await read(page.next_cursor)

    return lines(await read(query.cursor))


def _page_rows(
    actor: Caller,
    query: ListQuery,
    kinds: list[str],
    matches: Subquery | None,
    place: PageQuery,
) -> AnySelect:
    """Rows of one page: first its ids, by an index, and the rest for these alone."""
    branches = _branches(query, kinds)
    parts = [_ids(actor, query, branch, matches, place) for branch in branches]
    if len(parts) == 1:
        page = parts[0].subquery("page")
    else:
        several = [select(*part.subquery().c) for part in parts]
        merged = union_all(*several).subquery("several")
        in_order = _in_order(query, merged)
        rows = select(*merged.c).order_by(*in_order).limit(place.limit + 1)
        page = rows.subquery("page")
    return (
        component_rows(actor)
        .add_columns(page.c.key)
        .join(page, page.c.id == Component.id)
        .order_by(*_in_order(query, page))
    )


def _branches(query: ListQuery, kinds: list[str]) -> list[list[str]]:
    """The kinds to look up each for itself, and then merge.

    The indexes in the orders of lists begin with the kind, but for the usual order.
    """
    by_index = not (query.q or query.ref or query.deleted)
    if not by_index or query.order.endswith("updated_at"):
        return [kinds]
    return [[kind] for kind in dict.fromkeys(kinds or KINDS)]


def _ids(
    actor: Caller,
    query: ListQuery,
    kinds: list[str],
    matches: Subquery | None,
    place: PageQuery,
) -> AnySelect:
    keys = keys_of(query.order, matches)
    wanted = conditions(query, actor, kinds=kinds, matches=None)
    ids: AnySelect = select(col(Component.id), keys[0].column.label("key"))
    ids = ids.where(*wanted)
    if matches is not None:
        ids = ids.join(matches, matches.c.component_id == Component.id)
    return ordered(ids, query.order, keys, place)


def _in_order(query: ListQuery, page: Subquery) -> tuple[Any, Any]:
    if query.order == "relevance" or query.order.startswith("-"):
        return page.c.key.desc(), page.c.id.desc()
    return page.c.key, page.c.id
