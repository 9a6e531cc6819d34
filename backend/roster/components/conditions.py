"""The conditions that a query of a list makes."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Integer, Subquery, and_, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
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


class _Unindexed(FunctionElement[int]):
    """A column that SQLite shall look nothing up by.

    It would find all that has errors by their index, and sort that for one page in
    another order. PostgreSQL knows better, by statistics.
    """

    type = Integer()
    inherit_cache = True


@compiles(_Unindexed)
def _as_it_is(element: _Unindexed, compiler: SQLCompiler, **options: Any) -> str:
    return str(compiler.process(element.clauses, **options))


@compiles(_Unindexed, "sqlite")
def _with_a_plus(element: _Unindexed, compiler: SQLCompiler, **options: Any) -> str:
    return f"+{compiler.process(element.clauses, **options)}"


_ERRORS, _WARNINGS, _INFOS = (
    _Unindexed(col(column))
    for column in (Component.errors, Component.warnings, Component.infos)
)
HEALTH: dict[HealthLevel, ColumnElement[bool]] = {
    HealthLevel.error: _ERRORS > 0,
    HealthLevel.warning: and_(_ERRORS == 0, _WARNINGS > 0),
    HealthLevel.info: and_(_ERRORS == 0, _WARNINGS == 0, _INFOS > 0),
    HealthLevel.fine: and_(_ERRORS == 0, _WARNINGS == 0, _INFOS == 0),
}


def conditions(  # noqa: PLR0913 - what a query is made of
    filters: Filters,
    actor: Caller,
    *,
    kinds: Sequence[str],
    matches: Subquery | None,
    leave_out: str | None = None,
    by_row: bool = False,
) -> list[ColumnElement[bool]]:
    """Conditions on `Component` that a query makes, the actor's view among them.

    Args:
        filters: The query.
        actor: Who asks.
        kinds: Only these kinds; all if empty.
        matches: What the full text found, if anything was asked.
        leave_out: A facet whose own filter does not count.
        by_row: Whether to look up the values of each row for itself, for pages of
            what is common; else all rows of a value are looked up at once.
    """
    found: list[ColumnElement[bool]] = []
    if kinds and leave_out != "kind":
        found.append(_one_of(col(Component.kind), kinds))
    if matches is not None:
        found.append(col(Component.id).in_(select(matches.c.component_id)))
    if filters.ref:
        found.append(referred(filters.ref))
    if filters.upstream is not None:
        found.append(_followed(filters.upstream, actor))
    if filters.updated_since is not None:
        found.append(col(Component.updated_at) >= filters.updated_since)
    found.extend(
        _chosen(facet, values, by_row=by_row)
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


def _chosen(facet: str, values: Sequence[Any], *, by_row: bool) -> ColumnElement[bool]:
    if facet == "label":
        id_ = col(Label.component_id)
        return _among(id_, _one_of(col(Label.name), values), by_row=by_row)
    if facet in _COMMON:
        return _COMMON[facet](values)
    of_facet = and_(
        col(ComponentFacet.facet) == facet, _one_of(col(ComponentFacet.value), values)
    )
    return _among(col(ComponentFacet.component_id), of_facet, by_row=by_row)


def _among(
    id_: Any, condition: ColumnElement[bool], *, by_row: bool
) -> ColumnElement[bool]:
    """Components that another table has rows about."""
    found = select(id_).where(condition)
    if by_row:
        return found.where(id_ == Component.id).correlate(Component).exists()
    return col(Component.id).in_(found)


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
