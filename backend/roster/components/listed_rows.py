"""What lists show of each component, kept as bytes while nothing of it changes.

Lists ask the database which components are on a page, in which version, and for what
only this caller is shown of them. The rest is the same for all who may see one.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ARRAY, String, Uuid, func, select
from sqlmodel import col

from roster.components.asking import Shape, shape_of, stand_in, values_of
from roster.components.models import Component
from roster.components.rows import AnySelect, component_rows, listed
from roster.components.schemas import ComponentListed, ComponentPublic
from roster.components.shown import (
    dumps,
    shown_to_all,
    shown_to_caller,
    with_labels,
)
from roster.core.actor import Caller
from roster.core.direct import AnyRow, Direct, slot
from roster.core.parts import Parts
from roster.core.topics import COMPONENT, topic

_ONLY_LISTED = {
    name: field.default
    for name, field in ComponentListed.model_fields.items()
    if name not in ComponentPublic.model_fields
}


async def listed_rows(
    direct: Direct, parts: Parts, caller: Caller, places: Sequence[AnyRow]
) -> list[bytes]:
    """The items of a page, in order; what is seen no longer is left out.

    Args:
        direct: Where to read what is not kept.
        parts: What is kept.
        caller: Who asks.
        places: Rows of `page_places`.
    """
    found: dict[Any, bytes] = {}
    missing = []
    if parts.is_current:
        for place in places:
            content = parts.find(place.id, place.version)
            if content is None:
                missing.append(place.id)
            else:
                found[place.id] = content
    else:
        missing = [place.id for place in places]
    if missing:
        found |= await _read(direct, parts, caller, missing)
    return [
        found[place.id]
        + _tail(place.role, place.draft_id is not None, place.upstream_state)
        for place in places
        if place.id in found
    ]


async def _read(
    direct: Direct, parts: Parts, caller: Caller, ids: list[Any]
) -> dict[Any, bytes]:
    mark, dialect = parts.mark, direct.dialect.name
    shape = shape_of(caller)
    prepared = direct.prepared(
        ("listed rows", shape), lambda: rows_statement(shape, dialect)
    )
    wanted = ids if dialect == "postgresql" else dumps(ids).decode()
    rows = await direct.fetch(prepared, {**values_of(caller), "ids": wanted})
    found = {}
    for row in rows:
        content = found[row.id] = dumps(shown_to_all(row, direct.values))[:-1]
        # Who has another one to be used instead: that is not shown to everybody.
        if row.deprecated_at is None:
            about = topic(COMPONENT, direct.values.uuid(row.id))
            parts.store(row.id, row.version, content, topics=(about,), mark=mark)
    return found


def rows_statement(shape: Shape, dialect: str) -> AnySelect:
    """Components by their ids, as the driver gives them."""
    caller = stand_in(shape)
    statement = component_rows(caller).where(_among_ids(dialect), listed(caller))
    return with_labels(statement, dialect)


def _among_ids(dialect: str) -> Any:
    id_ = col(Component.id)
    if dialect == "postgresql":
        return id_ == func.any(slot("ids", ARRAY(Uuid())))
    values = func.json_each(slot("ids", String())).table_valued("value")
    return id_.in_(select(values.c.value))


@lru_cache(64)
def _tail(role: str | None, has_draft: bool, upstream_state: str | None) -> bytes:
    shown = shown_to_caller(role, has_draft=has_draft, upstream_state=upstream_state)
    shown |= _ONLY_LISTED
    return b"," + dumps(shown)[1:]
