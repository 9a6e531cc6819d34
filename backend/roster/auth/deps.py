"""Who is asking."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import OAuth2PasswordBearer

from roster.auth import sessions
from roster.auth.passwords import PasswordHasher
from roster.auth.tokens import Tokens
from roster.core.actor import Actor
from roster.core.db import READ_METHODS, DatabaseDep, SessionDep
from roster.core.errors import NotSignedIn
from roster.users.models import User

bearer = OAuth2PasswordBearer(
    tokenUrl="/api/v1/auth/token",
    refreshUrl="/api/v1/auth/refresh",
    scheme_name="bearer",
    description="The access token that `POST /auth/token` gives.",
    auto_error=False,
)
BearerDep = Annotated[str | None, Depends(bearer)]


def get_tokens(request: Request) -> Tokens:
    tokens: Tokens = request.app.state.tokens
    return tokens


def get_passwords(request: Request) -> PasswordHasher:
    passwords: PasswordHasher = request.app.state.passwords
    return passwords


TokensDep = Annotated[Tokens, Depends(get_tokens)]
PasswordsDep = Annotated[PasswordHasher, Depends(get_passwords)]


async def get_actor(
    token: BearerDep, tokens: TokensDep, database: DatabaseDep
) -> Actor:
    if token is None:
        raise NotSignedIn(
            "Sign in, and send the access token as Authorization: Bearer …"
        )
    claims = tokens.read_access(token)
    # A unit of its own, closed at once: a request that kept this connection while
    # it waits for a second one could starve the pool.
    async with database.read() as session:
        return await sessions.actor_of(session, claims)


ActorDep = Annotated[Actor, Depends(get_actor)]


async def get_current_user(
    request: Request, actor: ActorDep, session: SessionDep
) -> User:
    """Load the account of who is asking, locked if the request may change it."""
    changing = request.method not in READ_METHODS
    return await session.get_one(User, actor.id, with_for_update=changing)


CurrentUserDep = Annotated[User, Depends(get_current_user)]
