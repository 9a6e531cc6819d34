"""A new password for who can read the account's mail."""

from pydantic import SecretStr
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.audit.service import record
from roster.auth import mail_tokens, password_rules, sessions
from roster.auth.addresses import account_target
from roster.auth.models import EndReason, MailPurpose
from roster.auth.passwords import PasswordHasher
from roster.auth.throttle import PASSWORD, Counter, Throttle, normalised
from roster.core.actor import Actor
from roster.core.db import Database
from roster.core.errors import NotFound
from roster.core.model import utc_now
from roster.jobs.service import enqueue
from roster.users.models import User


def ask(session: AsyncSession, email: str) -> None:
    """Ask for a link: the same work whether there is such an account or not.

    The job finds it out, when nobody waits for its answer.
    """
    enqueue(session, "mail.reset_password", {"email": email})


async def hash_for(
    database: Database, passwords: PasswordHasher, secret: str, password: SecretStr
) -> str:
    """Hash the new password, if the link is good; no connection is held meanwhile.

    Raises:
        NotFound: The link is not good any more.
        Invalid: The password is too easy to guess.
    """
    async with database.read() as session:
        token = await mail_tokens.find(session, secret, MailPurpose.reset_password)
        user = await session.get_one(User, token.user_id)
    password_rules.check(
        password, username=user.username, email=user.email, field="new_password"
    )
    return await passwords.hash(password)


async def confirm(
    session: AsyncSession,
    throttle: Throttle,
    secret: str,
    password_hash: str,
    *,
    address: str,
) -> None:
    """Set the password and end all sessions; a second factor stays on.

    Tries of others that keep new addresses waiting are forgotten.

    Raises:
        NotFound: The link is not good any more.
    """
    token = await mail_tokens.find(session, secret, MailPurpose.reset_password)
    user = await session.get(User, token.user_id, with_for_update=True)
    if user is None or not user.is_active or user.email != token.email:
        raise NotFound(mail_tokens.GONE)
    now = utc_now()
    mail_tokens.use(token)
    await mail_tokens.end_all(session, MailPurpose.reset_password, user)
    user.password_hash = password_hash
    user.email_verified_at = user.email_verified_at or now
    user.updated_at = now
    by = Actor(user.id, user.username, user.is_admin, address=address)
    await sessions.end_all(session, user.id, EndReason.password, by=by)
    record(session, "password.reset", account_target(user), by=by)
    enqueue(session, "mail.password_changed", {"user_id": str(user.id)})
    await session.flush()
    for name in (user.username, user.email):
        await throttle.forget(Counter(PASSWORD, normalised(name)))
