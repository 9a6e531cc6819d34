"""Accepting an invitation: with an account, or while one is made.

An invitation that was sent to an address is for the account with that address; one
without is for whoever holds the link. That it is unknown, used, revoked or past its
time is said in the same words.
"""

from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.audit.service import Target, record
from roster.auth.tokens import digest_of
from roster.core.actor import Actor
from roster.core.errors import Conflict, Forbidden, NotFound
from roster.core.model import utc_now
from roster.teams.invitations import is_open, target
from roster.teams.models import (
    Invitation,
    Membership,
    Role,
    Team,
    TeamMembership,
    TeamRef,
)
from roster.teams.schemas import InvitationDetails
from roster.teams.service import has_second_factor
from roster.users.models import User, UserRef

RANK = [Role.viewer, Role.editor, Role.owner]
GONE = "This invitation is not good any more; ask for a new one."


def _by_token(token: str) -> ColumnElement[bool]:
    return col(Invitation.digest) == digest_of(token)


async def find(session: AsyncSession, token: str) -> Invitation:
    """Find the invitation whose secret this is.

    Raises:
        NotFound: It cannot be accepted, whatever the reason.
    """
    return await _find(session, _by_token(token))


async def _find(session: AsyncSession, which: ColumnElement[bool]) -> Invitation:
    rows = await session.exec(
        select(Invitation)
        .outerjoin(Team, col(Team.id) == Invitation.team_id)
        .where(which, is_open(), col(Team.deleted_at).is_(None))
    )
    invitation = rows.first()
    if invitation is None:
        raise NotFound(GONE)
    return invitation


async def inspect(session: AsyncSession, token: str) -> InvitationDetails:
    invitation = await find(session, token)
    team = await session.get(Team, invitation.team_id) if invitation.team_id else None
    inviter = (
        await session.get(User, invitation.invited_by)
        if invitation.invited_by
        else None
    )
    return InvitationDetails.model_validate(
        invitation,
        update={
            "team": team and TeamRef.model_validate(team),
            "invited_by": inviter and UserRef.model_validate(inviter),
        },
    )


async def join(
    session: AsyncSession, user: User, token: str, *, actor: Actor
) -> TeamMembership:
    """Accept an invitation into a team with an account that exists.

    Raises:
        Conflict: It is into the instance alone, and stays good for somebody else.
        Forbidden: It was sent to another address.
        NotFound: It cannot be accepted.
    """
    found = await find(session, token)
    if found.team_id is None:
        raise Conflict("You have an account here already; this is for a new one.")
    joined = await accept(session, user, token, actor=actor)
    if joined is None:
        raise NotFound(GONE)
    return joined


async def accept(
    session: AsyncSession, user: User, token: str, *, actor: Actor | None = None
) -> TeamMembership | None:
    """Use an invitation up, and make the user a member of its team.

    Who is a member already keeps the higher of both roles.

    Args:
        session: The caller's transaction.
        user: Who accepts.
        token: The secret of the link.
        actor: The same person, signed in; None: the account is just being made.

    Returns:
        The team as its new member sees it; None: it was into the instance alone.

    Raises:
        Forbidden: It was sent to another address.
        NotFound: It cannot be accepted.
    """
    return await _accept(session, user, _by_token(token), actor)


async def accept_found(
    session: AsyncSession, user: User, invitation_id: UUID
) -> TeamMembership | None:
    """Accept as `accept` does, where the secret was checked before."""
    return await _accept(session, user, col(Invitation.id) == invitation_id, None)


async def _accept(
    session: AsyncSession,
    user: User,
    which: ColumnElement[bool],
    actor: Actor | None,
) -> TeamMembership | None:
    found = await _find(session, which)
    # First the team, as whoever revokes or deletes locks it first too.
    team = await _locked_team(session, found.team_id) if found.team_id else None
    rows = await session.exec(
        select(Invitation)
        .where(which, is_open())
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    invitation = rows.first()
    if invitation is None:  # somebody was quicker
        raise NotFound(GONE)
    if invitation.email not in {None, user.email}:
        raise Forbidden(
            "This invitation was sent to another address; use the account that has it, "
            "or ask for an invitation by link."
        )
    by = actor or Actor(user.id, user.username, user.is_admin)
    invitation.accepted_at = invitation.updated_at = utc_now()
    invitation.accepted_by = user.id
    record(session, "invitation.accepted", target(invitation), by=by)
    if team is None:
        await session.flush()
        return None
    role = await _join(session, team, user, invitation.role, by)
    has = await has_second_factor(session, user.id)
    locked = team.require_second_factor and not has
    return TeamMembership.model_validate(team, update={"role": role, "locked": locked})


async def _locked_team(session: AsyncSession, team_id: UUID) -> Team:
    rows = await session.exec(
        select(Team)
        .where(Team.id == team_id, col(Team.deleted_at).is_(None))
        .with_for_update()
    )
    team = rows.first()
    if team is None:
        raise NotFound(GONE)
    return team


async def _join(
    session: AsyncSession, team: Team, user: User, role: Role, by: Actor
) -> Role:
    """Make a member, or raise the role of one; gives the role that counts."""
    rows = await session.exec(
        select(Membership).where(
            Membership.team_id == team.id, Membership.user_id == user.id
        )
    )
    member = rows.first()
    place = Target("user", user.id, user.username, team.id)
    if member is None:
        session.add(Membership(user_id=user.id, team_id=team.id, role=role))
        record(session, "member.added", place, by=by, details={"role": role})
    elif RANK.index(role) > RANK.index(member.role):
        details = {"from": member.role, "to": role}
        member.role = role
        member.updated_at = utc_now()
        record(session, "member.role_changed", place, by=by, details=details)
    else:
        role = member.role
    await session.flush()
    return role
