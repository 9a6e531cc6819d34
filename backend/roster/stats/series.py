"""How much of what happened on each day, in one grouped statement for each."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, union_all
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.audit.models import AuditEvent
from roster.collections.models import Collection, Release
from roster.collections.rows import seen_releases
from roster.components.models import Component, Revision
from roster.components.rows import AnySelect, fetch, listed
from roster.core.actor import Actor
from roster.core.periods import Period
from roster.imports.models import Import
from roster.live.catalogue import TARGET, seen_import
from roster.stats.at_hand import within
from roster.stats.schemas import Series
from roster.teams.access import Verb, teams_of
from roster.teams.models import Membership
from roster.usage.models import ComponentPull, ReleasePull


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
        pulls=await _pulls(session, actor, period, team_id),
    )


async def _pulls(
    session: AsyncSession, actor: Actor, period: Period, team_id: UUID | None
) -> list[int]:
    """A pull of a release is one, whatever is in it."""
    mine = teams_of(actor, Verb.read)
    if team_id is not None:
        mine = mine.where(col(Membership.team_id) == team_id)
    release, collection = col(Release.id), col(Collection.id)
    of_releases = (
        select(col(ReleasePull.day), func.sum(col(ReleasePull.count)))
        .join(Release, release == ReleasePull.release_id)
        .join(Collection, collection == Release.collection_id)
        .where(
            col(ReleasePull.day) >= period.days[0],
            col(Collection.team_id).in_(mine),
            seen_releases(actor),
        )
        .group_by(col(ReleasePull.day))
    )
    alone = (
        select(col(ComponentPull.day), func.sum(col(ComponentPull.count)))
        .join(Component, col(Component.id) == ComponentPull.component_id)
        .where(
            col(ComponentPull.day) >= period.days[0], col(Component.team_id).in_(mine)
        )
        .group_by(col(ComponentPull.day))
    )
    per_day: Counter[date] = Counter()
    for day, count in await fetch(session, union_all(of_releases, alone)):
        per_day[_as_date(day)] += count
    return period.spread(per_day)


def _events(action: str, period: Period) -> AnySelect:
    return select(TARGET).where(
        col(AuditEvent.action) == action, col(AuditEvent.id) >= period.first_id
    )
