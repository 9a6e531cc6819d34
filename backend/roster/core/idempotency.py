"""Retried POSTs: one effect, and the same answer again.

A POST with an ``Idempotency-Key`` does what it always does, and its answer is stored
in the transaction of its effect. Who comes with that key later gets what is stored.
Of two at once the second one notices when it is about to store its own answer, or
fails because of what the first one did: then all that it did is undone, and it gets
the answer of the first. Nothing is reserved beforehand, so that no request holds a
connection while it waits for another one.

A key belongs to its user; the same key of somebody else is another one.
"""

import hashlib
import re
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Depends, Header, Request, Response
from sqlalchemy import JSON, LargeBinary, func
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Text, col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.types import Message

from roster.core.actor import Actor
from roster.core.body_digest import BodyDigest
from roster.core.db import Database
from roster.core.errors import KeyReused, Malformed, Problem
from roster.core.model import Model, utc_now
from roster.core.topics import NOTHING

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
KEPT = timedelta(hours=24)
KEY_LENGTH = 255
WITHOUT_KEY: dict[Callable[..., Any], str] = {}
"""The endpoints of POST routes that do not take a key, and why."""
NOBODY_YET = "Nobody is signed in yet whom a key could belong to."
SHOWN_ONCE = "It answers with a secret."
HOLDS_TEXT = "Its answer holds the text itself, which must not outlive a redaction."
GUESSABLE_BODY = "Not even a digest of a password is kept beside its hash."

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
Handler = Callable[[Request], Coroutine[Any, Any, Response]]

_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_MADE_ANEW = frozenset({b"content-length"})


class IdempotentResponse(Model, table=True):
    """What a POST was answered, for those who send it again."""

    __tablename__ = "idempotent_responses"
    __tells__ = NOTHING

    actor_id: UUID = Field(primary_key=True)
    key: str = Field(primary_key=True, max_length=KEY_LENGTH)
    route: str = Field(sa_type=Text)
    """Method, path and query."""
    body_hash: str = Field(max_length=64)
    """Of the body, and of the API token that it came with."""
    status: int
    headers: list[tuple[str, str]] = Field(sa_type=JSON)
    body: bytes = Field(sa_type=LargeBinary)
    created_at: datetime = Field(default_factory=utc_now, index=True)


async def read_key(
    _key: Annotated[
        str | None,
        Header(
            alias=HEADER,
            pattern=f"^{_KEY.pattern}$",
            max_length=KEY_LENGTH,
            description=(
                "A value of your own, such as a UUID: sent again with the same key, "
                "the request has no second effect and gets the first answer. Kept "
                "for 24 hours."
            ),
        ),
    ] = None,
) -> None:
    """Declare the header, and refuse what is no key."""


TAKES_KEY = Depends(read_key)


def without_key(reason: str) -> Callable[[Endpoint], Endpoint]:
    """Declare that a POST route takes no key, and why."""

    def declare(endpoint: Endpoint) -> Endpoint:
        WITHOUT_KEY[endpoint] = reason
        return endpoint

    return declare


class _Known(Exception):  # noqa: N818 - an answer, and no error
    """The request was answered before."""

    def __init__(self, answer: Response) -> None:
        super().__init__()
        self.answer = answer


class _Attempt:
    """One request with a key."""

    def __init__(self, request: Request, key: str) -> None:
        query = request.url.query
        self.route = f"{request.method} {request.url.path}{'?' * bool(query)}{query}"
        self.key = key
        self.actor_id: UUID | None = None
        self._receive = request.receive
        self._heard = False
        self._body = BodyDigest(request.headers.get("content-type", ""))
        self._token = b""

    async def receive(self) -> Message:
        """Hash the body as it arrives, whoever reads it."""
        message = await self._receive()
        if message["type"] == "http.request":
            self._body.update(message.get("body", b""))
            self._heard = not message.get("more_body", False)
        return message

    async def hear_out(self) -> None:
        """Hash what nobody has read of the body.

        Raises:
            Malformed: The rest does not come.
        """
        while not self._heard:
            if (await self.receive())["type"] == "http.disconnect":
                raise Malformed("The body is not complete; send it again.")

    def comes_from(self, actor: Actor) -> None:
        self.actor_id = actor.id
        # Else a limited token could read what its maker did with another one.
        self._token = b"" if actor.token_id is None else actor.token_id.bytes

    def body_hash(self) -> str:
        return hashlib.sha256(self._token + self._body.digest()).hexdigest()

    async def find(self, session: AsyncSession) -> IdempotentResponse | None:
        found = await session.exec(
            select(IdempotentResponse).where(
                IdempotentResponse.actor_id == self.actor_id,
                IdempotentResponse.key == self.key,
                col(IdempotentResponse.created_at) > utc_now() - KEPT,
            )
        )
        return found.first()

    async def answer(self, row: IdempotentResponse) -> Response:
        """Give the stored answer.

        Raises:
            KeyReused: It is that of another request.
            Malformed: The body does not come to its end.
        """
        await self.hear_out()
        if (row.route, row.body_hash) != (self.route, self.body_hash()):
            raise KeyReused(
                f"This {HEADER} was sent with another request in the last 24 hours; "
                "use a new one for each."
            )
        response = Response(row.body, row.status)
        pairs = [*row.headers, (REPLAYED, "true")]
        response.raw_headers += [(k.lower().encode(), v.encode()) for k, v in pairs]
        return response

    async def store(self, session: AsyncSession, response: Response) -> bool:
        """Store an answer, unless another request with this key came first."""
        await self.hear_out()
        values = {
            "actor_id": self.actor_id,
            "key": self.key,
            "route": self.route,
            "body_hash": self.body_hash(),
            "status": response.status_code,
            "headers": [
                (key.decode("latin-1"), value.decode("latin-1"))
                for key, value in response.raw_headers
                if key not in _MADE_ANEW
            ],
            "body": bytes(response.body),
            "created_at": utc_now(),
        }
        await session.flush()
        on_postgres = session.get_bind().dialect.name == "postgresql"
        insert_into = postgresql.insert if on_postgres else sqlite.insert
        connection = await session.connection()
        stored = await connection.execute(
            insert_into(IdempotentResponse)
            .values(values)
            .on_conflict_do_update(
                index_elements=["actor_id", "key"],
                set_=values,
                where=col(IdempotentResponse.created_at) <= utc_now() - KEPT,
            )
            .returning(col(IdempotentResponse.key))
        )
        return stored.first() is not None


def once(handle: Handler) -> Handler:
    """Wrap the handler of a route that takes a key."""

    async def handled(request: Request) -> Response:
        key = request.headers.get(HEADER)
        if key is None or not _KEY.fullmatch(key):
            return await handle(request)  # which refuses what is no key
        attempt = request.state.attempt = _Attempt(request, key)
        listening = Request(request.scope, attempt.receive)
        try:
            response = await handle(listening)
        except _Known as known:
            return known.answer
        except Exception as error:
            kept = isinstance(error, Problem) and error.keep
            if attempt.actor_id is None or kept:
                raise
            # Perhaps because of what another one with this key has just done.
            async with _unit(request) as session:
                await session.rollback()
                row = await attempt.find(session)
            if row is None:
                raise
            return await attempt.answer(row)
        async with _unit(request) as session:
            if await attempt.store(session, response):
                return response
            await session.rollback()
            row = await session.get_one(
                IdempotentResponse, (attempt.actor_id, attempt.key)
            )
        return await attempt.answer(row)

    return handled


@asynccontextmanager
async def _unit(request: Request) -> AsyncGenerator[AsyncSession]:
    """Give the transaction of the request; a new one, where it has none."""
    session = getattr(request.state, "session", None)
    if session is not None:
        yield session
        return
    database: Database = request.app.state.database
    async with database.write(shares=True) as session:
        yield session


async def answer_again(request: Request, actor: Actor, database: Database) -> None:
    """Stop here, once it is known who asks, if the request was answered before.

    Raises:
        KeyReused: The key was used for another request.
    """
    attempt: _Attempt | None = getattr(request.state, "attempt", None)
    if attempt is None:
        return
    attempt.comes_from(actor)
    async with database.read() as session:
        row = await attempt.find(session)
    if row is not None:
        raise _Known(await attempt.answer(row))


async def forget_about(session: AsyncSession, ids: Iterable[str]) -> None:
    """Remove the answers that hold an id, because what they tell of it is no more."""
    on_postgres = session.get_bind().dialect.name == "postgresql"
    body = col(IdempotentResponse.body)
    for id_ in ids:
        named = id_.encode()
        holds = (
            body.op("LIKE")(b"%" + named + b"%")
            if on_postgres
            else func.instr(body, named) > 0
        )
        await session.exec(delete(IdempotentResponse).where(holds))


async def forget(session: AsyncSession) -> None:
    """Remove the answers that are not kept any longer."""
    await session.exec(
        delete(IdempotentResponse).where(
            col(IdempotentResponse.created_at) <= utc_now() - KEPT
        )
    )
