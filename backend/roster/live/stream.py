"""Server-sent events: what is told, over one HTTP answer that does not end."""

import asyncio
import contextlib
from abc import abstractmethod
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import structlog
from fastapi.sse import format_sse_event
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from roster.live.hub import Hub, Message
from roster.live.listeners import End, Listener
from roster.live.schemas import Said

log = structlog.get_logger()

RETRY_MILLISECONDS = 2000
NOT_BUFFERED = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
Parts = AsyncGenerator[bytes]


class Stream(Response):
    """An answer of messages, until the client goes or there are no more."""

    media_type = "text/event-stream"

    def __init__(self, send_seconds: float) -> None:
        super().__init__(headers=NOT_BUFFERED)
        # It is as long as it gets.
        del self.headers["content-length"]
        self._send_seconds = send_seconds

    @abstractmethod
    def joined(self) -> AbstractAsyncContextManager[tuple[Listener, Parts]]:
        """Admit the client; give it, and what there is to say to it."""

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        async with self.joined() as (listener, parts):
            watching = asyncio.create_task(_until_gone(receive, listener))
            try:
                await self._tell(listener, parts, send)
            except TimeoutError:
                log.info("live_client_too_slow", actor=listener.actor.username)
            finally:
                watching.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await watching

    async def _tell(self, listener: Listener, parts: Parts, send: Send) -> None:
        start = {
            "type": "http.response.start",
            "status": self.status_code,
            "headers": self.raw_headers,
        }
        await send(start)
        async with contextlib.aclosing(parts):
            async for part in parts:
                await self._send(send, part, more=True)
        if listener.end is not End.gone:
            await self._send(send, b"", more=False)

    async def _send(self, send: Send, body: bytes, *, more: bool) -> None:
        part = {"type": "http.response.body", "body": body, "more_body": more}
        async with asyncio.timeout(self._send_seconds):
            await send(part)


class EventStream(Stream):
    def __init__(
        self, hub: Hub, token: str, position: str | None, *, follow: bool
    ) -> None:
        super().__init__(hub.pace.send_seconds)
        self._hub = hub
        self._token = token
        self._position = position
        self._follow = follow

    @asynccontextmanager
    async def joined(self) -> AsyncGenerator[tuple[Listener, Parts]]:
        joined = self._hub.joined(self._token, self._position)
        async with joined as (follower, begin):
            messages = follower.messages(begin=begin, follow=self._follow)
            yield follower, self._texts(messages)

    async def _texts(self, messages: AsyncGenerator[Message]) -> Parts:
        async with contextlib.aclosing(messages):
            async for message in messages:
                yield self._text(message)

    def _text(self, message: Message) -> bytes:
        position = self._hub.positions.text(message.seq)
        if message.event is not None:
            data = message.event.model_dump_json()
            return format_sse_event(data_str=data, id=position)
        if message.said is Said.beat:
            return format_sse_event(comment="nothing new", id=position)
        return format_sse_event(
            data_str="{}",
            event=message.said.value,
            id=position,
            retry=RETRY_MILLISECONDS,
        )


async def _until_gone(receive: Receive, listener: Listener) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    listener.leave(End.gone)
