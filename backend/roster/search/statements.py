"""One statement that looks into the indexes place by place, as far as it takes.

Whether a place is looked at at all depends on what the one before it gave: the
database finds that out by itself, and does nothing where it need not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
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
    true,
    type_coerce,
    union_all,
)
from sqlmodel import col

from roster.core.direct import slot
from roster.search.buckets import Buckets
from roster.search.matching import Lookup, Place, holding, ranked_by
from roster.search.models import SearchDocument
from roster.search.ranking import BODY_BYTES
from roster.search.within import Within

_DOCUMENT = SearchDocument.metadata.tables["search_documents"].c


@dataclass(frozen=True, slots=True)
class Part:
    """What one place gives."""

    place: Place
    chosen: CTE
    """The rows that are ranked."""
    counts: CTE
    """How many these are, and how many they were chosen from."""

    @classmethod
    def of(
        cls, place: Place, name: str, looked: Sequence[CTE], chosen: CTE, most: int
    ) -> "Part":
        found = _count(chosen)
        first, *others = (_count(rows) for rows in looked)
        # To count the others, they would be looked up.
        counted = case((found == most, found), else_=sum(others, first))
        counts = select(found.label("found"), counted.label("counted"))
        return cls(place, chosen, _once(counts, f"counts_{name}"))

    def number(self, name: str) -> ColumnElement[int]:
        found: ColumnElement[int] = select(self.counts.c[name]).scalar_subquery()
        return found


def near(places: Sequence[Place], within: Within, dialect: str, words: int) -> Any:
    """Rank the newest rows of some places.

    Args:
        places: One; or heads, names and anywhere. Names are looked at where heads
            hold more than are ranked, and anywhere else where they hold fewer.
        within: Whose texts are searched.
        dialect: Of the database.
        words: How many words are ranked.
    """
    limits = within.limits
    place_by_place = _PlaceByPlace(within, dialect)
    first = place_by_place.part(places[0], [])
    parts = [first]
    for place in places[1:]:
        found = first.number("found")
        gates = [found == limits.heads]
        if place is Place.anywhere:
            gates = [found < limits.heads, first.number("counted") < limits.window]
        parts.append(place_by_place.part(place, gates))
    return _told(parts, dialect, words)


def far(place: Place, within: Within, dialect: str, words: int) -> Any:
    """Rank rows of one place within a scope, however old they are."""
    limits = within.limits
    most = limits.of(place)
    limit = most if within.wanted is None else limits.filtered
    rows = Lookup(place).rows_with(dialect, within.visible)
    looked = _once(rows.limit(_written(limit)), "far")
    chosen: Any = select(looked.c.rowid)
    if within.wanted is not None:
        chosen = holding(looked, within.wanted).limit(_written(most))
    part = Part.of(place, "far", [looked], _once(chosen, "chosen"), most)
    return _told([part], dialect, words)


class _PlaceByPlace:
    def __init__(self, within: Within, dialect: str) -> None:
        self._within, self._dialect = within, dialect
        self._buckets = Buckets(within.limits.buckets)

    def part(self, place: Place, gates: list[ColumnElement[bool]]) -> Part:
        within, limits = self._within, self._within.limits
        lookup, window = Lookup(place), _written(limits.window)
        name = place.replace(" ", "_")
        if self._dialect == "postgresql" and place is not Place.whole_name:
            steps = [*self._buckets.steps(lookup, gates, name, window)]
            # One after the other, and none before the others are used up.
            every: Any = union_all(*(select(*step.c) for step in steps)).subquery(name)
        else:
            rows = lookup.rows(self._dialect, gates=gates).limit(window)
            steps = [_once(rows, name)]
            [every] = steps
        asked = within.visible if within.wanted is None else within.wanted
        most = limits.of(place)
        chosen = holding(every, asked).limit(_written(most))
        return Part.of(place, name, steps, _once(chosen, f"chosen_{name}"), most)


def _told(parts: Sequence[Part], dialect: str, words: int) -> Any:
    """The texts of what was chosen, and how many there were of what."""
    picked: Any = [
        select(_place(part), part.chosen.c.rowid.label("rowid")) for part in parts
    ]
    picked = union_all(*picked) if len(picked) > 1 else picked[0]
    texts = _texts(picked.cte("picked"), dialect, words)
    nothing = texts.selected_columns.keys()[1:-2]
    counts = (
        select(
            _place(part),
            *(null().label(name) for name in nothing),
            part.counts.c.counted,
            part.counts.c.found,
        )
        for part in parts
    )
    return union_all(texts, *counts)


def _place(part: Part) -> ColumnElement[str]:
    return literal_column(f"'{part.place}'", Text()).label("place")


def _texts(picked: CTE, dialect: str, words: int) -> Select[Any]:
    told: ColumnElement[Any] = _bodies(words)
    description: ColumnElement[Any] = _DOCUMENT.description
    if dialect == "postgresql":
        # It ranks the description itself.
        told, description = ranked_by(), null().label("description")
    columns = (
        _DOCUMENT.component_id,
        _DOCUMENT.name,
        description,
        told.label("told"),
    )
    nothing = [null().label(name) for name in ("counted", "found")]
    if dialect != "postgresql":
        joined = picked.join(SearchDocument, _DOCUMENT.rowid == picked.c.rowid)
        return select(picked.c.place, *columns, *nothing).select_from(joined)
    # Row by row: else all documents might be read to find these.
    one = (
        select(*columns)
        .where(_DOCUMENT.rowid == picked.c.rowid)
        .correlate(picked)
        .suffix_with("OFFSET 0")
        .lateral("document")
    )
    tables = picked.join(one, true())
    return select(picked.c.place, *one.c, *nothing).select_from(tables)


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


def _once(rows: Any, name: str) -> CTE:
    """Look up rows once, though they are counted as well."""
    kept: CTE = rows.cte(name).prefix_with("MATERIALIZED")
    return kept


def _count(rows: CTE) -> ColumnElement[int]:
    counted: ColumnElement[int] = (
        select(func.count()).select_from(rows).scalar_subquery()
    )
    return counted


def _written(number: int) -> Any:
    """Not a parameter: how a statement is run depends on it."""
    return literal_column(str(number), Integer())
