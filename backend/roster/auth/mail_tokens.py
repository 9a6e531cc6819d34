"""One-time secrets of links in mails.

A row is written when a link is asked for, under the digest of a secret that nobody
knows; the job that sends the mail makes the real one. So no secret waits in a table,
and a mail that is sent anew makes the one before good for nothing.
"""

from datetime import timedelta
from uuid import UUID

from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.auth.models import MailPurpose, MailToken
from roster.auth.tokens import digest_of, new_secret
from roster.core.errors import NotFound
from roster.core.model import utc_now
from roster.users.models import User

LIFETIME = {
    MailPurpose.register: timedelta(days=1),
    MailPurpose.verify_email: timedelta(days=3),
    MailPurpose.reset_password: timedelta(hours=1),
}
GONE = "This link is not good any more; ask for a new one."


def _make(purpose: MailPurpose, email: str, user_id: UUID | None) -> MailToken:
    return MailToken(
        user_id=user_id,
        purpose=purpose,
        email=email,
        digest=digest_of(new_secret()),
        expires_at=utc_now() + LIFETIME[purpose],
    )


async def prepare(
    session: AsyncSession, purpose: MailPurpose, email: str, *, user: User | None
) -> MailToken:
    """Write the row of a link whose mail is still to be made; ends older ones."""
    if user is not None:
        await end_all(session, purpose, user)
    token = _make(purpose, email, user.id if user else None)
    session.add(token)
    await session.flush()
    return token


def renew(token: MailToken) -> str:
    """Make the secret that goes into the mail, which ends the one before."""
    secret = new_secret()
    now = utc_now()
    token.digest = digest_of(secret)
    token.expires_at = now + LIFETIME[token.purpose]
    token.updated_at = now
    return secret


async def issue(session: AsyncSession, purpose: MailPurpose, user: User) -> str:
    """Give a secret for an account at once; older ones stay good as well."""
    token = _make(purpose, user.email, user.id)
    secret = renew(token)
    session.add(token)
    await session.flush()
    return secret


async def end_all(session: AsyncSession, purpose: MailPurpose, user: User) -> None:
    await session.exec(
        delete(MailToken).where(
            col(MailToken.user_id) == user.id,
            col(MailToken.purpose) == purpose,
            col(MailToken.used_at).is_(None),
        )
    )


async def find(session: AsyncSession, secret: str, *purposes: MailPurpose) -> MailToken:
    """Find the row of a link that is good, and lock it where that can be.

    Raises:
        NotFound: It is unknown, used, replaced or too old, in the same words.
    """
    found = await session.exec(
        select(MailToken)
        .where(
            MailToken.digest == digest_of(secret),
            col(MailToken.purpose).in_(purposes),
            col(MailToken.used_at).is_(None),
            col(MailToken.expires_at) > utc_now(),
        )
        .with_for_update()
    )
    token = found.first()
    if token is None:
        raise NotFound(GONE)
    return token


def use(token: MailToken) -> None:
    token.used_at = token.updated_at = utc_now()
