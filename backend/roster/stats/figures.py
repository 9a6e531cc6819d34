"""Figures of a person and of their teams."""

from uuid import UUID

from sqlalchemy import case, func, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components.models import Component, Revision
from roster.components.rows import fetch, visible
from roster.core.actor import Actor
from roster.stats.at_hand import listed, within
from roster.stats.schemas import OwnFigures, TeamFigures
from roster.stats.series import Period
from roster.teams.access import of_member
from roster.teams.models import Membership, Team, TeamRef


async def of_kinds(
    session: AsyncSession, actor: Actor, team_id: UUID | None
) -> dict[str, int]:
    rows = await fetch(
        session,
        select(col(Component.kind), func.count())
        .where(listed(actor), *within(team_id))
        .group_by(col(Component.kind))
        .order_by(col(Component.kind)),
    )
    return {row[0]: row[1] for row in rows}


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


async def of_teams(
    session: AsyncSession, actor: Actor, period: Period, team_id: UUID | None
) -> list[TeamFigures]:
    """Count for each team of the actor, in the order of their names."""
    others = (
        select(func.count())
        .select_from(Membership)
        .where(col(Membership.team_id) == Team.id)
        .correlate(Team)
        .scalar_subquery()
    )
    mine = await fetch(
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
    ids = [row.id for row in mine]
    in_them = (listed(actor), col(Component.team_id).in_(ids))
    components = await fetch(
        session,
        select(
            col(Component.team_id),
            func.count().label("components"),
            func.sum(case((col(Component.errors) > 0, 1), else_=0)).label("errors"),
        )
        .where(*in_them)
        .group_by(col(Component.team_id)),
    )
    revisions = await fetch(
        session,
        select(col(Component.team_id), func.count())
        .select_from(Revision)
        .join(Component, col(Component.id) == Revision.component_id)
        .where(*in_them, col(Revision.id) >= period.first_id)
        .group_by(col(Component.team_id)),
    )
    counted = {row.team_id: row for row in components}
    published = {row[0]: row[1] for row in revisions}
    return [
        TeamFigures(
            team=TeamRef(id=row.id, slug=row.slug, name=row.name),
            role=row.role,
            members=row.members,
            components=counted[row.id].components if row.id in counted else 0,
            errors=counted[row.id].errors if row.id in counted else 0,
            revisions=published.get(row.id, 0),
        )
        for row in mine
    ]
