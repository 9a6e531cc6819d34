"""Registering: an account and its personal team, made together.

Where mail is set up an account waits until its address is proved. It does so, and
keeps its name, for a known address too: whoever registers cannot tell one from the
other, only the owner of the address can.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.audit.service import Target, record
from roster.auth import mail_tokens, setup
from roster.auth.models import MailPurpose, MailToken, PendingRegistration
from roster.auth.passwords import PasswordHasher
from roster.core.actor import Actor
from roster.core.db import Database
from roster.core.errors import (
    Conflict,
    FieldError,
    Forbidden,
    Invalid,
    NameTaken,
    NotFound,
    RegistrationClosed,
)
from roster.core.handlers import UNIQUE
from roster.core.model import utc_now
from roster.instance.models import Registration
from roster.instance.service import current
from roster.jobs.service import enqueue
from roster.settings import Settings
from roster.teams import accepting, names
from roster.teams.models import Invitation, Membership, Role, Team
from roster.users.models import InstanceSetup, User, UserCreate
from roster.users.service import USERNAME_TAKEN

# A new account's team carries its name, so a taken slug is a taken user name.
UNIQUE["uq_teams_slug"] = NameTaken(
    "A team has this name; choose another user name.",
    errors=[FieldError(loc="username", message=USERNAME_TAKEN, code="taken")],
)
UNIQUE["pk_instance_setup"] = Conflict(
    "Somebody else set this instance up just now; register again."
)


@dataclass(frozen=True)
class Admission:
    """How somebody came in who registers."""

    first: bool
    """They set the instance up."""
    invitation: Invitation | None
    proved: bool
    """Their address needs no mail: an invitation reached them by it."""


async def admit(settings: Settings, database: Database, data: UserCreate) -> Admission:
    """Let a registration pass.

    Raises:
        Invalid: It would be the first and its setup code is wrong; or the invitation
            is not good, or was sent to another address.
        RegistrationClosed: The instance takes no such accounts.
    """
    if await setup.is_first(settings, database, data):
        return Admission(first=True, invitation=None, proved=False)
    async with database.read() as session:
        policy = await current(session, settings)
        if policy.registration is Registration.closed:
            raise RegistrationClosed(
                "This instance takes no new accounts; ask its administrator for one."
            )
        if data.invitation is not None:
            invitation = await _invitation(session, data)
            mailed = settings.smtp_url is not None and invitation.email is not None
            return Admission(first=False, invitation=invitation, proved=mailed)
    if policy.registration is Registration.invitation:
        raise RegistrationClosed(
            "New accounts need an invitation here; ask somebody who has one, and open "
            "the link in it."
        )
    return Admission(first=False, invitation=None, proved=False)


async def _invitation(session: AsyncSession, data: UserCreate) -> Invitation:
    token = data.invitation.get_secret_value() if data.invitation else ""
    try:
        invitation = await accepting.find(session, token)
    except NotFound as gone:
        raise Invalid.field("invitation", gone.detail, "invitation_gone") from None
    if invitation.email not in {None, data.email}:
        raise Invalid.field(
            "email",
            "This invitation was sent to another address; register with that one.",
            "invitation_for_other",
        )
    return invitation


async def make_account(
    session: AsyncSession,
    account: UserCreate | PendingRegistration,
    password_hash: str,
    *,
    first: bool = False,
    verified_at: datetime | None = None,
    address: str = "",
) -> User:
    """Make an account whose name is reserved; the first one administers."""
    user = User(
        username=account.username,
        display_name=account.display_name,
        email=account.email,
        password_hash=password_hash,
        is_admin=first,
        email_verified_at=verified_at,
    )
    session.add(user)
    await session.flush()
    team = Team(
        slug=user.username, name=user.display_name or user.username, is_personal=True
    )
    session.add(team)
    await session.flush()
    await names.claim(session, team.slug, team.id)
    session.add(Membership(user_id=user.id, team_id=team.id, role=Role.owner))
    if first:
        session.add(InstanceSetup(user_id=user.id, created_at=utc_now()))
    by = Actor(user.id, user.username, user.is_admin, address=address)
    record(
        session, "account.registered", Target("user", user.id, user.username), by=by
    )
    await session.flush()
    return user


async def register(
    session: AsyncSession,
    data: UserCreate,
    password_hash: str,
    admission: Admission,
    *,
    address: str,
) -> User:
    """Make an account at once.

    Raises:
        NameTaken: The user name or the address is.
        NotFound: Somebody was quicker to use the invitation.
    """
    await names.reserve(
        session, data.username, field="username", message=USERNAME_TAKEN
    )
    user = await make_account(
        session,
        data,
        password_hash,
        first=admission.first,
        verified_at=utc_now() if admission.proved else None,
        address=address,
    )
    if admission.invitation is not None:
        await accepting.accept_found(session, user, admission.invitation.id)
    return user


async def send_link_again(
    session: AsyncSession, data: UserCreate, passwords: PasswordHasher
) -> bool | None:
    """Send the mail of a registration that waits once more to who began it.

    The password tells who that is. Nothing of the registration changes: its owner
    must get the account with the password that they chose themselves.

    Returns:
        None: no registration waits under this name and address; False: one does, of
        somebody else.
    """
    found = await session.exec(
        select(PendingRegistration).where(
            PendingRegistration.username == data.username,
            PendingRegistration.email == data.email,
            col(PendingRegistration.expires_at) > utc_now(),
        )
    )
    pending = found.first()
    if pending is None:
        return None
    return (await passwords.verify(data.password, pending.password_hash)).correct


async def hold(
    session: AsyncSession,
    data: UserCreate,
    password_hash: str,
    invitation: Invitation | None,
) -> None:
    """Let a registration wait for its address to be proved, known or not.

    Raises:
        NameTaken: The user name is; nothing is told of the address.
    """
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
    user = await make_account(
        session,
        pending,
        pending.password_hash,
        verified_at=utc_now(),
        address=address,
    )
    invitation_id = pending.invitation_id
    await session.delete(pending)
    if policy.registration is Registration.invitation or invitation_id is not None:
        await _accept_late(session, user, invitation_id, policy.registration)
    return user


async def _accept_late(
    session: AsyncSession,
    user: User,
    invitation_id: UUID | None,
    registration: Registration,
) -> None:
    """Use the invitation that a registration began with, if it still is good."""
    try:
        if invitation_id is None:
            raise NotFound(accepting.GONE)
        await accepting.accept_found(session, user, invitation_id)
    except (NotFound, Forbidden):
        if registration is Registration.invitation:
            raise
