"""The statement of a page of components."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Subquery, select, union_all
from sqlmodel import col

from roster.components.conditions import conditions
from roster.components.kinds import KINDS
from roster.components.models import Component
from roster.components.orders import keys_of
from roster.components.query import ListQuery
from roster.components.rows import AnySelect, component_rows
from roster.core.actor import Caller
from roster.core.paging import placed


def page_rows(  # noqa: PLR0913 - what a page depends on
    actor: Caller,
    query: ListQuery,
    kinds: list[str],
    *,
    matches: Subquery | None,
    behind: Sequence[Any] | None,
    most: ColumnElement[int] | int,
    by_row: bool = False,
) -> AnySelect:
    """Rows of one page: first its ids, by an index, and the rest for these alone.

    Args:
        actor: Who asks.
        query: What for; its cursor and limit count for nothing.
        kinds: Only these kinds; all if empty.
        matches: What the full text found, if anything was asked.
        behind: The values that the page begins behind, if it is not the first.
        most: How many rows.
        by_row: See `conditions`.
    """
    keys = keys_of(query.order, matches)
    parts = []
    for branch in _branches(query, kinds):
        wanted = conditions(query, actor, kinds=branch, matches=None, by_row=by_row)
        ids: AnySelect = select(col(Component.id), keys[0].column.label("key"))
        ids = ids.where(*wanted)
        if matches is not None:
            ids = ids.join(matches, matches.c.component_id == Component.id)
        parts.append(placed(ids, keys, behind).limit(most))
    if len(parts) == 1:
        page = parts[0].subquery("page")
    else:
        several = [select(*part.subquery().c) for part in parts]
        merged = union_all(*several).subquery("several")
        in_order = _in_order(query, merged)
        rows = select(*merged.c).order_by(*in_order).limit(most)
        page = rows.subquery("page")
    return (
        component_rows(actor, page)
        .add_columns(page.c.key)
        .order_by(*_in_order(query, page))
    )


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
