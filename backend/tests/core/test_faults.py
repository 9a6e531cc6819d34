"""What fails around the application is a declared answer, and passes with its cause."""

import asyncio
import resource
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlmodel import select

from roster.components.models import Component
from roster.core.db import Database, SessionDep
from roster.settings import Settings
from roster.teams.models import Team
from tests.conftest import TEMPLATE, Connect, StartApp
from tests.services.postgres import PostgresServer, connect
from tests.services.proxy import Proxy, proxied

MIB = 1024 * 1024
AGENT = "---\nname: {name}\ndescription: Reviews a change.\n---\n\n{body}\n"


def problem(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of a problem, which also says when to try again."""
    assert int(answer.headers["retry-after"]) > 0
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")


async def create(
    client: httpx.AsyncClient, name: str, body: str = ""
) -> httpx.Response:
    content = AGENT.format(name=name, body=body)
    return await client.post("/agents", json={"team": "ada", "content": content})


async def names(database: Database) -> set[str]:
    async with database.read() as session:
        return set(await session.exec(select(Component.name)))


@contextmanager
def files_of_at_most(size: int) -> Generator[None]:
    """Let no file of this process grow any larger, as if the disk were full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


# --- a server that goes away --------------------------------------------------------


@pytest.fixture
async def away(postgres: PostgresServer) -> AsyncGenerator[tuple[Proxy, str]]:
    name = "faults"
    postgres.create_database(name, template=TEMPLATE, owned=True)
    async with proxied(postgres.application_url(name)) as found:
        yield found
    postgres.drop_database(name)


@pytest.fixture
async def served(away: tuple[Proxy, str], start_app: StartApp) -> FastAPI:
    app = await start_app(database_url=_secret(away[1]))

    async def count(session: SessionDep) -> int:
        return len((await session.exec(select(Team.id))).all())

    async def add(session: SessionDep, name: str) -> None:
        session.add(Team(slug=name, name=name))
        await session.flush()
        app.state.written.set()
        await app.state.proceed.wait()

    app.state.written = asyncio.Event()
    app.state.proceed = asyncio.Event()
    app.state.proceed.set()
    app.add_api_route("/api/v1/probe", count)
    app.add_api_route("/api/v1/probe", add, methods=["POST"])
    return app


def _secret(url: str) -> object:
    return Settings(environment="test", database_url=url).database_url


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_database_that_is_away_is_said_at_once_and_found_again(
    served: FastAPI, away: tuple[Proxy, str], connect: Connect
) -> None:
    client, proxy = connect(served), away[0]
    assert (await client.get("/probe")).status_code == 200

    await proxy.cut()
    async with asyncio.timeout(4):
        answers = await asyncio.gather(*(client.get("/probe") for _ in range(20)))
    assert {problem(answer) for answer in answers} == {(503, "unavailable")}

    await proxy.mend()
    assert (await client.get("/probe")).status_code == 200


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_connection_that_is_reset_stores_nothing(
    served: FastAPI, away: tuple[Proxy, str], connect: Connect
) -> None:
    client, proxy = connect(served), away[0]
    served.state.proceed.clear()

    writing = asyncio.create_task(client.post("/probe", params={"name": "lost"}))
    await served.state.written.wait()
    await proxy.cut()
    served.state.proceed.set()
    assert problem(await writing) == (503, "unavailable")

    await proxy.mend()
    answer = await client.post("/probe", params={"name": "kept"})
    assert answer.status_code == 200
    assert (await client.get("/probe")).json() == 1
    # And no connection is held by what failed.
    assert served.state.database.writer.pool.checkedout() == 0


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_connections_that_an_administrator_ends_are_made_anew(
    ada: httpx.AsyncClient, database: Database, postgres: PostgresServer
) -> None:
    async def work() -> list[int]:
        made = (create(ada, f"agent-{number}") for number in range(5))
        return [answer.status_code for answer in await asyncio.gather(*made)]

    assert set(await work()) == {201}
    administrator = await connect(postgres.url("postgres"))
    end = (
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
        "WHERE datname = $1"
    )
    while await administrator.fetchval(end, database.writer.url.database):
        pass
    await administrator.close()

    # What is seen to be closed is not used; what closes just now is said to be away.
    assert set(await work()) <= {409, 503}
    assert set(await work()) == {409}


# --- what takes too long ------------------------------------------------------------


@pytest.fixture
async def hasty(database_url: str) -> AsyncGenerator[Database]:
    database = Database(database_url, statement_seconds=0.2)
    yield database
    await database.dispose()


LONG = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
    "SELECT count(*) FROM n",
    "postgresql": "SELECT pg_sleep(60)",
}


async def test_a_slow_query_is_given_up(
    app: FastAPI, hasty: Database, connect: Connect
) -> None:
    before, app.state.database = app.state.database, hasty
    client = connect(app)

    async def probe(session: SessionDep, *, long: bool) -> None:
        query = LONG[hasty.dialect] if long else "SELECT 1"
        await session.exec(text(query))  # type: ignore[call-overload]

    app.add_api_route("/api/v1/probe", probe)

    async with asyncio.timeout(20):
        answers = await asyncio.gather(
            *(client.get("/probe", params={"long": True}) for _ in range(8))
        )
    assert {problem(answer) for answer in answers} == {(503, "unavailable")}
    answer = await client.get("/probe", params={"long": False})
    assert answer.status_code == 200
    app.state.database = before


# --- a disk that takes no more ------------------------------------------------------


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_full_disk_is_said_and_passes(
    ada: httpx.AsyncClient, database: Database, tmp_path: Path
) -> None:
    assert (await create(ada, "before")).status_code == 201
    log = tmp_path / "roster.db-wal"

    with files_of_at_most(log.stat().st_size + 64 * 1024):
        refused = await create(ada, "refused", "A long text. " * 40_000)
        assert problem(refused) == (507, "insufficient-storage")
        # Others may still fit, and what is there can be read.
        assert (await ada.get("/agents")).status_code == 200

    assert await names(database) == {"before"}
    assert (await create(ada, "refused")).status_code == 201
    assert await names(database) == {"before", "refused"}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_of_a_group_none_is_stored_in_part_when_the_disk_is_full(
    ada: httpx.AsyncClient, database: Database, tmp_path: Path
) -> None:
    assert (await create(ada, "before")).status_code == 201
    log = tmp_path / "roster.db-wal"

    with files_of_at_most(log.stat().st_size + 512 * 1024):
        body = "Some words of it. " * 2_000
        work = (create(ada, f"agent-{n}", body) for n in range(30))
        answers = await asyncio.gather(*work)

    made = {
        f"agent-{n}" for n, answer in enumerate(answers) if answer.status_code == 201
    }
    refused = [answer for answer in answers if answer.status_code != 201]
    assert refused
    assert {problem(answer) for answer in refused} == {(507, "insufficient-storage")}
    assert await names(database) == {"before"} | made
    async with database.read() as session:
        broken = await session.exec(text("PRAGMA foreign_key_check"))  # type: ignore[call-overload]
        assert broken.all() == []
        sound = await session.exec(text("PRAGMA integrity_check"))  # type: ignore[call-overload]
        assert sound.all() == [("ok",)]


async def test_a_file_that_does_not_fit_leaves_nothing(
    ada: httpx.AsyncClient, settings: Settings
) -> None:
    main = AGENT.format(name="large", body="Look into the file.")
    files = [
        ("files", ("SKILL.md", main.encode())),
        ("files", ("data.bin", b"0123456789abcdef" * (2 * MIB // 16))),
    ]

    with files_of_at_most(MIB):
        answer = await ada.post("/skills", data={"team": "ada"}, files=files)
    assert problem(answer) == (507, "insufficient-storage")
    left = [path for path in settings.blobs.rglob("*") if path.is_file()]
    assert left == []

    answer = await ada.post("/skills", data={"team": "ada"}, files=files)
    assert answer.status_code == 201, answer.text


async def test_a_database_that_may_only_be_read_is_said(
    ada: httpx.AsyncClient, database: Database, postgres: PostgresServer
) -> None:
    assert (await create(ada, "before")).status_code == 201
    only_read = {
        "sqlite": "PRAGMA query_only=ON",
        "postgresql": "SET default_transaction_read_only = on",
    }[database.dialect]
    size = 1 if database.dialect == "sqlite" else 10
    connections = [await database.writer.connect() for _ in range(size)]
    for connection in connections:
        await connection.execute(text(only_read))
        await connection.commit()
        await connection.close()

    answer = await create(ada, "refused")
    assert problem(answer) == (507, "insufficient-storage")
    assert (await ada.get("/agents")).status_code == 200
    assert await names(database) == {"before"}
