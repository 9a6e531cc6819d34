"""Pages of components as bytes, in one statement that is compiled once for many.

What is asked for by words, references, or as deleted takes the way of `listing.py`.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Integer, String, literal_column

from roster.components.asking import Shape, shape_of, stand_in, values_of
from roster.components.conditions import COMMON
from roster.components.models import Component
from roster.components.orders import keys_of
from roster.components.pages import page_rows
from roster.components.query import ListQuery
from roster.components.rows import AnySelect
from roster.components.schemas import (
    ComponentListed,
    ComponentPage,
    ComponentPublic,
)
from roster.components.shown import Shown, dumps, shown, with_labels
from roster.core.actor import Caller
from roster.core.direct import Direct, Prepared, slot
from roster.core.paging import decode_cursor, encode_cursor

_FIXED = frozenset({"health", "visibility", "deprecated", "kind"})
"""Filters with few values, which stand in the statement itself."""
_OTHERWISE = ("q", "ref", "deleted", "upstream", "count")
_PAGE = ComponentPage(items=[]).model_dump()
_ONLY_LISTED = {
    name: field.default
    for name, field in ComponentListed.model_fields.items()
    if name not in ComponentPublic.model_fields
}
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


def list_statement(
    asked: Asked, query: ListQuery, dialect: str, *, by_row: bool
) -> AnySelect:
    behind = None
    if not asked.is_first:
        columns: list[Any] = [key.column for key in keys_of(query.order, None)]
        behind = [slot("key", columns[0].type), slot("id", columns[1].type)]
    statement = page_rows(
        stand_in(asked.caller),
        query.model_copy(update=_slots(query)),
        list(asked.kinds),
        matches=None,
        behind=behind,
        # Not a parameter: how a statement is run depends on it.
        most=literal_column(str(asked.limit + 1), Integer()),
        by_row=by_row,
    )
    return with_labels(statement, dialect)


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
    direct: Direct, caller: Caller, query: ListQuery, kinds: list[str]
) -> bytes:
    """One page, as `ComponentPage` writes it.

    Raises:
        Invalid: The cursor belongs to another list.
    """
    values, asked = _values(caller, query), asked_by(caller, query, kinds)
    rows = await direct.fetch(
        _prepared(direct, asked, query),
        values,
        otherwise=_otherwise(direct, asked, query),
    )
    kept = rows[: asked.limit]
    cursor = None
    if len(rows) > asked.limit:
        last = kept[-1]
        place = [_key_of(asked.order, last.key), direct.values.uuid(last.id)]
        cursor = encode_cursor(asked.order, place)
    items = [_listed(shown(row, direct.values)) for row in kept]
    return dumps({**_PAGE, "items": items, "next_cursor": cursor})


def _prepared(direct: Direct, asked: Asked, query: ListQuery) -> Prepared:
    """The statement to try first, which is quick for what is common.

    PostgreSQL knows what is common, and needs no other.
    """
    dialect = direct.dialect.name
    by_row = dialect == "sqlite"
    return direct.prepared(
        asked, lambda: list_statement(asked, query, dialect, by_row=by_row)
    )


def _otherwise(
    direct: Direct, asked: Asked, query: ListQuery
) -> Callable[[], Prepared]:
    """The statement for what is rare."""
    dialect = direct.dialect.name
    return lambda: direct.prepared(
        (asked, "otherwise"),
        lambda: list_statement(asked, query, dialect, by_row=False),
    )


def _listed(item: Shown) -> Shown:
    return item | _ONLY_LISTED


def _key_of(order: str, key: Any) -> Any:
    """What a cursor holds: the driver of SQLite gives times as text."""
    if order.endswith(_BY_TIME) and isinstance(key, str):
        return datetime.fromisoformat(key).replace(tzinfo=UTC)
    return key
