from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select

from roster.core.actor import Actor
from roster.core.paging import Page, PageQuery, by_text, cut, ordered
from roster.teams.models import Membership, Role, Team, TeamMembership, UserMe
from roster.users.models import User

ORDER = "slug"
KEYS = [by_text(col(Team.slug))]


def _of_member(user_id: UUID) -> Select[Team, Role]:
    return (
        select(Team, col(Membership.role))
        .join(Membership, col(Membership.team_id) == Team.id)
        .where(Membership.user_id == user_id)
    )


def _as_member(team: Team, role: Role) -> TeamMembership:
    return TeamMembership.model_validate(team, update={"role": role})


async def list_teams(
    session: AsyncSession, query: PageQuery, *, actor: Actor
) -> Page[TeamMembership]:
    rows = await session.exec(ordered(_of_member(actor.id), ORDER, KEYS, query))
    teams = [_as_member(team, role) for team, role in rows]
    items, cursor = cut(teams, ORDER, query, lambda team: [team.slug])
    return Page(items=items, next_cursor=cursor)


async def describe_me(session: AsyncSession, user: User) -> UserMe:
    rows = await session.exec(_of_member(user.id).order_by(col(Team.slug)))
    teams = [_as_member(team, role) for team, role in rows]
    return UserMe.model_validate(user, update={"teams": teams})
