"""The one middleware: request id, hardening headers, limits, access log.

One plain ASGI class, because each further layer costs every request.
"""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uuid_utils.compat import uuid7

from roster.core.errors import (
    HeadersTooLarge,
    Misdirected,
    Problem,
    TooManyRequests,
    Unavailable,
    UriTooLong,
)
from roster.core.rate_limits import POLICY_NAME, Clients, Quota, RateLimiter

log = structlog.get_logger("roster.access")

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,128}")
SECURITY_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
]
# What the API itself answers may load nothing and be framed by nobody; the SPA and
# the documentation pages bring a policy of their own.
DEFAULT_CSP = (
    b"content-security-policy",
    b"default-src 'none'; frame-ancestors 'none'",
)
STRICT_TRANSPORT = (b"strict-transport-security", b"max-age=31536000")
MOST_URL_BYTES = 16 * 1024
MOST_HEADER_BYTES = 32 * 1024
RETRY_SECONDS = "10"
STARTS = frozenset({"http.response.start", "websocket.http.response.start"})
"""Of an answer; a WebSocket gets one where its handshake is refused."""
Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True)
class Rules:
    """What the edge lets in."""

    body_limit: int
    """The most bytes that a request may carry."""
    body_limits: Mapping[str, int]
    """Other limits, by the path; one that ends in a slash counts for all below it,
    and a star stands for one part of it."""
    quiet: frozenset[str]
    """Probes: the access log leaves them out, and no name or rate is asked for."""
    host_allowed: Callable[[bytes], bool]
    timeout_seconds: float
    """How long a request may neither send anything nor be answered."""
    rate: RateLimiter | None = None


def request_id_of(scope: Scope) -> str:
    request_id: str = scope.get("state", {}).get("request_id", "")
    return request_id


def header(scope: Scope, name: bytes) -> bytes | None:
    for key, value in scope["headers"]:
        if key == name:
            found: bytes = value
            return found
    return None


def _too_large(limit: int) -> HTTPException:
    # FastAPI passes on this class alone when it is raised while a body is read.
    detail = f"The body is larger than the {limit:,} bytes that are taken here."
    return HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail)


class _Answer:
    """What is sent for one request, and how long it may still take."""

    def __init__(self, scope: Scope, send: Send, seconds: float) -> None:
        self.status = 0  # nothing was sent yet
        self.headers = _headers_for(scope)
        self._without_body = scope.get("method") == "HEAD"
        self._ended = False
        self._send = send
        self._seconds = seconds
        self._deadline: asyncio.Timeout | None = None

    async def send(self, message: Message) -> None:
        if message["type"] in STARTS:
            self.status = int(message["status"])
            if self._deadline is not None:
                # A stream may take as long as it likes.
                self._deadline.reschedule(None)
            _add_headers(message, self.headers)
        elif self._without_body:
            if self._ended:
                return
            # A stream need not go on for somebody who wants none of it.
            self._ended = True
            message = {"type": message["type"], "body": b"", "more_body": False}
        await self._send(message)

    async def in_time(self, work: Awaitable[None]) -> None:
        """Wait for an answer to begin.

        Raises:
            Unavailable: It has not begun in time.
        """
        deadline = self._deadline = asyncio.timeout(self._seconds)
        try:
            async with deadline:
                await work
        except TimeoutError as error:
            if not deadline.expired():
                raise
            raise Unavailable(
                f"This took longer than {self._seconds:g} seconds and was given up. "
                "Look whether it was done before you send it again.",
                headers={"Retry-After": RETRY_SECONDS},
            ) from error
        finally:
            self._deadline = None

    def give_time(self) -> None:
        """Count anew: a part of the request has arrived."""
        if self._deadline is not None and not self.status:
            loop = asyncio.get_running_loop()
            self._deadline.reschedule(loop.time() + self._seconds)


class Edge:
    """Wraps everything but CORS.

    Args:
        app: What it wraps.
        rules: What it lets in.
        on_error: Renders what nobody caught. It is done in here, so that such an
            answer has its headers and its line in the log like any other.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        rules: Rules,
        on_error: Callable[[Request, Exception], Response],
    ) -> None:
        self.app = app
        self.rules = rules
        self.on_error = on_error
        self.clients = Clients()
        self._limits = [
            (_pattern(place), limit) for place, limit in rules.body_limits.items()
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._open_socket(scope, receive, send)
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        _name_request(scope)
        started = time.perf_counter()
        answer = _Answer(scope, send, self.rules.timeout_seconds)
        # What can be read has a head: the same answer without its body.
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        inside = {**scope, "method": method}
        try:
            self._admit(scope, answer)
            limited = self._limited(scope, receive, answer)
            await answer.in_time(self.app(inside, limited, answer.send))
        except Exception as error:
            if answer.status:
                raise
            response = self.on_error(Request(scope), error)
            await response(scope, receive, answer.send)
        finally:
            self._learn(scope, answer.status)
            if scope["path"] not in self.rules.quiet:
                log.info(
                    "request",
                    method=scope["method"],
                    path=scope["path"],
                    status=answer.status,
                    ms=round((time.perf_counter() - started) * 1000, 1),
                )

    async def _open_socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a WebSocket in, or answer its handshake as any other request."""
        _name_request(scope)
        started = time.perf_counter()
        answer = _Answer(scope, send, self.rules.timeout_seconds)
        try:
            self._admit(scope, answer)
            await self.app(scope, receive, answer.send)
        except Problem as problem:
            asked = Request({**scope, "type": "http", "method": "GET"})
            response = self.on_error(asked, problem)
            await response(scope, receive, answer.send)
        finally:
            log.info(
                "socket",
                path=scope["path"],
                status=answer.status,
                seconds=round(time.perf_counter() - started, 1),
            )

    def _admit(self, scope: Scope, answer: _Answer) -> None:
        """Refuse what need not be looked at any further.

        Raises:
            Problem: The request is too large, not meant for us, or one too many.
        """
        address = len(scope.get("raw_path") or b"") + len(scope["query_string"])
        if address > MOST_URL_BYTES:
            raise UriTooLong(f"Send an address of at most {MOST_URL_BYTES:,} bytes.")
        if sum(len(key) + len(value) for key, value in scope["headers"]) > (
            MOST_HEADER_BYTES
        ):
            raise HeadersTooLarge(
                f"Send at most {MOST_HEADER_BYTES:,} bytes of headers."
            )
        if scope["path"] in self.rules.quiet:
            return
        host = header(scope, b"host")
        if host is not None and not self.rules.host_allowed(host):
            raise Misdirected(
                "This instance does not answer to the name in Host. Its administrator "
                "can add it to ROSTER_ALLOWED_HOSTS."
            )
        if self.rules.rate is not None and (client := self._client(scope)):
            quota = self.rules.rate.take(client)
            answer.headers.extend(_quota_headers(quota, self.rules.rate))
            if quota.wait:
                raise TooManyRequests(
                    f"You send too many requests; go on in {quota.wait} seconds.",
                    headers={"Retry-After": str(quota.wait)},
                )

    def _client(self, scope: Scope) -> str | None:
        peer = scope.get("client")
        address = peer[0] if peer else ""
        return self.clients.name(address, header(scope, b"authorization"))

    def _learn(self, scope: Scope, status: int) -> None:
        """Note whose token it was, once the application has found that out."""
        authorization = header(scope, b"authorization")
        if self.rules.rate is None or authorization is None:
            return
        account = scope["state"].get("account")
        if account is not None:
            self.clients.learn(authorization, account)
        elif status == HTTPStatus.UNAUTHORIZED:
            self.clients.forget(authorization)

    def _limited(self, scope: Scope, receive: Receive, answer: _Answer) -> Receive:
        """Count the body as it arrives: ``Content-Length`` may lie or be absent."""
        length = header(scope, b"content-length")
        declared = int(length) if length and length.isdigit() else 0
        limit = self._limit_for(scope["path"])
        seen = 0

        async def limited() -> Message:
            nonlocal seen
            if declared > limit:
                raise _too_large(limit)
            message = await receive()
            if message["type"] == "http.request":
                answer.give_time()
            seen += len(message.get("body", b""))
            if seen > limit:
                raise _too_large(limit)
            return message

        return limited

    def _limit_for(self, path: str) -> int:
        for place, limit in self._limits:
            if place.fullmatch(path):
                return limit
        return self.rules.body_limit


def _name_request(scope: Scope) -> None:
    request_id = _request_id(scope)
    scope.setdefault("state", {})["request_id"] = request_id
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=request_id)


def _pattern(place: str) -> re.Pattern[str]:
    below = ".*" if place.endswith("/") else ""
    return re.compile(re.escape(place).replace(r"\*", "[^/]+") + below)


def _request_id(scope: Scope) -> str:
    given = header(scope, b"x-request-id")
    sane = given is not None and _REQUEST_ID.fullmatch(given)
    return given.decode() if given and sane else str(uuid7())


def _headers_for(scope: Scope) -> Headers:
    request_id = (b"x-request-id", request_id_of(scope).encode())
    headers = [request_id, *SECURITY_HEADERS, DEFAULT_CSP]
    if scope["scheme"] in {"https", "wss"}:
        headers.append(STRICT_TRANSPORT)
    return headers


def _quota_headers(quota: Quota, rate: RateLimiter) -> Headers:
    """Say how much is left, as draft-ietf-httpapi-ratelimit-headers has it."""
    left = f"{POLICY_NAME};r={quota.left};t={quota.reset}".encode()
    return [(b"ratelimit-policy", rate.policy), (b"ratelimit", left)]


def _add_headers(message: Message, added: Headers) -> None:
    headers: Headers = list(message.get("headers", []))
    present: set[Any] = {key for key, _ in headers}
    headers.extend(pair for pair in added if pair[0] not in present)
    message["headers"] = headers
