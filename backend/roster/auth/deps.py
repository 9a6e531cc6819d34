"""Who is asking, and whether the scopes of their token cover what they ask for."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import OAuth2PasswordBearer, SecurityScopes
from fastapi.security.utils import get_authorization_scheme_param

from roster.auth import api_tokens
from roster.auth.known import Callers, noted
from roster.auth.passwords import PasswordHasher
from roster.auth.tokens import Tokens
from roster.core.actor import Actor, Anonymous, Caller, Scope
from roster.core.db import READ_METHODS, DatabaseDep, SessionDep
from roster.core.deps import SettingsDep
from roster.core.errors import Forbidden, NotSignedIn, ScopeMissing
from roster.core.idempotency import answer_again
from roster.core.model import utc_now
from roster.instance import service as instance
from roster.users.models import User

SCOPES = {
    Scope.read: "Read, search and export what its maker may see.",
    Scope.write: "Change drafts, imports, and components as a whole.",
    Scope.publish: "Publish revisions and move labels.",
    Scope.reveal_secrets: "Reveal the secrets of servers.",
    Scope.report: "Report what is used.",
    Scope.knowledge: "Search the knowledge base.",
    Scope.admin: "Administer the instance.",
}
SIGN_IN = "Sign in, and send the access token as Authorization: Bearer …"

bearer = OAuth2PasswordBearer(
    tokenUrl="/api/v1/auth/token",
    refreshUrl="/api/v1/auth/refresh",
    scheme_name="bearer",
    scopes={scope.value: meaning for scope, meaning in SCOPES.items()},
    description=(
        "The access token that `POST /auth/token` gives, which has all scopes, or an "
        "API token (`rst_…`)."
    ),
    auto_error=False,
)
BearerDep = Annotated[str | None, Depends(bearer)]


async def get_tokens(request: Request) -> Tokens:
    tokens: Tokens = request.app.state.tokens
    return tokens


async def get_passwords(request: Request) -> PasswordHasher:
    passwords: PasswordHasher = request.app.state.passwords
    return passwords


async def client_address(request: Request) -> str:
    """Where a request comes from, behind the proxies that are trusted."""
    return request.client.host if request.client is not None else ""


TokensDep = Annotated[Tokens, Depends(get_tokens)]
PasswordsDep = Annotated[PasswordHasher, Depends(get_passwords)]
AddressDep = Annotated[str, Depends(client_address)]


async def get_callers(request: Request) -> Callers:
    callers: Callers = request.app.state.callers
    return callers


async def identify(
    request: Request,
    address: AddressDep,
    callers: Annotated[Callers, Depends(get_callers)],
    database: DatabaseDep,
) -> AsyncGenerator[Caller]:
    """Find who is asking, once for each request.

    It reads the header itself: what depends on a security scheme is called again for
    each set of scopes.
    """
    header = request.headers.get("Authorization")
    scheme, token = get_authorization_scheme_param(header)
    if header is None or scheme.lower() != "bearer":
        yield Anonymous(address)
        return
    reads = request.method in READ_METHODS
    sent = header.encode("latin-1")
    known = await callers.identify(sent, token, database, reads=reads)
    use = known.use
    request.state.viewer = known
    request.state.account = known.account  # the edge counts requests by it
    try:
        await answer_again(request, use.actor, database)
        yield replace(use.actor, address=address)
    finally:
        # After the answer has left: a read must not wait for the writer.
        if use.first_in_a_while:
            noted(known, replace(use, noted_at=utc_now()))
            await api_tokens.note_use(database, use.actor)


CallerFound = Annotated[Caller, Depends(identify)]


def _require_scopes(actor: Actor, needed: SecurityScopes) -> None:
    for name in needed.scopes:
        if name not in actor.scopes:
            raise ScopeMissing(
                f"This needs an API token with the scope {name}; make one that has it."
            )


async def get_actor(
    needed: SecurityScopes, _token: BearerDep, caller: CallerFound
) -> Actor:
    if isinstance(caller, Anonymous):
        raise NotSignedIn(SIGN_IN)
    _require_scopes(caller, needed)
    return caller


async def get_reader(
    needed: SecurityScopes,
    _token: BearerDep,
    caller: CallerFound,
    database: DatabaseDep,
    settings: SettingsDep,
) -> Caller:
    """Whoever may read what they see: everybody, where the instance lets them."""
    if isinstance(caller, Actor):
        _require_scopes(caller, needed)
        return caller
    async with database.read() as session:
        policy = await instance.current(session, settings)
    if not policy.public_read:
        raise NotSignedIn(SIGN_IN)
    return caller


async def get_person(_token: BearerDep, caller: CallerFound) -> Actor:
    if isinstance(caller, Anonymous):
        raise NotSignedIn(SIGN_IN)
    if caller.token_id is not None:
        raise Forbidden("No API token may do this; sign in to do it yourself.")
    return caller


async def get_admin(
    needed: SecurityScopes, _token: BearerDep, caller: CallerFound
) -> Actor:
    if isinstance(caller, Anonymous):
        raise NotSignedIn(SIGN_IN)
    if not caller.is_admin:
        raise Forbidden("Only administrators of this instance may do this.")
    _require_scopes(caller, needed)
    if caller.team_ids is not None:
        raise Forbidden(
            "This API token reaches only chosen teams; make one without that limit to "
            "administer the instance."
        )
    return caller


CallerDep = Annotated[Caller, Security(get_reader, scopes=[Scope.read])]
ActorDep = Annotated[Actor, Security(get_actor, scopes=[Scope.read])]
WriterDep = Annotated[Actor, Security(get_actor, scopes=[Scope.write])]
PublisherDep = Annotated[Actor, Security(get_actor, scopes=[Scope.publish])]
PersonDep = Annotated[Actor, Depends(get_person)]
AdminDep = Annotated[Actor, Security(get_admin, scopes=[Scope.admin])]


async def get_current_user(
    request: Request, actor: PersonDep, session: SessionDep
) -> User:
    """Load the account of who is asking, locked if the request may change it."""
    changing = request.method not in READ_METHODS
    return await session.get_one(User, actor.id, with_for_update=changing)


CurrentUserDep = Annotated[User, Depends(get_current_user)]
