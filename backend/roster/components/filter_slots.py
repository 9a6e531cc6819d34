"""Filters of a list as the slots of a statement that is built once for many values."""

from collections.abc import Hashable
from typing import Any

from sqlalchemy import String

from roster.components.conditions import COMMON
from roster.components.models import Component
from roster.components.query import AnyFilters, Filters
from roster.core.direct import slot

_FIXED = frozenset({"health", "visibility", "deprecated", "kind"})
"""Filters with few values, which stand in the statement itself."""
_TIME = Component.metadata.tables["components"].c.updated_at.type


def with_slots(filters: AnyFilters) -> AnyFilters:
    """The same filters with slots instead of values."""
    slots: dict[str, Any] = {}
    for name in (*COMMON, *filters.facets):
        if name not in _FIXED:
            count = range(len(filters.values(name)))
            slots[name] = [slot(f"{name}_{number}", String()) for number in count]
    if filters.updated_since is not None:
        slots["updated_since"] = slot("updated_since", _TIME)
    return filters.model_copy(update=slots)


def filter_values(filters: Filters) -> dict[str, Any]:
    """What goes into the slots."""
    values: dict[str, Any] = {"updated_since": filters.updated_since}
    for name in (*COMMON, *filters.facets):
        for number, value in enumerate(filters.values(name)):
            values[f"{name}_{number}"] = value
    return values


def filter_key(filters: Filters) -> Hashable | None:
    """What the words of a statement depend on; None if on what is seldom the same."""
    if filters.ref:
        return None
    chosen = [
        (name, tuple(values) if name in _FIXED else len(values))
        for name in (*COMMON, *filters.facets)
        if (values := filters.values(name))
    ]
    is_since = filters.updated_since is not None
    return (tuple(chosen), is_since, filters.upstream, filters.deleted)


def is_filtered(filters: Filters, leave_out: str | None) -> bool:
    """Whether anything but words is asked, beside the kind."""
    names = {*COMMON, *filters.facets} - {leave_out, "kind"}
    return bool(
        filters.ref
        or filters.upstream
        or filters.updated_since
        or any(filters.values(name) for name in names)
    )
