"""Keyset pages: stable while rows are inserted, and as quick at the end as first."""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

import orjson
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    and_,
    or_,
    tuple_,
)

from roster.core.errors import Invalid
from roster.core.model import holds_unstorable

MAX_LIMIT = 200
COUNTED = 10_000
"""Where counting stops, if it would take the longer the more there are."""

Item = TypeVar("Item")
Statement = TypeVar("Statement", bound=Select[*tuple[Any, ...]])
Column = SQLColumnExpression[Any]


class PageQuery(BaseModel):
    """Base of every list's query; unknown parameters are refused."""

    model_config = ConfigDict(extra="forbid")

    limit: Annotated[
        int, Field(ge=1, le=MAX_LIMIT, description="The most items on a page.")
    ] = 50
    cursor: Annotated[
        str | None,
        Field(max_length=2000, description="The `next_cursor` of the page before."),
    ] = None


Count = Annotated[bool, Field(description="Whether to count all (`total`).")]


class Page(BaseModel, Generic[Item]):
    items: list[Item]
    next_cursor: str | None = Field(
        default=None, description="Where the next page begins; null on the last one."
    )
    total: int | None = Field(
        default=None, description="Items on all pages, where `count` asked for it."
    )


@dataclass(frozen=True)
class SortKey:
    """One column of an order. Its values must never be null."""

    column: Column
    read: Callable[[str], Any]
    """Turns the cursor's text back into a value to compare with."""
    descending: bool = False


def _time(text: str) -> datetime:
    time = datetime.fromisoformat(text)
    if time.utcoffset() is None:
        raise ValueError(text)
    return time.astimezone(UTC)


def _text(text: object) -> str:
    if not isinstance(text, str) or holds_unstorable(text):
        raise ValueError(text)
    return text


def by_time(column: Column, *, descending: bool = False) -> SortKey:
    return SortKey(column, _time, descending)


def by_text(column: Column, *, descending: bool = False) -> SortKey:
    return SortKey(column, _text, descending)


def by_id(column: Column, *, descending: bool = False) -> SortKey:
    return SortKey(column, UUID, descending)


def encode_cursor(order: str, values: Sequence[Any]) -> str:
    parts = [
        value.isoformat() if isinstance(value, datetime) else str(value)
        for value in values
    ]
    return base64.urlsafe_b64encode(orjson.dumps([order, *parts])).decode().rstrip("=")


def decode_cursor(cursor: str, order: str, keys: Sequence[SortKey]) -> list[Any]:
    """Read a cursor back.

    Raises:
        Invalid: It is not one of ours, or was made for another order.
    """
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        made_for, *parts = orjson.loads(base64.urlsafe_b64decode(padded))
        if made_for == order and len(parts) == len(keys):
            return [key.read(part) for key, part in zip(keys, parts, strict=True)]
    except (ValueError, TypeError, AttributeError, OverflowError):
        pass  # no base64, JSON or list, or a value that no row can have
    raise Invalid.field(
        "cursor",
        "This cursor does not belong to this list; start again without one.",
        "cursor_invalid",
    )


def after(keys: Sequence[SortKey], values: Sequence[Any]) -> ColumnElement[bool]:
    """Rows behind the given values in the order of the keys."""
    if len({key.descending for key in keys}) == 1:
        # Rows compared as a whole: only this lets an index find the place at once.
        place = tuple_(*(key.column for key in keys))
        there: Any = tuple(values)
        if isinstance(values[0], ColumnElement):
            there = tuple_(*values)
        descending = keys[0].descending
        behind: ColumnElement[bool] = place < there if descending else place > there
        return behind
    steps = []
    for index, key in enumerate(keys):
        same = [
            keys[before].column == values[before]  # the keys in front are equal
            for before in range(index)
        ]
        beyond = (
            key.column < values[index] if key.descending else key.column > values[index]
        )
        steps.append(and_(*same, beyond))
    return or_(*steps)


def ordered(
    statement: Statement,
    order: str,
    keys: Sequence[SortKey],
    query: PageQuery,
) -> Statement:
    """Cut a statement to the page that the query asks for, and one row more.

    Args:
        statement: Rows without an order.
        order: Name of the order; it is kept in the cursor and checked.
        keys: The order's columns, the last one unique.
        query: Limit and cursor.
    """
    values = decode_cursor(query.cursor, order, keys) if query.cursor else None
    return placed(statement, keys, values).limit(query.limit + 1)


def placed(
    statement: Statement, keys: Sequence[SortKey], values: Sequence[Any] | None
) -> Statement:
    """Put a statement into the order of the keys, from behind these values on."""
    if values is not None:
        statement = statement.where(after(keys, values))
    columns = [
        key.column.desc() if key.descending else key.column.asc() for key in keys
    ]
    return statement.order_by(*columns)


def cut(
    rows: Sequence[Item],
    order: str,
    query: PageQuery,
    values_of: Callable[[Item], Sequence[Any]],
) -> tuple[list[Item], str | None]:
    """Drop the extra row, and make from the last kept one the next cursor."""
    kept = list(rows[: query.limit])
    if len(rows) <= query.limit:
        return kept, None
    return kept, encode_cursor(order, values_of(kept[-1]))
