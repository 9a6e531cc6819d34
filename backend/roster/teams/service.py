"""What happens to a team as a whole."""

from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select

from roster.audit.service import Target, record
from roster.auth.sessions import SECOND_FACTOR
from roster.core.actor import Actor
from roster.core.caching import require_match
from roster.core.errors import Conflict, Invalid
from roster.core.model import utc_now
from roster.core.paging import Page, PageQuery, by_text, cut, ordered
from roster.teams import invitations, names
from roster.teams.access import of_member
from roster.teams.deps import SeenTeam
from roster.teams.models import Membership, Role, Team, TeamMembership, UserMe
from roster.teams.schemas import TeamCreate, TeamPublic, TeamUpdate
from roster.users.models import User

ORDER = "slug"
KEYS = [by_text(col(Team.slug))]


def target(team: Team) -> Target:
    return Target("team", team.id, team.slug, team.id)


def version_of(team: Team) -> int:
    """The version that an ETag carries: the time of the last change."""
    return int(team.updated_at.timestamp() * 1_000_000)


def _of_member(user_id: UUID) -> Select[Team, Role]:
    return (
        select(Team, col(Membership.role))
        .join(Membership, col(Membership.team_id) == Team.id)
        .where(Membership.user_id == user_id, col(Team.deleted_at).is_(None))
    )


def _as_member(
    team: Team, role: Role, *, has_second_factor: bool
) -> TeamMembership:
    locked = team.require_second_factor and not has_second_factor
    return TeamMembership.model_validate(team, update={"role": role, "locked": locked})


async def list_teams(
    session: AsyncSession, query: PageQuery, *, actor: Actor
) -> Page[TeamMembership]:
    mine = _of_member(actor.id)
    if actor.team_ids is not None:
        mine = mine.where(col(Team.id).in_(actor.team_ids))
    rows = await session.exec(ordered(mine, ORDER, KEYS, query))
    teams = [
        _as_member(team, role, has_second_factor=actor.has_second_factor)
        for team, role in rows
    ]
    items, cursor = cut(teams, ORDER, query, lambda team: [team.slug])
    return Page(items=items, next_cursor=cursor)


async def describe_me(session: AsyncSession, user: User) -> UserMe:
    rows = await session.exec(
        _of_member(user.id)
        .join(User, col(User.id) == Membership.user_id)
        .add_columns(SECOND_FACTOR)
        .order_by(col(Team.slug))
    )
    teams = [_as_member(team, role, has_second_factor=has) for team, role, has in rows]
    return UserMe.model_validate(user, update={"teams": teams})


async def describe(session: AsyncSession, seen: SeenTeam) -> TeamPublic:
    members = await session.exec(
        select(func.count()).where(col(Membership.team_id) == seen.team.id)
    )
    return TeamPublic.model_validate(
        seen.team,
        update={"role": seen.role, "locked": seen.locked, "members": members.one()},
    )
