"""The orders of lists. Their values come back from a cursor, which may be forged."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Subquery
from sqlmodel import col

from roster.components.models import Component
from roster.components.query import Sort
from roster.components.schemas import NUMBER_MAX
from roster.core.names import NAME_PATTERN
from roster.core.paging import SortKey, by_id, by_time


def _count(text: str) -> int:
    number = int(text)
    if not 0 <= number <= NUMBER_MAX:
        raise ValueError(text)
    return number


def _name(text: str) -> str:
    if not re.fullmatch(NAME_PATTERN, text):
        raise ValueError(text)
    return text


def by_count(column: Any, *, descending: bool) -> SortKey:
    return SortKey(column, _count, descending)


def by_name(column: Any, *, descending: bool) -> SortKey:
    return SortKey(column, _name, descending)


TIMES = ("updated_at", "created_at")
_ORDERS: dict[str, Callable[..., SortKey]] = {
    **dict.fromkeys(TIMES, by_time),
    "name": by_name,
    "description_tokens": by_count,
    "errors": by_count,
}


def keys_of(order: Sort, matches: Subquery | None) -> list[SortKey]:
    """The columns of an order, the last of which is the id."""
    if matches is not None and order == "relevance":
        newest = by_id(col(Component.id), descending=True)
        return [SortKey(matches.c.rank, float, descending=True), newest]
    name, descending = order.removeprefix("-"), order.startswith("-")
    first = _ORDERS[name](getattr(Component, name), descending=descending)
    return [first, by_id(col(Component.id), descending=descending)]


def key_in_cursor(order: str, key: Any) -> Any:
    """What a cursor holds: the driver of SQLite gives times as text."""
    if order.removeprefix("-") in TIMES and isinstance(key, str):
        return datetime.fromisoformat(key).replace(tzinfo=UTC)
    return key
