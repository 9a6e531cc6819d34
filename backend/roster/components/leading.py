"""Which filter of a list finds so few that the others are asked of these alone.

A page of what is common is found soonest by going through the rows in their order. Of
what is rare that would be all of them: then what the filter finds is looked up, and put
into order. Which it is follows from how many rows there are of a value; this may be a
minute old, as nothing depends on it but the time.
"""

from collections.abc import Mapping, Sequence
from math import isqrt
from typing import Any, NamedTuple

from sqlalchemy import Integer, func, literal, literal_column, select, text
from sqlmodel import col

from roster.components.conditions import looked_up, rows_of
from roster.components.filter_slots import with_slots
from roster.components.kinds import KINDS
from roster.components.models import Component
from roster.components.query import ListQuery
from roster.components.rows import AnySelect
from roster.components.schemas import HealthLevel
from roster.core.direct import Direct, Prepared

COST = 2
"""Of a row that is looked up by its id and sorted, in rows that are gone through."""
SMALL = 1_000
"""So many are gone through in no time."""
ROW_BYTES = 1_024
"""Of a component on PostgreSQL, at the most: to tell from a size how many there are."""
BY_TEAM = ("updated_at", "name")
"""Orders that the rows of a team have an index in."""


class Lead(NamedTuple):
    """The filter to look up by; None: all rows in their order."""

    first: str | None
    otherwise: str | None
    """Where the first way takes too long."""


NOBODY = Lead(None, None)


async def leader_of(
    direct: Direct,
    query: ListQuery,
    values: Mapping[str, Any],
) -> Lead:
    """Choose by how many rows there are.

    Args:
        direct: Where to ask.
        query: What for.
        values: What goes into the slots of its filters.
    """
    names = _candidates(query)
    if not names:
        return NOBODY
    total = await direct.estimate(_total(direct), {})
    if total < SMALL:
        return NOBODY
    size = query.size + 1
    # Where there are more of it than this, going through the rows is quicker.
    most = 1 << isqrt(total * size).bit_length()
    counts = {}
    scanned = float(size)
    for name in names:
        statement = _counted(direct, query, name, most)
        counts[name] = await direct.estimate(statement, values)
        scanned *= total / max(1, counts[name])
    fewest = min(names, key=lambda name: counts[name])
    quicker = COST * counts[fewest] < min(scanned, total)
    return Lead(fewest if counts[fewest] < most and quicker else None, fewest)


def _candidates(query: ListQuery) -> list[str]:
    names = ["label", *(name for name in query.facets if name != "kind")]
    found = [name for name in names if query.values(name)]
    order = query.order.removeprefix("-")
    if len(query.team) == 1 and order not in BY_TEAM:
        found.append("team")
    if query.health == [HealthLevel.error] and order != "errors":
        found.append("health")
    return found


def _total(direct: Direct) -> Prepared:
    """How many components there are, as the database knows without counting."""

    def build() -> AnySelect:
        if direct.dialect.name == "sqlite":
            newest: Any = func.max(literal_column("rowid")).label("rows")
            return select(newest).select_from(Component)
        # By its size, where nobody has counted since there were fewer, or ever.
        rows = literal_column(
            f"greatest(reltuples, pg_relation_size(oid) / {ROW_BYTES})::bigint",
            Integer(),
        )
        return (
            select(rows.label("rows"))
            .where(text("oid = 'components'::regclass"))
            .select_from(text("pg_class"))
        )

    return direct.prepared(("leading", "total"), build)


def _counted(direct: Direct, query: ListQuery, name: str, most: int) -> Prepared:
    values = query.values(name)

    def build() -> AnySelect:
        rows = _rows(name, with_slots(query).values(name)).limit(
            literal_column(str(most), Integer())
        )
        return select(func.count().label("count")).select_from(rows.subquery())

    return direct.prepared(("leading", name, len(values), most), build)


def _rows(name: str, chosen: Sequence[Any]) -> AnySelect:
    if name not in {"team", "health"}:
        return rows_of(name, chosen)
    # By the indexes of what is listed, which begin with the team, or the kind.
    return select(literal(1)).where(
        col(Component.deleted_at).is_(None),
        col(Component.published_at).is_not(None),
        looked_up(name, chosen),
        col(Component.kind).in_(KINDS),
    )
