"""Traces, sent to a receiver of OTLP that listens here."""

import json
import os
import subprocess
import sys
from collections.abc import Generator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from fastapi import FastAPI
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
)
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from pydantic import SecretStr

from roster.core import log, tracing
from roster.core.db import Database
from roster.fetching.addresses import system
from roster.fetching.http import ask
from roster.jobs.service import enqueue
from roster.settings import Settings
from tests.conftest import PASSWORD, SETUP_CODE, Connect, StartApp

BACKEND = Path(__file__).resolve().parents[2]
TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
SAMPLED = {"traceparent": f"00-{TRACE}-{PARENT}-01"}
NOT_SAMPLED = {"traceparent": f"00-{TRACE}-{PARENT}-00"}


class Receiver:
    """Keeps what is sent to it, and the headers that came with a GET."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.headers: list[dict[str, str]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                receiver.bodies.append(self.rfile.read(length))
                self._say(b"")

            def do_GET(self) -> None:
                receiver.headers.append(dict(self.headers))
                self._say(b"here")

            def _say(self, body: bytes) -> None:
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def spans(self) -> list[Span]:
        tracer = tracing.current()
        assert tracer is not None
        tracer.flush()
        return [
            span
            for body in self.bodies
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]

    def by_name(self, name: str) -> list[Span]:
        return [span for span in self.spans if span.name == name]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def about(span: Span) -> dict[str, Any]:
    return {
        one.key: one.value.string_value or one.value.int_value
        for one in span.attributes
    }


@pytest.fixture
def receiver() -> Generator[Receiver]:
    made = Receiver()
    yield made
    made.close()


@pytest.fixture
async def traced(start_app: StartApp, receiver: Receiver) -> FastAPI:
    url = SecretStr(receiver.url)
    return await start_app(otlp_url=url, trace_sample=1.0)


async def test_a_request_is_traced_with_its_statements(
    traced: FastAPI, connect: Connect, receiver: Receiver
) -> None:
    client = connect(traced)
    body = {
        "username": "ada",
        "email": "ada@example.org",
        "password": PASSWORD,
        "setup_code": SETUP_CODE,
    }
    answer = await client.post("/auth/register", json=body, headers=SAMPLED)
    assert answer.status_code == 201, answer.text

    (request,) = receiver.by_name("POST /api/v1/auth/register")

    assert request.trace_id.hex() == TRACE
    assert request.parent_span_id.hex() == PARENT
    assert about(request)["http.response.status_code"] == 201
    statements = [
        span for span in receiver.spans if span.parent_span_id == request.span_id
    ]
    assert {"SELECT", "INSERT"} <= {span.name for span in statements}
    texts = [about(span)["db.query.text"] for span in statements]
    assert any("INSERT INTO users" in text for text in texts)
    sent = b"".join(receiver.bodies)
    for value in (PASSWORD, SETUP_CODE, "ada@example.org", "bcrypt"):
        assert value.encode() not in sent


async def test_who_asks_decides_whether_it_is_traced(
    traced: FastAPI, connect: Connect, receiver: Receiver
) -> None:
    client = connect(traced)

    await client.get("/instance", headers=NOT_SAMPLED)
    await client.get("http://roster.test/health/ready", headers=SAMPLED)
    assert receiver.by_name("GET /api/v1/instance") == []
    assert receiver.by_name("GET /health/ready") == []

    await client.get("/instance", headers={"traceparent": "nonsense"})
    (request,) = receiver.by_name("GET /api/v1/instance")
    assert request.parent_span_id == b""


async def test_the_line_of_a_request_names_its_trace(
    traced: FastAPI, connect: Connect, capsys: pytest.CaptureFixture[str]
) -> None:
    log.configure(traced.state.settings)

    await connect(traced).get("/instance", headers=SAMPLED)

    (line,) = [
        event
        for event in map(json.loads, capsys.readouterr().err.splitlines())
        if event["event"] == "request"
    ]
    assert line["trace_id"] == TRACE


async def test_jobs_are_traced(traced: FastAPI, receiver: Receiver) -> None:
    database: Database = traced.state.database
    async with database.write() as session:
        job = enqueue(session, "blobs.collect", {})

    await traced.state.runner.drain()

    (span,) = receiver.by_name("job blobs.collect")
    assert about(span)["job.id"] == str(job.id)
    assert [one for one in receiver.spans if one.parent_span_id == span.span_id]


async def test_what_is_fetched_carries_the_trace_on(
    traced: FastAPI, receiver: Receiver
) -> None:
    settings: Settings = traced.state.settings
    allowing = settings.model_copy(update={"fetch_allowed": ["127.0.0.0/8"]})

    with tracing.span("import"):
        async with ask(f"{receiver.url}/a", settings=allowing, resolver=system):
            pass
    async with ask(f"{receiver.url}/b", settings=allowing, resolver=system):
        pass

    (outer,) = receiver.by_name("import")
    inner, alone = receiver.by_name("GET")
    assert inner.parent_span_id == outer.span_id
    first, second = (given["traceparent"] for given in receiver.headers)
    assert first.startswith(f"00-{outer.trace_id.hex()}-{inner.span_id.hex()}-")
    assert second.split("-")[1] == alone.trace_id.hex()


OFF = """
import sys
from roster.main import create_app
from roster.settings import Settings
create_app(Settings(environment="test", data_dir=sys.argv[1]))
import roster.worker
mine = ("roster.core.spans", "opentelemetry.sdk.trace", "opentelemetry.exporter")
print([name for name in sys.modules if name.startswith(mine)])
"""


def test_nothing_of_it_is_loaded_where_it_is_off(tmp_path: Path) -> None:
    """But for what FastAPI and redis load of it themselves."""
    done = subprocess.run(  # noqa: S603 - this Python, with a program of this file
        [sys.executable, "-c", OFF, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(BACKEND)},
        capture_output=True,
        check=True,
        text=True,
    )

    assert done.stdout.strip() == "[]"
