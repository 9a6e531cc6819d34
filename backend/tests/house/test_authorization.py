"""Who gets which answer from every operation of the document: the whole matrix.

What is expected stands in `authorization.txt`, one line for each operation. Each
request is one that would succeed if it came from the right caller.
"""

from collections.abc import AsyncGenerator, Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlmodel import select

from roster.core.db import Database
from roster.main import create_app
from roster.settings import Settings
from roster.users.models import User
from tests.conftest import StartApp
from tests.house import authorization_requests as requests
from tests.house.authorization_world import World, bearer, make_world

TABLE = Path(__file__).with_name("authorization.txt")
COLUMNS = [
    "anonymous",
    "open",
    "stranger",
    "viewer",
    "editor",
    "owner",
    "admin",
    "admin-token",
    "read-token",
    "full-token",
    "other-team",
    "void",
]
METHODS = ("get", "post", "put", "patch", "delete")


def expected() -> dict[str, dict[str, int]]:
    """Read the table: status by caller, by operation."""
    lines = [line.split() for line in TABLE.read_text().splitlines()]
    header, *rows = [line for line in lines if line and line[0] != "#"]
    assert header == ["operation", *COLUMNS]
    assert all(len(row) == len(header) for row in rows)
    assert len({row[0] for row in rows}) == len(rows)
    return {
        name: dict(zip(COLUMNS, map(int, statuses), strict=True))
        for name, *statuses in rows
    }


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield item[method]["operationId"], method.upper(), path


def test_every_operation_has_its_row(tmp_path: Path) -> None:
    app = create_app(Settings(environment="test", data_dir=tmp_path))
    in_document = {name for name, _, _ in operations(app.openapi())}

    assert in_document == set(expected())


class Matrix:
    """Asks as everybody, in worlds that nothing has been changed in."""

    def __init__(self, app: FastAPI, open_app: FastAPI, password_hash: str) -> None:
        self.app = app
        self.transport = httpx.ASGITransport(app)
        self.open_transport = httpx.ASGITransport(open_app)
        self.client = _client(self.transport)
        self.open_client = _client(self.open_transport)
        self.password_hash = password_hash
        self.made = self.asked = 0
        self.world: World | None = None

    async def statuses(
        self, operation: str, method: str, path: str, *, closed: bool
    ) -> dict[str, set[int]]:
        """Answers to each caller; of the void ones several, which should be alike."""
        self.world = None
        found: dict[str, set[int]] = {}
        for column in COLUMNS:
            world = await self._world(operation, path)
            callers = list(world.void_tokens()) if column == "void" else [column]
            if not closed:  # any of them will do, where no token is looked at
                callers = callers[:1]
            found[column] = {
                await self._ask(operation, method, path, column, caller)
                for caller in callers
            }
        return found

    async def _world(self, operation: str, path: str) -> World:
        if self.world is None:
            self.made += 1
            self.world = await make_world(
                self.app, self.client, self.made, self.password_hash
            )
            await requests.prepare(self.world, operation, path)
        return self.world

    async def _ask(
        self, operation: str, method: str, path: str, column: str, caller: str
    ) -> int:
        world = await self._world(operation, path)
        self._come_from_elsewhere()
        client, headers = self.client, {"If-Match": "*"}
        if column == "open":
            client = self.open_client
            if "component_id" in world.ids and not operation.startswith("restore_"):
                await world.show_to_all()
        elif column == "void":
            headers |= bearer(world.void_tokens()[caller])
        elif column in world.people:
            headers |= bearer(world.people[column].access())
        elif column != "anonymous":
            headers |= bearer(world.secrets[column])
        answer = await client.request(
            method,
            f"http://roster.test{requests.address(world, operation, path)}",
            headers=headers,
            **requests.parts(world, operation),
        )
        if column == "open" or (method != "GET" and answer.is_success):
            self.world = None
        return answer.status_code

    def _come_from_elsewhere(self) -> None:
        """Each request from another address, so that no limit of one is met."""
        self.asked += 1
        place = f"10.{self.asked >> 16}.{self.asked >> 8 & 255}.{self.asked & 255}"
        self.transport.client = self.open_transport.client = (place, 1024)


def _client(transport: httpx.ASGITransport) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=transport, base_url="http://roster.test/api/v1", trust_env=False
    )


@pytest.fixture
async def matrix(
    start_app: StartApp, ada: httpx.AsyncClient, database: Database
) -> AsyncGenerator[Matrix]:
    assert ada.is_closed is False  # set the instance up, with the password of all
    async with database.read() as session:
        password_hash = (await session.exec(select(User.password_hash))).one()
    unlimited = {"rate_limit_per_minute": 10_000}
    app = await start_app(**unlimited)
    open_app = await start_app(public_read=True, **unlimited)
    made = Matrix(app, open_app, password_hash)
    async with made.client, made.open_client:
        yield made


async def test_everybody_gets_what_the_table_says(matrix: Matrix) -> None:
    table, wrong = expected(), []
    for name, method, path in operations(matrix.app.openapi()):
        closed = table[name]["anonymous"] == HTTPStatus.UNAUTHORIZED
        found = await matrix.statuses(name, method, path, closed=closed)
        wrong += [
            f"{name} {caller}: {sorted(statuses)}, not {table[name][caller]}"
            for caller, statuses in found.items()
            if statuses != {table[name][caller]}
        ]

    assert not wrong
