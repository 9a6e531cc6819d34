"""The full-text indexes of two engines: FTS5 on SQLite, tsvector on PostgreSQL.

Both know the same places, from the narrowest to the widest: words in names, in names
and descriptions, and anywhere. FTS5 gives rows in order and stops at a limit. A GIN
index gives all of them at once; see `buckets`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Float,
    Integer,
    Select,
    Subquery,
    Text,
    and_,
    case,
    cast,
    column,
    func,
    literal,
    literal_column,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from roster.core.direct import slot
from roster.search.models import SearchDocument
from roster.search.questions import Question
from roster.search.scopes import MARK, Scope

_DOCUMENTS = SearchDocument.metadata.tables["search_documents"].c
_ENGLISH: ColumnElement[Any] = literal_column("'english'::regconfig")
_QUERY: ColumnElement[Any] = select(
    func.to_tsquery(_ENGLISH, slot("words", Text()))
).scalar_subquery()
"""Read once: in a plan for all questions it would be, for each row that is ranked."""
_SCOPE = cast(slot("scope", Text()), TSQUERY)
"""Cast, so that no parser takes its words apart."""
_NOTHING = f"'\"{MARK}\"'"
"""What finds nothing on SQLite."""
WEIGHTS = "{0.05, 0.1, 0.3, 1.0}"
"""Of words in the body (D), nowhere (C), in the description (B), in the name (A)."""

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

    place: Place

    def rows(
        self,
        dialect: str,
        within: ColumnElement[Any] | None = None,
        gates: Sequence[ColumnElement[bool]] = (),
    ) -> Select[Any]:
        """Select the `rowid` of the rows, the newest first, and what comes with it.

        Args:
            dialect: Of the database.
            within: What PostgreSQL's index is to look for besides.
            gates: What must hold of other things, or SQLite's index is not asked.
        """
        if self.place is Place.whole_name:
            same = _DOCUMENTS.name == slot("asked", Text())
            return _rows(same, _DOCUMENTS.rowid)
        if dialect == "postgresql":
            query: Any = _QUERY
            if within is not None:
                query = query.op("&&")(within)
            found = vector(self.place).op("@@", is_comparison=True)(query)
            # Not in the order of an index: that would be walked from its end.
            return _rows(found, _DOCUMENTS.rowid + literal_column("0"))
        name = _index_of(self.place)
        index = table(name, column(name), column("rowid", Integer))
        matches = index.c[name].op("MATCH", is_comparison=True)
        asked: Any = slot(f"match_{self.place}", Text())
        if gates:
            # In a WHERE, the index would be asked before.
            asked = case((and_(*gates), asked), else_=literal_column(_NOTHING))
        return (
            select(index.c.rowid).where(matches(asked)).order_by(index.c.rowid.desc())
        )

    def rows_with(self, dialect: str, condition: Condition) -> Select[Any]:
        """Select only those of a scope whose component a condition holds for."""
        rows = self.rows(dialect, _SCOPE)
        if dialect == "postgresql":
            # First put into order, so as not to ask of more than it takes.
            found = rows.suffix_with("OFFSET 0").subquery("found")
            return select(*found.c).where(condition(found.c.component_id))
        rowid = rows.selected_columns.rowid
        if rowid is not _DOCUMENTS.rowid:
            rows = rows.join(SearchDocument, _DOCUMENTS.rowid == rowid)
        return rows.where(condition(_DOCUMENTS.component_id))

    def values(self, question: Question, scope: Scope) -> dict[str, str]:
        """What goes into its slots."""
        return {
            "asked": question.asked,
            "words": tsquery_text(question),
            "scope": scope_text(scope),
            f"match_{self.place}": _fts5(self.place, question, scope),
        }


def _rows(matches: ColumnElement[bool], order: ColumnElement[Any]) -> Select[Any]:
    rows = select(_DOCUMENTS.rowid, _DOCUMENTS.component_id).where(matches)
    return rows.order_by(order.desc())


def holding(rows: CTE | Subquery, condition: Condition) -> Select[Any]:
    """Leave those of some rows whose component a condition holds for, as they come.

    They are kept in order already: to order them anew, all would be looked at.
    """
    found = select(rows.c.rowid)
    component_id: Any = rows.c.get("component_id")
    if component_id is None:
        component_id = _DOCUMENTS.component_id
        found = found.join(SearchDocument, _DOCUMENTS.rowid == rows.c.rowid)
    return found.where(condition(component_id))


def holder(
    place: Place, dialect: str, asked: ColumnElement[str], condition: Condition
) -> ColumnElement[bool]:
    """Whether some component that a condition holds for is found by what is asked.

    Args:
        place: Where to look.
        dialect: Of the database.
        asked: What `asked_for` made, in a column.
        condition: What must hold.
    """
    held = condition(_DOCUMENTS.component_id)
    found = select(literal(value=True)).select_from(SearchDocument)
    if dialect == "postgresql":
        query = func.to_tsquery(_ENGLISH, asked).op("&&")(_SCOPE)
        matches = vector(place).op("@@", is_comparison=True)(query)
    else:
        name = _index_of(place)
        index = table(name, column(name), column("rowid", Integer))
        found = found.join(index, index.c.rowid == _DOCUMENTS.rowid)
        matches = index.c[name].op("MATCH", is_comparison=True)(asked)
    first = found.where(matches, held).limit(literal_column("1"))
    one: ColumnElement[bool] = first.scalar_subquery()
    return one


def asked_for(word: str, scope: Scope, dialect: str, *, as_beginning: bool) -> str:
    """One word, for an index to look up within a scope.

    PostgreSQL is told the scope beside it.
    """
    if dialect == "postgresql":
        return f"'{word}':*" if as_beginning else f"'{word}'"
    word = f'"{word}"*' if as_beginning else f'"{word}"'
    return " AND ".join([word, *(_any_of(words) for words in scope.quick.groups)])


def vector(place: Place) -> ColumnElement[Any]:
    """PostgreSQL's index of a place."""
    found: ColumnElement[Any] = literal_column(f"search_documents.{_COLUMNS[place]}")
    return found


def tsquery_text(question: Question) -> str:
    *others, last = question.words
    parts = [*(f"'{word}'" for word in others), f"'{last}':*"]
    return " & ".join(parts)


def ranked_by() -> ColumnElement[Any]:
    """What PostgreSQL makes of the weights of the words in a row.

    A body is unpacked only where the words do not stand in name and description.
    """
    heads, terms = vector(Place.head), vector(Place.anywhere)
    found = case((heads.op("@@", is_comparison=True)(_QUERY), heads), else_=terms)
    weights: ColumnElement[Any] = literal_column(f"'{WEIGHTS}'::real[]")
    return func.ts_rank(weights, found, _QUERY, type_=Float())


def scope_text(scope: Scope) -> str:
    groups = (" | ".join(f"'{word}'" for word in words) for words in scope.quick.groups)
    return " & ".join(f"({group})" for group in groups)


def _index_of(place: Place) -> str:
    return "component_search" if place is Place.anywhere else "component_heads"


def _fts5(place: Place, question: Question, scope: Scope) -> str:
    terms = [f'"{word}"' for word in question.words]
    terms[-1] += "*"
    query = " AND ".join(terms)
    if place is Place.name:
        query = f"name : ({query})"
    parts = [f"({query})", *(_any_of(words) for words in scope.groups)]
    return " AND ".join(parts)


def _any_of(words: Sequence[str]) -> str:
    return "(" + " OR ".join(f'"{word}"' for word in words) + ")"
