"""A connection of a client, who has to come to the point.

Uvicorn puts a bound on the silence after an answer alone. Who says nothing at first, or
sends what leads to no request a byte at a time, would be listened to for ever, and what
they sent would be kept however long it gets.
"""

from asyncio import Event, TimerHandle, Transport
from functools import lru_cache
from typing import Any, ClassVar

import orjson
from httptools import parse_url
from starlette.types import Scope
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from roster.core.admission import MOST_HEADER_BYTES, MOST_URL_BYTES
from roster.core.at_once import AtOnce
from roster.core.errors import PROBLEM_JSON, HeadersTooLarge
from roster.core.headers import Headers, as_lines

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
ANSWERS = "at_once"
"""Where the state of the application has what may be answered without it."""
_METHODS = {b"GET": "GET", b"HEAD": "HEAD"}
_UNUSUAL = frozenset(
    # A body, what wants an answer before it, and pages of other sites.
    {b"content-length", b"transfer-encoding", b"expect", b"upgrade", b"origin"}
)


class _Done:
    """In the place of what uvicorn notes of a request that was answered at once."""

    response_complete = True
    message_event = Event()


_DONE: Any = _Done()


class _Dates:
    """The headers that uvicorn has for all answers, as they are sent."""

    headers: ClassVar[Headers] = []
    lines: ClassVar[bytes] = b""

    @classmethod
    def of(cls, headers: Headers) -> bytes:
        if headers is not cls.headers:  # a new list each second
            cls.headers, cls.lines = headers, as_lines(headers)
        return cls.lines


async def _nothing(*_: Any) -> None:
    pass


@lru_cache(8)
def _forwarding(outer: ProxyHeadersMiddleware) -> ProxyHeadersMiddleware:
    """Make what reads who a proxy asks for, and does nothing else."""
    made = ProxyHeadersMiddleware(_nothing)
    made.trusted_hosts = outer.trusted_hosts
    return made


def _as_forwarded(scope: Scope, app: object) -> Scope:
    if not isinstance(app, ProxyHeadersMiddleware):
        return scope
    copied = {**scope}
    reading: Any = _forwarding(app)(copied, None, None)  # type: ignore[arg-type]  # neither is used
    try:
        reading.send(None)  # it waits for nothing
    except StopIteration:
        return copied
    reading.close()
    message = "Nothing waits while the headers of a proxy are read."
    raise RuntimeError(message)


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
        if not self._answered():
            super().on_headers_complete()

    def _answered(self) -> bool:
        """Answer what was kept for just this request, if nothing is unusual about it.

        Nothing is made for it that only the application would need.
        """
        at_once: AtOnce | None = self.app_state.get(ANSWERS)
        parser, headers, given = self.parser, self.headers, dict(reversed(self.headers))
        method = _METHODS.get(parser.get_method())
        if (
            at_once is None
            or method is None
            or self.root_path
            or self._works()
            or self.flow.write_paused
            or self.transport.is_closing()
            or not parser.should_keep_alive()
            or parser.get_http_version() != "1.1"
            or not _UNUSUAL.isdisjoint(given)
            or len(given) != len(headers)
        ):
            return False
        url = parse_url(self.url)
        scope: Any = self.scope
        scope["method"] = method
        scope["path"], scope["raw_path"] = url.path.decode("ascii"), url.path
        scope["query_string"] = url.query or b""
        if "%" in scope["path"]:
            return False
        answer = at_once.give(_as_forwarded(scope, self.app), given)
        if answer is None:
            return False
        head, more, body = answer
        dates = _Dates.of(self.server_state.default_headers)
        self.transport.write(b"".join((head, dates, more, b"\r\n", body)))
        self.cycle = _DONE
        self.on_response_complete()
        return True

    def on_body(self, body: bytes) -> None:
        self._beside = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._beside = 0
        if self.cycle is _DONE:
            return
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
