import asyncio
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from roster import __version__
from roster.core.db import Database
from roster.core.migrate import head
from roster.jobs import presence
from roster.jobs.models import Queue
from tests.conftest import Connect, StartApp
from tests.services.valkey import ValkeyServer

LIVE = "http://roster.test/health/live"
READY = "http://roster.test/health/ready"
HEALTH = "/instance/health"
TOKEN = "a-token-for-those-who-measure"


async def set_schema(owner_url: str, version: str) -> None:
    engine = create_async_engine(owner_url)
    async with engine.begin() as connection:
        await connection.execute(
            text("UPDATE alembic_version SET version_num = :version"),
            {"version": version},
        )
    await engine.dispose()


def from_afar(app: FastAPI) -> httpx.AsyncClient:
    """Make a client that asks from another machine."""
    transport = httpx.ASGITransport(app=app, client=("203.0.113.7", 1234))
    return httpx.AsyncClient(transport=transport)


async def parts_of(client: httpx.AsyncClient) -> dict[str, dict[str, Any]]:
    answer = await client.get(READY)
    assert answer.status_code == 200, answer.text
    return {part["name"]: part for part in answer.json()["parts"]}


async def parts_once(
    client: httpx.AsyncClient, name: str, status: str
) -> dict[str, dict[str, Any]]:
    """Look until a part is as it is expected to be."""
    while True:
        parts = await parts_of(client)
        if parts[name]["status"] == status:
            return parts
        await asyncio.sleep(0.1)


async def test_live_and_ready(anonymous: httpx.AsyncClient) -> None:
    answer = await anonymous.get(LIVE)
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})

    answer = await anonymous.get(READY)
    assert answer.json()["status"] == "ok"
    assert answer.headers["cache-control"] == "no-store"
    parts = await parts_of(anonymous)
    assert list(parts) == ["database", "schema", "storage"]
    for part in parts.values():
        assert (part["status"], part["reason"]) == ("ok", "")
        assert part["milliseconds"] > 0


async def test_parts_are_told_to_who_may_know_alone(
    start_app: StartApp, connect: Connect
) -> None:
    app = await start_app()
    async with from_afar(app) as stranger:
        assert (await stranger.get(READY)).json() == {"status": "ok"}
    for name in ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via"):
        answer = await connect(app).get(READY, headers={name: "127.0.0.1"})
        assert answer.json() == {"status": "ok"}
    # A name that somebody made lead here, for what runs in a browser on this machine.
    answer = await connect(app).get(READY, headers={"Host": "rebound.example.org"})
    assert answer.json() == {"status": "ok"}

    guarded = await start_app(metrics_token=SecretStr(TOKEN))
    assert (await connect(guarded).get(READY)).json() == {"status": "ok"}
    async with from_afar(guarded) as prometheus:
        prometheus.headers["Authorization"] = f"Bearer {TOKEN}"
        assert await parts_of(prometheus)


async def test_strangers_do_not_hear_why_it_is_not_ready(
    start_app: StartApp,
) -> None:
    nowhere = SecretStr("postgresql+asyncpg://nobody@127.0.0.1:9/none?ssl=disable")
    app = await start_app(database_url=nowhere)

    async with from_afar(app) as stranger:
        answer = await stranger.get(READY)

    assert answer.status_code == 503
    assert answer.json()["detail"] == "This instance is not ready to serve."
    assert "errors" not in answer.json()
    assert "127.0.0.1" not in answer.text


async def test_what_ends_says_so_and_goes_on(
    app: FastAPI, anonymous: httpx.AsyncClient
) -> None:
    app.state.health.draining()

    for address in (READY, LIVE):
        answer = await anonymous.get(address)
        assert answer.status_code == 503
        assert "is ending" in answer.json()["detail"]
    assert (await anonymous.get("/instance")).status_code == 200


async def test_a_newer_schema_is_ready_in_the_middle_of_an_upgrade(
    anonymous: httpx.AsyncClient, owner_url: str
) -> None:
    await set_schema(owner_url, "9999")

    answer = await anonymous.get(READY)

    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    (reason,) = [one["reason"] for one in answer.json()["parts"] if one["reason"]]
    assert "is at schema 9999, which a newer version made" in reason


async def test_redis_may_be_away(
    start_app: StartApp, connect: Connect, valkey: ValkeyServer
) -> None:
    own = ValkeyServer.own()
    client = connect(await start_app(redis_url=own.url))
    assert (await parts_of(client))["redis"]["status"] == "ok"

    own.stop()
    parts = await parts_once(client, "redis", "degraded")

    assert "Redis does not answer" in parts["redis"]["reason"]
    assert str(own.port) not in parts["redis"]["reason"]
    assert (await client.get("/instance")).status_code == 200

    again = ValkeyServer.own(own.port)
    await parts_once(client, "redis", "ok")
    again.stop()


async def test_somebody_has_to_do_the_jobs_that_are_sent(
    start_app: StartApp, connect: Connect, valkey: ValkeyServer
) -> None:
    app = await start_app(redis_url=valkey.url)
    client = connect(app)
    jobs = (await parts_of(client))["jobs"]
    assert jobs["status"] == "degraded"
    assert "No worker was heard of for 30 seconds" in jobs["reason"]

    database: Database = app.state.database
    await presence.say(database, "w", [Queue.default], slots=1, is_embedded=False)

    await parts_once(client, "jobs", "ok")


async def test_a_process_that_does_jobs_says_when_it_does_no_more(
    start_app: StartApp, connect: Connect
) -> None:
    app = await start_app(run_jobs=True)
    client = connect(app)
    assert (await parts_of(client))["jobs"]["status"] == "ok"

    await app.state.runner.stop()

    assert (await parts_once(client, "jobs", "degraded"))["jobs"]["reason"]


async def test_files_have_to_be_writable(
    start_app: StartApp, connect: Connect, tmp_path: Path
) -> None:
    client = connect(await start_app(blob_dir=tmp_path / "not mounted"))

    answer = await client.get(READY)

    assert answer.status_code == 503
    assert "Files cannot be written" in answer.json()["detail"]
    assert str(tmp_path) not in answer.text
    (error,) = answer.json()["errors"]
    assert (error["loc"], error["code"]) == ("storage", "failed")


async def test_administrators_see_how_it_is(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    assert (await anonymous.get(HEALTH)).status_code == 401
    assert (await bob.get(HEALTH)).status_code == 403

    answer = await ada.get(HEALTH)

    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert (found["status"], found["version"]) == ("ok", __version__)
    assert [part["name"] for part in found["parts"]][:3] == [
        "database",
        "schema",
        "storage",
    ]
    database = found["database"]
    assert database["engine"] in {"sqlite", "postgresql"}
    assert database["database_schema"] == database["needed_schema"] == head()
    assert database["bytes"] > 10_000
    assert found["process"]["uptime_seconds"] >= 0
    assert found["process"]["memory_bytes"] > 1_000_000


async def test_an_older_schema_is_not_ready(
    anonymous: httpx.AsyncClient, owner_url: str
) -> None:
    await set_schema(owner_url, "0000")

    answer = await anonymous.get(READY)

    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert answer.headers["content-type"] == "application/problem+json"
    assert f"is at schema 0000, and this version needs {head()}" in answer.text
    assert (await anonymous.get(LIVE)).status_code == 200


async def test_a_database_that_was_never_migrated_is_not_ready(
    start_app: StartApp, connect: Connect, tmp_path: Path
) -> None:
    empty = SecretStr(f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}")
    client = connect(await start_app(database_url=empty))

    answer = await client.get(READY)

    assert answer.status_code == 503
    assert "never migrated" in answer.json()["detail"]


async def test_a_database_out_of_reach_is_not_ready(
    start_app: StartApp, connect: Connect
) -> None:
    nowhere = SecretStr("postgresql+asyncpg://nobody@127.0.0.1:9/none?ssl=disable")
    client = connect(await start_app(database_url=nowhere))

    answer = await client.get(READY)
    assert answer.status_code == 503
    assert "out of reach" in answer.json()["detail"]

    # What needs the database says the same, and is no fault of ours.
    answer = await client.get("/instance")
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert (await client.get(LIVE)).status_code == 200


async def test_a_database_that_does_not_answer_is_not_waited_for(
    start_app: StartApp, connect: Connect
) -> None:
    release = asyncio.Event()

    async def silent(_reader: object, writer: asyncio.StreamWriter) -> None:
        await release.wait()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    address = f"postgresql+asyncpg://nobody@127.0.0.1:{port}/none?ssl=disable"
    client = connect(await start_app(database_url=SecretStr(address)))

    answer = await client.get(READY)

    assert answer.status_code == 503
    release.set()
    server.close()
    await server.wait_closed()
