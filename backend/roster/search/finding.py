"""Find what answers a question: some rows by an index, and then the best of these.

To rank all rows that hold a common word would take the longer the more there are. So
the newest are ranked of those that hold the words in their names, and in names and
descriptions; and where these are few, of those that hold them anywhere. The limits
count nothing that the caller may not see, so what is hidden moves no limit.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from heapq import nlargest
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import (
    CTE,
    JSON,
    Double,
    Subquery,
    Text,
    Uuid,
    cast,
    func,
    literal,
    null,
    select,
    type_coerce,
    union_all,
)
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.search.matching import Condition, Lookup, Place, holding, newest_buckets
from roster.search.models import SearchDocument
from roster.search.questions import Question
from roster.search.ranking import rank_of
from roster.search.scopes import Scope


@dataclass(frozen=True, slots=True)
class Limits:
    heads: int = 300
    """So many are ranked of those whose names and descriptions hold the words."""
    bodies: int = 150
    """And so many of those that hold them anywhere, where the others are fewer."""
    window: int = 600
    """The newest rows of an index; mostly these are enough, whatever they are of."""
    buckets: int = 2
    """The same on PostgreSQL: the newest buckets."""
    filtered: int = 20_000
    """Where filters that an index does not know give up looking for more."""


USUAL = Limits()


@dataclass(frozen=True, slots=True)
class Within:
    """Whose texts are searched."""

    visible: Condition
    """What the caller may see."""
    wanted: Condition | None
    """What else it asks for."""
    scope: Callable[[], Awaitable[Scope]]
    """What an index may leave out by itself."""
    limits: Limits = USUAL


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

    def matches(self, session: AsyncSession) -> Subquery:
        """A subquery of (component_id, rank); one parameter carries all of it."""
        held = literal(orjson.dumps(self.ranks).decode())
        if session.get_bind().dialect.name == "postgresql":
            each = func.json_each_text(cast(held, JSON)).table_valued("key", "value")
            id_: Any = cast(each.c.key, Uuid)
        else:
            each = func.json_each(held).table_valued("key", "value")
            id_ = type_coerce(each.c.key, Uuid)
        rank = cast(each.c.value, Double)
        return select(id_.label("component_id"), rank.label("rank")).subquery(
            "matching"
        )


async def find(session: AsyncSession, question: Question, within: Within) -> Found:
    """Find and rank what holds all words of a question."""
    if not question.words:
        return Found(question)
    search = Search(session, question, within)
    ranks, complete = await search.look(Place.head, within.limits.heads)
    if not complete:
        for place in (Place.name, Place.whole_name):
            more, whole = await search.look(place, within.limits.heads)
            ranks |= more
            if whole:
                break
    if len(ranks) < within.limits.heads:
        more, whole = await search.look(Place.anywhere, within.limits.bodies)
        ranks |= more
        complete = complete and whole
    return Found(question, ranks, complete)


class Search:
    """One question to the indexes, place by place."""

    def __init__(
        self, session: AsyncSession, question: Question, within: Within
    ) -> None:
        self._session = session
        self._dialect = session.get_bind().dialect.name
        self._question = question
        self._within = within
        self._limits = within.limits
        self._scope: Scope | None = None
        self._newest: int | None = None

    async def holds(self, place: Place) -> bool:
        """Whether anything at all is found there."""
        ranks, _ = await self.look(place, 1)
        return bool(ranks)

    async def look(self, place: Place, most: int) -> tuple[dict[str, float], bool]:
        """Rank the newest rows of one place, and say whether these are all.

        Mostly a look at the newest rows of the index is enough, whatever they are of.
        """
        lookup = Lookup(self._question, place)
        buckets = await self._newest_buckets(place)
        near = lookup if buckets is None else replace(lookup, scope=Scope.of(buckets))
        looked = _kept(near.rows(self._dialect).limit(self._limits.window), "near")
        chosen = holding(looked, _both(self._within)).limit(most)
        ranks, count = await self._ranked(looked, chosen)
        whole = count < self._limits.window and (
            buckets is None or len(buckets) < self._limits.buckets
        )
        if whole or len(ranks) == most:
            return ranks, len(ranks) < most
        return await self._look_far(lookup, most)

    async def _look_far(
        self, lookup: Lookup, most: int
    ) -> tuple[dict[str, float], bool]:
        """Let the index leave out what it can, so as to find the others sooner."""
        if self._scope is None:
            self._scope = await self._within.scope()
        if self._scope.is_empty:
            return {}, True
        far = replace(lookup, scope=self._scope)
        rows = far.rows_with(self._dialect, self._within.visible)
        if self._within.wanted is None:
            looked = _kept(rows.limit(most), "far")
            chosen = select(looked.c.rowid)
        else:
            looked = _kept(rows.limit(self._limits.filtered), "far")
            chosen = holding(looked, self._within.wanted).limit(most)
        ranks, count = await self._ranked(looked, chosen)
        return ranks, len(ranks) < most and count < self._limits.filtered

    async def _newest_buckets(self, place: Place) -> list[str] | None:
        """Where to look first on PostgreSQL, whose index knows no order."""
        if self._dialect != "postgresql" or place is Place.whole_name:
            return None
        if self._newest is None:
            connection = await self._session.connection()
            newest = select(func.max(SearchDocument.rowid))
            self._newest = await connection.scalar(newest) or 0
        return newest_buckets(self._newest, self._limits.buckets)

    async def _ranked(self, looked: CTE, chosen: Any) -> tuple[dict[str, float], int]:
        """Rank the chosen rows, and count those that they were chosen from."""
        rows = chosen.cte("chosen")
        ids = col(SearchDocument.component_id)
        by_digits: Any = type_coerce(ids, Text)
        if self._dialect == "postgresql":
            by_digits = func.replace(cast(ids, Text), "-", "")
        rank = rank_of(self._question, self._dialect)
        ranks = select(by_digits.label("digits"), rank).join(
            rows, rows.c.rowid == col(SearchDocument.rowid)
        )
        count = select(null().label("digits"), func.count()).select_from(looked)
        connection = await self._session.connection()
        found = (await connection.execute(union_all(ranks, count))).all()
        by_id: dict[str, float] = dict(tuple(row) for row in found if row.digits)
        [counted] = [row[1] for row in found if row.digits is None]
        return by_id, int(counted)


def _both(within: Within) -> Condition:
    if within.wanted is None:
        return within.visible
    visible, wanted = within.visible, within.wanted
    return lambda column: visible(column) & wanted(column)


def _kept(rows: Any, name: str) -> CTE:
    """Look up rows once, though they are counted as well."""
    kept: CTE = rows.cte(name).prefix_with("MATERIALIZED")
    return kept
