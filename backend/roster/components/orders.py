"""Sort keys whose values come back from a cursor: a cursor may be forged."""

import re
from typing import Any

from roster.components.schemas import NUMBER_MAX
from roster.core.names import NAME_PATTERN
from roster.core.paging import SortKey


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
