"""Pages of components that words find, as bytes.

What finds them and what reads them are statements that are compiled once for many.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Integer, Text, literal_column
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components.asking import Shape, shape_of, stand_in, values_of
from roster.components.filter_slots import filter_key, filter_values, with_slots
from roster.components.highlighting import highlights_of
from roster.components.orders import key_in_cursor, keys_of
from roster.components.pages import page_rows
from roster.components.query import ListQuery
from roster.components.rows import AnySelect
from roster.components.schemas import ComponentListed, ComponentPage, ComponentPublic
from roster.components.search_schemas import SearchAnswer
from roster.components.searching import found_by
from roster.components.shown import dumps, shown, with_labels
from roster.core.actor import Caller
from roster.core.direct import AnyRow, Direct, slot
from roster.core.paging import decode_cursor, encode_cursor
from roster.search.finding import Found, matching

_PAGE = ComponentPage(items=[]).model_dump()
_ONLY_LISTED = {
    name: field.default
    for name, field in ComponentListed.model_fields.items()
    if name not in ComponentPublic.model_fields
}
_RANKS = slot("ranks", Text())
_BY_RANK = keys_of("relevance", matching(_RANKS, "sqlite"))
"""To read cursors by."""


def is_ranked(query: ListQuery) -> bool:
    return query.q is not None and not query.ref


async def page(
    session: AsyncSession,
    direct: Direct,
    caller: Caller,
    query: ListQuery,
    kinds: list[str],
) -> bytes:
    """One page, as `ComponentPage` writes it.

    Raises:
        Invalid: The cursor belongs to another list.
    """
    found = await found_by(session, caller, query, kinds)
    if found is None:
        message = "These pages are of what words find."
        raise TypeError(message)
    rows = await _rows(direct, caller, query, kinds, found)
    kept, cursor = rows[: query.size], None
    if len(rows) > query.size:
        last = kept[-1]
        place = [key_in_cursor(query.order, last.key), direct.values.uuid(last.id)]
        cursor = encode_cursor(query.order, place)
    answer = SearchAnswer(complete=found.complete)
    if found.corrected:
        answer.corrected = found.question.asked
    if query.highlights:
        answer.highlights = await highlights_of(session, kept, found.question)
    of_all: dict[str, Any] = {
        "items": [shown(row, direct.values) | _ONLY_LISTED for row in kept],
        "next_cursor": cursor,
        "search": answer.model_dump(mode="json"),
    }
    if query.count:
        of_all |= {"total": len(found.ranks), "at_least": not found.complete}
    return dumps(_PAGE | of_all)


async def _rows(
    direct: Direct,
    caller: Caller,
    query: ListQuery,
    kinds: list[str],
    found: Found,
) -> list[AnyRow]:
    behind = _behind(query)
    values: Mapping[str, Any] = {**values_of(caller), **filter_values(query)}
    if query.order == "relevance":
        # Ranked and seen already: only these are to be looked up.
        found, behind = found.part(behind, query.size + 1), None
    elif behind is not None:
        values = {**values, "key": behind[0], "id": behind[1]}
    shape, is_first = shape_of(caller), behind is None
    prepared = direct.prepared(
        (
            ("ranked", shape, tuple(kinds), query.order, query.size),
            (is_first, filter_key(query)),
        ),
        lambda: _statement(shape, query, kinds, direct.dialect.name, is_first=is_first),
    )
    return await direct.fetch(prepared, {**values, "ranks": found.held})


def _statement(
    shape: Shape, query: ListQuery, kinds: list[str], dialect: str, *, is_first: bool
) -> AnySelect:
    matches = matching(_RANKS, dialect)
    behind = None
    if not is_first:
        columns: list[Any] = [key.column for key in keys_of(query.order, matches)]
        behind = [slot("key", columns[0].type), slot("id", columns[1].type)]
    statement = page_rows(
        stand_in(shape),
        with_slots(query),
        kinds,
        matches=matches,
        behind=behind,
        # Not a parameter: how a statement is run depends on it.
        most=literal_column(str(query.size + 1), Integer()),
        dialect=dialect,
    )
    return with_labels(statement, dialect)


def _behind(query: ListQuery) -> tuple[Any, Any] | None:
    if query.cursor is None:
        return None
    order = query.order
    keys = _BY_RANK if order == "relevance" else keys_of(order, None)
    first, id_ = decode_cursor(query.cursor, order, keys)
    return first, id_
