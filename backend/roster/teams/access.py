"""Who may see and do what. The only place that decides it."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, true
from sqlalchemy.orm import Mapped, aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from roster.core.actor import Actor, Anonymous, Caller
from roster.core.errors import Forbidden
from roster.teams.models import Membership, Role, Team, Visibility

TeamId = ColumnElement[UUID] | Mapped[UUID]
# By names of their own: else the id of a row of teams would be compared with itself.
# Made once: to make one takes longer than all that is asked of it.
_there = aliased(Team, name="team_there")
_own_membership = aliased(Membership, name="own_membership")
_own_team = aliased(Team, name="own_team")
SEEN_BY_SIGNED_IN = (Visibility.internal, Visibility.public)


class Verb(StrEnum):
    """What a role may do with the things of its team."""

    read = "read"
    edit = "edit"
    manage = "manage"


ALLOWED: dict[Role, frozenset[Verb]] = {
    Role.viewer: frozenset({Verb.read}),
    Role.editor: frozenset({Verb.read, Verb.edit}),
    Role.owner: frozenset(Verb),
}


def visible_to(
    caller: Caller,
    team_id: TeamId,
    visibility: ColumnElement[Any],
    *,
    of_deleted_teams: bool = False,
) -> ColumnElement[bool]:
    """Rows of things with a team and a visibility that the caller may see.

    Args:
        caller: Who asks.
        team_id: Column with the team that owns the thing.
        visibility: Column with who else may see it.
        of_deleted_teams: Whether what was not private stays seen when its team is
            deleted: what a release has locked does.
    """
    if isinstance(caller, Anonymous):
        seen = visibility == Visibility.public
    else:
        # In this order: what anybody sees needs no look at the memberships.
        seen = or_(
            visibility.in_(SEEN_BY_SIGNED_IN), in_team(caller, Verb.read, team_id)
        )
    if of_deleted_teams:
        return and_(reached_by_token(caller, team_id), seen)
    return and_(within_reach(caller, team_id), seen)


def within_reach(caller: Caller, team_id: TeamId) -> ColumnElement[bool]:
    """Rows of teams that are not deleted, and that the caller's token is good for."""
    found = (
        select(_there.id)
        .where(col(_there.id) == team_id, col(_there.deleted_at).is_(None))
        .correlate_except(_there)
    )
    return and_(found.exists(), reached_by_token(caller, team_id))


def reached_by_token(caller: Caller, team_id: TeamId) -> ColumnElement[bool]:
    if isinstance(caller, Anonymous) or caller.team_ids is None:
        return true()
    return team_id.in_(caller.team_ids)


def of_member(
    caller: Caller, member: type[Membership] = Membership, team: type[Team] = Team
) -> ColumnElement[bool]:
    """Rows of memberships, joined with their teams, that count for the caller.

    Where the team requires a second factor, one without is as good as no membership.
    """
    if isinstance(caller, Anonymous):
        return false()
    found = [
        col(member.user_id) == caller.id,
        col(team.deleted_at).is_(None),
    ]
    if not caller.has_second_factor:
        found.append(col(team.require_second_factor).is_(False))
    if caller.team_ids is not None:
        found.append(col(team.id).in_(caller.team_ids))
    return and_(*found)


def teams_of(
    caller: Caller,
    verb: Verb,
    member: type[Membership] = Membership,
    team: type[Team] = Team,
) -> SelectOfScalar[UUID]:
    """Ids of the teams in which the caller may do this."""
    roles = [role for role, verbs in ALLOWED.items() if verb in verbs]
    return (
        select(member.team_id)
        .join(team, col(team.id) == member.team_id)
        .where(of_member(caller, member, team), col(member.role).in_(roles))
    )


def in_team(caller: Caller, verb: Verb, team_id: TeamId) -> ColumnElement[bool]:
    """Rows of teams in which the caller may do this, each looked up for itself.

    It takes as long for a row however many teams there are; for a condition that
    begins with the teams, see `teams_of`.
    """
    member, team = _own_membership, _own_team
    ids = teams_of(caller, verb, member, team).where(col(member.team_id) == team_id)
    return ids.correlate_except(member, team).exists()


def may(role: Role | None, verb: Verb) -> bool:
    return role is not None and verb in ALLOWED[role]


async def role_in(session: AsyncSession, actor: Actor, team_id: UUID) -> Role | None:
    roles = await roles_in(session, actor, [team_id])
    return roles.get(team_id)


async def roles_in(
    session: AsyncSession, actor: Actor, team_ids: Sequence[UUID]
) -> dict[UUID, Role]:
    rows = await session.exec(
        select(Membership.team_id, Membership.role)
        .join(Team)
        .where(of_member(actor), col(Membership.team_id).in_(team_ids))
    )
    return {team_id: Role(role) for team_id, role in rows}


async def require(
    session: AsyncSession, actor: Actor, team_id: UUID, verb: Verb
) -> None:
    """Refuse what the actor's role does not allow on a thing that it may see.

    Raises:
        Forbidden: The role is missing or too low.
    """
    if not may(await role_in(session, actor, team_id), verb):
        raise refusal(verb)


def refusal(verb: Verb) -> Forbidden:
    needed = Role.editor if verb is Verb.edit else Role.owner
    return Forbidden(
        f"This needs the role {needed} in the team; ask one of its owners."
    )
