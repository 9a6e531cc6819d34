"""Pages of components."""

from collections.abc import AsyncGenerator, Iterable
from uuid import UUID

from sqlalchemy import func, literal, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components.conditions import conditions
from roster.components.highlighting import highlights_of
from roster.components.models import Component
from roster.components.orders import keys_of
from roster.components.pages import page_rows
from roster.components.query import ListQuery
from roster.components.references import Asked, revisions_of
from roster.components.rows import AnyRow, fetch, labels_of, public
from roster.components.schemas import ComponentListed, ComponentPage, LabelRef
from roster.components.search_schemas import SearchAnswer
from roster.components.searching import found_by
from roster.core.actor import Caller
from roster.core.db import Database
from roster.core.paging import COUNTED, MAX_LIMIT, PageQuery, cut, decode_cursor

Labels = dict[UUID, list[LabelRef]]


async def page_of(
    session: AsyncSession, actor: Caller, query: ListQuery, kinds: list[str]
) -> ComponentPage:
    order = query.order
    found = await found_by(session, actor, query, kinds)
    matches = None if found is None else found.matches(session)
    place = PageQuery(limit=query.size, cursor=query.cursor)
    keys = keys_of(order, matches)
    behind = decode_cursor(query.cursor, order, keys) if query.cursor else None
    if found is not None and order == "relevance":
        # Ranked and seen already: only these are to be looked up.
        place_behind = None if behind is None else (behind[0], behind[1])
        matches = found.part(place_behind, place.limit + 1).matches(session)
    statement = page_rows(
        actor,
        query,
        kinds,
        matches=matches,
        behind=behind,
        most=place.limit + 1,
        dialect=session.get_bind().dialect.name,
    )
    rows = await fetch(session, statement)
    kept, next_cursor = cut(rows, order, place, lambda row: [row.key, row.id])
    ids = [row.id for row in kept]
    labels = await labels_of(session, ids) if kept else {}
    asked = None
    if any("@" in reference for reference in query.ref):
        asked = await revisions_of(session, query.ref, ids)
    page = ComponentPage(
        items=list(_items(kept, labels, asked)), next_cursor=next_cursor
    )
    if found is not None:
        page.search = SearchAnswer(complete=found.complete)
        if found.corrected:
            page.search.corrected = found.question.asked
        if query.highlights:
            marked = await highlights_of(session, kept, found.question)
            page.search.highlights = marked
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
