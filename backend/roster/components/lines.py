"""Which lines of two texts are the same, in bounded time.

`difflib` alone takes time in the square of the lines, or worse, on hostile files.
Here lines that occur once on either side cut the texts into pieces first, and pieces
that are still too large together count as replaced.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

BUDGET = 4_000_000
"""How many pairs of lines are compared at most, in all pieces together."""

Opcode = tuple[str, int, int, int, int]


def lines(text: str) -> list[str]:
    """Lines with their ends; only LF ends one, as in every other diff tool."""
    found = text.split("\n")
    last = found.pop()
    return [f"{line}\n" for line in found] + ([last] if last else [])


def opcodes(a: Sequence[str], b: Sequence[str]) -> list[Opcode]:
    """What turns the lines `a` into `b`, as `difflib` says it."""
    return list(_merged(_opcodes(a, b)))


def _merged(opcodes: Iterator[Opcode]) -> Iterator[Opcode]:
    """Join neighbours of one kind, and drop those that span nothing."""
    waiting: Opcode | None = None
    for opcode in opcodes:
        if opcode[1] == opcode[2] and opcode[3] == opcode[4]:
            continue
        same = waiting is not None and (waiting[0] == "equal") == (opcode[0] == "equal")
        if waiting is not None and same:
            waiting = (waiting[0], waiting[1], opcode[2], waiting[3], opcode[4])
            continue
        if waiting is not None:
            yield waiting
        waiting = opcode
    if waiting is not None:
        yield waiting


def _opcodes(a: Sequence[str], b: Sequence[str]) -> Iterator[Opcode]:
    budget = BUDGET
    at_a = at_b = 0
    for anchor_a, anchor_b in [*_anchors(a, b), (len(a), len(b))]:
        a1, b1, a2, b2 = at_a, at_b, anchor_a, anchor_b
        while a1 < a2 and b1 < b2 and a[a1] == b[b1]:
            a1, b1 = a1 + 1, b1 + 1
        while a1 < a2 and b1 < b2 and a[a2 - 1] == b[b2 - 1]:
            a2, b2 = a2 - 1, b2 - 1
        yield "equal", at_a, a1, at_b, b1
        size = (a2 - a1) * (b2 - b1)
        if 0 < size <= budget:
            budget -= size
            piece = SequenceMatcher(None, a[a1:a2], b[b1:b2], autojunk=False)
            for tag, i1, i2, j1, j2 in piece.get_opcodes():
                yield tag, a1 + i1, a1 + i2, b1 + j1, b1 + j2
        else:
            yield "replace", a1, a2, b1, b2
        # The equal lines behind the change, and the anchor itself.
        at_a, at_b = min(anchor_a + 1, len(a)), min(anchor_b + 1, len(b))
        yield "equal", a2, at_a, b2, at_b


def _anchors(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int]]:
    """Lines that stand once in each text, as many as keep their order in both."""
    once_a, once_b = Counter(a), Counter(b)
    places = {line: index for index, line in enumerate(b) if once_b[line] == 1}
    pairs = [
        (index, places[line])
        for index, line in enumerate(a)
        if once_a[line] == 1 and line in places
    ]
    # The longest increasing run of places in b, by patience sorting.
    tops: list[int] = []
    piles: list[int] = []
    previous: list[int] = []
    for index, (_, place) in enumerate(pairs):
        pile = bisect_left(tops, place)
        previous.append(piles[pile - 1] if pile else -1)
        if pile == len(tops):
            tops.append(place)
            piles.append(index)
        else:
            tops[pile], piles[pile] = place, index
    found = []
    at = piles[-1] if piles else -1
    while at >= 0:
        found.append(pairs[at])
        at = previous[at]
    return found[::-1]
