"""A connection of a client, who has to come to the point.

Uvicorn puts a bound on the silence after an answer alone. Who says nothing at first, or
sends what leads to no request a byte at a time, would be listened to for ever, and what
they sent would be kept however long it gets.
"""

from asyncio import TimerHandle, Transport
from typing import ClassVar

import orjson
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from roster.core.admission import MOST_HEADER_BYTES, MOST_URL_BYTES
from roster.core.errors import PROBLEM_JSON, HeadersTooLarge

MOST_HEAD_BYTES = 2 * (MOST_URL_BYTES + MOST_HEADER_BYTES)
"""After its first piece. What is less is refused with more words: see admission."""


def _too_large() -> bytes:
    # What it is about, and so much of the usual answer, is not known yet.
    said = {
        "type": f"/problems/{HeadersTooLarge.code}",
        "title": HeadersTooLarge.title,
        "status": HeadersTooLarge.status,
        "detail": f"Send at most {MOST_HEADER_BYTES:,} bytes of headers.",
    }
    body = orjson.dumps(said)
    head = (
        f"HTTP/1.1 {HeadersTooLarge.status} Request Header Fields Too Large\r\n"
        f"Content-Type: {PROBLEM_JSON}\r\nContent-Length: {len(body)}\r\n"
        "Cache-Control: no-store\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body


TOO_LARGE = _too_large()


class Connection(HttpToolsProtocol):
    head_seconds: ClassVar[float] = 15.0
    """From the first byte to the end of the headers, as the proxy has it; and for the
    rest of a body whose request is answered already."""

    _deadline: TimerHandle | None = None
    _seen = 0
    """Bytes since then."""
    _beside = 0
    """Bytes after the headers and since a body went on: of what follows it, and of how
    its parts are written, which are kept or read for nothing."""

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        self._be_idle()

    def connection_lost(self, exc: Exception | None) -> None:
        self._let_be()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._beside += len(data)
        super().data_received(data)
        if self._beside > MOST_HEAD_BYTES and self._works() and not self._in_head():
            self.transport.close()
        if not self._works() or self._in_head():
            self._wait_for_more(len(data))

    def on_headers_complete(self) -> None:
        self._beside = 0
        self._let_be()
        self._unset_keepalive_if_required()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._beside = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._beside = 0
        super().on_message_complete()
        if not self._works():
            # It was answered before its body was there.
            self._let_be()
            self._be_idle()

    def handle_websocket_upgrade(self) -> None:
        self._let_be()
        self._unset_keepalive_if_required()
        super().handle_websocket_upgrade()

    def _works(self) -> bool:
        """Whether something is being answered."""
        # There is none before the first request.
        return not getattr(self.cycle, "response_complete", True)

    def _in_head(self) -> bool:
        return "method" not in (self.scope or ())

    def _be_idle(self) -> None:
        self._unset_keepalive_if_required()
        self.timeout_keep_alive_task = self.loop.call_later(
            self.timeout_keep_alive, self.timeout_keep_alive_handler
        )

    def _let_be(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _wait_for_more(self, size: int) -> None:
        """Wait for the rest of what has begun, or of what nobody asked for."""
        is_gone = self.transport.is_closing() or self not in self.connections
        is_idle = self.timeout_keep_alive_task is not None
        if is_gone or is_idle:
            return
        if self._deadline is None:
            self._seen = 0
            self._expect_soon()
            return
        self._seen += size
        if self._seen > MOST_HEAD_BYTES and self._in_head():
            self._let_be()
            self.transport.write(TOO_LARGE)
            self.transport.close()

    def _expect_soon(self) -> None:
        self._deadline = self.loop.call_later(self.head_seconds, self._give_up)

    def _give_up(self) -> None:
        if self._works():
            # What was asked before is on its way to them.
            self._expect_soon()
        else:
            self._deadline = None
            self.transport.close()
