"""One question to the indexes, place by place.

Its statements are built once for all questions of a sort: to build one takes longer
than to run it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from roster.core.prepared import rows_looked_up
from roster.search import statements
from roster.search.matching import Lookup, Place
from roster.search.questions import Question
from roster.search.ranking import WORDS_RANKED, Rank, beginnings
from roster.search.scopes import ANYTHING, Scope
from roster.search.within import Within

AT_ONCE = (Place.head, Place.name, Place.anywhere)
"""What one statement looks through, as far as it takes."""


@dataclass(slots=True)
class Looked:
    """What one place gave."""

    ranks: dict[str, float]
    """But for those that the first place of its statement gave."""
    counted: int
    """How many were looked at."""
    found: int
    """How many of these are ranked, the others among them."""


class Search:
    """Looks for one question, and ranks what it finds."""

    def __init__(
        self, session: AsyncSession, question: Question, within: Within
    ) -> None:
        self._session = session
        self._dialect = session.get_bind().dialect.name
        self._question = question
        self._within = within
        self._rank = Rank(question)
        self._ahead: dict[Place, Looked] = {}

    async def look(self, place: Place) -> tuple[dict[str, float], bool]:
        """Rank the newest rows of one place, and say whether these are all.

        Mostly a look at the newest rows of the index is enough, whatever they are of.
        """
        near = self._ahead.pop(place, None) or await self._look_near(place)
        most = self._within.limits.of(place)
        if near.found == most or self._is_whole(near):
            return near.ranks, near.found < most
        return await self._look_far(place)

    async def _look_near(self, place: Place) -> Looked:
        places = AT_ONCE if place is Place.head else (place,)
        looked = await self._ranked("near", places, ANYTHING)
        first, *others = (looked[one] for one in places)
        if others:
            is_full = first.found == self._within.limits.heads
            if is_full:
                self._ahead[Place.name] = looked[Place.name]
            elif self._is_whole(first):
                self._ahead[Place.anywhere] = looked[Place.anywhere]
        return first

    def _is_whole(self, looked: Looked) -> bool:
        return looked.counted < self._within.limits.window

    async def _look_far(self, place: Place) -> tuple[dict[str, float], bool]:
        """Let the index leave out what it can, so as to find the others sooner."""
        scope = await self._within.scope()
        if scope.is_empty:
            return {}, True
        found = (await self._ranked("far", (place,), scope))[place]
        limits = self._within.limits
        complete = found.found < limits.of(place) and found.counted < limits.filtered
        return found.ranks, complete

    async def _ranked(
        self, stage: str, places: Sequence[Place], scope: Scope
    ) -> dict[Place, Looked]:
        """Rank what is chosen of these places."""
        within, words = self._within, len(self._question.words[:WORDS_RANKED])
        values = {**within.values, **beginnings(self._question)}
        for place in places:
            values |= Lookup(place).values(self._question, scope)
        key = None
        if within.key is not None:
            key = (
                (stage, places, words, within.limits),
                (within.wanted is None, within.key),
            )
        rows = await rows_looked_up(
            self._session, key, lambda: self._statement(stage, places, words), values
        )
        found = {
            Place(row.place): Looked({}, row.counted, row.found)
            for row in rows
            if row.component_id is None
        }
        self._rank_all(rows, {place: one.ranks for place, one in found.items()})
        return found

    def _statement(self, stage: str, places: Sequence[Place], words: int) -> Any:
        if stage == "near":
            return statements.near(places, self._within, self._dialect, words)
        return statements.far(places[0], self._within, self._dialect, words)

    def _rank_all(
        self, rows: Sequence[Any], ranks: dict[Place, dict[str, float]]
    ) -> None:
        if self._dialect == "postgresql":
            weighed = self._rank.of_weighed
            for place, id_, name, _, told, *_ in rows:
                if id_ is not None:
                    ranks[place][id_.hex] = weighed(name, told)
        else:
            of_texts = self._rank.of_texts
            for place, id_, name, description, told, *_ in rows:
                if id_ is not None:
                    ranks[place][id_] = of_texts(name, description, told)
