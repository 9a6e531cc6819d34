"""The conditions that a query of a list makes."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, or_, select
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

_ERRORS, _WARNINGS, _INFOS = (
    col(column) for column in (Component.errors, Component.warnings, Component.infos)
)
HEALTH: dict[HealthLevel, ColumnElement[bool]] = {
    HealthLevel.error: _ERRORS > 0,
    HealthLevel.warning: and_(_ERRORS == 0, _WARNINGS > 0),
    HealthLevel.info: and_(_ERRORS == 0, _WARNINGS == 0, _INFOS > 0),
    HealthLevel.fine: and_(_ERRORS == 0, _WARNINGS == 0, _INFOS == 0),
}


def conditions(
    filters: Filters,
    actor: Caller,
    *,
    kinds: Sequence[str],
    matches: Subquery | None,
    leave_out: str | None = None,
) -> list[ColumnElement[bool]]:
    """Conditions on `Component` that a query makes, the actor's view among them.

    Args:
        filters: The query.
        actor: Who asks.
        kinds: Only these kinds; all if empty.
        matches: What the full text found, if anything was asked.
        leave_out: A facet whose own filter does not count.
    """
    found = [within_view(filters, actor)]
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
        _chosen(facet, values)
        for facet in (*COMMON, *filters.facets)
        if facet not in {leave_out, "kind"} and (values := filters.values(facet))
    )
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


def _chosen(facet: str, values: Sequence[Any]) -> ColumnElement[bool]:
    if facet in _COMMON:
        return _COMMON[facet](values)
    return col(Component.id).in_(
        select(col(ComponentFacet.component_id)).where(
            col(ComponentFacet.facet) == facet,
            _one_of(col(ComponentFacet.value), values),
        )
    )


def _of_teams(slugs: Sequence[str]) -> ColumnElement[bool]:
    # Present names are among them as well as former ones.
    ids = select(col(TeamSlug.team_id)).where(_one_of(col(TeamSlug.slug), slugs))
    team_id = col(Component.team_id)
    # Of one team, the index in the usual order begins with it.
    return team_id == ids.scalar_subquery() if len(slugs) == 1 else team_id.in_(ids)


def _labelled(names: Sequence[str]) -> ColumnElement[bool]:
    found = select(col(Label.component_id)).where(_one_of(col(Label.name), names))
    return col(Component.id).in_(found)


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
    "label": _labelled,
    "health": lambda levels: or_(*(HEALTH[level] for level in levels)),
    "licence": lambda values: _one_of(col(Component.licence), values),
    "visibility": lambda values: _one_of(col(Component.visibility), values),
    "deprecated": _deprecated,
}
COMMON = tuple(_COMMON)
"""What the lists of every kind are filtered by, and count."""
