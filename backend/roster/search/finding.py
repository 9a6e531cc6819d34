"""Find what answers a question: some rows by an index, and then the best of these.

To rank all rows that hold a common word would take the longer the more there are. So
the newest are ranked of those that hold the words in their names, and in names and
descriptions; and where these are few, of those that hold them anywhere. The limits
count nothing that the caller may not see, so what is hidden moves no limit.
"""

from dataclasses import dataclass, field, replace
from heapq import nlargest
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import (
    JSON,
    ColumnElement,
    Double,
    Subquery,
    Uuid,
    cast,
    func,
    literal,
    select,
    type_coerce,
)
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.search.looking import Search
from roster.search.matching import Place
from roster.search.questions import Question
from roster.search.within import Limits, Within

__all__ = ["Found", "Limits", "Search", "Within", "find", "matching"]


@dataclass(frozen=True, slots=True)
class Found:
    question: Question
    ranks: dict[str, float] = field(default_factory=dict)
    """By the digits of the component's id: they come and go as such."""
    complete: bool = True
    """Whether these are all; else there are more that hold the words."""
    corrected: bool = False
    """Whether the question is another one than was asked."""

    def part(self, behind: tuple[float, UUID] | None, most: int) -> "Found":
        """The best of them, or of those behind a rank and an id: one page's worth."""
        places = ((rank, digits) for digits, rank in self.ranks.items())
        if behind is not None:
            last = (behind[0], behind[1].hex)
            places = (place for place in places if place < last)
        best = nlargest(most, places)
        return replace(self, ranks={digits: rank for rank, digits in best})

    @property
    def held(self) -> str:
        """All ranks as one parameter, for `matching`."""
        return orjson.dumps(self.ranks).decode()

    def matches(self, session: AsyncSession) -> Subquery:
        """A subquery of (component_id, rank)."""
        return matching(literal(self.held), session.get_bind().dialect.name)


def matching(held: ColumnElement[str], dialect: str) -> Subquery:
    """Ranks by the digits of ids, as a subquery of (component_id, rank)."""
    if dialect == "postgresql":
        each = func.json_each_text(cast(held, JSON)).table_valued("key", "value")
        id_: Any = cast(each.c.key, Uuid)
    else:
        each = func.json_each(held).table_valued("key", "value")
        id_ = type_coerce(each.c.key, Uuid)
    rank = cast(each.c.value, Double)
    found = select(id_.label("component_id"), rank.label("rank"))
    return found.subquery("matching")


async def find(session: AsyncSession, question: Question, within: Within) -> Found:
    """Find and rank what holds all words of a question."""
    if not question.words:
        return Found(question)
    search = Search(session, question, within)
    ranks, complete = await search.look(Place.head)
    if not complete:
        for place in (Place.name, Place.whole_name):
            more, whole = await search.look(place)
            ranks |= more
            if whole:
                break
    if len(ranks) < within.limits.heads:
        more, whole = await search.look(Place.anywhere)
        ranks |= more
        complete = complete and whole
    return Found(question, ranks, complete)
