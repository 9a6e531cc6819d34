"""Sessions: families of rotating refresh tokens.

A family has at most two tokens that work: the newest, and for `GRACE` after it was
replaced the one before, which is answered with the newest again. For that to hold
there is never a third one within `GRACE`: a token that is itself younger is handed
out again instead of being replaced. So any number of tabs may refresh in any order
within these seconds, and an answer that got lost on its way is simply asked for
again. What is older is a copy in other hands, and ends the family for both.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, tuple_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.audit.service import Target, record, record_many
from roster.auth.account_schemas import SessionPublic
from roster.auth.devices import printable
from roster.auth.models import AuthSession, ClientKind, EndReason, TotpFactor
from roster.auth.throttle import network_of
from roster.auth.tokens import AccessClaims, RefreshClaims, digest_of, new_secret
from roster.core.actor import Actor, Caller
from roster.core.changing import change
from roster.core.compiled import Asking
from roster.core.direct import slot
from roster.core.errors import NotFound, NotSignedIn, WrongCredentials
from roster.core.inserting import insert_rows, row_of
from roster.core.model import utc_now
from roster.core.paging import Page, PageQuery, by_id, cut, ordered
from roster.jobs.service import enqueue
from roster.users import service as users
from roster.users.models import User

GRACE = timedelta(seconds=10)
SECOND_FACTOR = (
    select(TotpFactor.id)
    .where(TotpFactor.user_id == User.id, col(TotpFactor.confirmed_at).is_not(None))
    .exists()
)
"""Whether the user of a statement has one."""
ORDER = "-created_at"
KEYS = [by_id(col(AuthSession.id), descending=True)]


@dataclass(frozen=True)
class Client:
    """What is signed in with."""

    kind: ClientKind
    user_agent: str
    device: str
    address: str


@dataclass(frozen=True)
class Grant:
    """A session, and the secret of the refresh token to hand out for it."""

    session: AuthSession
    secret: str


def _refused() -> NotSignedIn:
    return NotSignedIn("Your session has ended; sign in again.")


def _target(family: AuthSession) -> Target:
    return Target("session", family.id, family.device)


def _owner(user: User, family: AuthSession, address: str) -> Actor:
    return Actor(user.id, user.username, user.is_admin, family.id, address=address)


_ASKING_DEVICES = Asking(
    select(AuthSession.device, AuthSession.address)
    .where(
        AuthSession.user_id == slot("user_id", Uuid()),
        AuthSession.id != slot("id", Uuid()),
    )
    .distinct()
)


async def _is_new_device(session: AsyncSession, family: AuthSession) -> bool:
    """Tell whether an account that was signed in to before sees this for once."""
    values = {"user_id": family.user_id, "id": family.id}
    found = await _ASKING_DEVICES.rows(session, values)
    seen = {(device, network_of(address)) for device, address in found}
    this = (family.device, network_of(family.address))
    return bool(seen) and this not in seen


async def begin(
    session: AsyncSession,
    user_id: UUID,
    *,
    client: Client,
    lifetime: timedelta,
    upgraded_hash: str | None = None,
) -> Grant:
    """Sign a user in who has proved who they are.

    Raises:
        WrongCredentials: The user was deactivated; the words are the same as for
            a wrong password.
    """
    user = await users.find(session, user_id)
    if user is None or not user.is_active:
        raise WrongCredentials("The user name or the password is wrong.")
    now = utc_now()
    rehashed = {} if upgraded_hash is None else {"password_hash": upgraded_hash}
    await change(session, user, {"last_sign_in_at": now, **rehashed})
    secret = new_secret()
    begun = AuthSession(
        user_id=user.id,
        client=client.kind,
        user_agent=printable(client.user_agent),
        device=client.device,
        address=client.address,
        token_digest=digest_of(secret),
        created_at=now,
        rotated_at=now,
        last_used_at=now,
        expires_at=now + lifetime,
    )
    await insert_rows(session, (AuthSession, [row_of(begun)]))
    by = _owner(user, begun, client.address)
    started = ("session.started", _target(begun), {"client": client.kind.value})
    await record_many(session, [started], by=by)
    if await _is_new_device(session, begun):
        payload = {"user_id": str(user.id), "session_id": str(begun.id)}
        enqueue(session, "mail.new_device", payload)
    return Grant(begun, secret)


async def rotate(
    session: AsyncSession, claims: RefreshClaims, *, address: str
) -> Grant:
    """Replace a refresh token by its successor.

    Raises:
        NotSignedIn: The session is over; or the token was used before, and now the
            session is over.
    """
    # Two tabs take turns here: on SQLite by the one writer, else by this lock.
    found = await session.exec(
        select(AuthSession, User)
        .join(User, col(User.id) == AuthSession.user_id)
        .where(AuthSession.id == claims.session_id, col(User.is_active))
        .with_for_update(of=AuthSession)
    )
    row = found.one_or_none()
    now = utc_now()
    if row is None or row[0].ended_at or row[0].expires_at <= now:
        raise _refused()
    family, user = row
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
    _end(family, EndReason.reused)
    by = _owner(user, family, address)
    record(session, "session.reused", _target(family), by=by)
    payload = {"user_id": str(user.id), "session_id": str(family.id)}
    enqueue(session, "mail.session_reused", payload)
    raise NotSignedIn(
        "This refresh token was used before, so the session was ended; sign in again.",
        keep=True,
    )


def _end(family: AuthSession, reason: EndReason) -> None:
    family.ended_at = family.updated_at = utc_now()
    family.end_reason = reason


async def sign_out(session: AsyncSession, session_id: UUID, *, address: str) -> None:
    """End a session by its own token; ending it twice is no fault."""
    found = await session.exec(
        select(AuthSession, User)
        .join(User, col(User.id) == AuthSession.user_id)
        .where(AuthSession.id == session_id, col(AuthSession.ended_at).is_(None))
        .with_for_update(of=AuthSession)
    )
    for family, user in found:
        reason = EndReason.signed_out
        _end(family, reason)
        by = _owner(user, family, address)
        record(session, "session.ended", _target(family), by=by, details=_why(reason))


def _why(reason: EndReason) -> dict[str, str]:
    return {"reason": reason.value}


def _alive(user_id: UUID) -> list[ColumnElement[bool]]:
    return [
        col(AuthSession.user_id) == user_id,
        col(AuthSession.ended_at).is_(None),
        col(AuthSession.expires_at) > utc_now(),
    ]


async def list_of(
    session: AsyncSession, query: PageQuery, *, actor: Actor
) -> Page[SessionPublic]:
    """List where somebody is signed in, newest first."""
    statement = select(AuthSession).where(*_alive(actor.id))
    rows = (await session.exec(ordered(statement, ORDER, KEYS, query))).all()
    families, cursor = cut(rows, ORDER, query, lambda family: [family.id])
    items = [
        SessionPublic.model_validate(
            family, update={"current": family.id == actor.session_id}
        )
        for family in families
    ]
    return Page(items=items, next_cursor=cursor)


async def revoke(session: AsyncSession, session_id: UUID, *, actor: Actor) -> None:
    """End one of one's own sessions.

    Raises:
        NotFound: There is none of this id that goes on.
    """
    found = await session.exec(
        select(AuthSession)
        .where(AuthSession.id == session_id, *_alive(actor.id))
        .with_for_update()
    )
    family = found.one_or_none()
    if family is None:
        raise NotFound("You have no such session; it may have ended.")
    reason = EndReason.revoked
    _end(family, reason)
    record(session, "session.ended", _target(family), by=actor, details=_why(reason))


async def end_all(
    session: AsyncSession,
    user_id: UUID,
    reason: EndReason,
    *,
    by: Caller,
    but: UUID | None = None,
) -> int:
    """End all sessions of an account but one, and tell how many."""
    found = await session.exec(
        select(AuthSession).where(*_alive(user_id)).with_for_update()
    )
    ending = [family for family in found if family.id != but]
    for family in ending:
        _end(family, reason)
        record(session, "session.ended", _target(family), by=by, details=_why(reason))
    return len(ending)


async def actor_of(session: AsyncSession, claims: AccessClaims) -> Actor:
    """Find who an access token speaks for, unless its session or user is gone."""
    actors = await actors_of(session, [claims])
    if claims not in actors:
        raise _refused()
    return actors[claims]


async def actors_of(
    session: AsyncSession, claims: Collection[AccessClaims]
) -> dict[AccessClaims, Actor]:
    """Find who each access token speaks for; none for what is over."""
    named = [(one.session_id, one.user_id) for one in claims]
    found = await session.exec(
        select(AuthSession.id, AuthSession.expires_at, User, SECOND_FACTOR)
        .join(User, col(AuthSession.user_id) == User.id)
        .where(
            tuple_(col(AuthSession.id), col(User.id)).in_(named),
            col(User.is_active),
            col(AuthSession.ended_at).is_(None),
            col(AuthSession.expires_at) > utc_now(),
        )
    )
    rows = {
        session_id: (expires_at, user, has_second_factor)
        for session_id, expires_at, user, has_second_factor in found
    }
    return {
        one: _actor(one, *rows[one.session_id])
        for one in claims
        if one.session_id in rows
    }


def _actor(
    claims: AccessClaims,
    expires_at: datetime,
    user: User,
    has_second_factor: bool,
) -> Actor:
    return Actor(
        user.id,
        user.username,
        user.is_admin,
        claims.session_id,
        has_second_factor=has_second_factor,
        expires_at=min(expires_at, claims.expires),
    )
