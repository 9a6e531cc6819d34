"""The one middleware: request id, hardening headers, limits, kept answers.

One plain ASGI class, because each further layer costs every request. What was answered
before, and is still true, is answered here, where `roster.core.at_once` did not do it
already.
"""

import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Protocol

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from roster.core import observing
from roster.core.admission import BodyLimits, Given, admit, count
from roster.core.answers import Answer
from roster.core.at_once import (
    LOOKED,
    OK,
    AtOnce,
    Counted,
    name_request,
    status_for,
)
from roster.core.errors import Problem
from roster.core.exchange import Exchange, Workload
from roster.core.headers import Headers
from roster.core.rate_limits import network_of

READS = frozenset({"GET", "HEAD"})


def request_id_of(scope: Scope) -> str:
    request_id: str = scope.get("state", {}).get("request_id", "")
    return request_id


class Shortcut(Protocol):
    async def answer(self, scope: Scope) -> Response | None:
        """Answer a GET as its route would; None: that is to be asked."""


class Edge:
    """Wraps everything but CORS.

    Args:
        app: What it wraps.
        at_once: What may be answered without the application, and what is let in.
        shortcut: Answers some of what the application would.
        on_error: Renders what nobody caught. It is done in here, so that such an
            answer has its headers and its line in the log like any other.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        at_once: AtOnce,
        shortcut: Shortcut | None = None,
        on_error: Callable[[Request, Exception], Response],
    ) -> None:
        self.app = app
        self.rules = at_once.rules
        self.on_error = on_error
        self.work = Workload(self.rules.most_at_once)
        self._bodies = BodyLimits(self.rules)
        self._at_once = at_once
        self._shortcut = shortcut

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
        extra = name_request(scope, given)
        viewer = answer = exchange = None
        if scope["method"] in READS:
            looked = scope["state"].pop(LOOKED, None)
            viewer, answer = looked or self._at_once.look_up(scope, given)
        status = sent = 0
        inside = scope
        try:
            admit(scope, given, self.rules)
            if self.rules.rate is not None:
                extra += self._count(scope, given, viewer)
            if answer is not None:
                status = status_for(answer, given)
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
            await exchange.in_time(self._answer(scope, given, receive, exchange))
        finally:
            exchange.rest()

    async def _answer(
        self, scope: Scope, given: Given, receive: Receive, exchange: Exchange
    ) -> None:
        if self._shortcut is not None and scope["method"] == "GET":
            response = await self._shortcut.answer(scope)
            if response is not None:
                await response(scope, receive, exchange.send)
                return
        limited = self._bodies.limited(scope, given, receive, exchange.give_time)
        await self.app(scope, limited, exchange.send)

    async def _open_socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a WebSocket in, or answer its handshake as any other request."""
        started = time.perf_counter()
        observing.began()
        given: Given = dict(reversed(scope["headers"]))
        extra = name_request(scope, given)
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
        client, rate = self._at_once.client(scope, given, viewer), self.rules.rate
        return [] if client is None or rate is None else count(client, rate)

    def _learn(self, scope: Scope, given: Given, status: int) -> None:
        """Note whose token it was, once the application has found that out."""
        authorization = given.get(b"authorization")
        if self.rules.rate is None or authorization is None:
            return
        account = scope["state"].get("account")
        if account is not None:
            self._at_once.clients.learn(authorization, account)
        elif status == HTTPStatus.UNAUTHORIZED:
            self._at_once.clients.forget(authorization)


def _as_get(scope: Scope) -> Scope:
    """What can be read has a head: the same answer without its body."""
    return {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope


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
