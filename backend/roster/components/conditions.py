"""The conditions that a query of a list makes."""

from collections.abc import Sequence
from enum import Enum
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Subquery,
    and_,
    func,
    or_,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NULLTYPE
from sqlmodel import col

from roster.components.models import Component, ComponentFacet, Label
from roster.components.query import Filters, UpstreamFilter
from roster.components.references import referred
from roster.components.rows import AVAILABLE, listed, recoverable
from roster.components.schemas import HealthLevel
from roster.core.actor import Caller
from roster.repositories.models import Upstream
from roster.teams.access import Verb, teams_of
from roster.teams.models import TeamSlug


class Unindexed(FunctionElement[Any]):
    """A column that nothing shall be looked up by.

    All that has errors would be found by their index, and sorted for one page in
    another order; by PostgreSQL only where it has no statistics.
    """

    type = Integer()
    inherit_cache = True


@compiles(Unindexed)
def _as_it_is(element: Unindexed, compiler: SQLCompiler, **options: Any) -> str:
    return str(compiler.process(element.clauses, **options))


@compiles(Unindexed, "sqlite")
def _with_a_plus(element: Unindexed, compiler: SQLCompiler, **options: Any) -> str:
    return f"+{compiler.process(element.clauses, **options)}"


@compiles(Unindexed, "postgresql")
def _as_a_choice(element: Unindexed, compiler: SQLCompiler, **options: Any) -> str:
    column = compiler.process(element.clauses, **options)
    return f"coalesce({column}, {column})"


class _AmongFew(FunctionElement[Any]):
    """A column whose value is one of a few that a statement gives, at first."""

    # Not a boolean: it would be compared with one where a database has none.
    type = NULLTYPE
    inherit_cache = True


@compiles(_AmongFew)
def _in(element: _AmongFew, compiler: SQLCompiler, **options: Any) -> str:
    column, few = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} IN {few}"


@compiles(_AmongFew, "postgresql")
def _in_array(element: _AmongFew, compiler: SQLCompiler, **options: Any) -> str:
    column, few = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} = ANY (ARRAY{few})"


class By(Enum):
    """How rows are found that another table says something of."""

    all = "all"
    """All that the other table has of a value are looked up."""
    row = "row"
    """Each row is looked up for itself: for pages of what is common."""
    few = "few"
    """Only what the other table has of a value is looked at: for what is rare."""


_ERRORS, _WARNINGS, _INFOS = (
    Unindexed(col(column))
    for column in (Component.errors, Component.warnings, Component.infos)
)
HEALTH: dict[HealthLevel, ColumnElement[bool]] = {
    HealthLevel.error: _ERRORS > 0,
    HealthLevel.warning: and_(_ERRORS == 0, _WARNINGS > 0),
    HealthLevel.info: and_(_ERRORS == 0, _WARNINGS == 0, _INFOS > 0),
    HealthLevel.fine: and_(_ERRORS == 0, _WARNINGS == 0, _INFOS == 0),
}
_INDEXED_HEALTH = {HealthLevel.error: col(Component.errors) > 0}
INDEXED = (None, "health", "team")
"""Leaders, none among them, with which the kind is looked up by as well."""


def conditions(  # noqa: PLR0913 - what a query is made of
    filters: Filters,
    actor: Caller,
    *,
    kinds: Sequence[str],
    matches: Subquery | None,
    leave_out: str | None = None,
    by: By = By.all,
    leader: str | None = None,
) -> list[ColumnElement[bool]]:
    """Conditions on `Component` that a query makes, the actor's view among them.

    Args:
        filters: The query.
        actor: Who asks.
        kinds: Only these kinds; all if empty.
        matches: What the full text found, if anything was asked.
        leave_out: A facet whose own filter does not count.
        by: How rows of other tables are looked up.
        leader: The filter that finds so few that nothing else is looked up by.
    """
    found: list[ColumnElement[bool]] = []
    if kinds and leave_out != "kind":
        kind: Any = col(Component.kind)
        if leader not in INDEXED:  # no index begins with what this gives
            kind = func.coalesce(kind, "")
        found.append(_one_of(kind, kinds))
    if matches is not None:
        found.append(col(Component.id).in_(select(matches.c.component_id)))
    if filters.ref:
        found.append(referred(filters.ref))
    if filters.upstream is not None:
        found.append(_followed(filters.upstream, actor))
    if filters.updated_since is not None:
        found.append(col(Component.updated_at) >= filters.updated_since)
    found.extend(
        _chosen(facet, values, By.few if facet == leader else by)
        for facet in (*COMMON, *filters.facets)
        if facet not in {leave_out, "kind"} and (values := filters.values(facet))
    )
    # At last, because SQLite asks in this order.
    found.append(within_view(filters, actor))
    return found


def within_view(filters: Filters, actor: Caller) -> ColumnElement[bool]:
    """What of all components a query is about, whatever else it asks."""
    if filters.deleted:
        published = col(Component.published_at).is_not(None)
        return and_(recoverable(actor), published)
    return listed(actor)


def _one_of(column: Any, values: Sequence[Any]) -> ColumnElement[bool]:
    """Say it so that an index in the order of the list is still of use."""
    found: ColumnElement[bool]
    found = column == values[0] if len(values) == 1 else column.in_(values)
    return found


def _chosen(facet: str, values: Sequence[Any], by: By) -> ColumnElement[bool]:
    if facet in _COMMON:
        return looked_up(facet, values) if by is By.few else _COMMON[facet](values)
    found = rows_of(facet, values)
    [id_] = found.selected_columns
    if by is By.few:
        few = _AmongFew(col(Component.id), found.scalar_subquery())
        return cast("ColumnElement[bool]", few)
    if by is By.row:
        of_row = found.where(id_ == Component.id).correlate(Component)
        # Or PostgreSQL would begin with all that there are of the value.
        return of_row.suffix_with("OFFSET 0", dialect="postgresql").exists()
    return col(Component.id).in_(found)


def looked_up(facet: str, values: Sequence[Any]) -> ColumnElement[bool]:
    """Say it of a column of `Component` so that an index finds what it is true of."""
    if facet == "health":
        return or_(*(_INDEXED_HEALTH[level] for level in values))
    return _COMMON[facet](values)


def rows_of(facet: str, values: Sequence[Any]) -> Select[*tuple[Any, ...]]:
    """Ids of components, from the table that says which have these values."""
    if facet == "label":
        return select(col(Label.component_id)).where(_one_of(col(Label.name), values))
    return select(col(ComponentFacet.component_id)).where(
        col(ComponentFacet.facet) == facet, _one_of(col(ComponentFacet.value), values)
    )


def _of_teams(slugs: Sequence[str]) -> ColumnElement[bool]:
    # Present names are among them as well as former ones.
    ids = select(col(TeamSlug.team_id)).where(_one_of(col(TeamSlug.slug), slugs))
    team_id = col(Component.team_id)
    # Of one team, the index in the usual order begins with it.
    return team_id == ids.scalar_subquery() if len(slugs) == 1 else team_id.in_(ids)


def _followed(wanted: UpstreamFilter, actor: Caller) -> ColumnElement[bool]:
    found = select(col(Upstream.component_id))
    if wanted is UpstreamFilter.available:
        found = found.where(AVAILABLE)
    # Where something comes from only members of its team know.
    mine = col(Component.team_id).in_(teams_of(actor, Verb.read))
    return and_(mine, col(Component.id).in_(found))


def _deprecated(choices: Sequence[bool]) -> ColumnElement[bool]:
    column = col(Component.deprecated_at)
    return column.is_not(None) if choices[0] else column.is_(None)


_COMMON = {
    "team": _of_teams,
    "health": lambda levels: or_(*(HEALTH[level] for level in levels)),
    "licence": lambda values: _one_of(col(Component.licence), values),
    "visibility": lambda values: _one_of(col(Component.visibility), values),
    "deprecated": _deprecated,
}
COMMON = ("team", "label", "health", "licence", "visibility", "deprecated")
"""What the lists of every kind are filtered by, and count."""
