from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Header

from roster.auth import sessions
from roster.auth.deps import AddressDep, BearerDep, TokensDep
from roster.auth.devices import name_device
from roster.auth.grants import RefreshTokenDep, TokenAnswerDep
from roster.auth.models import ClientKind, PasswordGrant, Token
from roster.auth.sign_in import SignInDep
from roster.core.caching import ConditionalRoute
from roster.core.db import SessionDep
from roster.core.deps import SettingsDep
from roster.core.errors import (
    Forbidden,
    NotSignedIn,
    SecondFactorRequired,
    TooManyRequests,
    WrongCode,
    WrongCredentials,
    problems,
)
from roster.core.idempotency import NOBODY_YET, without_key

router = APIRouter(prefix="/auth", route_class=ConditionalRoute, tags=["auth"])


@router.post(
    "/token",
    summary="Sign in",
    responses=problems(
        WrongCredentials, SecondFactorRequired, WrongCode, Forbidden, TooManyRequests
    ),
)
@without_key(NOBODY_YET)
async def sign_in(
    form: Annotated[PasswordGrant, Form()],
    settings: SettingsDep,
    session: SessionDep,
    judge: SignInDep,
    address: AddressDep,
    answer: TokenAnswerDep,
    user_agent: Annotated[str, Header(include_in_schema=False)] = "",
) -> Token:
    """Exchange a user name or e-mail address and a password for tokens.

    With `client=browser` the refresh token comes as a cookie that no script can
    read; other clients get it in the body. An account with a second factor needs
    `otp` as well. After several wrong tries the answer is 429 for a while, whether or
    not there is such an account.
    """
    if form.client is ClientKind.browser:
        answer.require_own_origin()
    proven = await judge.prove(form, address)
    device = await name_device(user_agent)
    grant = await sessions.begin(
        session,
        proven.user_id,
        client=sessions.Client(form.client, user_agent, device, address),
        lifetime=timedelta(days=settings.refresh_token_days),
        upgraded_hash=proven.upgraded_hash,
    )
    return answer.token(grant)


@router.post(
    "/refresh",
    summary="Get a new access token",
    responses=problems(NotSignedIn, Forbidden),
)
@without_key(NOBODY_YET)
async def refresh(
    given: RefreshTokenDep,
    session: SessionDep,
    tokens: TokensDep,
    address: AddressDep,
    answer: TokenAnswerDep,
) -> Token:
    """Exchange a refresh token, from the body or the cookie, for new tokens.

    Each refresh token is replaced when it is used. The one before is good for ten
    seconds more, for tabs that refresh at once; used later, it ends the session.
    """
    if given is None:
        raise NotSignedIn("Send a refresh token, or sign in.")
    claims = tokens.read_refresh(given)
    return answer.token(await sessions.rotate(session, claims, address=address))


@router.post(
    "/logout",
    status_code=204,
    summary="Sign out",
    openapi_extra={"security": [{}]},  # the access token is not required
    responses=problems(Forbidden),
)
@without_key("It needs nobody signed in, and signing out twice is no fault.")
async def sign_out(
    given: RefreshTokenDep,
    access_token: BearerDep,
    session: SessionDep,
    tokens: TokensDep,
    address: AddressDep,
    answer: TokenAnswerDep,
) -> None:
    """End the session of the refresh token, or else of the access token.

    Its access tokens stop working too. Signing out twice is no fault.
    """
    answer.clear_cookie()
    session_id = tokens.session_named_by(given, access_token)
    if session_id is not None:
        await sessions.sign_out(session, session_id, address=address)
