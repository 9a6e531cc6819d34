"""Full text behind one function: FTS5 on SQLite, tsvector on PostgreSQL.

A row's rank depends on that row and the question alone, never on how rare a word is
among all rows: pages stay stable while others are added, and what a caller may not
see cannot move what they see. (FTS5's bm25 weighs by rarity, hence the tiers.)
"""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Double,
    Integer,
    Subquery,
    and_,
    cast,
    column,
    func,
    literal,
    literal_column,
    select,
    table,
)
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.search.models import SearchDocument
from roster.search.words import fold

WORDS_LIMIT = 16
WORD_LIMIT = 100

_FTS = table("component_search", column("component_search"), column("rowid"))
_ENGLISH: ColumnElement[Any] = literal_column("'english'::regconfig")
_TERMS: ColumnElement[Any] = literal_column("search_documents.terms")
# Of words in the body (D), nowhere (C), in the description (B), in the name (A).
_WEIGHTS: ColumnElement[Any] = literal_column("'{0.05, 0.1, 0.3, 1.0}'::real[]")
_NAME_IS_QUESTION = 32
_NAME_HAS_WORDS = 12


def matches_of(session: AsyncSession, q: str | None) -> Subquery | None:
    """What a list's question finds, if it asks one; see `matching`."""
    return None if q is None else matching(session.get_bind().dialect.name, q)


def matching(dialect: str, q: str) -> Subquery:
    """Components that hold all words of a question, the last one as a beginning.

    Args:
        dialect: Name of the database's dialect.
        q: Anything that a person may type.

    Returns:
        A subquery of (component_id, rank), the best having the highest rank.
    """
    words = [word[:WORD_LIMIT] for word in fold(q).split()[:WORDS_LIMIT]]
    if not words:
        nothing = select(
            col(SearchDocument.component_id), cast(0, Double).label("rank")
        )
        return nothing.where(literal_column("1 = 0")).subquery("matching")
    if dialect == "postgresql":
        return _postgres(words)
    return _sqlite(words)


def _in_name(words: list[str]) -> ColumnElement[Any]:
    """More for a name that is the question, or holds its words as they are typed.

    The indexes know stems and beginnings only: to them `docs` is as good in
    `document-writer` as in `docs-editor`.
    """
    name = col(SearchDocument.name)
    asked = " ".join(words)
    holds = (literal(" ") + name + literal(" ")).contains(f" {asked} ")
    return _NAME_IS_QUESTION * cast(name == asked, Integer) + (
        _NAME_HAS_WORDS * cast(holds, Integer)
    )


def _postgres(words: list[str]) -> Subquery:
    query: ColumnElement[Any] = func.to_tsquery(_ENGLISH, f"'{words[-1]}':*")
    if len(words) > 1:
        query = func.plainto_tsquery(_ENGLISH, " ".join(words[:-1])).op("&&")(query)
    rank = cast(func.ts_rank(_WEIGHTS, _TERMS, query), Double)
    return (
        select(col(SearchDocument.component_id), (rank + _in_name(words)).label("rank"))
        .where(_TERMS.op("@@")(query))
        .subquery("matching")
    )


def _match(expression: str) -> ColumnElement[bool]:
    return _FTS.c.component_search.op("MATCH", is_comparison=True)(expression)


def _sqlite(words: list[str]) -> Subquery:
    terms = [f'"{word}"' for word in words]
    terms[-1] += "*"
    every, some = " AND ".join(terms), " OR ".join(terms)
    rank = _in_name(words)
    for weight, expression in (
        (16, f"name : ({every})"),
        (8, f"name : ({some})"),
        (4, f"description : ({every})"),
        (2, f"description : ({some})"),
    ):
        rows = select(_FTS.c.rowid).where(_match(expression))
        rank = rank + weight * cast(col(SearchDocument.rowid).in_(rows), Integer)
    return (
        select(col(SearchDocument.component_id), cast(rank, Double).label("rank"))
        .join(_FTS, and_(_FTS.c.rowid == SearchDocument.rowid))
        .where(_match(every))
        .subquery("matching")
    )
