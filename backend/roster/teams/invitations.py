"""Ways into a team, or into the instance: one person, once, for a while.

The secret of a link is kept as its digest alone. Where an invitation goes by mail,
the job that sends it makes the secret; until then nobody has one.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select

from roster.audit.service import Target, record
from roster.auth.throttle import MAIL_RECIPIENT, Counter, Throttle, normalised
from roster.auth.tokens import digest_of, new_secret
from roster.core.actor import Actor
from roster.core.errors import Conflict, NotFound
from roster.core.model import utc_now
from roster.core.paging import Page, PageQuery, by_id, cut, ordered
from roster.jobs.service import enqueue
from roster.teams.models import Invitation, Role, Team
from roster.teams.schemas import (
    InstanceInvitationCreate,
    InvitationCreate,
    InvitationCreated,
    InvitationPublic,
    InvitationState,
)
from roster.users.models import User, UserRef

ORDER = "-id"
MOST_OPEN = 200
"""Into one team, or into the instance."""
KEYS = [by_id(col(Invitation.id), descending=True)]

_Inviter = aliased(User)
_Accepter = aliased(User)
_Row = tuple[Invitation, User | None, User | None]


@dataclass(frozen=True)
class Delivery:
    """How the secret of an invitation gets to whom it is for."""

    by_mail: bool
    """Whether mail is set up; otherwise every invitation is a link."""
    page: str
    """Address of the page that takes the secret behind its `#`."""
    throttle: Throttle

    async def mails(self, recipient: str | None) -> bool:
        """Tell whether it goes by mail; nobody's mailbox is filled that way.

        Raises:
            TooManyRequests: Too many mails were asked for, for this recipient.
        """
        if not self.by_mail or recipient is None:
            return False
        await self.throttle.enter([Counter(MAIL_RECIPIENT, normalised(recipient))])
        return True


def is_open() -> ColumnElement[bool]:
    """Invitations that can still be accepted."""
    return and_(
        col(Invitation.accepted_at).is_(None),
        col(Invitation.revoked_at).is_(None),
        col(Invitation.expires_at) > utc_now(),
    )


def _of(team: Team | None) -> ColumnElement[bool]:
    return col(Invitation.team_id) == (team.id if team else None)


def _state_of(invitation: Invitation) -> InvitationState:
    if invitation.accepted_at is not None:
        return InvitationState.accepted
    if invitation.revoked_at is not None:
        return InvitationState.revoked
    if invitation.expires_at <= utc_now():
        return InvitationState.expired
    return InvitationState.open


def _rows() -> Select[Invitation, User | None, User | None]:
    return (
        select(Invitation, _Inviter, _Accepter)
        .outerjoin(_Inviter, col(_Inviter.id) == Invitation.invited_by)
        .outerjoin(_Accepter, col(_Accepter.id) == Invitation.accepted_by)
    )


def _public(row: _Row) -> InvitationPublic:
    invitation, inviter, accepter = row
    return InvitationPublic.model_validate(
        invitation,
        update={
            "invited_by": inviter and UserRef.model_validate(inviter),
            "accepted_by": accepter and UserRef.model_validate(accepter),
            "state": _state_of(invitation),
        },
    )


async def page_of(
    session: AsyncSession, team: Team | None, query: PageQuery
) -> Page[InvitationPublic]:
    """Invitations into a team, or into the instance alone, newest first."""
    rows = await session.exec(ordered(_rows().where(_of(team)), ORDER, KEYS, query))
    items, cursor = cut(
        [_public(row) for row in rows], ORDER, query, lambda item: [item.id]
    )
    return Page(items=items, next_cursor=cursor)


def target(invitation: Invitation) -> Target:
    name = invitation.email or "link"
    return Target("invitation", invitation.id, name, invitation.team_id)


async def create(
    session: AsyncSession,
    team: Team | None,
    data: InstanceInvitationCreate,
    delivery: Delivery,
    *,
    actor: Actor,
) -> InvitationCreated:
    """Invite a person by mail, or whoever is given the link.

    Args:
        session: The caller's transaction.
        team: Where to; None: into the instance alone.
        data: Who, as what, and for how long.
        delivery: How the secret gets to them.
        actor: Who invites.

    Raises:
        Conflict: A personal team has one owner; or too many invitations are open.
        TooManyRequests: Too many mails were asked for, for this recipient.
    """
    role = data.role if isinstance(data, InvitationCreate) else Role.viewer
    if team is not None and team.is_personal and role is Role.owner:
        raise Conflict("A personal team has one owner, its person.")
    await _require_room(session, team)
    mailed = await delivery.mails(data.email)
    secret = new_secret()
    invitation = Invitation(
        team_id=team.id if team else None,
        role=role,
        email=data.email,
        digest=digest_of(secret),
        invited_by=actor.id,
        expires_at=utc_now() + timedelta(days=data.expires_in_days),
    )
    session.add(invitation)
    await session.flush()
    if mailed:
        enqueue(session, "mail.invitation", {"invitation_id": str(invitation.id)})
    details = {"role": role, "mailed": mailed}
    place = target(invitation)
    record(session, "invitation.created", place, by=actor, details=details)
    rows = await session.exec(_rows().where(Invitation.id == invitation.id))
    link = None if mailed else f"{delivery.page}#{secret}"
    return InvitationCreated.model_validate(
        _public(rows.one()).model_dump() | {"link": link}
    )


async def _require_room(session: AsyncSession, team: Team | None) -> None:
    waiting = await session.exec(
        select(func.count(col(Invitation.id))).where(_of(team), is_open())
    )
    if waiting.one() >= MOST_OPEN:
        raise Conflict(
            f"{MOST_OPEN} invitations wait to be accepted; revoke some of them first."
        )


async def revoke(
    session: AsyncSession, team: Team | None, invitation_id: UUID, *, actor: Actor
) -> None:
    """Make an invitation good for nothing; again is no fault.

    Raises:
        Conflict: It was accepted.
        NotFound: There is none here.
    """
    rows = await session.exec(
        select(Invitation)
        .where(Invitation.id == invitation_id, _of(team))
        .with_for_update()
    )
    invitation = rows.first()
    if invitation is None:
        raise NotFound("There is no such invitation.")
    if invitation.accepted_at is not None:
        raise Conflict("It was accepted; remove the member instead.")
    if invitation.revoked_at is None:
        invitation.revoked_at = invitation.updated_at = utc_now()
        record(session, "invitation.revoked", target(invitation), by=actor)
    await session.flush()


async def revoke_open(
    session: AsyncSession, *which: ColumnElement[bool] | bool, actor: Actor
) -> None:
    """Revoke all of these that could still be accepted."""
    rows = await session.exec(
        select(Invitation).where(is_open(), *which).with_for_update()
    )
    for invitation in rows:
        invitation.revoked_at = invitation.updated_at = utc_now()
        record(session, "invitation.revoked", target(invitation), by=actor)
