"""Sessions: families of rotating refresh tokens.

A family has at most two tokens that work: the newest, and for `GRACE` after it was
replaced the one before, which is answered with the newest again. For that to hold
there is never a third one within `GRACE`: a token that is itself younger is handed
out again instead of being replaced. So any number of tabs may refresh in any order
within these seconds, and an answer that got lost on its way is simply asked for
again. What is older is a copy in other hands, and ends the family for both.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.auth.models import AuthSession, ClientKind, TotpFactor
from roster.auth.tokens import AccessClaims, RefreshClaims, digest_of, new_secret
from roster.core.actor import Actor
from roster.core.errors import NotSignedIn, WrongCredentials
from roster.core.model import utc_now
from roster.users.models import User

GRACE = timedelta(seconds=10)
SECOND_FACTOR = (
    select(TotpFactor.id)
    .where(TotpFactor.user_id == User.id, col(TotpFactor.confirmed_at).is_not(None))
    .exists()
)
"""Whether the user of a statement has one."""
USER_AGENT_LENGTH = 300


@dataclass(frozen=True)
class Client:
    """What is signed in with."""

    kind: ClientKind
    user_agent: str


@dataclass(frozen=True)
class Grant:
    """A session, and the secret of the refresh token to hand out for it."""

    session: AuthSession
    secret: str


def _printable(user_agent: str) -> str:
    kept = "".join(char for char in user_agent if char.isprintable())
    return kept[:USER_AGENT_LENGTH]


def _refused() -> NotSignedIn:
    return NotSignedIn("Your session has ended; sign in again.")


async def begin(
    session: AsyncSession,
    user_id: UUID,
    *,
    client: Client,
    lifetime: timedelta,
    upgraded_hash: str | None = None,
) -> Grant:
    """Sign a user in whose password was found correct.

    Raises:
        WrongCredentials: The user was deactivated; the words are the same as for
            a wrong password.
    """
    user = await session.get(User, user_id)
    if user is None or not user.is_active:
        raise WrongCredentials("The user name or the password is wrong.")
    now = utc_now()
    user.last_sign_in_at = now
    if upgraded_hash is not None:
        user.password_hash = upgraded_hash
    secret = new_secret()
    begun = AuthSession(
        user_id=user.id,
        client=client.kind,
        user_agent=_printable(client.user_agent),
        token_digest=digest_of(secret),
        rotated_at=now,
        last_used_at=now,
        expires_at=now + lifetime,
    )
    session.add(begun)
    await session.flush()
    return Grant(begun, secret)


async def rotate(session: AsyncSession, claims: RefreshClaims) -> Grant:
    """Replace a refresh token by its successor.

    Raises:
        NotSignedIn: The session is over; or the token was used before, and now the
            session is over.
    """
    # Two tabs take turns here: on SQLite by the one writer, else by this lock.
    found = await session.exec(
        select(AuthSession)
        .join(User, col(User.id) == AuthSession.user_id)
        .where(AuthSession.id == claims.session_id, col(User.is_active))
        .with_for_update(of=AuthSession)
    )
    family = found.one_or_none()
    now = utc_now()
    if family is None or family.ended_at or family.expires_at <= now:
        raise _refused()
    rotated = family.previous_digest is not None
    in_grace = rotated and now - family.rotated_at < GRACE
    given = digest_of(claims.secret)
    if given == family.token_digest:
        if in_grace:
            return Grant(family, claims.secret)
        family.previous_digest = given
        family.token_digest = digest_of(claims.successor)
        family.rotated_at = family.last_used_at = family.updated_at = now
        return Grant(family, claims.successor)
    if given == family.previous_digest and in_grace:
        return Grant(family, claims.successor)
    family.ended_at = family.updated_at = now
    raise NotSignedIn(
        "This refresh token was used before, so the session was ended; sign in again.",
        keep=True,
    )


async def end(session: AsyncSession, session_id: UUID) -> None:
    family = await session.get(AuthSession, session_id)
    if family is not None and family.ended_at is None:
        family.ended_at = family.updated_at = utc_now()


async def actor_of(session: AsyncSession, claims: AccessClaims) -> Actor:
    """Find who an access token speaks for, unless its session or user is gone."""
    found = await session.exec(
        select(User.username, User.is_admin, SECOND_FACTOR)
        .join(AuthSession, col(AuthSession.user_id) == User.id)
        .where(
            User.id == claims.user_id,
            AuthSession.id == claims.session_id,
            col(User.is_active),
            col(AuthSession.ended_at).is_(None),
            col(AuthSession.expires_at) > utc_now(),
        )
    )
    row = found.one_or_none()
    if row is None:
        raise _refused()
    username, is_admin, has_second_factor = row
    return Actor(
        claims.user_id,
        username,
        is_admin,
        claims.session_id,
        has_second_factor=has_second_factor,
    )
