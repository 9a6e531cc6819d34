from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Body, Form, Header, Response

from roster.auth import sessions, setup
from roster.auth.deps import BearerDep, PasswordsDep, TokensDep
from roster.auth.grants import RefreshTokenDep, TokenAnswerDep
from roster.auth.models import ClientKind, PasswordGrant, Token
from roster.auth.sign_in import authenticate
from roster.core.caching import ConditionalRoute
from roster.core.db import DatabaseDep, SessionDep
from roster.core.deps import SettingsDep
from roster.core.errors import (
    Conflict,
    Forbidden,
    NameTaken,
    NotSignedIn,
    RegistrationClosed,
    WrongCredentials,
    problems,
)
from roster.teams.models import UserMe
from roster.teams.registration import make_account
from roster.teams.service import describe_me
from roster.users.models import UserCreate

router = APIRouter(prefix="/auth", route_class=ConditionalRoute, tags=["auth"])

NEW_ACCOUNT = {
    "username": "ada",
    "email": "ada@example.org",
    "password": "correct horse battery staple",
    "display_name": "Ada Lovelace",
}


@router.post(
    "/register",
    status_code=201,
    summary="Make an account",
    responses=problems(NameTaken, RegistrationClosed, Conflict),
)
async def register(
    data: Annotated[UserCreate, Body(examples=[NEW_ACCOUNT])],
    settings: SettingsDep,
    database: DatabaseDep,
    session: SessionDep,
    passwords: PasswordsDep,
    response: Response,
    background: BackgroundTasks,
) -> UserMe:
    """Make an account and its personal team.

    The first account of an instance needs the setup code that was printed when it
    started, and administers the instance.
    """
    first = await setup.admit(settings, database, data)
    password_hash = await passwords.hash(data.password)
    user = await make_account(session, data, password_hash, first=first)
    if first:
        # After the commit: until then the code must stay good.
        background.add_task(setup.forget_code, settings)
    response.headers["Location"] = "/api/v1/users/me"
    return await describe_me(session, user)


@router.post(
    "/token",
    summary="Sign in",
    responses=problems(WrongCredentials, Forbidden),
)
async def sign_in(
    form: Annotated[PasswordGrant, Form()],
    settings: SettingsDep,
    database: DatabaseDep,
    session: SessionDep,
    passwords: PasswordsDep,
    answer: TokenAnswerDep,
    user_agent: Annotated[str, Header(include_in_schema=False)] = "",
) -> Token:
    """Exchange a user name or e-mail address and a password for tokens.

    With `client=browser` the refresh token comes as a cookie that no script can
    read; other clients get it in the body.
    """
    if form.client is ClientKind.browser:
        answer.require_own_origin()
    user_id, upgraded_hash = await authenticate(database, passwords, form)
    grant = await sessions.begin(
        session,
        user_id,
        client=sessions.Client(form.client, user_agent),
        lifetime=timedelta(days=settings.refresh_token_days),
        upgraded_hash=upgraded_hash,
    )
    return answer.token(grant)


@router.post(
    "/refresh",
    summary="Get a new access token",
    responses=problems(NotSignedIn, Forbidden),
)
async def refresh(
    given: RefreshTokenDep,
    session: SessionDep,
    tokens: TokensDep,
    answer: TokenAnswerDep,
) -> Token:
    """Exchange a refresh token, from the body or the cookie, for new tokens.

    Each refresh token is replaced when it is used. The one before is good for ten
    seconds more, for tabs that refresh at once; used later, it ends the session.
    """
    if given is None:
        raise NotSignedIn("Send a refresh token, or sign in.")
    claims = tokens.read_refresh(given)
    return answer.token(await sessions.rotate(session, claims))


@router.post(
    "/logout",
    status_code=204,
    summary="Sign out",
    openapi_extra={"security": [{}]},  # the access token is not required
    responses=problems(Forbidden),
)
async def sign_out(
    given: RefreshTokenDep,
    access_token: BearerDep,
    session: SessionDep,
    tokens: TokensDep,
    answer: TokenAnswerDep,
) -> None:
    """End the session of the refresh token, or else of the access token.

    Its access tokens stop working too. Signing out twice is no fault.
    """
    answer.clear_cookie()
    session_id = tokens.session_named_by(given, access_token)
    if session_id is not None:
        await sessions.end(session, session_id)
