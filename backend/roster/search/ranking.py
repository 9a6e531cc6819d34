"""How well a text answers a question: BM25 over three fields, by the row alone.

The three things that BM25 takes from all rows are constants here. A word's rarity is
left out: every row that is found holds every word. Average lengths are those of the
texts that a registry usually has. So a row's rank depends on that row and the question
alone: pages stay stable while others are added, and what a caller may not see cannot
move what they see (see docs/decisions).
"""

from dataclasses import dataclass

from roster.search.questions import Question
from roster.search.words import root

WORDS_RANKED = 4
"""The more words, the longer each row takes, and the less one of them says."""
BODY_READ = 4_000
"""Characters in which a body says what it is about; a long one is not read to its
end."""
BODY_BYTES = 4 * BODY_READ
"""So many characters are in these, whatever they are."""
SATURATION, BY_LENGTH = 1.2, 0.75
"""BM25's k1 and b."""
NAME_IS_QUESTION, NAME_HAS_WORDS = 64, 24
POSTGRES_WEIGHT = 40
"""Makes as much of the weights there as of those here."""
STEPS = 1_000
"""Ranks are whole numbers of these, so that a cursor holds them exactly."""


@dataclass(frozen=True, slots=True)
class _Field:
    weight: float
    usual_length: int

    def score(self, text: str, beginning: str) -> float:
        """BM25 of one word, by how many words begin like it.

        The indexes know stems; the beginning that its forms share stands in for one.

        Args:
            text: With a space before it.
            beginning: With a space before it too.
        """
        times = text.count(beginning)
        if not times:
            return 0
        relative = (len(text) - 1) / self.usual_length
        length = SATURATION * (1 - BY_LENGTH + BY_LENGTH * relative)
        return self.weight * (SATURATION + 1) * times / (times + length)


_NAME, _DESCRIPTION, _BODY = _Field(16, 16), _Field(4, 160), _Field(1, 2_500)


def beginnings(question: Question) -> dict[str, str]:
    """What the words to be ranked begin with, as values of a statement."""
    words = question.words[:WORDS_RANKED]
    return {f"beginning_{place}": f" {root(word)}" for place, word in enumerate(words)}


class Rank:
    """Ranks rows of `SearchDocument` by one question; the higher, the better.

    Not in the statements: SQLite takes five times as long, because it counts
    characters and copies texts anew for each part of it.
    """

    def __init__(self, question: Question) -> None:
        self._asked = question.asked
        self._asked_words = f" {question.asked} "
        self._beginnings = list(beginnings(question).values())

    def of_texts(self, name: str, description: str, body: bytes | None) -> float:
        """BM25; a body counts only for words that stand nowhere else.

        Args:
            name: Folded.
            description: Folded.
            body: The beginning of it, unless all words stand in the others.
        """
        name, description = f" {name}", f" {description}"
        rank = 0.0
        for beginning in self._beginnings:
            found = _NAME.score(name, beginning)
            found += _DESCRIPTION.score(description, beginning)
            if not found and body is not None:
                text = body.decode("utf-8", "ignore")[:BODY_READ]
                found = _BODY.score(f" {text}", beginning)
            rank += found
        return _rounded(self._of_name(name) * len(self._beginnings) + rank)

    def of_weighed(self, name: str, told: float) -> float:
        """The same by what PostgreSQL says, which knows nothing of other rows either.

        Args:
            name: Folded.
            told: What `matching.ranked_by` gave.
        """
        return _rounded(self._of_name(f" {name}") + POSTGRES_WEIGHT * told)

    def _of_name(self, name: str) -> int:
        """More for a name that is the question, or holds its words as they are typed.

        The indexes know stems and beginnings only: to them `docs` is as good in
        `document-writer` as in `docs-editor`.
        """
        if self._asked_words not in f"{name} ":
            return 0
        is_question = len(name) == len(self._asked) + 1
        return NAME_HAS_WORDS + (NAME_IS_QUESTION if is_question else 0)


def _rounded(rank: float) -> float:
    return float(round(STEPS * rank))
