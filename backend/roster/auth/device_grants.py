"""Signing in a device without a browser: its side, after RFC 8628.

It gets two codes: a long one to ask with, and a short one that a person types into a
browser where they are signed in (see device_approval.py). What it is given in the end
is an API token, which is made when it asks: no token waits in a table.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.auth import api_tokens, device_codes
from roster.auth.api_token_schemas import ApiTokenCreate
from roster.auth.device_schemas import DeviceStart
from roster.auth.devices import printable
from roster.auth.models import DeviceGrant, DeviceState
from roster.auth.tokens import Tokens, digest_of, new_secret
from roster.core.actor import Actor, Scope
from roster.core.errors import (
    AccessDenied,
    AuthorizationPending,
    ExpiredToken,
    GrantInvalid,
    Problem,
    SlowDown,
)
from roster.core.model import utc_now
from roster.settings import Settings
from roster.users.models import User

LIFETIME = timedelta(minutes=15)
INTERVAL = STEP = 5
"""Seconds between two questions, and by how much they grow for who asks too often."""
LEEWAY = timedelta(seconds=1)
"""Lines are not equally fast all the time."""
KEPT = timedelta(hours=1)
"""So long a device is told what became of its code."""
LONGEST_NAME = 100
START_ANEW = "Start anew on the device."


@dataclass(frozen=True)
class Asking:
    """What asks, and from where."""

    user_agent: str
    device: str
    address: str


@dataclass(frozen=True)
class Begun:
    device_code: str
    user_code: str


async def begin(
    session: AsyncSession, data: DeviceStart, tokens: Tokens, *, asking: Asking
) -> Begun:
    """Give a device its two codes."""
    begun = Begun(new_secret(), device_codes.new_code())
    session.add(
        DeviceGrant(
            device_digest=digest_of(begun.device_code),
            user_digest=device_codes.digest_of(begun.user_code, tokens),
            scopes=[scope.value for scope in data.scopes],
            client_name=data.client_name,
            user_agent=printable(asking.user_agent),
            device=asking.device,
            address=asking.address,
            interval=INTERVAL,
            expires_at=utc_now() + LIFETIME,
        )
    )
    await session.flush()
    return begun


async def redeem(
    session: AsyncSession,
    device_code: str,
    tokens: Tokens,
    *,
    settings: Settings,
    address: str,
) -> api_tokens.Signed:
    """Exchange the code of a device for an API token, once.

    Raises:
        GrantInvalid: It is unknown, or was exchanged before.
        AuthorizationPending: Nobody has decided yet.
        SlowDown: The same, and it comes too early.
        AccessDenied: A person refused, or may not allow it any more.
        ExpiredToken: It is too old.
    """
    # Of two at once the second one waits here, and finds it used.
    found = await session.exec(
        select(DeviceGrant)
        .where(DeviceGrant.device_digest == digest_of(device_code))
        .with_for_update()
    )
    grant = found.one_or_none()
    if grant is None or grant.state is DeviceState.used:
        raise GrantInvalid(f"This code is no good, or was used. {START_ANEW}")
    if grant.state is DeviceState.denied:
        raise AccessDenied("This device was refused.")
    now = utc_now()
    if grant.expires_at <= now:
        raise ExpiredToken(f"This code is too old. {START_ANEW}")
    if grant.state is DeviceState.pending:
        raise _not_yet(grant, now)
    actor, scopes = await _allowed(session, grant, address)
    days = await api_tokens.days_by_now(session, settings, grant.lifetime_days)
    teams = grant.team_ids
    grant.state = DeviceState.used
    grant.updated_at = now
    return await api_tokens.make(
        session,
        ApiTokenCreate(name=name_of(grant), scopes=scopes),
        tokens,
        days=days,
        team_ids=None if teams is None else [UUID(id_) for id_ in teams],
        actor=actor,
    )


def _not_yet(grant: DeviceGrant, now: datetime) -> Problem:
    """Say how long to wait, and remember that it was asked."""
    due = None
    if grant.polled_at is not None:
        due = grant.polled_at + timedelta(seconds=grant.interval) - LEEWAY
    grant.polled_at = grant.updated_at = now
    early = due is not None and now < due
    if early:
        grant.interval += STEP
    kind = SlowDown if early else AuthorizationPending
    return kind(
        f"Nobody has decided yet: ask again in {grant.interval} seconds.",
        headers={"Retry-After": str(grant.interval)},
        keep=True,
    )


async def _allowed(
    session: AsyncSession, grant: DeviceGrant, address: str
) -> tuple[Actor, list[Scope]]:
    """Find who allowed it, and what they may still give.

    Raises:
        AccessDenied: Nothing, or their account was deactivated meanwhile.
    """
    # Locked: who is being deactivated gets no further token.
    found = await session.exec(
        select(User)
        .where(User.id == grant.user_id, col(User.is_active))
        .with_for_update()
    )
    user = found.one_or_none()
    if user is None:
        raise AccessDenied("Whoever allowed this has no account any more.")
    actor = Actor(user.id, user.username, user.is_admin, address=address)
    scopes = grantable(grant, actor)
    if not scopes:
        raise AccessDenied("Whoever allowed this may not do so any more.")
    return actor, scopes


def grantable(grant: DeviceGrant, actor: Actor) -> list[Scope]:
    """Those of its scopes that somebody may give."""
    asked = [Scope(name) for name in grant.scopes]
    return [scope for scope in asked if scope is not Scope.admin or actor.is_admin]


def name_of(grant: DeviceGrant) -> str:
    """Name its token: what it is, and where it asked from."""
    place = f" at {grant.address}" if grant.address else ""
    return f"{grant.client_name[: LONGEST_NAME - len(place)].rstrip()}{place}"


async def forget(session: AsyncSession) -> None:
    """Remove what is of no use any more."""
    await session.exec(
        delete(DeviceGrant).where(col(DeviceGrant.expires_at) < utc_now() - KEPT)
    )
