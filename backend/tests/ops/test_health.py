import asyncio
from pathlib import Path

import httpx
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from roster.core.migrate import head
from tests.conftest import Connect, StartApp

LIVE = "http://roster.test/health/live"
READY = "http://roster.test/health/ready"


async def test_live_and_ready(anonymous: httpx.AsyncClient) -> None:
    for address in (LIVE, READY):
        answer = await anonymous.get(address)
        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_an_older_schema_is_not_ready(
    anonymous: httpx.AsyncClient, owner_url: str
) -> None:
    engine = create_async_engine(owner_url)
    async with engine.begin() as connection:
        await connection.execute(
            text("UPDATE alembic_version SET version_num = '0000'")
        )
    await engine.dispose()

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
