"""Proving that an address is one's own, and changing it for another one."""

from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.audit.service import Target, record
from roster.auth import mail_tokens
from roster.auth.models import MailPurpose, MailToken
from roster.core.actor import Actor
from roster.core.errors import NotFound
from roster.core.model import utc_now
from roster.jobs.service import enqueue
from roster.users.models import User


def account_target(user: User) -> Target:
    return Target("user", user.id, user.username)


async def _waiting(session: AsyncSession, user_id: UUID) -> MailToken | None:
    found = await session.exec(
        select(MailToken)
        .where(
            MailToken.user_id == user_id,
            MailToken.purpose == MailPurpose.verify_email,
            col(MailToken.used_at).is_(None),
            col(MailToken.expires_at) > utc_now(),
        )
        .order_by(col(MailToken.id).desc())
    )
    return found.first()


async def pending_of(session: AsyncSession, user: User) -> str | None:
    """Give the address that replaces the account's when it is proved."""
    token = await _waiting(session, user.id)
    return token.email if token is not None and token.email != user.email else None


async def ask_for_proof(session: AsyncSession, user: User, email: str) -> None:
    """Send a link to an address; another one than the account's replaces it then."""
    token = await mail_tokens.prepare(
        session, MailPurpose.verify_email, email, user=user
    )
    enqueue(session, "mail.verify_email", {"mail_token_id": str(token.id)})


async def change(session: AsyncSession, user: User, email: str) -> None:
    """Keep a new address until it is proved; the present one drops what is kept."""
    if email == user.email:
        await mail_tokens.end_all(session, MailPurpose.verify_email, user)
    else:
        await ask_for_proof(session, user, email)
    user.updated_at = utc_now()
    await session.flush()


async def to_be_proved(session: AsyncSession, user: User) -> str | None:
    """Give the address that waits, or else the account's unless that is proved."""
    pending = await pending_of(session, user)
    if pending is not None or user.email_verified_at is not None:
        return pending
    return user.email


async def prove(session: AsyncSession, token: MailToken, *, address: str) -> User:
    """Take a link that was sent to an account's present or future address.

    Raises:
        NotFound: The account was deactivated or has another address by now.
    """
    user = await session.get(User, token.user_id, with_for_update=True)
    if user is None or not user.is_active:
        raise NotFound(mail_tokens.GONE)
    mail_tokens.use(token)
    by = Actor(user.id, user.username, user.is_admin, address=address)
    now = utc_now()
    if token.email != user.email:
        payload = {"user_id": str(user.id), "email": user.email}
        enqueue(session, "mail.email_changed", payload)
        details = {"changed": ["email"]}
        record(session, "account.changed", account_target(user), by=by, details=details)
        # A link to the old address must not open what is the new one's now.
        await mail_tokens.end_all(session, MailPurpose.reset_password, user)
        user.email = token.email
    record(session, "account.verified", account_target(user), by=by)
    user.email_verified_at = user.updated_at = now
    await session.flush()
    return user
