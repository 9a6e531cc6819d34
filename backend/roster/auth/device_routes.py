"""Device sign-in after RFC 8628: for clients that have no browser of their own."""

from typing import Annotated

from fastapi import APIRouter, Body, Depends, Header, Request, Response

from roster.auth import api_tokens, device_approval, device_grants
from roster.auth.deps import AddressDep, PersonDep, TokensDep
from roster.auth.device_approval import UserCode, WaitingDep
from roster.auth.device_codes import shown
from roster.auth.device_schemas import (
    DEVICE_GRANT,
    DeviceApproval,
    DeviceRedemption,
    DeviceRequest,
    DeviceStart,
    DeviceStarted,
    DeviceToken,
)
from roster.auth.devices import name_device
from roster.auth.form_or_json import declared, form_or_json
from roster.auth.limiting import DeviceLimit
from roster.auth.origin import require_own_origin
from roster.core.caching import ConditionalRoute
from roster.core.db import SessionDep
from roster.core.deps import SettingsDep
from roster.core.errors import (
    AccessDenied,
    AuthorizationPending,
    CodeExpired,
    CodeUsed,
    ExpiredToken,
    Forbidden,
    GrantInvalid,
    GrantTypeUnsupported,
    NotFound,
    NotSignedIn,
    SlowDown,
    TooManyRequests,
    UnsupportedMediaType,
    problems,
)
from roster.core.idempotency import NOBODY_YET, without_key
from roster.core.model import utc_now
from roster.teams.refs import ids_of

router = APIRouter(
    prefix="/auth/device", route_class=ConditionalRoute, tags=["device sign-in"]
)
BY_A_PERSON = problems(
    NotSignedIn, Forbidden, NotFound, CodeUsed, CodeExpired, TooManyRequests
)
DECIDED_ONCE = "A code is decided about once: a second time it is refused."

START = {"client_name": "roster on ada-laptop", "scopes": ["read", "write"]}
REDEEM = {
    "grant_type": DEVICE_GRANT,
    "device_code": "AyAomV6MVIvPKf6TGNGo-wR6bFbyhoIT7mXvBSWKdnM",
}
APPROVAL = {"scopes": ["read"], "teams": None, "expires_in_days": 90}


def _not_to_be_kept(response: Response) -> None:
    response.headers["Cache-Control"] = "no-store"


@router.post(
    "",
    summary="Ask to be signed in, on a device without a browser",
    dependencies=[DeviceLimit],
    openapi_extra=declared(DeviceStart, START),
    responses=problems(TooManyRequests, UnsupportedMediaType),
)
@without_key(NOBODY_YET)
async def start_device_sign_in(
    data: Annotated[DeviceStart, Depends(form_or_json(DeviceStart))],
    session: SessionDep,
    settings: SettingsDep,
    tokens: TokensDep,
    address: AddressDep,
    response: Response,
    user_agent: Annotated[str, Header(include_in_schema=False)] = "",
) -> DeviceStarted:
    """Get two codes: one to ask with, and one to show.

    A person opens the address in any browser, signs in there and types the code that
    the device shows; meanwhile the device asks `POST /auth/device/token`. A form with
    `client_id` and `scope` is taken as well, as OAuth 2 has it.
    """
    _not_to_be_kept(response)
    device = await name_device(user_agent)
    asking = device_grants.Asking(user_agent, device, address)
    begun = await device_grants.begin(session, data, tokens, asking=asking)
    code, page = shown(begun.user_code), f"{settings.app_url}/device"
    return DeviceStarted(
        device_code=begun.device_code,
        user_code=code,
        verification_uri=page,
        verification_uri_complete=f"{page}?code={code}",
        expires_in=int(device_grants.LIFETIME.total_seconds()),
        interval=device_grants.INTERVAL,
    )


@router.post(
    "/token",
    summary="Ask whether the device was let in, and get its token",
    response_model_exclude_none=True,
    openapi_extra=declared(DeviceRedemption, REDEEM),
    responses=problems(
        AuthorizationPending,
        SlowDown,
        AccessDenied,
        ExpiredToken,
        GrantInvalid,
        GrantTypeUnsupported,
        UnsupportedMediaType,
    ),
)
@without_key(NOBODY_YET)
async def redeem_device_code(
    data: Annotated[DeviceRedemption, Depends(form_or_json(DeviceRedemption))],
    session: SessionDep,
    settings: SettingsDep,
    tokens: TokensDep,
    address: AddressDep,
    response: Response,
) -> DeviceToken:
    """Ask every `interval` seconds, until the answer is a token or a final error.

    What is not a token is a problem whose `error` is one of RFC 8628:
    `authorization_pending` and `slow_down` (five seconds longer from now on) say to go
    on; `access_denied`, `expired_token` and `invalid_grant` say that it is over. The
    token is an API token, made at this moment and handed out this once. A form is taken
    as well, as OAuth 2 has it.
    """
    _not_to_be_kept(response)
    if data.grant_type != DEVICE_GRANT:
        raise GrantTypeUnsupported(f"Send {DEVICE_GRANT} as grant_type.")
    signed = await device_grants.redeem(
        session,
        data.device_code.get_secret_value(),
        tokens,
        settings=settings,
        address=address,
    )
    ends = signed.row.expires_at
    left = None if ends is None else int((ends - utc_now()).total_seconds())
    return DeviceToken(
        access_token=signed.token,
        expires_in=left,
        scope=" ".join(signed.row.scopes),
    )


@router.get(
    "/{user_code}",
    summary="Read which device asks to be signed in",
    responses=BY_A_PERSON,
)
async def read_device_request(
    user_code: UserCode, waiting: WaitingDep, person: PersonDep, response: Response
) -> DeviceRequest:
    """Wrong codes are counted, and slowed down after a few."""
    _not_to_be_kept(response)
    grant = await waiting.find(user_code, lock=False)
    return device_approval.describe(grant, user_code, person)


@router.post(
    "/{user_code}/approval",
    status_code=204,
    summary="Let a device act for you",
    responses=BY_A_PERSON,
)
@without_key(DECIDED_ONCE)
async def approve_device(
    data: Annotated[DeviceApproval, Body(examples=[APPROVAL])],
    user_code: UserCode,
    waiting: WaitingDep,
    person: PersonDep,
    session: SessionDep,
    settings: SettingsDep,
    request: Request,
) -> None:
    """Only continue if you started this yourself: it gets an API token of yours.

    It gets at most the scopes that it asked for. The token can be revoked like any
    other.
    """
    require_own_origin(request, settings)
    grant = await waiting.find(user_code)
    teams = None
    if data.teams is not None:
        teams = await ids_of(session, data.teams, actor=person)
    days = await api_tokens.days_for(session, settings, data)
    await device_approval.approve(
        session, grant, data, days=days, team_ids=teams, actor=person
    )


@router.post(
    "/{user_code}/denial",
    status_code=204,
    summary="Refuse a device",
    responses=BY_A_PERSON,
)
@without_key(DECIDED_ONCE)
async def deny_device(
    user_code: UserCode,
    waiting: WaitingDep,
    person: PersonDep,
    session: SessionDep,
    settings: SettingsDep,
    request: Request,
) -> None:
    require_own_origin(request, settings)
    grant = await waiting.find(user_code)
    await device_approval.deny(session, grant, actor=person)
