"""Mark in a text what a question asked for. What comes out is text, never HTML."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from roster.search.questions import Question
from roster.search.words import fold, root

AROUND = 90
"""Characters that an excerpt shows before and after what was found."""
TRIES = 50
"""How often an excerpt looks on, where a hit is no word of the question."""

_WORD = re.compile("(?:[^\\W_][\u0300-\u036f]*)+")


@dataclass(frozen=True, slots=True)
class Segment:
    text: str
    match: bool


class Marker:
    """Knows the words of one question when it sees them."""

    def __init__(self, question: Question) -> None:
        self._roots = {root(word) for word in question.words}
        self._beginning = question.words[-1]
        parts = sorted({*self._roots, self._beginning}, key=len, reverse=True)
        self._rough = re.compile("|".join(map(re.escape, parts)), re.IGNORECASE)

    def missing(self, *texts: str) -> bool:
        """Whether some word of the question stands in none of these texts."""
        words = {word for text in texts for word in fold(text).split()}
        roots = {root(word) for word in words}
        left = self._roots - roots
        if root(self._beginning) in left and any(map(self._goes_on, words)):
            left.discard(root(self._beginning))
        return bool(left)

    def marked(self, text: str) -> list[Segment] | None:
        """The text in segments, if anything in it is to be marked."""
        segments = list(self._segments(text))
        return segments if any(segment.match for segment in segments) else None

    def excerpt(self, text: str) -> list[Segment] | None:
        """What stands around the first word of the question in a long text."""
        start = 0
        for _ in range(TRIES):
            hit = self._rough.search(text, start)
            if hit is None:
                return None
            begin, end = _whole_words(text, hit.start() - AROUND, hit.end() + AROUND)
            part = " ".join(text[begin:end].split())
            segments = self.marked(part)
            if segments is not None:
                before = [Segment("… ", match=False)] if begin else []
                after = [Segment(" …", match=False)] if end < len(text) else []
                return [*before, *segments, *after]
            start = hit.end()
        return None

    def _goes_on(self, word: str) -> bool:
        return word.startswith(self._beginning)

    def _is_asked(self, word: str) -> bool:
        return any(
            root(part) in self._roots or self._goes_on(part)
            for part in fold(word).split()
        )

    def _segments(self, text: str) -> Iterator[Segment]:
        done = 0
        for word in _WORD.finditer(text):
            if self._is_asked(word[0]):
                if word.start() > done:
                    yield Segment(text[done : word.start()], match=False)
                yield Segment(word[0], match=True)
                done = word.end()
        if done < len(text):
            yield Segment(text[done:], match=False)


def _whole_words(text: str, begin: int, end: int) -> tuple[int, int]:
    """Move the ends of an excerpt to the next spaces inwards."""
    begin, end = max(begin, 0), min(end, len(text))
    if begin:
        space = re.compile(r"\s").search(text, begin, begin + AROUND)
        begin = space.end() if space else begin
    if end < len(text):
        spaces = [found.start() for found in re.finditer(r"\s", text[begin:end])]
        end = begin + spaces[-1] if spaces and spaces[-1] > AROUND else end
    return begin, end
