"""What happens to a team as a whole."""

from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select

from roster.audit.service import Target, record
from roster.auth import addresses
from roster.auth.sessions import SECOND_FACTOR
from roster.core.actor import Actor
from roster.core.caching import require_match
from roster.core.errors import Conflict, Invalid
from roster.core.model import utc_now
from roster.core.paging import Page, PageQuery, by_text, cut, ordered
from roster.teams import invitations, names
from roster.teams.finding import SeenTeam
from roster.teams.models import (
    Invitation,
    Membership,
    Role,
    Team,
    TeamMembership,
    UserMe,
)
from roster.teams.schemas import TeamCreate, TeamPublic, TeamUpdate
from roster.users.models import User

ORDER = "slug"
KEYS = [by_text(col(Team.slug))]


def target(team: Team) -> Target:
    return Target("team", team.id, team.slug, team.id)


def version_of(row: Team | Membership) -> int:
    """The version that an ETag carries: the time of the last change."""
    return int(row.updated_at.timestamp() * 1_000_000)


def _of_member(user_id: UUID) -> Select[Team, Role]:
    return (
        select(Team, col(Membership.role))
        .join(Membership, col(Membership.team_id) == Team.id)
        .where(Membership.user_id == user_id, col(Team.deleted_at).is_(None))
    )


def _as_member(team: Team, role: Role, *, has_second_factor: bool) -> TeamMembership:
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


async def has_second_factor(session: AsyncSession, user_id: UUID) -> bool:
    rows = await session.exec(select(SECOND_FACTOR).where(User.id == user_id))
    return rows.one()


async def describe_me(session: AsyncSession, user: User) -> UserMe:
    has = await has_second_factor(session, user.id)
    rows = await session.exec(_of_member(user.id).order_by(col(Team.slug)))
    teams = [_as_member(team, role, has_second_factor=has) for team, role in rows]
    return UserMe.model_validate(
        user,
        update={
            "teams": teams,
            "email_verified": user.email_verified_at is not None,
            "pending_email": await addresses.pending_of(session, user),
        },
    )


async def describe(session: AsyncSession, seen: SeenTeam) -> TeamPublic:
    members = await session.exec(
        select(func.count()).where(col(Membership.team_id) == seen.team.id)
    )
    return TeamPublic.model_validate(
        seen.team,
        update={"role": seen.role, "locked": seen.locked, "members": members.one()},
    )


async def create(session: AsyncSession, data: TeamCreate, *, actor: Actor) -> SeenTeam:
    """Make a team; who makes it owns it.

    Raises:
        NameTaken: It is, or was, the name of another team or account.
    """
    await names.reserve(session, data.slug, field="slug")
    team = Team(slug=data.slug, name=data.name)
    session.add(team)
    await session.flush()
    await names.claim(session, team.slug, team.id)
    session.add(Membership(user_id=actor.id, team_id=team.id, role=Role.owner))
    record(session, "team.created", target(team), by=actor)
    await session.flush()
    return SeenTeam(team, Role.owner, locked=False)


async def update(
    session: AsyncSession,
    team: Team,
    data: TeamUpdate,
    if_match: str | None,
    *,
    actor: Actor,
) -> SeenTeam:
    """Change what is given of a team.

    Raises:
        Conflict: A personal team keeps the name of its person; or who asks for a
            second factor has none.
        NameTaken: The new name is, or was, that of another team or account.
        Stale: It was changed since it was read.
    """
    require_match(if_match, version_of(team))
    changes = {
        key: value
        for key, value in data.model_dump().items()
        if getattr(team, key) != value
    }
    if team.is_personal and changes.keys() & {"slug", "name"}:
        raise Conflict("A personal team keeps the name of its person.")
    if changes.get("require_second_factor") and not actor.has_second_factor:
        raise Conflict(
            "Set up a second factor of your own first; it would lock you out."
        )
    before = {key: getattr(team, key) for key in changes}
    if slug := changes.pop("slug", None):
        await names.rename(session, team, slug)
        change = {"from": before.pop("slug"), "to": slug}
        record(session, "team.renamed", target(team), by=actor, details=change)
    if changes:
        team.sqlmodel_update(changes)
        change = {"before": before, "after": changes}
        record(session, "team.changed", target(team), by=actor, details=change)
    if session.is_modified(team):
        team.updated_at = utc_now()
    await session.flush()
    return SeenTeam(team, Role.owner, locked=False)


async def delete(
    session: AsyncSession, team: Team, confirm: str, *, actor: Actor
) -> None:
    """Hide a team with all that is in it; rows and name stay, for tombstones.

    Raises:
        Conflict: It is a personal team.
        Invalid: The name was not typed.
    """
    if team.is_personal:
        raise Conflict("A personal team stays as long as its account.")
    if confirm != team.slug:
        raise Invalid.field("confirm", f"Type the name of the team, {team.slug}.")
    team.deleted_at = team.updated_at = utc_now()
    team.deleted_by = actor.id
    await invitations.revoke_open(
        session, col(Invitation.team_id) == team.id, actor=actor
    )
    record(session, "team.deleted", target(team), by=actor)
    await session.flush()
