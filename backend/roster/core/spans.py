"""Spans, as OpenTelemetry has them, sent over OTLP/HTTP."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Any

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from opentelemetry.trace import SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from sqlalchemy import event
from sqlalchemy.engine import Engine, ExceptionContext
from starlette.types import Scope

from roster import __version__

NAME = "roster"
SEND_SECONDS = 5.0
PATH = "/v1/traces"
STATEMENT_LENGTH = 2000
SERVER_ERROR = 500
QUIET = frozenset({"/health/live", "/health/ready", "/metrics"})
_SPAN = "roster_span"


class Spans:
    def __init__(self, url: str, share: float) -> None:
        resource = Resource.create({SERVICE_NAME: NAME, SERVICE_VERSION: __version__})
        # Whether a request is traced was decided where it began, if it came from
        # something that traces.
        sampler = ParentBased(TraceIdRatioBased(share))
        self._provider = TracerProvider(sampler=sampler, resource=resource)
        exporter = OTLPSpanExporter(url.rstrip("/") + PATH, timeout=SEND_SECONDS)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer(NAME, __version__)
        self._propagator = TraceContextTextMapPropagator()

    def flush(self) -> None:
        """Send what was noted, and wait for it."""
        self._provider.force_flush()

    def close(self) -> None:
        self._provider.shutdown()

    @contextmanager
    def request(self, scope: Scope) -> Generator[None]:
        if scope["path"] in QUIET:
            yield
            return
        given = {
            key.decode("latin-1"): value.decode("latin-1")
            for key, value in scope["headers"]
            if key in {b"traceparent", b"tracestate"}
        }
        with self._tracer.start_as_current_span(
            scope["method"],
            # Never what this very process may be in the middle of.
            context=self._propagator.extract(given, Context()),
            kind=SpanKind.SERVER,
            attributes={"http.request.method": scope["method"]},
        ):
            yield

    def end_request(self, route: str, status: int) -> None:
        """Note of the present request what is known at its end."""
        span = trace.get_current_span()
        if not span.is_recording():
            return
        span.set_attribute("http.route", route)
        span.set_attribute("http.response.status_code", status)
        span.update_name(f"{getattr(span, 'name', '')} {route}".strip())
        if status >= SERVER_ERROR:
            span.set_status(Status(StatusCode.ERROR))

    @contextmanager
    def span(self, name: str, **about: str | int) -> Generator[None]:
        # Its exception's text may hold what nobody should read elsewhere.
        with self._tracer.start_as_current_span(
            name, attributes=about, record_exception=False
        ) as span:
            try:
                yield
            except BaseException as error:
                span.set_attribute("error.type", type(error).__name__)
                raise

    def watch(self, engine: Engine) -> None:
        """Note each statement of an engine: its text, never its values."""
        system = engine.dialect.name
        tracer = self._tracer

        @event.listens_for(engine, "before_cursor_execute")
        def before(
            _c: Any, _cur: Any, text: str, _p: Any, context: Any, _m: Any
        ) -> None:
            # Not what nobody asked for, such as looking for jobs each second.
            if context is not None and trace.get_current_span().is_recording():
                verb = text.lstrip().partition(" ")[0].upper()
                span = tracer.start_span(verb, kind=SpanKind.CLIENT)
                span.set_attribute("db.system.name", system)
                span.set_attribute("db.query.text", text[:STATEMENT_LENGTH])
                setattr(context, _SPAN, span)

        @event.listens_for(engine, "after_cursor_execute")
        def after(
            _c: Any, _cur: Any, _text: str, _p: Any, context: Any, _m: Any
        ) -> None:
            if (span := getattr(context, _SPAN, None)) is not None:
                span.end()

        @event.listens_for(engine, "handle_error")
        def failed(caught: ExceptionContext) -> None:
            span = getattr(caught.execution_context, _SPAN, None)
            if span is not None:
                kind = type(caught.original_exception).__name__
                span.set_attribute("error.type", kind)
                span.set_status(Status(StatusCode.ERROR))
                span.end()

    def trace_id(self) -> str | None:
        span = trace.get_current_span()
        if not span.is_recording():
            return None
        return trace.format_trace_id(span.get_span_context().trace_id)

    def headers(self) -> Mapping[str, str]:
        carrier: dict[str, str] = {}
        if trace.get_current_span().is_recording():
            self._propagator.inject(carrier)
        return carrier
