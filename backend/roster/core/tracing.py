"""Traces: what a request or a job was made of, and how long each part took.

Off unless ROSTER_OTLP_URL is set, and then no tracer of OpenTelemetry is loaded: what
is here is all that the rest of the program knows of it.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from typing import TYPE_CHECKING, Protocol

from starlette.types import ASGIApp, Receive, Scope, Send

from roster.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine
    from sqlalchemy.ext.asyncio import AsyncEngine


class Tracer(Protocol):
    """What notes spans; see core/spans.py."""

    def request(self, scope: Scope) -> AbstractContextManager[None]: ...

    def end_request(self, route: str, status: int) -> None: ...

    def span(self, name: str, **about: str | int) -> AbstractContextManager[None]: ...

    def watch(self, engine: "Engine") -> None: ...

    def trace_id(self) -> str | None: ...

    def headers(self) -> Mapping[str, str]: ...

    def flush(self) -> None: ...

    def close(self) -> None: ...


_tracer: Tracer | None = None


def begin(settings: Settings, *engines: "AsyncEngine") -> Tracer | None:
    """Trace in this process, and what these are asked, where settings say so."""
    global _tracer  # noqa: PLW0603 - one for each process, made at its start
    if settings.otlp_url is None:
        return None
    from roster.core.spans import Spans  # noqa: PLC0415 - loaded where it is on alone

    _tracer = Spans(settings.otlp_url.get_secret_value(), settings.trace_sample)
    for engine in set(engines):
        _tracer.watch(engine.sync_engine)
    return _tracer


def end(tracer: Tracer | None) -> None:
    """Send what was noted. It blocks for some seconds where nobody takes it."""
    global _tracer  # noqa: PLW0603 - see begin
    if tracer is not None:
        tracer.close()
        if _tracer is tracer:
            _tracer = None


@asynccontextmanager
async def traced(settings: Settings, *engines: "AsyncEngine") -> AsyncGenerator[None]:
    """Trace as long as the block lasts, where settings say so."""
    tracer = begin(settings, *engines)
    try:
        yield
    finally:
        await asyncio.to_thread(end, tracer)


def current() -> Tracer | None:
    return _tracer


def span(name: str, **about: str | int) -> AbstractContextManager[None]:
    """Note a part of what is traced, or all of it where nothing is yet."""
    return nullcontext() if _tracer is None else _tracer.span(name, **about)


def headers() -> Mapping[str, str]:
    """Give what a request to elsewhere carries, so that its trace is the same one."""
    return {} if _tracer is None else _tracer.headers()


class TracedRequests:
    """Wraps all, where traces are on."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if _tracer is None or scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        with _tracer.request(scope):
            await self.app(scope, receive, send)
