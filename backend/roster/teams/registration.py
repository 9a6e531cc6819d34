"""Registering: an account and its personal team, made together."""

from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from roster.audit.service import Target, record
from roster.auth import setup
from roster.core.actor import Actor
from roster.core.db import Database
from roster.core.errors import (
    Conflict,
    FieldError,
    Invalid,
    NameTaken,
    NotFound,
    RegistrationClosed,
)
from roster.core.handlers import UNIQUE
from roster.core.model import utc_now
from roster.instance.models import Registration
from roster.instance.service import current
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
    session: AsyncSession, user: User, *, address: str, first: bool = False
) -> User:
    """Make an account whose name is reserved; the first one administers.

    Args:
        session: The caller's transaction.
        user: The account, new.
        address: Where the request comes from.
        first: It sets the instance up.
    """
    user.is_admin = first
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
    record(session, "account.registered", Target("user", user.id, user.username), by=by)
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
    user = User(
        username=data.username,
        display_name=data.display_name,
        email=data.email,
        password_hash=password_hash,
        email_verified_at=utc_now() if admission.proved else None,
    )
    await make_account(session, user, address=address, first=admission.first)
    if admission.invitation is not None:
        await accepting.accept_found(session, user, admission.invitation.id)
    return user
