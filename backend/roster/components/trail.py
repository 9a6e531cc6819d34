"""What the audit is told of components, under the reference they have then."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.audit.service import Target, record_many
from roster.components.models import Component
from roster.core.actor import Actor
from roster.core.compiled import Asking, in_slots, slots
from roster.teams.models import Team

_SLUGS = "slugs of teams"


@dataclass(frozen=True, slots=True)
class Happening:
    action: str
    component: Component
    details: Mapping[str, Any] = field(default_factory=dict)


@cache
def _asking_slugs(count: int) -> Asking:
    return Asking(
        select(Team.id, Team.slug).where(col(Team.id).in_(slots("id", count, Uuid())))
    )


async def tell(
    session: AsyncSession, happenings: Sequence[Happening], *, by: Actor
) -> None:
    slugs = await _slugs(session, {one.component.team_id for one in happenings})
    events = []
    for one in happenings:
        component = one.component
        name = f"{component.kind}:{slugs[component.team_id]}/{component.name}"
        target = Target("component", component.id, name, component.team_id)
        events.append((one.action, target, one.details))
    await record_many(session, events, by=by)


def know_slug(session: AsyncSession, team_id: UUID, slug: str) -> None:
    """Keep the name of a team that this transaction has read, to `tell` it."""
    session.info[_SLUGS] = {**session.info.get(_SLUGS, {}), team_id: slug}


async def slug_of(session: AsyncSession, team_id: UUID) -> str:
    """The name of a team."""
    return (await _slugs(session, {team_id}))[team_id]


async def _slugs(session: AsyncSession, ids: Collection[UUID]) -> Mapping[UUID, str]:
    known: Mapping[UUID, str] = session.info.get(_SLUGS, {})
    missing = set(ids) - known.keys()
    if not missing:
        return known
    values = in_slots("id", list(missing))
    found = await _asking_slugs(len(values)).rows(session, values)
    return {**known, **dict(found)}
