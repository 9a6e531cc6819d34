"""The one middleware: request id, hardening headers, limits, kept answers.

One plain ASGI class, because each further layer costs every request. What was answered
before, and is still true, is answered here: see `roster.core.answers`.
"""

import re
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Protocol

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from uuid_utils import uuid7

from roster.core import observing
from roster.core.admission import BodyLimits, Given, Rules, admit, count
from roster.core.answers import Answer, Answers, Viewer
from roster.core.caching import has_tag
from roster.core.errors import Problem
from roster.core.exchange import Exchange, Workload
from roster.core.headers import ENCRYPTED, STRICT_TRANSPORT, Headers
from roster.core.rate_limits import Clients, network_of

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,128}")
READS = frozenset({"GET", "HEAD"})
OK, NOT_MODIFIED = int(HTTPStatus.OK), int(HTTPStatus.NOT_MODIFIED)


class Counted(Viewer, Protocol):
    """A caller who is known without asking the database."""

    client: str
    """Whom the limit on requests counts."""
    account: str


class Readers(Protocol):
    def reader(self, authorization: bytes) -> Counted | None:
        """Give who a request is from, if that is known for sure and need not be noted.

        Args:
            authorization: The header that it came with.
        """


def request_id_of(scope: Scope) -> str:
    request_id: str = scope.get("state", {}).get("request_id", "")
    return request_id


class Edge:
    """Wraps everything but CORS.

    Args:
        app: What it wraps.
        rules: What it lets in.
        on_error: Renders what nobody caught. It is done in here, so that such an
            answer has its headers and its line in the log like any other.
        answers: What may be answered without the application.
        readers: Who may be answered so.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        rules: Rules,
        on_error: Callable[[Request, Exception], Response],
        answers: Answers,
        readers: Readers,
    ) -> None:
        self.app = app
        self.rules = rules
        self.on_error = on_error
        self.clients = Clients()
        self.work = Workload(rules.most_at_once)
        self._bodies = BodyLimits(rules)
        self._answers = answers
        self._readers = readers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._open_socket(scope, receive, send)
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        observing.began()
        # The first of several counts, as everywhere else.
        given: Given = dict(reversed(scope["headers"]))
        extra = _name_request(scope, given)
        viewer = answer = exchange = None
        if scope["method"] in READS:
            viewer, answer = self._look_up(scope, given)
        status = sent = 0
        inside = scope
        try:
            admit(scope, given, self.rules)
            if self.rules.rate is not None:
                extra += self._count(scope, given, viewer)
            if answer is not None:
                status = _status_for(answer, given)
                sent = await _give(scope, send, answer, status, extra)
            else:
                exchange = Exchange(scope, send, self.rules.timeout_seconds, extra)
                inside = _as_get(scope)
                await self._pass_on(inside, given, receive, exchange)
        except Exception as error:
            if status or (exchange is not None and exchange.status):
                raise
            exchange = Exchange(scope, send, self.rules.timeout_seconds, extra)
            response = self.on_error(Request(scope), error)
            await response(scope, receive, exchange.send)
        finally:
            if exchange is not None:
                status, sent = exchange.status, exchange.sent
                self._learn(scope, given, status)
            seconds = time.perf_counter() - started
            observing.finished(inside, status=status, seconds=seconds, sent=sent)

    def _look_up(
        self, scope: Scope, given: Given
    ) -> tuple[Counted | None, Answer | None]:
        """Find what was kept for a request, and who it is from, if that is known."""
        answers = self._answers
        state = scope["state"]
        # Before anything is read of what may be kept.
        state["mark"] = answers.mark
        if len(given) != len(scope["headers"]):
            return None, None
        asked = scope["path"], scope["query_string"], given.get(b"accept", b"")
        authorization = given.get(b"authorization")
        viewer = answer = None
        if authorization is None:
            answer = answers.find(asked, None)
        else:
            viewer = self._readers.reader(authorization)
            if viewer is not None:
                state["viewer"] = viewer
                state["account"] = viewer.account
                answer = answers.find(asked, viewer)
            else:
                answers.pass_by()
        if answer is None:
            state["asked"] = asked
            state["is_anonymous"] = authorization is None
        else:
            state["route"] = answer.route
        return viewer, answer

    async def _pass_on(
        self, scope: Scope, given: Given, receive: Receive, exchange: Exchange
    ) -> None:
        """Let the application answer."""
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id_of(scope))
        if scope["path"] not in self.rules.quiet:
            peer = scope.get("client")
            exchange.begin(self.work, network_of(peer[0]) if peer else None)
        try:
            limited = self._bodies.limited(scope, given, receive, exchange.give_time)
            await exchange.in_time(self.app(scope, limited, exchange.send))
        finally:
            exchange.rest()

    async def _open_socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a WebSocket in, or answer its handshake as any other request."""
        started = time.perf_counter()
        observing.began()
        given: Given = dict(reversed(scope["headers"]))
        extra = _name_request(scope, given)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id_of(scope))
        exchange = Exchange(scope, send, self.rules.timeout_seconds, extra)
        try:
            admit(scope, given, self.rules)
            if self.rules.rate is not None:
                exchange.headers += self._count(scope, given, None)
            await self.app(scope, receive, exchange.send)
        except Problem as problem:
            asked = Request({**scope, "type": "http", "method": "GET"})
            response = self.on_error(asked, problem)
            await response(scope, receive, exchange.send)
        finally:
            seconds = time.perf_counter() - started
            observing.finished(
                scope, status=exchange.status, seconds=seconds, sent=exchange.sent
            )

    def _count(self, scope: Scope, given: Given, viewer: Counted | None) -> Headers:
        if self.rules.rate is None or scope["path"] in self.rules.quiet:
            return []
        peer = scope.get("client")
        client = self.clients.name(
            peer[0] if peer else "",
            given.get(b"authorization"),
            None if viewer is None else viewer.client,
        )
        return [] if client is None else count(client, self.rules.rate)

    def _learn(self, scope: Scope, given: Given, status: int) -> None:
        """Note whose token it was, once the application has found that out."""
        authorization = given.get(b"authorization")
        if self.rules.rate is None or authorization is None:
            return
        account = scope["state"].get("account")
        if account is not None:
            self.clients.learn(authorization, account)
        elif status == HTTPStatus.UNAUTHORIZED:
            self.clients.forget(authorization)


def _name_request(scope: Scope, given: Given) -> Headers:
    """Give the request an id, and the headers that differ from answer to answer."""
    asked = given.get(b"x-request-id")
    if asked is not None and _REQUEST_ID.fullmatch(asked):
        request_id = asked.decode()
    else:
        request_id = str(uuid7())
    scope.setdefault("state", {})["request_id"] = request_id
    headers = [(b"x-request-id", request_id.encode())]
    if scope["scheme"] in ENCRYPTED:
        headers.append(STRICT_TRANSPORT)
    return headers


def _as_get(scope: Scope) -> Scope:
    """What can be read has a head: the same answer without its body."""
    return {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope


def _status_for(answer: Answer, given: Given) -> int:
    tags = given.get(b"if-none-match")
    if tags is None:
        return OK
    if tags == answer.etag or has_tag(tags.decode("latin-1"), answer.etag.decode()):
        return NOT_MODIFIED
    return OK


async def _give(
    scope: Scope, send: Send, answer: Answer, status: int, extra: Headers
) -> int:
    """Send a kept answer, and tell how many bytes its body has."""
    is_whole = status == OK
    body = answer.body if is_whole and scope["method"] == "GET" else b""
    headers = answer.headers if is_whole else answer.unchanged
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [*headers, *extra],
        }
    )
    await send({"type": "http.response.body", "body": body})
    return len(body)
