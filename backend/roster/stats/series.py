"""How much of what happened on each day, in one grouped statement for each."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.audit.models import AuditEvent
from roster.components.models import Component, Revision
from roster.components.rows import AnySelect, fetch, listed
from roster.core.actor import Actor
from roster.imports.models import Import
from roster.live.catalogue import TARGET, seen_import
from roster.stats.at_hand import within
from roster.stats.schemas import Series


class Period:
    """Days up to today."""

    def __init__(self, days: int, today: date) -> None:
        self.days = [today - timedelta(days=back) for back in range(days)][::-1]
        self.begin = datetime.combine(self.days[0], time(), UTC)

    @property
    def first_id(self) -> UUID:
        """The smallest UUIDv7 of it: ids are indexed, times are not."""
        return UUID(int=int(self.begin.timestamp() * 1000) << 80)

    def spread(self, counts: Mapping[date, int]) -> list[int]:
        return [counts.get(day, 0) for day in self.days]


def _day(session: AsyncSession, moment: Any) -> ColumnElement[Any]:
    if session.get_bind().dialect.name == "sqlite":
        return func.date(moment)
    return func.date(func.timezone("UTC", moment))


def _as_date(found: date | str) -> date:
    return found if isinstance(found, date) else date.fromisoformat(found)


async def _per_day(
    session: AsyncSession, period: Period, moment: Any, things: AnySelect
) -> list[int]:
    day = _day(session, moment)
    rows = await fetch(
        session, things.with_only_columns(day, func.count()).group_by(day)
    )
    return period.spread({_as_date(found): count for found, count in rows})


@dataclass(frozen=True)
class Published:
    """Revisions of the period."""

    per_day: list[int]
    per_team: Mapping[UUID, int]


async def published(
    session: AsyncSession, actor: Actor, period: Period, team_id: UUID | None
) -> Published:
    day, team = _day(session, col(Revision.created_at)), col(Component.team_id)
    rows = await fetch(
        session,
        select(day, team, func.count())
        .select_from(Revision)
        .join(Component, col(Component.id) == Revision.component_id)
        .where(col(Revision.id) >= period.first_id, listed(actor), *within(team_id))
        .group_by(day, team),
    )
    per_day: Counter[date] = Counter()
    per_team: Counter[UUID] = Counter()
    for found, of_team, count in rows:
        per_day[_as_date(found)] += count
        per_team[of_team] += count
    return Published(period.spread(per_day), per_team)


async def read(
    session: AsyncSession,
    actor: Actor,
    period: Period,
    team_id: UUID | None,
    *,
    revisions: list[int],
) -> Series:
    component = col(Component.id)
    seen = (listed(actor), *within(team_id))
    components: AnySelect = select(component).where(component >= period.first_id, *seen)
    moves = _events("label.moved", period).join(Component, component == TARGET)
    imports = (
        _events("import.applied", period)
        .join(Import, col(Import.id) == TARGET)
        .where(seen_import(actor))
    )
    if team_id is not None:
        imports = imports.where(col(Import.team_id) == team_id)
    made = col(AuditEvent.created_at)
    return Series(
        days=period.days,
        revisions=revisions,
        components=await _per_day(
            session, period, col(Component.created_at), components
        ),
        moves=await _per_day(session, period, made, moves.where(*seen)),
        imports=await _per_day(session, period, made, imports),
    )


def _events(action: str, period: Period) -> AnySelect:
    return select(TARGET).where(
        col(AuditEvent.action) == action, col(AuditEvent.id) >= period.first_id
    )
