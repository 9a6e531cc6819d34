"""The full-text indexes of two engines: FTS5 on SQLite, tsvector on PostgreSQL.

Both know the same places, from the narrowest to the widest: words in names, in names
and descriptions, and anywhere. FTS5 gives rows in order and stops at a limit. A GIN
index gives all of them at once; so on PostgreSQL each row holds the number of its
bucket as well, and the newest buckets can be looked up alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    Select,
    cast,
    column,
    func,
    literal,
    literal_column,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from roster.search.models import SearchDocument
from roster.search.questions import Question
from roster.search.scopes import ANYTHING, MARK, Scope

BUCKET = 4_096
"""So many values of `rowid` share a bucket; a generated column counts them too."""

_DOCUMENTS = SearchDocument.metadata.tables["search_documents"].c
_ENGLISH: ColumnElement[Any] = literal_column("'english'::regconfig")

Condition = Callable[[ColumnElement[Any]], ColumnElement[bool]]
"""What must hold for the component whose id is in a column."""


class Place(StrEnum):
    """Where all the words of a question stand."""

    whole_name = "whole name"
    name = "name"
    head = "head"
    anywhere = "anywhere"


_COLUMNS = {Place.name: "names", Place.head: "heads", Place.anywhere: "terms"}


@dataclass(frozen=True, slots=True)
class Lookup:
    """Rows to look up in an index."""

    question: Question
    place: Place
    scope: Scope = ANYTHING
    """What the index leaves out by itself."""

    def rows(self, dialect: str) -> Select[Any]:
        """Select the `rowid` of the rows, the newest first, and what comes with it."""
        rowid, matches = self._matches(dialect)
        rows = select(rowid.label("rowid"))
        if rowid is _DOCUMENTS.rowid:
            rows = rows.add_columns(_DOCUMENTS.component_id)
        return rows.where(matches).order_by(rowid.desc())

    def rows_with(self, dialect: str, condition: Condition) -> Select[Any]:
        """Select only those whose component a condition holds for."""
        rowid, matches = self._matches(dialect)
        rows = select(rowid.label("rowid"))
        if rowid is not _DOCUMENTS.rowid:
            rows = rows.join(SearchDocument, _DOCUMENTS.rowid == rowid)
        holds = condition(_DOCUMENTS.component_id)
        return rows.where(matches, holds).order_by(rowid.desc())

    def _matches(self, dialect: str) -> tuple[Any, ColumnElement[bool]]:
        if self.place is Place.whole_name:
            same = _DOCUMENTS.name == self.question.asked
            return _DOCUMENTS.rowid, same
        if dialect == "postgresql":
            query: Any = func.to_tsquery(
                _ENGLISH, _in_text(tsquery_text(self.question))
            )
            if self.scope.groups:
                query = query.op("&&")(_scope_query(self.scope))
            return _DOCUMENTS.rowid, vector(self.place).op("@@", is_comparison=True)(
                query
            )
        return _sqlite(self)


def holding(rows: CTE, condition: Condition) -> Select[Any]:
    """Leave those of some rows whose component a condition holds for, as they come.

    They are kept in order already: to order them anew, all would be looked at.
    """
    found = select(rows.c.rowid)
    component_id: Any = rows.c.get("component_id")
    if component_id is None:
        component_id = _DOCUMENTS.component_id
        found = found.join(SearchDocument, _DOCUMENTS.rowid == rows.c.rowid)
    return found.where(condition(component_id))


def newest_buckets(newest: int, count: int) -> list[str]:
    """The words of the buckets that the newest rows are in."""
    last = newest // BUCKET
    return [f"{MARK}b{number}" for number in range(last, max(last - count, -1), -1)]


def vector(place: Place) -> ColumnElement[Any]:
    """PostgreSQL's index of a place."""
    found: ColumnElement[Any] = literal_column(f"search_documents.{_COLUMNS[place]}")
    return found


def tsquery_text(question: Question) -> str:
    *others, last = question.words
    parts = [*(f"'{word}'" for word in others), f"'{last}':*"]
    return " & ".join(parts)


def _scope_query(scope: Scope) -> ColumnElement[Any]:
    # Cast, so that no parser takes the words apart.
    groups = (" | ".join(f"'{word}'" for word in words) for words in scope.groups)
    return cast(_in_text(" & ".join(f"({group})" for group in groups)), TSQUERY)


def _in_text(query: str) -> ColumnElement[str]:
    """Write it into the statement: how rare its words are decides on the plan."""
    return literal(query, literal_execute=True)


def _sqlite(lookup: Lookup) -> tuple[Any, ColumnElement[bool]]:
    whole = lookup.place is Place.anywhere
    name = "component_search" if whole else "component_heads"
    index = table(name, column(name), column("rowid", Integer))
    terms = [f'"{word}"' for word in lookup.question.words]
    terms[-1] += "*"
    query = " AND ".join(terms)
    if lookup.place is Place.name:
        query = f"name : ({query})"
    parts = [f"({query})", *(_any_of(words) for words in lookup.scope.groups)]
    matches = index.c[name].op("MATCH", is_comparison=True)
    return index.c.rowid, matches(" AND ".join(parts))


def _any_of(words: Sequence[str]) -> str:
    return "(" + " OR ".join(f'"{word}"' for word in words) + ")"
