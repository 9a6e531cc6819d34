"""Signing in a device without a browser: the side of the person who lets it in."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.audit.service import Target, record
from roster.auth import api_tokens, device_codes
from roster.auth.deps import PersonDep, TokensDep
from roster.auth.device_grants import grantable
from roster.auth.device_schemas import DeviceApproval, DeviceRequest
from roster.auth.models import DeviceGrant, DeviceState
from roster.auth.throttle import (
    DEVICE_CODE,
    DEVICE_CODE_ADDRESS,
    Counter,
    ThrottleDep,
    network_of,
)
from roster.core.actor import Actor
from roster.core.db import SessionDep
from roster.core.errors import CodeExpired, CodeUsed, Invalid, NotFound
from roster.core.model import utc_now

UserCode = Annotated[
    str,
    Path(
        max_length=device_codes.LONGEST_TYPED,
        description="The code that the device shows; case and hyphens do not matter.",
        examples=["WDJB-MJHT"],
    ),
]


class Waiting:
    """Finds what waits for a person, by the code that they typed."""

    def __init__(
        self,
        actor: PersonDep,
        session: SessionDep,
        throttle: ThrottleDep,
        tokens: TokensDep,
    ) -> None:
        self._actor = actor
        self._session = session
        self._throttle = throttle
        self._tokens = tokens

    async def find(self, user_code: str, *, lock: bool = True) -> DeviceGrant:
        """Find what shows a code.

        Raises:
            TooManyRequests: Too many wrong ones were typed.
            NotFound: Nothing shows it.
            CodeUsed: It was decided about.
            CodeExpired: It is too old.
        """
        attempt = await self._throttle.enter(
            [
                Counter(DEVICE_CODE_ADDRESS, network_of(self._actor.address)),
                Counter(DEVICE_CODE, str(self._actor.id)),
            ]
        )
        code = device_codes.typed(user_code)
        digests = device_codes.digests_of(code, self._tokens)
        statement = select(DeviceGrant).where(col(DeviceGrant.user_digest).in_(digests))
        if lock:
            statement = statement.with_for_update()
        grant = (await self._session.exec(statement)).one_or_none()
        if grant is None:
            raise NotFound("No device shows this code; compare it letter by letter.")
        # A right one makes up for no wrong one: anybody can have codes of their own.
        await attempt.undecided()
        if grant.state is not DeviceState.pending:
            raise CodeUsed("This code was used already; start anew on the device.")
        if grant.expires_at <= utc_now():
            raise CodeExpired("This code is too old; start anew on the device.")
        return grant


WaitingDep = Annotated[Waiting, Depends()]


def describe(grant: DeviceGrant, user_code: str, actor: Actor) -> DeviceRequest:
    """Tell a person what asks."""
    return DeviceRequest.model_validate(
        grant,
        update={
            "user_code": device_codes.shown(device_codes.typed(user_code)),
            "is_your_address": network_of(grant.address) == network_of(actor.address),
            "grantable": grantable(grant, actor),
        },
    )


async def approve(  # noqa: PLR0913 - a token is made of these
    session: AsyncSession,
    grant: DeviceGrant,
    data: DeviceApproval,
    *,
    days: int | None,
    team_ids: Sequence[UUID] | None,
    actor: Actor,
) -> None:
    """Let a device in: it gets its token when it asks next.

    Raises:
        Invalid: It did not ask for that much, or the actor may not give it.
    """
    more = [scope.value for scope in data.scopes if scope.value not in grant.scopes]
    if more:
        message = f"The device did not ask for {', '.join(more)}."
        raise Invalid.field("scopes", message, "not_asked_for")
    api_tokens.require_may_grant(data.scopes, actor)
    grant.scopes = [scope.value for scope in data.scopes]
    grant.team_ids = None if team_ids is None else [str(id_) for id_ in team_ids]
    grant.lifetime_days = days
    _decide(grant, DeviceState.approved, actor)
    details = {
        "scopes": grant.scopes,
        "teams": grant.team_ids,
        "days": days,
        "address": grant.address,
    }
    record(session, "device.approved", _target(grant), by=actor, details=details)
    await session.flush()


async def deny(session: AsyncSession, grant: DeviceGrant, *, actor: Actor) -> None:
    """Refuse a device: it is told when it asks next."""
    _decide(grant, DeviceState.denied, actor)
    details = {"address": grant.address}
    record(session, "device.denied", _target(grant), by=actor, details=details)
    await session.flush()


def _decide(grant: DeviceGrant, state: DeviceState, actor: Actor) -> None:
    grant.state = state
    grant.user_id = actor.id
    grant.updated_at = utc_now()


def _target(grant: DeviceGrant) -> Target:
    return Target("device", grant.id, grant.client_name)
