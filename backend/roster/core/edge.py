"""The one middleware: request id, hardening headers, limits, access log.

One plain ASGI class, because each further layer costs every request.
"""

import re
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uuid_utils.compat import uuid7

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


class Edge:
    """Wraps everything but CORS.

    Args:
        app: What it wraps.
        body_limit: The most bytes that a request may carry.
        limits: Other limits, by the path; one that ends in a slash counts for all
            paths below it.
        quiet: Paths that the access log leaves out.
        on_error: Renders what nobody caught. It is done in here, so that such an
            answer has its headers and its line in the log like any other.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        body_limit: int,
        limits: Mapping[str, int],
        quiet: frozenset[str],
        on_error: Callable[[Request, Exception], Response],
    ) -> None:
        self.app = app
        self.on_error = on_error
        self.body_limit = body_limit
        self.limits = limits
        self.quiet = quiet

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = header(scope, b"x-request-id")
        sane = given is not None and _REQUEST_ID.fullmatch(given)
        request_id = given.decode() if given and sane else str(uuid7())
        scope.setdefault("state", {})["request_id"] = request_id
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        started = time.perf_counter()
        status = 0  # nothing was sent yet

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = int(message["status"])
                _add_headers(message, request_id)
            elif scope["method"] == "HEAD":
                message["body"] = b""
            await send(message)

        # What can be read has a head: the same answer without its body.
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        inside = {**scope, "method": method}
        try:
            await self.app(inside, self._limited(scope, receive), send_with_headers)
        except Exception as error:
            if status:
                raise
            response = self.on_error(Request(scope), error)
            await response(scope, receive, send_with_headers)
        finally:
            if scope["path"] not in self.quiet:
                log.info(
                    "request",
                    method=scope["method"],
                    path=scope["path"],
                    status=status,
                    ms=round((time.perf_counter() - started) * 1000, 1),
                )

    def _limited(self, scope: Scope, receive: Receive) -> Receive:
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
            seen += len(message.get("body", b""))
            if seen > limit:
                raise _too_large(limit)
            return message

        return limited

    def _limit_for(self, path: str) -> int:
        for place, limit in self.limits.items():
            if path == place or (place.endswith("/") and path.startswith(place)):
                return limit
        return self.body_limit


def _add_headers(message: Message, request_id: str) -> None:
    headers: list[tuple[bytes, bytes]] = list(message.get("headers", []))
    present: set[Any] = {key for key, _ in headers}
    headers.append((b"x-request-id", request_id.encode()))
    headers.extend(pair for pair in SECURITY_HEADERS if pair[0] not in present)
    if DEFAULT_CSP[0] not in present:
        headers.append(DEFAULT_CSP)
    message["headers"] = headers
