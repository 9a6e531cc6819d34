"""What connections answer by themselves is what the application would have said."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from roster.core import metrics
from roster.core.connection import ANSWERS, Connection
from tests.caches.world import outcomes
from tests.components.conftest import create
from tests.conftest import Connect, StartApp

pytestmark = pytest.mark.usefixtures("_punctual")

API = "/api/v1"
UNLIKE = {"x-request-id", "date"}
NOW = (b"date", b"Sun, 01 Feb 2026 10:00:00 GMT")


@dataclass
class Served:
    """An application behind real connections."""

    port: int
    state: ServerState
    asked: list[str] = field(default_factory=list)
    """Paths that the application was asked for."""

    def client(self, authorization: str | None = None) -> httpx.AsyncClient:
        headers = {} if authorization is None else {"Authorization": authorization}
        url = f"http://127.0.0.1:{self.port}{API}"
        return httpx.AsyncClient(base_url=url, headers=headers)


@asynccontextmanager
async def serving(app: FastAPI, **options: Any) -> AsyncGenerator[Served]:
    served = Served(0, ServerState())
    served.state.default_headers = [NOW]

    async def noting(scope: Scope, receive: Receive, send: Send) -> None:
        served.asked.append(scope["path"])
        await app(scope, receive, send)

    config = uvicorn.Config(noting, http=Connection, log_config=None, **options)
    config.load()
    of_app = {ANSWERS: app.state.at_once}
    server = await asyncio.get_running_loop().create_server(
        lambda: Connection(config, served.state, of_app), "127.0.0.1", 0
    )
    served.port = server.sockets[0].getsockname()[1]
    try:
        yield served
    finally:
        server.close()
        for connection in list(served.state.connections):
            connection.shutdown()


@pytest.fixture
async def path(ada: httpx.AsyncClient) -> str:
    """An agent that Ada has asked for before."""
    found = f"/agents/{(await create(ada, 'ada'))['id']}"
    for _ in range(2):
        assert (await ada.get(found)).status_code == 200
    return found


def alike(answer: httpx.Response) -> tuple[int, dict[str, str], bytes]:
    headers = {k: v for k, v in answer.headers.items() if k not in UNLIKE}
    return answer.status_code, headers, answer.content


async def test_it_says_what_the_application_says(
    ada: httpx.AsyncClient, path: str, app: FastAPI
) -> None:
    etag = (await ada.get(path)).headers["etag"]
    mine = {"X-Request-ID": "mine"}
    async with serving(app, proxy_headers=False) as served:
        client = served.client(ada.headers["Authorization"])
        for method, more in (
            ("GET", {}),
            ("HEAD", {}),
            ("GET", {"If-None-Match": etag}),
            ("HEAD", {"If-None-Match": "*"}),
            ("GET", {"If-None-Match": '"other"'}),
            ("GET", mine),
        ):
            expected = await ada.request(method, path, headers=more)
            hits = outcomes(app)["hit"]
            found = await client.request(method, path, headers=more)
            assert alike(found) == alike(expected), (method, more)
            assert outcomes(app)["hit"] == hits + 1
            assert found.headers["date"] == NOW[1].decode()
            assert (found.headers["x-request-id"] == "mine") == (more == mine)
        assert served.asked == []
        await client.aclose()


async def test_what_is_out_of_the_ordinary_is_for_the_application(
    ada: httpx.AsyncClient, path: str, app: FastAPI
) -> None:
    own = ada.headers["Authorization"]
    async with serving(app, proxy_headers=False) as served:
        for method, where, more in (
            ("GET", path, {"Origin": "https://elsewhere.example.org"}),
            ("GET", path, {"Content-Length": "0"}),
            ("GET", path, {"Connection": "close"}),
            ("GET", path, {"Host": "evil.example"}),
            ("GET", path, {"Accept": "text/markdown"}),
            ("GET", path, {"Authorization": "Bearer invented"}),
            ("GET", path.replace("a", "%61", 1), {}),
            ("GET", f"{path}?x=1", {}),
            ("GET", "/agents", {}),
            ("DELETE", f"{path}/nothing", {}),
        ):
            served.asked.clear()
            async with served.client(own) as client:
                found = await client.request(method, where, headers=more)
            expected = await ada.request(method, where, headers=more)
            assert found.status_code == expected.status_code, (where, more)
            assert len(served.asked) == 1, (method, where, more)


async def test_looking_before_the_application_counts_once(
    ada: httpx.AsyncClient, path: str, app: FastAPI
) -> None:
    before = outcomes(app)
    async with serving(app) as served:
        async with served.client(ada.headers["Authorization"]) as client:
            for _ in range(2):
                await client.get(f"{path}/readme")
            await client.get("/agents?limit=1")
            await client.get("/agents?limit=1")
        assert len(served.asked) == 3
    after = outcomes(app)
    assert (after["miss"] - before["miss"], after["hit"] - before["hit"]) == (3, 1)


async def test_one_after_the_other_on_one_connection(
    ada: httpx.AsyncClient, path: str, app: FastAPI
) -> None:
    def head(method: str, where: str, more: str = "") -> bytes:
        own = f"Host: localhost\r\nAuthorization: {ada.headers['Authorization']}\r\n"
        return f"{method} {API}{where} HTTP/1.1\r\n{own}{more}\r\n".encode()

    kept = head("GET", path)
    other = head("GET", "/users/me")
    posted = head("POST", "/agents", "Content-Length: 2\r\n") + b"{}"
    async with serving(app) as served:
        reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
        writer.write(kept + kept + other + kept + posted + kept)
        said = []
        async with asyncio.timeout(20):
            for _ in range(6):
                begun = await reader.readuntil(b"\r\n\r\n")
                lines = begun.decode().lower().split("\r\n")
                sizes = [line for line in lines if line.startswith("content-length")]
                body = await reader.readexactly(int(sizes[0].partition(": ")[2]))
                said.append((int(begun.split()[1]), b'"username":"ada"' in body))
        writer.close()
        await writer.wait_closed()
    assert [status for status, _ in said] == [200, 200, 200, 200, 422, 200]
    assert said[2] == (200, True)
    assert f"{API}/users/me" in served.asked
    assert served.state.total_requests == 6


async def test_a_connection_ends_when_it_is_told_to(
    ada: httpx.AsyncClient, path: str, app: FastAPI
) -> None:
    async with serving(app) as served:
        async with served.client(ada.headers["Authorization"]) as client:
            missed = await client.get("/users/me")
            kept = await client.get(path)
            assert "connection" not in kept.headers
            assert (missed.status_code, kept.status_code) == (200, 200)
            assert len(served.state.connections) == 1
            last = await client.get(path, headers={"Connection": "close"})
            assert last.headers["connection"] == "close"
            assert alike(last)[2] == kept.content
        own = f"Host: localhost\r\nAuthorization: {ada.headers['Authorization']}\r\n"
        reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
        writer.write(f"HEAD {API}{path} HTTP/1.1\r\n{own}\r\n".encode())
        assert (await reader.readline()).startswith(b"HTTP/1.1 200 ")
        for connection in list(served.state.connections):
            connection.shutdown()
        async with asyncio.timeout(20):
            assert (await reader.read()).endswith(b"\r\n\r\n")
        writer.close()
        await writer.wait_closed()


async def test_it_counts_for_whom_a_proxy_names(
    start_app: StartApp, connect: Connect, ada: httpx.AsyncClient, path: str
) -> None:
    app = await start_app(rate_limit_per_minute=5)
    own = ada.headers["Authorization"]
    first = connect(app)
    for _ in range(2):
        assert (await first.get("/instance")).status_code == 200
        await first.get(path, headers={"Authorization": own})
    refused = metrics.RATE_LIMITED.labels("requests")
    before = refused._value.get()
    options = {"proxy_headers": True, "forwarded_allow_ips": "127.0.0.1"}
    async with serving(app, **options) as served, served.client(own) as client:
        left = []
        for _ in range(6):
            sent = {"X-Forwarded-For": "192.0.2.9", "X-Forwarded-Proto": "https"}
            answer = await client.get(path, headers=sent)
            left.append((answer.status_code, answer.headers["ratelimit"][:13]))
            assert "strict-transport-security" in answer.headers
        assert len(served.asked) == 1  # in words, that it was one too many
    assert left == [
        *((200, f'"default";r={n}'[:13]) for n in (4, 3, 2, 1, 0)),
        (429, '"default";r=0'),
    ]
    assert refused._value.get() == before + 1


async def test_it_is_in_the_log_and_among_the_figures(
    ada: httpx.AsyncClient,
    path: str,
    app: FastAPI,
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    route = f"{API}/agents/{{component_id}}"
    counter = metrics.REQUESTS.labels("GET", route, "200")
    before = counter._value.get()
    capfdbinary.readouterr()
    async with (
        serving(app) as served,
        served.client(ada.headers["Authorization"]) as client,
    ):
        await client.get(path, headers={"X-Request-ID": "told"})
        assert served.asked == []
    assert counter._value.get() == before + 1
    line = capfdbinary.readouterr().err.decode()
    assert '"request_id":"told"' in line
    assert f'"route":"{route}"' in line
