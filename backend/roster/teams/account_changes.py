"""What administrators do to the accounts of others."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.audit.service import Target, record
from roster.auth.models import (
    ApiToken,
    AuthSession,
    EndReason,
    MailPurpose,
    MailToken,
    RecoveryCode,
    TotpFactor,
)
from roster.auth.tokens import digest_of, new_secret
from roster.core.actor import Actor
from roster.core.errors import Conflict, Forbidden, LastAdmin, NotFound
from roster.core.model import utc_now
from roster.teams import invitations
from roster.teams.account_schemas import ResetLink, UserAdminUpdate
from roster.teams.models import Invitation
from roster.users.models import InstanceSetup, User

RESET_LASTS = timedelta(hours=24)


def _target(user: User) -> Target:
    return Target("user", user.id, user.username)


async def locked(session: AsyncSession, user_id: UUID, *, actor: Actor) -> User:
    """Lock an account; whoever changes administrators takes turns.

    Raises:
        Forbidden: The actor stopped being an administrator while they waited.
        NotFound: There is no such account.
    """
    await session.exec(select(InstanceSetup).with_for_update())
    rows = await session.exec(
        select(User)
        .where(col(User.id).in_([user_id, actor.id]))
        .order_by(col(User.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    users = {user.id: user for user in rows}
    if not (users[actor.id].is_admin and users[actor.id].is_active):
        raise Forbidden("Only administrators of this instance may do this.")
    if user_id not in users:
        raise NotFound("There is no such account.")
    return users[user_id]


async def change(
    session: AsyncSession, user: User, data: UserAdminUpdate, *, actor: Actor
) -> None:
    """Promote, demote, deactivate or reactivate.

    Raises:
        LastAdmin: Nobody who can sign in would administer the instance.
    """
    changes = {
        key: value
        for key, value in data.model_dump().items()
        if getattr(user, key) != value
    }
    if False in changes.values():
        await _require_another_admin(session, user)
    if not changes:
        return
    user.sqlmodel_update(changes)
    user.updated_at = utc_now()
    place = _target(user)
    if "is_admin" in changes:
        action = "user.promoted" if user.is_admin else "user.demoted"
        record(session, action, place, by=actor)
    if "is_active" in changes and user.is_active:
        user.deactivated_at = None
        record(session, "user.reactivated", place, by=actor)
    elif "is_active" in changes:
        await _deactivate(session, user, actor=actor)
    if False in changes.values():
        await _end_invitations(session, user, actor=actor)
    await session.flush()


async def _require_another_admin(session: AsyncSession, user: User) -> None:
    if not (user.is_admin and user.is_active):
        return
    others = await session.exec(
        select(User.id)
        .where(User.id != user.id, col(User.is_admin), col(User.is_active))
        .limit(1)
    )
    if others.first() is None:
        raise LastAdmin(
            "This is the last administrator; promote another account first."
        )


async def _deactivate(session: AsyncSession, user: User, *, actor: Actor) -> None:
    """End everything that an account could come in by; what it made stays."""
    now = utc_now()
    user.deactivated_at = now
    sessions = await session.exec(
        update(AuthSession)
        .where(col(AuthSession.user_id) == user.id, col(AuthSession.ended_at).is_(None))
        .values(ended_at=now, updated_at=now, end_reason=EndReason.deactivated)
    )
    tokens = await session.exec(
        update(ApiToken)
        .where(col(ApiToken.user_id) == user.id, col(ApiToken.revoked_at).is_(None))
        .values(revoked_at=now, updated_at=now)
    )
    await _void_links(session, user)
    ended = {"sessions": sessions.rowcount, "tokens": tokens.rowcount}
    record(session, "user.deactivated", _target(user), by=actor, details=ended)


async def _void_links(session: AsyncSession, user: User) -> None:
    now = utc_now()
    await session.exec(
        update(MailToken)
        .where(
            col(MailToken.user_id) == user.id,
            col(MailToken.purpose) == MailPurpose.reset_password,
            col(MailToken.used_at).is_(None),
        )
        .values(used_at=now, updated_at=now)
    )


async def _end_invitations(session: AsyncSession, user: User, *, actor: Actor) -> None:
    """Revoke what they could come back by, or what they may not offer any more."""
    theirs = [col(Invitation.invited_by) == user.id]
    if user.is_active:  # they administer no longer, but own their teams as before
        theirs.append(col(Invitation.team_id).is_(None))
    await invitations.revoke_open(session, *theirs, actor=actor)


def _refuse_oneself(user: User, actor: Actor) -> None:
    if user.id == actor.id:
        raise Conflict("This is for other accounts; do it in your own account.")


async def make_reset_link(
    session: AsyncSession, user: User, page: str, *, actor: Actor
) -> ResetLink:
    """Make the one link that sets a new password; those before it stop working.

    Args:
        session: The caller's transaction.
        user: Whose password it is.
        page: Address of the page that takes the secret behind its `#`.
        actor: The administrator.

    Raises:
        Conflict: The account is deactivated, or the actor's own.
    """
    _refuse_oneself(user, actor)
    if not user.is_active:
        raise Conflict("This account is deactivated; reactivate it first.")
    await _void_links(session, user)
    secret = new_secret()
    expires_at = utc_now() + RESET_LASTS
    session.add(
        MailToken(
            user_id=user.id,
            purpose=MailPurpose.reset_password,
            email=user.email,
            digest=digest_of(secret),
            expires_at=expires_at,
        )
    )
    record(session, "user.reset", _target(user), by=actor)
    await session.flush()
    return ResetLink(link=f"{page}#{secret}", expires_at=expires_at)


async def remove_second_factor(
    session: AsyncSession, user: User, *, actor: Actor
) -> None:
    """Let a person in who lost their second factor, by the password alone.

    Raises:
        Conflict: The account is the actor's own.
        NotFound: It has none.
    """
    _refuse_oneself(user, actor)
    removed = await session.exec(
        delete(TotpFactor).where(col(TotpFactor.user_id) == user.id)
    )
    if removed.rowcount == 0:
        raise NotFound("This account has no second factor.")
    await session.exec(delete(RecoveryCode).where(col(RecoveryCode.user_id) == user.id))
    record(session, "totp.disabled", _target(user), by=actor)
    await session.flush()
