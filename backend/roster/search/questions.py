"""What somebody asks: some words, the last of which may be a beginning."""

from dataclasses import dataclass
from typing import Self

from roster.search.words import COMMON, fold

WORDS_LIMIT = 16
WORD_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Question:
    words: tuple[str, ...]
    """Folded, and each once; without those that say nothing, if there are others."""
    asked: str
    """All of them as they were typed, but folded."""

    @classmethod
    def of(cls, text: str) -> Self:
        """Read anything that a person may type."""
        typed = [word[:WORD_LIMIT] for word in fold(text).split()[:WORDS_LIMIT]]
        # The last word goes on, perhaps: `in` may become `invoice`.
        telling = [word for word in typed[:-1] if word not in COMMON] + typed[-1:]
        return cls(tuple(dict.fromkeys(telling)), " ".join(typed))

    def with_words(self, others: dict[str, str]) -> "Question":
        """The same question with some words replaced by others."""
        words = tuple(others.get(word, word) for word in self.words)
        asked = " ".join(others.get(word, word) for word in self.asked.split())
        return Question(words, asked)
