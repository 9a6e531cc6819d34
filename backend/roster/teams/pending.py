"""Registrations that wait until their address is proved, where mail is set up.

They wait, and keep their name, for a known address too: whoever registers cannot tell
one from the other, only the owner of the address can.
"""

from contextlib import nullcontext, suppress

from sqlalchemy import and_
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.auth import mail_tokens
from roster.auth.models import MailPurpose, MailToken, PendingRegistration
from roster.auth.passwords import PasswordHasher
from roster.core.db import Database
from roster.core.errors import Forbidden, NotFound, RegistrationClosed
from roster.core.model import utc_now
from roster.instance.models import Registration
from roster.instance.service import current
from roster.jobs.service import enqueue
from roster.settings import Settings
from roster.teams import accepting, names
from roster.teams.models import Invitation, TeamSlug
from roster.teams.registration import make_account
from roster.users.models import User, UserCreate
from roster.users.service import USERNAME_TAKEN


async def find(database: Database, data: UserCreate) -> PendingRegistration | None:
    """Find what waits under this very name and address."""
    async with database.read() as session:
        found = await session.exec(
            select(PendingRegistration).where(
                PendingRegistration.username == data.username,
                PendingRegistration.email == data.email,
            )
        )
        return found.first()


async def hold(
    session: AsyncSession,
    passwords: PasswordHasher,
    data: UserCreate,
    *,
    waiting: PendingRegistration | None,
    invitation: Invitation | None,
) -> None:
    """Let a registration wait; or send its mail again, to who began it.

    The password tells who that is, and nothing is changed: the account must get the
    password of the person who asked for the mail that is opened.

    Raises:
        NameTaken: The user name is; nothing is told of the address.
    """
    if waiting is not None:
        verdict = await passwords.verify(data.password, waiting.password_hash)
        if not verdict.correct:
            raise names.taken("username", USERNAME_TAKEN)
        _send(session, waiting)
        return
    password_hash = await passwords.hash(data.password)
    await names.reserve(
        session, data.username, field="username", message=USERNAME_TAKEN
    )
    token = await mail_tokens.prepare(
        session, MailPurpose.register, data.email, user=None
    )
    pending = PendingRegistration(
        username=data.username,
        email=data.email,
        display_name=data.display_name,
        password_hash=password_hash,
        invitation_id=invitation.id if invitation else None,
        token_id=token.id,
        expires_at=token.expires_at,
    )
    session.add(pending)
    await session.flush()
    _send(session, pending)


def _send(session: AsyncSession, pending: PendingRegistration) -> None:
    enqueue(session, "mail.register", {"registration_id": str(pending.id)})


async def complete(
    session: AsyncSession, settings: Settings, token: MailToken, *, address: str
) -> User:
    """Make the account of a registration whose address was just proved.

    Raises:
        NameTaken: The address got another account in the meantime.
        NotFound: The link, or the invitation that was needed, is not good any more.
        RegistrationClosed: The instance was closed in the meantime.
    """
    found = await session.exec(
        select(PendingRegistration)
        .where(PendingRegistration.token_id == token.id)
        .with_for_update()
    )
    pending = found.first()
    if pending is None:
        raise NotFound(mail_tokens.GONE)
    policy = await current(session, settings)
    if policy.registration is Registration.closed:
        raise RegistrationClosed("This instance takes no new accounts any more.")
    mail_tokens.use(token)
    user = User(
        username=pending.username,
        display_name=pending.display_name,
        email=pending.email,
        password_hash=pending.password_hash,
        email_verified_at=utc_now(),
    )
    await make_account(session, user, address=address)
    await session.delete(pending)
    needed = policy.registration is Registration.invitation
    if pending.invitation_id is None and needed:
        raise NotFound(accepting.GONE)
    if pending.invitation_id is not None:
        # One that is only a way into a team may have been lost meanwhile.
        with nullcontext() if needed else suppress(NotFound, Forbidden):
            await accepting.accept_found(session, user, pending.invitation_id)
    return user


async def remove_expired(session: AsyncSession) -> None:
    """Give names free whose registration nobody completed; forget old links."""
    expired = col(PendingRegistration.expires_at) < utc_now()
    waiting = select(PendingRegistration.username).where(expired)
    await session.exec(
        delete(TeamSlug).where(
            and_(col(TeamSlug.team_id).is_(None), col(TeamSlug.slug).in_(waiting))
        )
    )
    await session.exec(delete(PendingRegistration).where(expired))
    await session.exec(delete(MailToken).where(col(MailToken.expires_at) < utc_now()))
