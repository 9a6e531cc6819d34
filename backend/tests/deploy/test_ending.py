"""A server that is told to end says so first, and ends its streams in good order."""

import contextlib
import signal

import httpx
import pytest

from roster.settings import Settings
from tests.components.conftest import agent_file
from tests.deploy.conftest import (
    Run,
    client_at,
    environment_of,
    is_ready,
    roster,
    set_up,
    until,
)
from tests.services.postgres import free_port


async def readiness(client: httpx.AsyncClient) -> int:
    return (await client.get("/health/ready")).status_code


async def test_it_says_so_serves_on_and_ends(run: Run, settings: Settings) -> None:
    port = free_port()
    environment = environment_of(settings, ROSTER_DRAIN_SECONDS="5")
    server = run(roster("serve", "--port", str(port)), environment)
    await until(lambda: is_ready(port), "the server")
    async with client_at(f"http://127.0.0.1:{port}") as client:
        await set_up(client)
        async with client.stream("GET", "/api/v1/events") as stream:
            lines = stream.aiter_lines()
            assert await anext(lines)

            server.signal(signal.SIGTERM)

            async def is_told() -> bool:
                return await readiness(client) == 503

            await until(is_told, "the word that it ends")
            answer = await client.get("/health/ready")
            assert "is ending" in answer.json()["detail"]
            assert (await client.get("/api/v1/users/me")).status_code == 200

            # The stream ends by itself, whole: no connection is broken off.
            async for _ in lines:
                pass
        # uvicorn ends by the signal that it was told to end with.
        assert await server.wait() in {0, -signal.SIGTERM}
        with pytest.raises(httpx.ConnectError):
            await client.get("/health/live")


async def test_what_is_kept_is_given_until_it_ends(
    run: Run, settings: Settings
) -> None:
    """Also to those whom their connection has answered all that they asked."""
    port = free_port()
    environment = environment_of(settings, ROSTER_DRAIN_SECONDS="3")
    server = run(roster("serve", "--port", str(port)), environment)
    await until(lambda: is_ready(port), "the server")
    url = f"http://127.0.0.1:{port}"
    async with client_at(url) as client, client_at(url) as other:
        await set_up(client)
        body = {"team": "ada", "content": agent_file("kept")}
        made = await client.post("/api/v1/agents", json=body)
        assert made.status_code == 201, made.text
        path = f"/api/v1/agents/{made.json()['id']}"
        first = await client.get(path)
        other.headers.update(client.headers)
        for asking in (client, other, other):
            again = await asking.get(path)
            assert (again.status_code, again.content) == (200, first.content)

        server.signal(signal.SIGTERM)

        async def is_told() -> bool:
            return await readiness(client) == 503

        await until(is_told, "the word that it ends")
        again = await other.get(path, headers={"If-None-Match": first.headers["etag"]})
        assert again.status_code == 304
        assert await server.wait() in {0, -signal.SIGTERM}


async def test_it_is_not_ready_before_the_schema_is(
    run: Run, settings: Settings
) -> None:
    """It listens from the first moment on, and answers once it is migrated."""
    port = free_port()
    fresh = settings.data_dir / "fresh.db"
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    environment = environment_of(settings) | {
        "ROSTER_DATABASE_URL": f"sqlite+aiosqlite:///{fresh}"
    }
    run(roster("serve", "--port", str(port)), environment)

    async def first() -> httpx.Response | None:
        async with client_at(f"http://127.0.0.1:{port}") as client:
            with contextlib.suppress(httpx.TransportError):
                return await client.get("/health/ready")
        return None

    answer = await until(first, "the first answer")

    assert (answer.status_code, answer.json()["status"]) == (200, "ok")
