"""How well a text answers a question: BM25 over three fields, by the row alone.

The three things that BM25 takes from all rows are constants here. A word's rarity is
left out: every row that is found holds every word. Average lengths are those of the
texts that a registry usually has. So a row's rank depends on that row and the question
alone: pages stay stable while others are added, and what a caller may not see cannot
move what they see (see docs/decisions).
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Double,
    Integer,
    case,
    cast,
    func,
    literal,
    literal_column,
    or_,
)
from sqlmodel import col

from roster.search.matching import Place, tsquery, vector
from roster.search.models import SearchDocument
from roster.search.questions import Question
from roster.search.words import root

WORDS_RANKED = 4
"""The more words, the longer each row takes, and the less one of them says."""
BODY_READ = 4_000
"""Where a body says what it is about; a long one is not read to its end."""
SATURATION, BY_LENGTH = 1.2, 0.75
"""BM25's k1 and b."""
NAME_IS_QUESTION, NAME_HAS_WORDS = 64, 24
POSTGRES_WEIGHT = 40
"""Makes as much of the weights there as of those here."""
STEPS = 1_000
"""Ranks are whole numbers of these, so that a cursor holds them exactly."""

# Of words in the body (D), nowhere (C), in the description (B), in the name (A).
_WEIGHTS: ColumnElement[Any] = literal_column("'{0.05, 0.1, 0.3, 1.0}'::real[]")


@dataclass(frozen=True, slots=True)
class _Field:
    text: Any
    weight: float
    usual_length: int


_NAME = _Field(col(SearchDocument.name), 16, 16)
_DESCRIPTION = _Field(col(SearchDocument.description), 4, 160)
_BODY = _Field(func.substr(col(SearchDocument.body), 1, BODY_READ), 1, 2_500)


def rank_of(question: Question, dialect: str) -> ColumnElement[Any]:
    """The rank of a row of `SearchDocument`; the higher, the better."""
    if dialect == "postgresql":
        rank = _in_name(question) + _postgres(question)
    else:
        words = question.words[:WORDS_RANKED]
        rank = _in_name(question) * len(words)
        for word in words:
            rank = rank + _of_word(f" {root(word)}")
    return cast(func.round(rank * STEPS), Double).label("rank")


def _postgres(question: Question) -> ColumnElement[Any]:
    """What PostgreSQL says; it knows nothing of other rows either.

    A body is unpacked only where the words do not stand in name and description.
    """
    query, heads = tsquery(question), vector(Place.head)
    vectors = case(
        (heads.op("@@", is_comparison=True)(query), heads), else_=vector(Place.anywhere)
    )
    ranked: ColumnElement[Any] = func.ts_rank(_WEIGHTS, vectors, query)
    return cast(ranked, Double) * POSTGRES_WEIGHT


def _of_word(beginning: str) -> ColumnElement[Any]:
    """What one word adds. A body is read only for what stands nowhere else."""
    head = _score(_NAME, beginning) + _score(_DESCRIPTION, beginning)
    in_head = or_(
        *(
            (literal(" ") + field.text).contains(beginning)
            for field in (_NAME, _DESCRIPTION)
        )
    )
    return case((in_head, head), else_=_score(_BODY, beginning))


def _score(field: _Field, beginning: str) -> ColumnElement[Any]:
    """BM25 of one word in one field, by how many words begin like it.

    The indexes know stems; the beginning that its forms share stands in for one.
    """
    length = func.length(field.text)
    without = func.length(func.replace(literal(" ") + field.text, beginning, ""))
    times = (length + 1 - without) / float(len(beginning))
    usual = SATURATION * (1 - BY_LENGTH)
    longer = SATURATION * BY_LENGTH / field.usual_length
    return field.weight * (SATURATION + 1) * times / (times + usual + longer * length)


def _in_name(question: Question) -> ColumnElement[Any]:
    """More for a name that is the question, or holds its words as they are typed.

    The indexes know stems and beginnings only: to them `docs` is as good in
    `document-writer` as in `docs-editor`.
    """
    name = col(SearchDocument.name)
    holds = (literal(" ") + name + literal(" ")).contains(f" {question.asked} ")
    return NAME_IS_QUESTION * cast(name == question.asked, Integer) + (
        NAME_HAS_WORDS * cast(holds, Integer)
    )
