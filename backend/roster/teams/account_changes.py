"""What administrators do to the accounts of others."""

from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.audit.service import record
from roster.auth import api_tokens, mail_tokens, second_factor, sessions
from roster.auth.models import EndReason, MailPurpose
from roster.auth.second_factor import user_target
from roster.core.actor import Actor
from roster.core.errors import Conflict, Forbidden, LastAdmin, NotFound
from roster.core.model import utc_now
from roster.jobs.service import enqueue
from roster.teams import invitations
from roster.teams.account_schemas import ResetLink, UserAdminUpdate
from roster.teams.models import Invitation
from roster.users.models import InstanceSetup, User


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
        Forbidden: An API token would make or unmake an administrator.
        LastAdmin: Nobody who can sign in would administer the instance.
    """
    changes = {
        key: value
        for key, value in data.model_dump().items()
        if getattr(user, key) != value
    }
    if "is_admin" in changes:
        _require_person(actor)
    if False in changes.values():
        await _require_another_admin(session, user)
    if not changes:
        return
    user.sqlmodel_update(changes)
    user.updated_at = utc_now()
    place = user_target(user)
    if "is_admin" in changes:
        action = "user.promoted" if user.is_admin else "user.demoted"
        record(session, action, place, by=actor)
    if "is_active" in changes:
        user.deactivated_at = None if user.is_active else utc_now()
        action = "user.reactivated" if user.is_active else "user.deactivated"
        record(session, action, place, by=actor)
        # When it comes back too: a sign-in may have overtaken the deactivation.
        await _end_everything(session, user, actor=actor)
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


async def _end_everything(session: AsyncSession, user: User, *, actor: Actor) -> None:
    """End all that an account could come in by; what it made stays."""
    await sessions.end_all(session, user.id, EndReason.deactivated, by=actor)
    await api_tokens.revoke_all(session, user.id, by=actor)
    await mail_tokens.end_all(session, MailPurpose.reset_password, user)


async def _end_invitations(session: AsyncSession, user: User, *, actor: Actor) -> None:
    """Revoke what they could come back by, or what they may not offer any more."""
    theirs = [col(Invitation.invited_by) == user.id]
    if user.is_active:  # they administer no longer, but own their teams as before
        theirs.append(col(Invitation.team_id).is_(None))
    await invitations.revoke_open(session, *theirs, actor=actor)


def _require_person(actor: Actor) -> None:
    """Let no API token open a way in that outlasts it.

    Raises:
        Forbidden: It is one.
    """
    if actor.token_id is not None:
        raise Forbidden("No API token may do this; sign in to do it yourself.")


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
        Forbidden: An API token asks for it.
    """
    _require_person(actor)
    _refuse_oneself(user, actor)
    if not user.is_active:
        raise Conflict("This account is deactivated; reactivate it first.")
    purpose = MailPurpose.reset_password
    await mail_tokens.end_all(session, purpose, user)
    secret = await mail_tokens.issue(session, purpose, user)
    enqueue(session, "mail.account_reset", {"user_id": str(user.id)})
    record(session, "user.reset", user_target(user), by=actor)
    await session.flush()
    expires_at = utc_now() + mail_tokens.LIFETIME[purpose]
    return ResetLink(link=f"{page}#{secret}", expires_at=expires_at)


async def remove_second_factor(
    session: AsyncSession, user: User, *, actor: Actor
) -> None:
    """Let a person in who lost their second factor, by the password alone.

    Raises:
        Conflict: The account is the actor's own.
        Forbidden: An API token asks for it.
        NotFound: It has none.
    """
    _require_person(actor)
    _refuse_oneself(user, actor)
    if not await second_factor.remove(session, user, by=actor):
        raise NotFound("This account has no second factor.")
    await session.flush()
