"""Pages of components as bytes, by a statement that is compiled once for many.

It finds who is on the page; what is shown of each is mostly known from before. What is
asked for by words, references, or as deleted takes the way of `listing.py`.
"""

from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Integer, String, literal_column

from roster.components.asking import Shape, shape_of, stand_in, values_of
from roster.components.conditions import COMMON
from roster.components.leading import leader_of
from roster.components.listed_rows import listed_rows
from roster.components.models import Component
from roster.components.orders import keys_of
from roster.components.pages import page_places
from roster.components.query import ListQuery
from roster.components.rows import AnySelect
from roster.components.schemas import ComponentPage
from roster.components.shown import dumps
from roster.core.actor import Caller
from roster.core.direct import Direct, Prepared, slot
from roster.core.paging import decode_cursor, encode_cursor
from roster.core.parts import Parts

_FIXED = frozenset({"health", "visibility", "deprecated", "kind"})
"""Filters with few values, which stand in the statement itself."""
_OTHERWISE = ("q", "ref", "deleted", "upstream", "count")
_EMPTY = dumps(ComponentPage(items=[]).model_dump())
_BEGIN, _, _AROUND = _EMPTY.partition(b"]")
_MIDDLE, _, _END = (b"]" + _AROUND).partition(b"null")
"""What is written around the items, and around the cursor behind them."""
_TIME = Component.metadata.tables["components"].c.updated_at.type
_BY_TIME = ("updated_at", "created_at")


class Asked(NamedTuple):
    """What pages have in common that are read by the same statement."""

    caller: Shape
    kinds: tuple[str, ...]
    order: str
    limit: int
    is_first: bool
    filters: tuple[tuple[str, Any], ...]
    """The number of values of each filter, or the very values."""


def is_direct(query: ListQuery) -> bool:
    return not any(getattr(query, name) for name in _OTHERWISE)


def asked_by(caller: Caller, query: ListQuery, kinds: list[str]) -> Asked:
    filters = []
    for name in (*COMMON, *query.facets):
        if chosen := query.values(name):
            fixed = name in _FIXED
            filters.append((name, tuple(chosen) if fixed else len(chosen)))
    if query.updated_since is not None:
        filters.append(("updated_since", 1))
    return Asked(
        shape_of(caller),
        tuple(kinds),
        query.order,
        query.size,
        query.cursor is None,
        tuple(filters),
    )


def _slots(query: ListQuery) -> dict[str, Any]:
    """The slots of each filter instead of its values."""
    slots: dict[str, Any] = {}
    for name in (*COMMON, *query.facets):
        if name not in _FIXED:
            count = range(len(query.values(name)))
            slots[name] = [slot(f"{name}_{number}", String()) for number in count]
    if query.updated_since is not None:
        slots["updated_since"] = slot("updated_since", _TIME)
    return slots


def list_statement(asked: Asked, query: ListQuery, leader: str | None) -> AnySelect:
    """The places of a page."""
    behind = None
    if not asked.is_first:
        columns: list[Any] = [key.column for key in keys_of(query.order, None)]
        behind = [slot("key", columns[0].type), slot("id", columns[1].type)]
    return page_places(
        stand_in(asked.caller),
        query.model_copy(update=_slots(query)),
        list(asked.kinds),
        behind=behind,
        # Not a parameter: how a statement is run depends on it.
        most=literal_column(str(asked.limit + 1), Integer()),
        leader=leader,
    )


def _values(caller: Caller, query: ListQuery) -> dict[str, Any]:
    values: dict[str, Any] = dict(values_of(caller))
    for name in (*COMMON, *query.facets):
        if name not in _FIXED:
            for number, value in enumerate(query.values(name)):
                values[f"{name}_{number}"] = value
    if query.updated_since is not None:
        values["updated_since"] = query.updated_since
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
    lead = await leader_of(direct, query, _slots, values)

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
        place = [_key_of(asked.order, last.key), direct.values.uuid(last.id)]
        cursor = encode_cursor(asked.order, place)
    items = await listed_rows(direct, parts, caller, kept)
    return b"".join((_BEGIN, b",".join(items), _MIDDLE, dumps(cursor), _END))


def _key_of(order: str, key: Any) -> Any:
    """What a cursor holds: the driver of SQLite gives times as text."""
    if order.endswith(_BY_TIME) and isinstance(key, str):
        return datetime.fromisoformat(key).replace(tzinfo=UTC)
    return key
