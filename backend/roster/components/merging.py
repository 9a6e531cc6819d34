"""Merge two edits of one text, line by line, and lose nothing of either."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pydantic import BaseModel, Field

from roster.components.lines import lines, opcodes


class MergeConflict(BaseModel):
    """Lines that both changed, each in another way.

    `start` and `end` count lines of the merged text from 0; there stand mine.
    """

    start: int = Field(examples=[3])
    end: int = Field(examples=[4])
    mine: str
    theirs: str
    base: str


class Merged(NamedTuple):
    text: str
    clashes: list[MergeConflict]


class _Piece(NamedTuple):
    """A stretch of lines on the three sides; agreed where all are the same."""

    base: Sequence[str]
    mine: Sequence[str]
    theirs: Sequence[str]


class _Block(NamedTuple):
    """Lines of the base that another text still has."""

    start: int
    end: int
    there: int


def merge(base: str, mine: str, theirs: str) -> Merged:
    """Take what either side changed; where both did, mine, and say so.

    A side whose lines all end in LF, where the base's end in CRLF, was only saved by
    an editor that did so: its lines are compared with that in mind.
    """
    newline = "\r\n" if "\r\n" in base and "\r\n" in theirs else "\n"
    if newline == "\r\n" and "\r" not in mine:
        mine = mine.replace("\n", newline)
    merged: list[str] = []
    clashes: list[MergeConflict] = []
    for piece in _pieces(lines(base), lines(mine), lines(theirs)):
        if piece.mine in (piece.base, piece.theirs):
            merged.extend(piece.theirs)
            continue
        start = len(merged)
        merged.extend(piece.mine)
        if piece.theirs != piece.base:
            clash = MergeConflict(
                start=start,
                end=len(merged),
                mine="".join(piece.mine),
                theirs="".join(piece.theirs),
                base="".join(piece.base),
            )
            clashes.append(clash)
    return Merged("".join(merged), clashes)


def _pieces(
    base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]
) -> Iterator[_Piece]:
    """Cut the texts where all three are the same."""
    at = at_mine = at_theirs = 0
    for start, end, in_mine, in_theirs in _shared(base, mine, theirs):
        yield _Piece(base[at:start], mine[at_mine:in_mine], theirs[at_theirs:in_theirs])
        same = base[start:end]
        yield _Piece(same, same, same)
        at, at_mine, at_theirs = end, in_mine + end - start, in_theirs + end - start
    yield _Piece(base[at:], mine[at_mine:], theirs[at_theirs:])


def _shared(
    base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]
) -> Iterator[tuple[int, int, int, int]]:
    """Stretches of the base that both still have: start, end, and where they are."""
    ours, others = _blocks(base, mine), _blocks(base, theirs)
    i = j = 0
    while i < len(ours) and j < len(others):
        a, b = ours[i], others[j]
        start, end = max(a.start, b.start), min(a.end, b.end)
        if start < end:
            yield start, end, a.there + start - a.start, b.there + start - b.start
        if a.end < b.end:
            i += 1
        else:
            j += 1


def _blocks(base: Sequence[str], other: Sequence[str]) -> list[_Block]:
    return [
        _Block(start, end, there)
        for tag, start, end, there, _ in opcodes(base, other)
        if tag == "equal"
    ]
