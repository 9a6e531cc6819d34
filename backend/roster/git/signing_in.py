"""Who asks, where git and other tools sign in: with a token as password, or as bearer.

None of them knows of sessions. They ask without credentials first, and send some when
they are asked for them: so whoever is not signed in and may not see something is asked
to sign in, whether it exists or not.
"""

import base64
import binascii
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from dataclasses import replace
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request, Response
from fastapi.responses import PlainTextResponse
from fastapi.routing import APIRoute
from fastapi.security.utils import get_authorization_scheme_param
from starlette.exceptions import HTTPException

from roster.auth import api_tokens
from roster.auth.deps import AddressDep, get_callers
from roster.auth.known import Callers, noted
from roster.core.actor import Actor, Anonymous, Caller, Scope
from roster.core.db import DatabaseDep
from roster.core.deps import SettingsDep
from roster.core.errors import NotFound, NotSignedIn, Problem, ScopeMissing
from roster.core.model import utc_now
from roster.instance import service as instance

CHALLENGE = 'Basic realm="Roster", charset="UTF-8"'
SIGN_IN = (
    "Sign in with an API token as the password, and any user name: "
    "there is nothing here for who is not signed in."
)
SCOPE = (
    "This needs an API token with the scope read; make one that has it in your account."
)

R = TypeVar("R")


def not_signed_in(detail: str) -> NotSignedIn:
    """The problem that makes git ask for a user name and a password."""
    problem = NotSignedIn(detail)
    problem.headers["WWW-Authenticate"] = CHALLENGE
    return problem


def token_in(header: str | None) -> str | None:
    """The token of a header; None without one, "" if there is none to be found."""
    if header is None:
        return None
    scheme, given = get_authorization_scheme_param(header)
    if scheme.lower() == "bearer":
        return given
    if scheme.lower() != "basic":
        return ""
    try:
        pair = base64.b64decode(given, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
    user, _, password = pair.partition(":")
    # Some tools know of one field alone, and send it as the name.
    return password or user


async def identify(
    request: Request,
    address: AddressDep,
    callers: Annotated[Callers, Depends(get_callers)],
    database: DatabaseDep,
    settings: SettingsDep,
) -> AsyncGenerator[Caller]:
    """Find who is asking, and whether they may read at all.

    Raises:
        NotSignedIn: Nobody who may.
        ScopeMissing: Their token is for something else.
    """
    token = token_in(request.headers.get("Authorization"))
    if token is None:
        async with database.read() as session:
            policy = await instance.current(session, settings)
        if not policy.public_read:
            raise not_signed_in(SIGN_IN)
        yield Anonymous(address)
        return
    # Known by what the API knows it by: no answer is kept for another header.
    sent = f"Bearer {token}".encode(errors="replace")
    try:
        known = await callers.identify(sent, token, database, reads=True)
    except NotSignedIn as error:
        raise not_signed_in(error.detail) from error
    use = known.use
    request.state.account = known.account  # the edge counts requests by it
    if Scope.read not in use.actor.scopes:
        raise ScopeMissing(SCOPE)
    try:
        yield replace(use.actor, address=address)
    finally:
        if use.first_in_a_while:
            noted(known, replace(use, noted_at=utc_now()))
            await api_tokens.note_use(database, use.actor)


ReaderDep = Annotated[Caller, Depends(identify)]


async def or_sign_in(caller: Caller, found: Awaitable[R]) -> R:
    """Wait for what the caller asks for; who is not signed in is asked to.

    Raises:
        NotFound: There is none that the caller may see.
        NotSignedIn: The same, for nobody who is known.
    """
    try:
        return await found
    except NotFound as error:
        if isinstance(caller, Actor):
            raise
        raise not_signed_in(SIGN_IN) from error


def is_git(request: Request) -> bool:
    return "git" in request.headers.get("User-Agent", "").lower()


class SpokenRoute(APIRoute):
    """Tells git in plain words what is wrong: it shows no others to the person."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            if not is_git(request):
                return await handle(request)
            try:
                return await handle(request)
            except Problem as problem:
                return _spoken(problem.detail, problem.status, problem.headers)
            except HTTPException as error:
                return _spoken(str(error.detail), error.status_code, error.headers)

        return handled


def _spoken(detail: str, status: int, headers: Any) -> Response:
    # No charset: git compares the type as a whole in some versions.
    return PlainTextResponse(
        f"{detail}\n",
        status_code=status,
        headers={"Cache-Control": "no-store", **(headers or {})},
    )
