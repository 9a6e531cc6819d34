"""The same events over a WebSocket, for clients that cannot send headers.

A browser opens only six connections to a server over HTTP/1.1, but many sockets. The
token comes in the first message, so that it is in no address and no log.
"""

import asyncio
from contextlib import aclosing, suppress
from enum import IntEnum

import structlog
from pydantic import ValidationError
from starlette.websockets import WebSocket, WebSocketDisconnect

from roster.auth import api_tokens
from roster.core.actor import Scope
from roster.core.db import Database
from roster.core.errors import NotSignedIn, TooManyRequests, Unavailable
from roster.live.hub import Follower, Hub, Message
from roster.live.listeners import End, Listener
from roster.live.schemas import LiveMessage, Said, SignIn

log = structlog.get_logger()

MOST_WAITING = 100
"""Sockets at once that nobody has signed in through yet."""
LONGEST_MESSAGE = 8 * 1024


class Code(IntEnum):
    """Why a socket is closed; those above 4000 are our own."""

    going_away = 1001
    not_allowed = 1008
    too_big = 1009
    try_again = 1013
    not_signed_in = 4401
    scope_missing = 4403
    too_late = 4408
    too_many = 4429


class _ClosingError(Exception):
    """The socket has to be closed for this reason."""

    def __init__(self, code: Code, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


REASONS = {
    End.expired: (Code.not_signed_in, "expired"),
    End.ended: (Code.not_signed_in, "ended"),
    End.closing: (Code.going_away, "stopping"),
    End.failed: (Code.try_again, "try again"),
    End.spoke: (Code.not_allowed, "send nothing but the first message"),
}


class Waiting:
    """Counts the sockets that wait for their first message."""

    def __init__(self) -> None:
        self._count = 0

    def __enter__(self) -> None:
        if self._count >= MOST_WAITING:
            raise Unavailable(
                "Too many sockets wait to be signed in; try again in a moment.",
                headers={"Retry-After": "5"},
            )
        self._count += 1

    def __exit__(self, *_: object) -> None:
        self._count -= 1


async def talk(
    socket: WebSocket, hub: Hub, database: Database, waiting: Waiting
) -> None:
    """Sign a client in and tell it what happens, until either side ends it.

    Raises:
        Unavailable: Too many wait to be signed in; the socket was not accepted.
    """
    try:
        with waiting:
            await socket.accept()
            given = await _first_message(socket, hub.pace.sign_in_seconds)
        await _serve(socket, hub, database, given)
    except _ClosingError as closing:
        with suppress(WebSocketDisconnect):
            await socket.close(closing.code, closing.reason)
    except WebSocketDisconnect:
        pass


async def _first_message(socket: WebSocket, seconds: float) -> SignIn:
    try:
        async with asyncio.timeout(seconds):
            message = await socket.receive()
    except TimeoutError as error:
        raise _ClosingError(Code.too_late, "sign in first") from error
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message["code"])
    text = message.get("text") or ""
    if len(text) > LONGEST_MESSAGE:
        raise _ClosingError(Code.too_big, "too long")
    try:
        return SignIn.model_validate_json(text)
    except ValidationError as error:
        raise _ClosingError(Code.not_allowed, 'send {"token": "…"} first') from error


async def _serve(
    socket: WebSocket, hub: Hub, database: Database, given: SignIn
) -> None:
    joined = hub.joined(given.token, given.position)
    try:
        async with joined as (listener, begin):
            if Scope.read not in listener.actor.scopes:
                raise _ClosingError(Code.scope_missing, "the scope read is missing")
            if listener.first_in_a_while:
                await api_tokens.note_use(database, listener.actor)
            await _tell(socket, hub, listener, begin)
    except NotSignedIn as error:
        raise _ClosingError(Code.not_signed_in, "invalid") from error
    except TooManyRequests as error:
        raise _ClosingError(Code.too_many, "too many streams") from error
    except Unavailable as error:
        raise _ClosingError(*REASONS[End.closing]) from error


async def _tell(socket: WebSocket, hub: Hub, listener: Follower, begin: Said) -> None:
    watching = asyncio.create_task(_until_it_speaks(socket, listener))
    try:
        async with aclosing(listener.messages(begin=begin)) as messages:
            async for message in messages:
                async with asyncio.timeout(hub.pace.send_seconds):
                    await socket.send_text(_text(hub, message))
    except TimeoutError:
        # It would take no word of being closed either.
        log.info("live_client_too_slow", actor=listener.actor.username)
        return
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
    if listener.end in REASONS:
        raise _ClosingError(*REASONS[listener.end])


def _text(hub: Hub, message: Message) -> str:
    said = LiveMessage(
        type=message.said,
        position=hub.positions.text(message.seq),
        event=message.event,
    )
    return said.model_dump_json(exclude_none=message.event is None)


async def _until_it_speaks(socket: WebSocket, listener: Listener) -> None:
    message = await socket.receive()
    gone = message["type"] == "websocket.disconnect"
    listener.leave(End.gone if gone else End.spoke)
