"""The statements of a page of components."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, select, true, union_all
from sqlmodel import col

from roster.components.conditions import By, Unindexed, conditions
from roster.components.kinds import KINDS
from roster.components.models import Component
from roster.components.orders import keys_of
from roster.components.query import ListQuery
from roster.components.rows import AnySelect, component_rows, of_caller
from roster.core.actor import Caller
from roster.core.paging import SortKey, placed

_PLACE = (col(Component.version), col(Component.team_id))


def page_rows(  # noqa: PLR0913 - what a page depends on
    actor: Caller,
    query: ListQuery,
    kinds: list[str],
    *,
    matches: Subquery | None,
    behind: Sequence[Any] | None,
    most: ColumnElement[int] | int,
    dialect: str,
) -> AnySelect:
    """Rows of one page: first its ids, by an index, and the rest for these alone.

    Args:
        actor: Who asks.
        query: What for; its cursor and limit count for nothing.
        kinds: Only these kinds; all if empty.
        matches: What the full text found, if anything was asked.
        behind: The values that the page begins behind, if it is not the first.
        most: How many rows.
        dialect: Of the database.
    """
    parts = []
    for branch in _branches(query, kinds):
        keys = keys_of(query.order, matches)
        wanted = conditions(query, actor, kinds=branch, matches=None)
        ids: AnySelect = select(col(Component.id), keys[0].column.label("key"))
        if matches is not None and dialect == "postgresql":
            ids, keys = _each_of(matches, ids.add_columns(and_(*wanted)), keys)
        elif matches is not None:
            ids = ids.where(*wanted)
            ids = ids.join(matches, matches.c.component_id == Component.id)
        else:
            ids = ids.where(*wanted)
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


def _each_of(
    matches: Subquery, ids: AnySelect, keys: Sequence[SortKey]
) -> tuple[AnySelect, list[SortKey]]:
    """Look up each match by its id, and put into order what is left of them.

    Where the planner may choose, it walks an index in the order of the list and looks
    for each row among the matches, while a table has no statistics.

    Args:
        matches: What the full text found.
        ids: The id of a component, its key, and whether it is wanted.
        keys: The order.
    """
    one = ids.where(matches.c.component_id == Component.id).suffix_with("OFFSET 0")
    found = one.lateral("found")
    id_, key, is_wanted = found.c
    first, last = keys
    columns = [replace(first, column=key), replace(last, column=id_)]
    tables = matches.join(found, true())
    return select(id_, key).select_from(tables).where(is_wanted), columns


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
