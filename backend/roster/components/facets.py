"""How many components each further choice of a filter would show.

Counting stops somewhere, so that a large registry answers as soon as a smaller one:
beyond that the most recently updated ones are counted, and the answer says so.
"""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from sqlalchemy import (
    CTE,
    String,
    Text,
    case,
    cast,
    func,
    literal,
    select,
    true,
    union_all,
)
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components.asking import Shape, shape_of, stand_in, values_of
from roster.components.conditions import COMMON, HEALTH, conditions
from roster.components.filter_slots import filter_key, filter_values, with_slots
from roster.components.models import Component, Label
from roster.components.query import Facets, Filters
from roster.components.rows import AnySelect
from roster.components.schemas import FacetValue, HealthLevel
from roster.components.searching import found_by
from roster.core.actor import Caller
from roster.core.direct import slot
from roster.core.paging import COUNTED
from roster.core.prepared import rows_of
from roster.search.finding import Found, matching
from roster.teams.models import Team

FACET_VALUES = 100
_ALL = "all"

Counted = TypeVar("Counted", bound=Facets)


async def count_facets(
    session: AsyncSession,
    actor: Caller,
    filters: Filters,
    kinds: list[str],
    model: type[Counted],
) -> Counted:
    """Count what each value of each facet would show, in one statement.

    A facet's own filter does not count for it, because its values mean "or".
    """
    names = [*COMMON, *filters.facets]
    found: dict[str, list[FacetValue]] = {name: [] for name in names}
    counted = 0
    found_by_q = await _found(session, actor, filters, kinds, names)
    values = {f"ranks_{name}": one.held for name, one in found_by_q.items()}
    shape, key = shape_of(actor), filter_key(filters)
    if key is not None:
        key = ("facets", shape, tuple(names), tuple(kinds), bool(found_by_q), key)
    dialect = session.get_bind().dialect.name
    rows = await rows_of(
        session,
        key,
        lambda: _counting(filters, shape, kinds, names, dialect),
        {**values, **values_of(actor), **filter_values(filters)},
    )
    for facet, value, count in rows:
        if facet == _ALL:
            counted = count
        elif value is not None:
            found[facet].append(FacetValue(value=value, count=count))
    whole = counted <= COUNTED and all(one.complete for one in found_by_q.values())
    return model(counted=min(counted, COUNTED), complete=whole, **found)


async def _found(
    session: AsyncSession,
    actor: Caller,
    filters: Filters,
    kinds: list[str],
    names: list[str],
) -> dict[str | None, Found]:
    """What the words find, with all filters and without each that is chosen."""
    found = {}
    if filters.q is not None:
        for name in (None, *(name for name in names if filters.values(name))):
            one = await found_by(session, actor, filters, kinds, leave_out=name)
            if one is not None:
                found[name] = one
    return found


def _counting(
    filters: Filters, shape: Shape, kinds: list[str], names: list[str], dialect: str
) -> Any:
    slotted, caller = with_slots(filters), stand_in(shape)

    def matched(leave_out: str | None) -> CTE:
        matches = None
        if filters.q is not None:
            matches = matching(slot(f"ranks_{leave_out}", Text()), dialect)
        wanted = conditions(
            slotted, caller, kinds=kinds, matches=matches, leave_out=leave_out
        )
        rows = select(*_COLUMNS).where(*wanted)
        newest = (col(Component.updated_at).desc(), col(Component.id).desc())
        # One more than are counted, so as to know that there are more.
        return rows.order_by(*newest).limit(COUNTED + 1).cte(f"but_{leave_out}")

    chosen = [name for name in names if filters.values(name)]
    return _statement(matched, names, chosen, dialect)


def _statement(
    matched: Callable[[str | None], CTE],
    names: list[str],
    chosen: list[str],
    dialect: str,
) -> Any:
    whole = matched(None)
    parts = [select(literal(_ALL), literal(""), func.count()).select_from(whole)]
    parts += _counts(whole, [name for name in names if name not in chosen], dialect)
    for name in chosen:
        parts += _counts(matched(name), [name], dialect)
    counts = union_all(*parts).subquery("counts")
    facet, value, count = counts.c
    columns = facet.label("facet"), value.label("value"), count.label("number")
    return select(*columns).order_by(facet, count.desc(), value)


_COLUMNS: tuple[Any, ...] = (
    col(Component.id),
    col(Component.facets),
    col(Component.team_id).label("team"),
    cast(col(Component.kind), String).label("kind"),
    cast(col(Component.licence), String).label("licence"),
    cast(col(Component.visibility), String).label("visibility"),
    case((col(Component.deprecated_at).is_(None), "false"), else_="true").label(
        "deprecated"
    ),
    case(*((HEALTH[level], level.value) for level in HealthLevel)).label("health"),
)


def _counts(matched: CTE, names: list[str], dialect: str) -> Iterator[AnySelect]:
    """Count by each of these facets; those who have no value are counted as None.

    The join with labels is an outer one so that SQLite begins with what matched, and
    not with all labels that there are.
    """
    own = [name for name in names if name in matched.c and name != "team"]
    others = [name for name in names if name not in matched.c and name != "label"]
    for name in own:
        value = matched.c[name]
        rows = select(literal(name), value, func.count()).where(value.is_not(None))
        yield rows.group_by(value)
    if "team" in names:
        yield _of_teams(matched)
    if "label" in names:
        yield _most(
            select(
                literal("label").label("facet"),
                col(Label.name).label("value"),
                func.count().label("count"),
            )
            .select_from(matched)
            .outerjoin(Label, col(Label.component_id) == matched.c.id)
            .group_by(col(Label.name))
        )
    if others:
        yield _of_files(matched, others, dialect)


def _of_files(matched: CTE, names: list[str], dialect: str) -> AnySelect:
    """Count what the files say, which each component holds in a column as well.

    To read it there is quicker than to look up the rows of `ComponentFacet`, and
    takes as long however many there are of others.
    """
    in_list = (
        func.json_array_elements_text if dialect == "postgresql" else func.json_each
    )
    facet = func.json_each(matched.c.facets).table_valued("key", "value", name="facet")
    value = in_list(facet.c.value).table_valued("value", name="each_value")
    return _most(
        select(facet.c.key, value.c.value, func.count().label("count"))
        .select_from(matched)
        .join(facet, true())
        .join(value, true())
        .where(facet.c.key.in_(names))
        .group_by(facet.c.key, value.c.value)
    )


def _of_teams(matched: CTE) -> AnySelect:
    by_id = select(matched.c.team, func.count().label("count"))
    teams = by_id.group_by(matched.c.team).subquery("by_team")
    return _most(
        select(
            literal("team").label("facet"),
            col(Team.slug).label("value"),
            teams.c.count.label("count"),
        ).join(Team, col(Team.id) == teams.c.team)
    )


def _most(counts: AnySelect) -> AnySelect:
    """Keep the commonest values of each facet."""
    all_of_them = counts.subquery()
    facet, value, count = all_of_them.c
    place = func.row_number().over(partition_by=facet, order_by=(count.desc(), value))
    placed = select(facet, value, count, place.label("place")).subquery()
    return select(*list(placed.c)[:3]).where(placed.c.place <= FACET_VALUES)
