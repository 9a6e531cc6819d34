"""Figures of a person and of their teams."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import case, func, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components.models import Component, Revision
from roster.components.rows import AnyRow, fetch, listed, visible
from roster.core.actor import Actor
from roster.core.periods import Period
from roster.stats.at_hand import within
from roster.stats.schemas import OwnFigures, TeamFigures
from roster.teams.access import Verb, may, of_member
from roster.teams.models import Membership, Team, TeamRef


@dataclass(frozen=True)
class Counted:
    """How many components there are, in one statement for all figures of them."""

    kinds: Mapping[str, int]
    in_team: Mapping[UUID, int]
    with_errors: Mapping[UUID, int]
    """By their team."""


async def count(session: AsyncSession, actor: Actor, team_id: UUID | None) -> Counted:
    wrong = func.sum(case((col(Component.errors) > 0, 1), else_=0))
    rows = await fetch(
        session,
        select(col(Component.team_id), col(Component.kind), func.count(), wrong)
        .where(listed(actor), *within(team_id))
        .group_by(col(Component.team_id), col(Component.kind))
        .order_by(col(Component.kind)),
    )
    kinds: Counter[str] = Counter()
    in_team: Counter[UUID] = Counter()
    with_errors: Counter[UUID] = Counter()
    for team, kind, components, errors in rows:
        kinds[kind] += components
        in_team[team] += components
        with_errors[team] += errors
    return Counted(kinds, in_team, with_errors)


async def of_person(
    session: AsyncSession, actor: Actor, period: Period, team_id: UUID | None
) -> OwnFigures:
    made = (
        select(func.count())
        .select_from(Component)
        .where(visible(actor), col(Component.created_by) == actor.id, *within(team_id))
    )
    published = (
        select(func.count())
        .select_from(Revision)
        .join(Component, col(Component.id) == Revision.component_id)
        .where(
            listed(actor),
            col(Revision.author_id) == actor.id,
            col(Revision.id) >= period.first_id,
            *within(team_id),
        )
    )
    [row] = await fetch(
        session, select(made.scalar_subquery(), published.scalar_subquery())
    )
    return OwnFigures(components=row[0], revisions=row[1])


async def memberships(
    session: AsyncSession, actor: Actor, team_id: UUID | None
) -> list[AnyRow]:
    """Give the teams that the actor is in, by their names."""
    others = (
        select(func.count())
        .select_from(Membership)
        .where(col(Membership.team_id) == Team.id)
        .correlate(Team)
        .scalar_subquery()
    )
    rows = await fetch(
        session,
        select(
            col(Team.id),
            col(Team.slug),
            col(Team.name),
            col(Membership.role),
            others.label("members"),
        )
        .join(Membership, col(Membership.team_id) == Team.id)
        .where(
            of_member(actor), *([] if team_id is None else [col(Team.id) == team_id])
        )
        .order_by(col(Team.slug)),
    )
    return list(rows)


def of_teams(
    mine: list[AnyRow], counted: Counted, revisions: Mapping[UUID, int]
) -> list[TeamFigures]:
    return [
        TeamFigures(
            team=TeamRef(id=row.id, slug=row.slug, name=row.name),
            role=row.role,
            members=row.members,
            components=counted.in_team.get(row.id, 0),
            errors=counted.with_errors.get(row.id, 0),
            revisions=revisions.get(row.id, 0),
        )
        for row in mine
    ]


def errors_to_mend(mine: list[AnyRow], counted: Counted) -> int:
    return sum(
        counted.with_errors.get(row.id, 0) for row in mine if may(row.role, Verb.edit)
    )
