"""One question to the indexes, place by place.

Its statements are built once for all questions of a sort: to build one takes longer
than to run it.
"""

from collections.abc import Awaitable, Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from math import ceil
from typing import Any

from sqlalchemy import (
    CTE,
    Integer,
    LargeBinary,
    Select,
    Text,
    case,
    cast,
    func,
    literal_column,
    null,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.core.direct import slot
from roster.core.prepared import rows_of
from roster.search.matching import (
    BUCKET,
    Condition,
    Lookup,
    Place,
    holding,
    newest_buckets,
    ranked_by,
)
from roster.search.models import SearchDocument
from roster.search.questions import Question
from roster.search.ranking import BODY_BYTES, WORDS_RANKED, Rank, beginnings
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
AMPLE = 1.5


@dataclass(frozen=True, slots=True)
class Within:
    """Whose texts are searched."""

    visible: Condition
    """What the caller may see."""
    wanted: Condition | None
    """What of that it asks for, if not for all; what it may not see is not in it."""
    scope: Callable[[], Awaitable[Scope]]
    """What an index may leave out by itself."""
    seen: Callable[[], Awaitable[Scope]]
    """The same, as if nothing else were asked for."""
    limits: Limits = USUAL
    values: Mapping[str, Any] = field(default_factory=dict)
    """What goes into the slots of the conditions."""
    key: Hashable | None = None
    """What the words of the conditions depend on; None if they are not to be kept."""


class Search:
    """Looks for one question, and ranks what it finds."""

    def __init__(
        self, session: AsyncSession, question: Question, within: Within
    ) -> None:
        self._session = session
        self._dialect = session.get_bind().dialect.name
        self._question = question
        self._within = within
        self._limits = within.limits
        self._rank = Rank(question)
        self._scope: Scope | None = None
        self._newest: int | None = None

    async def look(self, place: Place, most: int) -> tuple[dict[str, float], bool]:
        """Rank the newest rows of one place, and say whether these are all.

        Mostly a look at the newest rows of the index is enough, whatever they are of.
        """
        lookup = Lookup(self._question, place)
        limits, buckets = self._limits, await self._newest_buckets(place)
        near = _within_buckets(lookup, buckets)
        ranks, count = await self._ranked("near", near, most)
        is_part = buckets is not None and len(buckets) == limits.buckets
        if is_part and count < limits.window and len(ranks) < most:
            buckets, is_part = self._more_buckets(most / max(len(ranks), 1))
            near = _within_buckets(lookup, buckets)
            ranks, count = await self._ranked("near", near, most)
        whole = count < limits.window and not is_part
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
        ranks, count = await self._ranked("far", far, most)
        return ranks, len(ranks) < most and count < self._limits.filtered

    async def _newest_buckets(self, place: Place) -> list[str] | None:
        """Where to look first on PostgreSQL, whose index knows no order."""
        if self._dialect != "postgresql" or place is Place.whole_name:
            return None
        if self._newest is None:
            [row] = await rows_of(self._session, "newest rowid", _newest_row, {})
            self._newest = row.newest or 0
        return newest_buckets(self._newest, self._limits.buckets)

    def _more_buckets(self, times: float) -> tuple[list[str] | None, bool]:
        """As many as it takes, going by what was found; and whether some are left.

        To ask for most of them would take longer than to ask for none by name.
        """
        newest = self._newest or 0
        count = ceil(AMPLE * times * self._limits.buckets)
        every = newest // BUCKET + 1
        if 2 * count > every:
            return None, False
        return newest_buckets(newest, count), True

    async def _ranked(
        self, stage: str, lookup: Lookup, most: int
    ) -> tuple[dict[str, float], int]:
        """Rank the chosen rows, and count those that they were chosen from."""
        within, count = self._within, len(self._question.words[:WORDS_RANKED])
        key = None
        if within.key is not None:
            key = (
                (stage, lookup.place, bool(lookup.scope.groups), most, count),
                (within.limits, within.wanted is None, within.key),
            )
        rows = await rows_of(
            self._session,
            key,
            lambda: self._statement(stage, lookup, most, count),
            {**within.values, **lookup.values(), **beginnings(self._question)},
            lookup.written() if self._dialect == "postgresql" else None,
        )
        if self._dialect == "postgresql":
            ranks = {
                row.component_id.hex: self._rank.of_weighed(row.name, row.told)
                for row in rows
                if row.component_id is not None
            }
        else:
            ranks = {
                row.component_id: self._rank.of_texts(
                    row.name, row.description, row.told
                )
                for row in rows
                if row.component_id is not None
            }
        [counted] = [row.counted for row in rows if row.component_id is None]
        return ranks, counted

    def _statement(self, stage: str, lookup: Lookup, most: int, words: int) -> Any:
        within, dialect = self._within, self._dialect
        if stage == "near":
            looked = _kept(lookup.rows(dialect), stage, within.limits.window)
            asked = within.visible if within.wanted is None else within.wanted
            chosen = holding(looked, asked).limit(_written(most))
        elif within.wanted is None:
            looked = _kept(lookup.rows_with(dialect, within.visible), stage, most)
            chosen = select(looked.c.rowid)
        else:
            limit = within.limits.filtered
            looked = _kept(lookup.rows_with(dialect, within.visible), stage, limit)
            chosen = holding(looked, within.wanted).limit(_written(most))
        rows = chosen.cte("chosen")
        document = SearchDocument.metadata.tables["search_documents"].c
        told = ranked_by() if dialect == "postgresql" else _bodies(words)
        texts = select(
            document.component_id,
            document.name,
            document.description,
            told.label("told"),
            null().label("counted"),
        ).join(rows, rows.c.rowid == document.rowid)
        nothing = (null().label(name) for name in texts.selected_columns.keys()[:-1])
        count = select(*nothing, func.count().label("counted")).select_from(looked)
        return union_all(texts, count)


def _within_buckets(lookup: Lookup, buckets: list[str] | None) -> Lookup:
    return lookup if buckets is None else replace(lookup, scope=Scope.of(buckets))


def _newest_row() -> Select[Any]:
    return select(func.max(SearchDocument.rowid).label("newest"))


def _bodies(words: int) -> Any:
    """Beginnings of bodies, where the words stand nowhere else.

    As bytes: to count characters, SQLite goes through the whole text each time.
    """
    head = " " + col(SearchDocument.name) + " " + col(SearchDocument.description)
    nowhere_else = [
        func.instr(head, slot(f"beginning_{place}", Text())) == 0
        for place in range(words)
    ]
    body = func.substr(cast(col(SearchDocument.body), LargeBinary), 1, BODY_BYTES)
    told = type_coerce(body, LargeBinary)
    return case((or_(*nowhere_else), told))


def _kept(rows: Select[Any], name: str, limit: int) -> CTE:
    """Look up rows once, though they are counted as well."""
    kept: CTE = rows.limit(_written(limit)).cte(name).prefix_with("MATERIALIZED")
    return kept


def _written(number: int) -> Any:
    """Not a parameter: how a statement is run depends on it."""
    return literal_column(str(number), Integer())
