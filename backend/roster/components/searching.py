"""What a list's question finds among what its caller may see."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, literal
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components.asking import shape_of, stand_in, values_of
from roster.components.conditions import conditions, within_view
from roster.components.filter_slots import (
    filter_key,
    filter_values,
    is_filtered,
    with_slots,
)
from roster.components.models import Component
from roster.components.query import Filters
from roster.core.actor import Actor, Anonymous, Caller
from roster.core.prepared import rows_looked_up
from roster.search import scopes
from roster.search.correcting import find_meant
from roster.search.finding import Found, Within
from roster.search.matching import Condition
from roster.search.questions import Question
from roster.search.scopes import Scope
from roster.teams.access import SEEN_BY_SIGNED_IN, Verb, teams_of
from roster.teams.models import TeamSlug, Visibility


async def found_by(
    session: AsyncSession,
    actor: Caller,
    filters: Filters,
    kinds: Sequence[str],
    leave_out: str | None = None,
) -> Found | None:
    """Find what a query asks for, if it asks in words.

    Args:
        session: Where to.
        actor: Who asks.
        filters: The query.
        kinds: Only these kinds; all if empty.
        leave_out: A facet whose own filter does not count.
    """
    if filters.q is None:
        return None
    shape, dialect = shape_of(actor), session.get_bind().dialect.name
    is_all = not (kinds and leave_out != "kind") and not is_filtered(filters, leave_out)

    def view() -> list[ColumnElement[bool]]:
        return [within_view(with_slots(filters), stand_in(shape))]

    def wanted() -> list[ColumnElement[bool]]:
        return conditions(
            with_slots(filters),
            stand_in(shape),
            kinds=kinds,
            matches=None,
            leave_out=leave_out,
        )

    seen = _once(partial(_seen_by, session, actor, filters))

    @_once
    async def scope() -> Scope:
        return await _asked_for(session, await seen(), filters, kinds, leave_out)

    key = filter_key(filters)
    within = Within(
        visible=_holds(view, dialect),
        wanted=None if is_all else _holds(wanted, dialect),
        scope=scope,
        seen=seen,
        values={**values_of(actor), **filter_values(filters)},
        key=None if key is None else (shape, tuple(kinds), key, leave_out),
    )
    return await find_meant(session, Question.of(filters.q), within)


def _holds(wanted: Callable[[], list[ColumnElement[bool]]], dialect: str) -> Condition:
    """Ask for each component by itself: a join would begin with all that there are."""

    def holds(component_id: ColumnElement[Any]) -> ColumnElement[bool]:
        one = col(Component.id) == component_id
        if dialect == "postgresql":
            # All else is asked of the row that is found: where the planner may choose,
            # it walks an index of another order while a table has no statistics.
            found = select(and_(*wanted())).select_from(Component).where(one)
        else:
            found = select(literal(value=True)).where(one, *wanted())
        held: ColumnElement[bool] = found.scalar_subquery()
        return held

    return holds


def _once(ask: Callable[[], Awaitable[Scope]]) -> Callable[[], Awaitable[Scope]]:
    """Ask when it is first needed, and keep what was said."""
    kept: list[Scope] = []

    async def said() -> Scope:
        if not kept:
            kept.append(await ask())
        return kept[0]

    return said


async def _seen_by(session: AsyncSession, actor: Caller, filters: Filters) -> Scope:
    """Say in the words of the index what `within_view` lets through."""
    seen: list[str] = []
    if not filters.deleted:
        if isinstance(actor, Anonymous):
            seen = [scopes.of_visibility(Visibility.public)]
        else:
            seen = [scopes.of_visibility(one) for one in SEEN_BY_SIGNED_IN]
    if isinstance(actor, Actor):
        shape = shape_of(actor)
        rows = await rows_looked_up(
            session,
            ("teams", shape),
            lambda: teams_of(stand_in(shape), Verb.read),
            values_of(actor),
        )
        # As drivers give them.
        seen += [scopes.of_team(UUID(str(row.team_id))) for row in rows]
    scope = Scope.of(seen)
    if isinstance(actor, Actor) and actor.team_ids is not None:
        scope = scope.also(scopes.of_team(team_id) for team_id in actor.team_ids)
    return scope


async def _asked_for(
    session: AsyncSession,
    scope: Scope,
    filters: Filters,
    kinds: Sequence[str],
    leave_out: str | None,
) -> Scope:
    """Say what some filters let through as well."""
    if kinds and leave_out != "kind":
        scope = scope.also(scopes.of_kind(kind) for kind in kinds)
    if filters.team and leave_out != "team":
        asked = select(TeamSlug.team_id).where(col(TeamSlug.slug).in_(filters.team))
        teams = (await session.exec(asked)).all()
        scope = scope.also(scopes.of_team(team_id) for team_id in teams if team_id)
    return scope
