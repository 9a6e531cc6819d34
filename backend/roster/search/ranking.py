"""How well a text answers a question: BM25 over three fields, by the row alone.

The three things that BM25 takes from all rows are constants here. A word's rarity is
left out: every row that is found holds every word. Average lengths are those of the
texts that a registry usually has. So a row's rank depends on that row and the question
alone: pages stay stable while others are added, and what a caller may not see cannot
move what they see (see docs/decisions).
"""

from dataclasses import dataclass
from functools import cache

from sqlalchemy import TextClause, text

from roster.search.matching import tsquery_text
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

WEIGHTS = "{0.05, 0.1, 0.3, 1.0}"
"""Of words in the body (D), nowhere (C), in the description (B), in the name (A)."""


@dataclass(frozen=True, slots=True)
class _Field:
    text: str
    weight: float
    usual_length: int

    def score(self, beginning: str) -> str:
        """BM25 of one word, by how many words begin like it.

        The indexes know stems; the beginning that its forms share stands in for one.
        """
        text = self.text
        without = f"length(replace(' ' || {text}, {beginning}, ''))"
        times = f"(length({text}) + 1 - {without}) / (length({beginning}) * 1.0)"
        usual = SATURATION * (1 - BY_LENGTH)
        longer = SATURATION * BY_LENGTH / self.usual_length
        length = f"({usual:.4f} + {longer:.8f} * length({text}))"
        most = self.weight * (SATURATION + 1)
        return f"{most:.4f} * (1 - {length} / ({times} + {length}))"


_NAME = _Field("search_documents.name", 16, 16)
_DESCRIPTION = _Field("search_documents.description", 4, 160)
_BODY = _Field(f"substr(search_documents.body, 1, {BODY_READ})", 1, 2_500)


def rank_of(question: Question, dialect: str) -> TextClause:
    """The rank of a row of `SearchDocument`; the higher, the better.

    It is written as text, because to put it together takes longer than to run it.
    """
    asked = question.asked
    given = {"asked": asked, "asked_words": f" {asked} "}
    if dialect == "postgresql":
        given["tsquery"] = tsquery_text(question)
        return text(_postgres()).bindparams(**given)
    words = question.words[:WORDS_RANKED]
    given |= {f"word_{place}": f" {root(word)}" for place, word in enumerate(words)}
    return text(_sqlite(len(words))).bindparams(**given)


@cache
def _sqlite(count: int) -> str:
    words = " + ".join(_of_word(f":word_{place}") for place in range(count))
    return _rounded(f"{_in_name('instr')} * {count} + {words}")


def _of_word(beginning: str) -> str:
    """What one word adds. A body is read only for what stands nowhere else."""
    in_head = " OR ".join(
        f"instr(' ' || {field.text}, {beginning}) > 0"
        for field in (_NAME, _DESCRIPTION)
    )
    head = f"{_NAME.score(beginning)} + {_DESCRIPTION.score(beginning)}"
    return f"CASE WHEN {in_head} THEN {head} ELSE {_BODY.score(beginning)} END"


@cache
def _postgres() -> str:
    """What PostgreSQL says; it knows nothing of other rows either.

    A body is unpacked only where the words do not stand in name and description.
    """
    query = "to_tsquery('english'::regconfig, :tsquery)"
    heads, terms = "search_documents.heads", "search_documents.terms"
    vectors = f"CASE WHEN {heads} @@ {query} THEN {heads} ELSE {terms} END"
    ranked = f"ts_rank('{WEIGHTS}'::real[], {vectors}, {query})"
    return _rounded(f"{_in_name('strpos')} + {POSTGRES_WEIGHT} * {ranked}")


def _in_name(find: str) -> str:
    """More for a name that is the question, or holds its words as they are typed.

    The indexes know stems and beginnings only: to them `docs` is as good in
    `document-writer` as in `docs-editor`.
    """
    name = _NAME.text
    return (
        f"(CASE WHEN {name} = :asked THEN {NAME_IS_QUESTION} ELSE 0 END"
        f" + CASE WHEN {find}(' ' || {name} || ' ', :asked_words) > 0"
        f" THEN {NAME_HAS_WORDS} ELSE 0 END)"
    )


def _rounded(rank: str) -> str:
    return f"CAST(round(CAST({STEPS} * ({rank}) AS numeric)) AS double precision)"
