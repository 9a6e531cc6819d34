"""The statements of a page of components."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Subquery, select, union_all
from sqlmodel import col

from roster.components.conditions import By, Unindexed, conditions
from roster.components.kinds import KINDS
from roster.components.models import Component
from roster.components.orders import keys_of
from roster.components.query import ListQuery
from roster.components.rows import AnySelect, component_rows, of_caller
from roster.core.actor import Caller
from roster.core.paging import placed

_PLACE = (col(Component.version), col(Component.team_id))


def page_rows(  # noqa: PLR0913 - what a page depends on
    actor: Caller,
    query: ListQuery,
    kinds: list[str],
    *,
    matches: Subquery | None,
    behind: Sequence[Any] | None,
    most: ColumnElement[int] | int,
) -> AnySelect:
    """Rows of one page: first its ids, by an index, and the rest for these alone.

    Args:
        actor: Who asks.
        query: What for; its cursor and limit count for nothing.
        kinds: Only these kinds; all if empty.
        matches: What the full text found, if anything was asked.
        behind: The values that the page begins behind, if it is not the first.
        most: How many rows.
    """
    keys = keys_of(query.order, matches)
    parts = []
    for branch in _branches(query, kinds):
        wanted = conditions(query, actor, kinds=branch, matches=None)
        ids: AnySelect = select(col(Component.id), keys[0].column.label("key"))
        ids = ids.where(*wanted)
        if matches is not None:
            ids = ids.join(matches, matches.c.component_id == Component.id)
        parts.append(placed(ids, keys, behind).limit(most))
    page = _merged(query, parts, most)
    return (
        component_rows(actor, page)
        .add_columns(page.c.key)
        .order_by(*_in_order(query, page))
    )


def page_places(  # noqa: PLR0913 - what a page depends on
    actor: Caller,
    query: ListQuery,
    kinds: list[str],
    *,
    behind: Sequence[Any] | None,
    most: ColumnElement[int] | int,
    leader: str | None,
) -> AnySelect:
    """The ids of one page with their versions, and what only this caller is shown.

    Args:
        actor: Who asks.
        query: What for, but for words; its cursor and limit count for nothing.
        kinds: Only these kinds; all if empty.
        behind: The values that the page begins behind, if it is not the first.
        most: How many rows.
        leader: The filter to look up by, where it finds but a few; None: the rows are
            looked at in their order, until there are enough.
    """
    keys = keys_of(query.order, None)
    branches = _branches(query, kinds)
    if leader is not None:
        keys = [replace(keys[0], column=Unindexed(keys[0].column)), *keys[1:]]
        branches = [kinds]
    parts = []
    for branch in branches:
        wanted = conditions(
            query, actor, kinds=branch, matches=None, by=By.row, leader=leader
        )
        key = getattr(Component, query.order.removeprefix("-")).label("key")
        ids: AnySelect = select(col(Component.id), key, *_PLACE).where(*wanted)
        parts.append(placed(ids, keys, behind).limit(most))
    page = _merged(query, parts, most)
    return of_caller(actor, page).order_by(*_in_order(query, page))


def _merged(
    query: ListQuery, parts: Sequence[AnySelect], most: ColumnElement[int] | int
) -> Subquery:
    """One page of several, each of which is in order."""
    if len(parts) == 1:
        return parts[0].subquery("page")
    merged = union_all(*(select(*part.subquery().c) for part in parts))
    several = merged.subquery("several")
    rows = select(*several.c).order_by(*_in_order(query, several))
    return rows.limit(most).subquery("page")


def _branches(query: ListQuery, kinds: list[str]) -> list[list[str]]:
    """The kinds to look up each for itself, and then merge.

    The indexes in the orders of lists begin with the kind, but for the usual order.
    """
    by_index = not (query.q or query.ref or query.deleted)
    if not by_index or query.order.endswith("updated_at"):
        return [kinds]
    return [[kind] for kind in dict.fromkeys(kinds or KINDS)]


def _in_order(query: ListQuery, page: Subquery) -> tuple[Any, Any]:
    if query.order == "relevance" or query.order.startswith("-"):
        return page.c.key.desc(), page.c.id.desc()
    return page.c.key, page.c.id
