"""Pages of components as bytes, by a statement that is compiled once for many.

It finds who is on the page; what is shown of each is mostly known from before. What is
asked for by words, references, or as deleted takes the way of `listing.py`.
"""

from collections.abc import Hashable
from typing import Any, NamedTuple

from sqlalchemy import Integer, literal_column

from roster.components.asking import Shape, shape_of, stand_in, values_of
from roster.components.filter_slots import filter_key, filter_values, with_slots
from roster.components.leading import leader_of
from roster.components.listed_rows import listed_rows
from roster.components.orders import key_in_cursor, keys_of
from roster.components.pages import page_places
from roster.components.query import ListQuery
from roster.components.rows import AnySelect
from roster.components.schemas import ComponentPage
from roster.components.shown import dumps
from roster.core.actor import Caller
from roster.core.direct import Direct, Prepared, slot
from roster.core.paging import decode_cursor, encode_cursor
from roster.core.parts import Parts

_OTHERWISE = ("q", "ref", "deleted", "upstream", "count")
_EMPTY = dumps(ComponentPage(items=[]).model_dump())
_BEGIN, _, _AROUND = _EMPTY.partition(b"]")
_MIDDLE, _, _END = (b"]" + _AROUND).partition(b"null")
"""What is written around the items, and around the cursor behind them."""


class Asked(NamedTuple):
    """What pages have in common that are read by the same statement."""

    caller: Shape
    kinds: tuple[str, ...]
    order: str
    limit: int
    is_first: bool
    filters: Hashable
    """What the words of a statement depend on."""


def is_direct(query: ListQuery) -> bool:
    return not any(getattr(query, name) for name in _OTHERWISE)


def asked_by(caller: Caller, query: ListQuery, kinds: list[str]) -> Asked:
    return Asked(
        shape_of(caller),
        tuple(kinds),
        query.order,
        query.size,
        query.cursor is None,
        filter_key(query),
    )


def list_statement(asked: Asked, query: ListQuery, leader: str | None) -> AnySelect:
    """The places of a page."""
    behind = None
    if not asked.is_first:
        columns: list[Any] = [key.column for key in keys_of(query.order, None)]
        behind = [slot("key", columns[0].type), slot("id", columns[1].type)]
    return page_places(
        stand_in(asked.caller),
        with_slots(query),
        list(asked.kinds),
        behind=behind,
        # Not a parameter: how a statement is run depends on it.
        most=literal_column(str(asked.limit + 1), Integer()),
        leader=leader,
    )


def _values(caller: Caller, query: ListQuery) -> dict[str, Any]:
    values: dict[str, Any] = {**values_of(caller), **filter_values(query)}
    if query.cursor is not None:
        keys = keys_of(query.order, None)
        values["key"], values["id"] = decode_cursor(query.cursor, query.order, keys)
    return values


async def page(
    direct: Direct, parts: Parts, caller: Caller, query: ListQuery, kinds: list[str]
) -> bytes:
    """One page, as `ComponentPage` writes it.

    Raises:
        Invalid: The cursor belongs to another list.
    """
    values, asked = _values(caller, query), asked_by(caller, query, kinds)
    lead = await leader_of(direct, query, values)

    def prepared(leader: str | None) -> Prepared:
        return direct.prepared(
            (asked, leader), lambda: list_statement(asked, query, leader)
        )

    rows = await direct.fetch(
        prepared(lead.first), values, otherwise=lambda: prepared(lead.otherwise)
    )
    kept = rows[: asked.limit]
    cursor = None
    if len(rows) > asked.limit:
        last = kept[-1]
        place = [key_in_cursor(asked.order, last.key), direct.values.uuid(last.id)]
        cursor = encode_cursor(asked.order, place)
    items = await listed_rows(direct, parts, caller, kept)
    return b"".join((_BEGIN, b",".join(items), _MIDDLE, dumps(cursor), _END))
