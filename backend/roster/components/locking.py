"""Components held against everybody else who would change them."""

from collections.abc import Sequence
from functools import cache
from uuid import UUID

from sqlalchemy import Uuid, func, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components.lookup import batches
from roster.components.models import Component, Revision
from roster.core.changing import present
from roster.core.compiled import Asking, in_slots, slots

COLUMNS = tuple(Component.metadata.tables["components"].c)


@cache
def _asking_locked(count: int) -> Asking:
    return Asking(
        select(*COLUMNS)
        .where(
            col(Component.id).in_(slots("id", count, Uuid())),
            col(Component.deleted_at).is_(None),
        )
        .order_by(col(Component.id))
        .with_for_update()
    )


async def lock(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, Component]:
    """Lock components against other writers and read their present state.

    On SQLite there is one writer anyway. Deleted ones are left out.
    """
    found: dict[UUID, Component] = {}
    for batch in batches(sorted(ids)):
        values = in_slots("id", batch)
        rows = await _asking_locked(len(values)).rows(session, values)
        components = present(session, Component, (row._asdict() for row in rows))
        found.update({component.id: component for component in components})
    return found


@cache
def _asking_numbers(count: int) -> Asking:
    return Asking(
        select(col(Revision.component_id), func.max(Revision.number).label("last"))
        .where(col(Revision.component_id).in_(slots("id", count, Uuid())))
        .group_by(col(Revision.component_id))
    )


async def last_numbers(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, int]:
    found: dict[UUID, int] = {}
    for batch in batches(ids):
        values = in_slots("id", batch)
        rows = await _asking_numbers(len(values)).rows(session, values)
        found.update(dict(rows))
    return found
