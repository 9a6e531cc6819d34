from collections.abc import AsyncGenerator
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI, Request

from tests.conftest import Connect, StartApp

FILE = 1024
LIMIT = 8 * FILE
ORIGIN = "https://app.example.org"


@pytest.fixture
async def app(start_app: StartApp) -> FastAPI:
    app = await start_app(file_bytes=FILE, cors_origins=[ORIGIN])

    async def probe(request: Request) -> int:
        return len(await request.body())

    app.add_api_route("/api/v1/probe", probe, methods=["POST"])

    async def fault() -> None:
        raise RuntimeError

    app.add_api_route("/api/v1/fault", fault)
    return app


async def chunks(total: int) -> AsyncGenerator[bytes]:
    for _ in range(total // 256):
        yield b"x" * 256


async def test_a_request_id_is_made(anonymous: httpx.AsyncClient) -> None:
    first = (await anonymous.get("/instance")).headers["x-request-id"]
    second = (await anonymous.get("/instance")).headers["x-request-id"]

    assert UUID(first).version == 7
    assert first != second


async def test_a_given_request_id_is_echoed(anonymous: httpx.AsyncClient) -> None:
    headers = {"X-Request-ID": "build_7.try-2"}

    answer = await anonymous.get("/nothing", headers=headers)

    assert answer.headers["x-request-id"] == "build_7.try-2"
    assert answer.json()["request_id"] == "build_7.try-2"


@pytest.mark.parametrize(
    "given", ["", "a b", "x" * 129, "id\x1b[31m", "ä", '"quoted"', "a,b"]
)
async def test_an_odd_request_id_is_replaced(
    anonymous: httpx.AsyncClient, given: str
) -> None:
    headers = {b"X-Request-ID": given.encode("latin-1")}

    answer = await anonymous.get("/instance", headers=headers)

    assert UUID(answer.headers["x-request-id"]).version == 7


@pytest.mark.parametrize("path", ["/instance", "/nothing", "/fault", "/users/me"])
async def test_every_answer_is_hardened(
    anonymous: httpx.AsyncClient, path: str
) -> None:
    headers = (await anonymous.get(path)).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "server" not in headers


async def test_a_body_within_the_limit_passes(anonymous: httpx.AsyncClient) -> None:
    for content in (b"x" * LIMIT, chunks(LIMIT)):
        answer = await anonymous.post("/probe", content=content)
        assert (answer.status_code, answer.json()) == (200, LIMIT)


@pytest.mark.parametrize(
    "headers",
    [
        {},  # chunked: no length is declared
        {"Content-Length": "10"},
        {"Content-Length": "-5"},
        {"Content-Length": "nonsense"},
        {"Content-Length": str(10**30)},
    ],
)
async def test_a_body_over_the_limit_is_refused_whatever_it_declares(
    anonymous: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    answer = await anonymous.post("/probe", content=chunks(LIMIT * 2), headers=headers)

    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "/problems/too-large"
    assert answer.headers["x-request-id"]


async def test_a_declared_length_over_the_limit_is_refused_unread(
    anonymous: httpx.AsyncClient,
) -> None:
    headers = {"Content-Length": str(LIMIT + 1)}

    answer = await anonymous.post("/probe", content=b"", headers=headers)

    assert answer.status_code == 413
    assert f"{LIMIT:,}" in answer.json()["detail"]


async def test_small_routes_take_small_bodies(
    start_app: StartApp, connect: Connect
) -> None:
    client = connect(await start_app())
    big = "x" * 100_000

    for path, body in [
        ("/auth/register", {"username": big}),
        ("/auth/refresh", {"refresh_token": big}),
        ("/auth/logout", {"refresh_token": big}),
    ]:
        answer = await client.post(path, json=body)
        assert answer.status_code == 413, path
        assert answer.json()["type"] == "/problems/too-large"
    answer = await client.post("/auth/token", data={"username": big, "password": big})
    assert answer.status_code == 413
    assert answer.json()["type"] == "/problems/too-large"


async def test_uploads_take_more(
    start_app: StartApp, connect: Connect, ada: httpx.AsyncClient
) -> None:
    client = connect(await start_app(file_bytes=1024, upload_bytes=100_000))
    client.headers["Authorization"] = ada.headers["Authorization"]

    for size, too_large in [(90_000, False), (110_000, True)]:
        files = {"files": ("a.md", b"x" * size, "text/markdown")}
        answer = await client.post("/imports", data={"team": "ada"}, files=files)
        assert (answer.status_code == 413) is too_large
    answer = await client.patch(f"/imports/{uuid4()}/files", content=b"x" * 90_000)
    assert answer.status_code == 413


async def test_what_can_be_read_has_a_head(
    ada: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    for path in ("/users/me", "/agents", "http://roster.test/health/live"):
        whole, head = await ada.get(path), await ada.head(path)
        assert (head.status_code, head.content) == (200, b"")
        for name in ("content-type", "content-length", "etag"):
            assert head.headers.get(name) == whole.headers.get(name), name
    assert (await anonymous.head("/users/me")).status_code == 401
    assert (await ada.head("/exports")).status_code == 405


@pytest.mark.parametrize(("host", "status"), [("roster", 404), ("evil.example", 421)])
async def test_no_answer_sends_elsewhere(
    anonymous: httpx.AsyncClient, host: str, status: int
) -> None:
    for path in ("/instance/", "/agents/", "//evil.example/", "/../docs/"):
        answer = await anonymous.get(path, headers={"Host": host})
        assert answer.status_code == status, path
        assert "location" not in answer.headers


async def test_an_app_hosted_apart_may_read_every_answer(
    anonymous: httpx.AsyncClient,
) -> None:
    for path in ("/instance", "/nothing", "/fault", "/users/me"):
        answer = await anonymous.get(path, headers={"Origin": ORIGIN})

        assert answer.headers["access-control-allow-origin"] == ORIGIN
        assert answer.headers["access-control-allow-credentials"] == "true"
        assert "ETag" in answer.headers["access-control-expose-headers"]


async def test_other_origins_may_not(anonymous: httpx.AsyncClient) -> None:
    answer = await anonymous.get("/instance", headers={"Origin": "https://evil.test"})

    assert "access-control-allow-origin" not in answer.headers


async def test_preflight(anonymous: httpx.AsyncClient) -> None:
    answer = await anonymous.options(
        "/users/me",
        headers={
            "Origin": ORIGIN,
            "Access-Control-Request-Method": "PATCH",
            "Access-Control-Request-Headers": "authorization,if-match",
        },
    )

    assert answer.status_code == 200
    assert "PATCH" in answer.headers["access-control-allow-methods"]
    assert "if-match" in answer.headers["access-control-allow-headers"]
