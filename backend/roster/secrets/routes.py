from typing import Annotated

from fastapi import APIRouter, Body, Response, status

from roster.auth.deps import WriterDep
from roster.auth.second_factor import CipherDep
from roster.core.caching import ConditionalRoute, IfMatch
from roster.core.db import SessionDep
from roster.core.errors import (
    Conflict,
    Forbidden,
    NotFound,
    NotSignedIn,
    PreconditionRequired,
    ScopeMissing,
    SecretDetached,
    Stale,
    TooManyRequests,
    problems,
)
from roster.core.idempotency import SHOWN_ONCE, without_key
from roster.secrets import service
from roster.secrets.deps import (
    ListedServer,
    ManagedServer,
    RevealedServer,
    RevealerDep,
    SecretKey,
)
from roster.secrets.models import (
    RevealRequest,
    SecretList,
    SecretPublic,
    SecretRevealed,
    SecretWrite,
)
from roster.secrets.revealing import Reveal

router = APIRouter(
    prefix="/components/{component_id}/secrets",
    route_class=ConditionalRoute,
    tags=["secrets"],
    responses=problems(NotSignedIn, Forbidden, NotFound),
)

NO_STORE = "no-store"
REASON = {"reason": "The provider asks which of our tokens was used."}


@router.get("", summary="List which secrets a server has, without their values")
async def list_secrets(server: ListedServer, session: SessionDep) -> SecretList:
    return await service.list_of(session, server)


@router.put(
    "/{key}",
    summary="Write a secret of a server, or replace it",
    responses=problems(Conflict, PreconditionRequired, Stale),
)
async def write_secret(
    key: SecretKey,
    data: Annotated[SecretWrite, Body(examples=[{"value": "the-value-itself"}])],
    server: ManagedServer,
    actor: WriterDep,
    session: SessionDep,
    cipher: CipherDep,
    response: Response,
    if_match: IfMatch = None,
) -> SecretPublic:
    """It is bound to the command or address that the server has now.

    A new one needs no `If-Match`; one that is there is replaced by its ETag.
    """
    written = await service.write(
        session,
        server,
        key,
        data.value.get_secret_value(),
        cipher=cipher,
        if_match=if_match,
        actor=actor,
    )
    response.headers["ETag"] = written.etag
    response.headers["Cache-Control"] = NO_STORE
    return written


@router.delete(
    "/{key}",
    summary="Forget a secret of a server",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(PreconditionRequired, Stale),
)
async def remove_secret(
    key: SecretKey,
    server: ManagedServer,
    actor: WriterDep,
    session: SessionDep,
    if_match: IfMatch = None,
) -> None:
    await service.remove(session, server, key, if_match=if_match, actor=actor)


@router.post(
    "/{key}/reveal",
    summary="Show the value of a secret; the audit keeps who asked and why",
    responses=problems(ScopeMissing, SecretDetached, Conflict, TooManyRequests),
)
@without_key(SHOWN_ONCE)
async def reveal_secret(
    key: SecretKey,
    data: Annotated[RevealRequest, Body(examples=[REASON])],
    server: RevealedServer,
    actor: RevealerDep,
    session: SessionDep,
    cipher: CipherDep,
    response: Response,
) -> SecretRevealed:
    """For owners of the team; an API token needs the scope `secrets:reveal`.

    At most ten values an hour. What was written for another command or address than
    the present one is not shown.
    """
    response.headers["Cache-Control"] = NO_STORE
    reveal = Reveal(session, server, key, data.reason, actor=actor)
    return await reveal.carry_out(cipher)
