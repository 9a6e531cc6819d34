"""Sealed events, as those who listen get to read them."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import BindParameter, Row, Select, bindparam, func, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.audit.models import AuditEvent
from roster.components.asking import Shape, shape_of, stand_in, values_of
from roster.core.actor import Caller
from roster.live.catalogue import ACTIONS, SUBJECTS, told
from roster.live.schemas import LiveActor, LiveEvent, LiveTarget

LONGEST_DETAIL = 200


class Happened(NamedTuple):
    """An event that somebody may want to be told of."""

    seq: int
    id: UUID
    kind: str


async def newest(session: AsyncSession) -> int:
    """Give the number of the newest sealed event."""
    connection = await session.connection()
    found = await connection.execute(select(func.max(col(AuditEvent.seq))))
    return found.scalar_one() or 0


async def between(
    session: AsyncSession, after: int, upto: int, limit: int
) -> list[Happened]:
    """Read the first live events behind one number, up to another."""
    connection = await session.connection()
    seq = col(AuditEvent.seq)
    found = await connection.execute(
        select(seq, col(AuditEvent.id), col(AuditEvent.target_kind))
        .where(
            seq > after,
            seq <= upto,
            col(AuditEvent.action).in_(ACTIONS),
            col(AuditEvent.target_kind).in_(SUBJECTS),
        )
        .order_by(seq)
        .limit(limit)
    )
    return [Happened(number or 0, id_, kind) for number, id_, kind in found]


async def visible(
    session: AsyncSession, caller: Caller, happened: Sequence[Happened]
) -> list[tuple[int, LiveEvent]]:
    """Give those that the caller may be told of at this moment, in their order."""
    connection = await session.connection()
    shape, values = shape_of(caller), values_of(caller)
    found: list[tuple[int, LiveEvent]] = []
    for kind in {one.kind for one in happened}:
        ids = [one.id for one in happened if one.kind == kind]
        rows = await connection.execute(_asked(shape, kind), {**values, "ids": ids})
        found += [(row.seq, event_of(row)) for row in rows]
    return sorted(found, key=lambda numbered: numbered[0])


@lru_cache(256)
def _asked(shape: Shape, kind: str) -> Select[*tuple[Any, ...]]:
    """Made once for all who are alike: to make it takes longer than to ask it."""
    ids: BindParameter[Any] = bindparam("ids", expanding=True)
    return told(stand_in(shape), kind).where(col(AuditEvent.id).in_(ids))


def event_of(row: Row[*tuple[Any, ...]]) -> LiveEvent:
    return LiveEvent(
        id=row.id,
        at=row.created_at,
        action=row.action,
        actor=LiveActor(username=row.actor_name) if row.actor_name else None,
        target=LiveTarget(kind=row.target_kind, id=row.target_id, name=row.name),
        team=row.team,
        details=dict(_plain(row.details, ACTIONS[row.action])),
    )


def _plain(
    details: dict[str, Any], names: Iterable[str]
) -> Iterable[tuple[str, str | int | None]]:
    for name in names:
        value = details.get(name)
        if isinstance(value, str):
            yield name, value[:LONGEST_DETAIL]
        elif isinstance(value, int) or (value is None and name in details):
            yield name, value
