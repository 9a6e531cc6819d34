"""The newest rows first, on PostgreSQL, whose index gives all rows of a word or none.

Each row holds the number of its bucket as a word of its own, so that the newest few can
be looked up alone, before all others. A word that is common is found in these, and of
one that is not there are few in all of them.
"""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    Text,
    cast,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from roster.search.matching import Lookup
from roster.search.models import SearchDocument
from roster.search.scopes import MARK

SIZE = 4_096
"""So many values of `rowid` share a bucket; a generated column counts them too."""

_ROWID = SearchDocument.metadata.tables["search_documents"].c.rowid


class Buckets:
    """Which buckets are looked into, one step after the other."""

    def __init__(self, newest: int) -> None:
        """Look into so many at first."""
        newest_row = select(
            func.coalesce(func.max(_ROWID), 0) // SIZE
        ).scalar_subquery()
        row = select(newest_row.label("last")).cte("newest").prefix_with("MATERIALIZED")
        last = row.c.last
        behind = last - newest
        words = select(
            _words(behind + 1, last).label("newest"),
            ((behind + 1) * SIZE).label("oldest"),
        )
        self._words = words.cte("buckets").prefix_with("MATERIALIZED")

    def steps(
        self, lookup: Lookup, gates: list[ColumnElement[bool]], name: str, most: Any
    ) -> Iterator[CTE]:
        """Rows of a place, the newest first; each step only as far as it takes.

        Args:
            lookup: What to look up.
            gates: What must hold, or nothing is looked up.
            name: Of the place, for the names of the steps.
            most: So many rows of all steps together.
        """
        rowid = _ROWID + literal_column("0")
        steps: list[Callable[[], Select[Any]]] = [
            lambda: lookup.rows("postgresql", self._of("newest")),
            lambda: lookup.rows("postgresql").where(rowid < self._of("oldest")),
        ]
        left: Any = most
        for number, step in enumerate(steps):
            kept = step().where(*gates).limit(left).cte(f"{name}_{number}")
            rows = kept.prefix_with("MATERIALIZED")
            yield rows
            left = left - select(func.count()).select_from(rows).scalar_subquery()

    def _of(self, name: str) -> ColumnElement[Any]:
        found: ColumnElement[Any] = select(self._words.c[name]).scalar_subquery()
        return found


def _words(first: ColumnElement[int], last: ColumnElement[int]) -> ColumnElement[Any]:
    """What looks into the buckets with these numbers."""
    number: Any = func.generate_series(first, last).column_valued("number")
    each: Any = (
        literal_column(f"'''{MARK}b'") + cast(number, Text) + literal_column("''''")
    )
    words = func.string_agg(each, literal_column("' | '"))
    return cast(select(words).scalar_subquery(), TSQUERY)
