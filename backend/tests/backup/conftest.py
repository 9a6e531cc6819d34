"""An instance with something of everything, and empty places to bring it to."""

import os
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import make_url, select

from roster import tables  # noqa: F401 - fills the metadata
from roster.audit.sealer import seal_batch
from roster.core.db import Database
from roster.core.model import Model
from roster.settings import Settings
from tests.collections.conftest import ANY, collect, released
from tests.components.conftest import agent_file, create, publish
from tests.components.skills import FILES, skill_file
from tests.ops.conftest import Roster, roster
from tests.secrets.conftest import make_server, write
from tests.services.postgres import PostgresServer, programs_folder

__all__ = ["Roster", "roster"]

LARGE = os.urandom(300 * 1024)
"""More than the database takes: it lies in a file."""
Rows = dict[str, list[tuple[Any, ...]]]
NewPlace = Callable[..., Settings]


def quiet(_sentence: str) -> None:
    """Nobody is at the terminal."""


@dataclass
class World:
    """What an instance holds, as its owner knows it."""

    agent: dict[str, Any]
    skill: dict[str, Any]
    server: dict[str, Any]
    release: dict[str, Any]


async def made_world(client: httpx.AsyncClient) -> World:
    agent = await create(client, "ada", "reviewer")
    assert (await publish(client, agent, agent_file(body="Anew.\n"))).is_success
    url = f"/components/{agent['id']}"
    put = await client.put(f"{url}/labels/tried", json={"number": 1}, headers=ANY)
    assert put.is_success, put.text
    now = (await client.get(url)).json()
    draft = {"content": "Half a thought.", "base_digest": now["latest"]["digest"]}
    put = await client.put(f"{url}/draft", json=draft, headers={"If-None-Match": "*"})
    assert put.is_success, put.text
    server = await make_server(client, "ada")
    assert (await write(client, server)).is_success
    kit = await collect(client, "kit", agent, server)
    release = await released(client, kit)
    taken = await client.get(f"/collections/{kit['id']}/releases/1/export")
    assert taken.is_success, taken.text
    return World(agent, await large_skill(client), server, release)


async def large_skill(client: httpx.AsyncClient) -> dict[str, Any]:
    name = "release-notes"
    files = {"SKILL.md": skill_file(name), **FILES, "assets/large.bin": LARGE}
    answer = await client.post(
        "/skills",
        data={"team": "ada"},
        files=[("files", (path, data)) for path, data in files.items()],
    )
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


@pytest.fixture(autouse=True)
def _umask() -> Generator[None]:
    """What a command does to its process, it does here to the tests that follow."""
    before = os.umask(0o077)
    os.umask(before)
    yield
    os.umask(before)


@pytest.fixture
def settings(settings: Settings, request: pytest.FixtureRequest) -> Settings:
    """Those of every test, and how to reach the database as an operator does."""
    url = make_url(settings.database)
    if url.get_backend_name() == "sqlite":
        return settings
    server: PostgresServer = request.getfixturevalue("postgres")
    return settings.model_copy(
        update={
            "migration_database_url": SecretStr(server.url(url.database or "")),
            "pg_dump": programs_folder() / "pg_dump",
        }
    )


@pytest.fixture
def place(
    settings: Settings, tmp_path: Path, request: pytest.FixtureRequest
) -> Generator[NewPlace]:
    """Make empty places, on the same engine unless another one is named."""
    made: list[str] = []
    dialect = make_url(settings.database).get_backend_name()

    def make(engine: str = dialect) -> Settings:
        name = f"test_{uuid4().hex}"
        changes: dict[str, Any] = {
            "data_dir": tmp_path / name,
            "database_url": None,
            "migration_database_url": None,
        }
        if engine == "postgresql":
            server: PostgresServer = request.getfixturevalue("postgres")
            server.create_database(name, owned=True)
            made.append(name)
            changes["database_url"] = SecretStr(server.application_url(name))
            changes["migration_database_url"] = SecretStr(server.owner_url(name))
            changes["pg_dump"] = programs_folder() / "pg_dump"
        return settings.model_copy(update=changes)

    yield make
    for name in made:
        request.getfixturevalue("postgres").drop_database(name)


@asynccontextmanager
async def opened(settings: Settings) -> AsyncGenerator[Database]:
    database = Database(settings.database, pool_size=1)
    try:
        yield database
    finally:
        await database.dispose()


async def rows_of(database: Database) -> Rows:
    """Every row of every table, in the order of its key."""
    found: Rows = {}
    async with database.read() as session:
        connection = await session.connection()
        for table in Model.metadata.sorted_tables:
            wanted = select(*table.columns).order_by(*table.primary_key.columns)
            rows = (await connection.execute(wanted)).all()
            found[table.name] = [tuple(map(_plain, row)) for row in rows]
    return found


def _plain(value: Any) -> Any:
    # A driver may have a class of its own for UUIDs.
    return str(value) if type(value).__name__ == "UUID" else value


async def seal(app: FastAPI) -> None:
    while await seal_batch(app.state.database, app.state.chain):
        pass
