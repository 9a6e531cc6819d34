"""Agents, teams and members for the tests of components."""

from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import event
from sqlmodel import select

from roster.core.actor import Actor
from roster.core.db import Database
from roster.teams.models import Membership, Role, Team
from roster.users.models import User
from tests.caches.punctual import punctual

Join = Callable[[str, str, Role], Awaitable[None]]
MakeAgent = Callable[..., Awaitable[dict[str, Any]]]


def agent_file(
    name: str = "reviewer",
    description: str = "Reviews a change before it is merged.",
    *,
    tools: str | None = "Read, Grep",
    model: str | None = "sonnet",
    body: str = "You review changes.\n",
) -> str:
    lines = [f"name: {name}", f"description: {description}"]
    lines += [f"tools: {tools}"] if tools is not None else []
    lines += [f"model: {model}"] if model is not None else []
    return "\n".join(["---", *lines, "---", body])


async def create(
    client: httpx.AsyncClient,
    team: str,
    name: str = "reviewer",
    *,
    visibility: str = "private",
    **parts: Any,
) -> dict[str, Any]:
    """Make an agent through the API."""
    content = agent_file(name, **parts)
    body = {"team": team, "content": content, "visibility": visibility}
    if visibility == "public":
        body["licence"] = "MIT"
    answer = await client.post("/agents", json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def publish(
    client: httpx.AsyncClient, component: dict[str, Any], content: str
) -> httpx.Response:
    """Publish on top of whatever is there now."""
    present = await client.get(f"/components/{component['id']}")
    return await client.post(
        f"/components/{component['id']}/revisions",
        json={"content": content},
        headers={"If-Match": present.headers["etag"]},
    )


@pytest.fixture
def join(database: Database) -> Join:
    """Put a person into the personal team of another one."""

    async def add(username: str, team: str, role: Role) -> None:
        async with database.write() as session:
            users = await session.exec(select(User).where(User.username == username))
            teams = await session.exec(select(Team).where(Team.slug == team))
            session.add(
                Membership(user_id=users.one().id, team_id=teams.one().id, role=role)
            )

    return add


@pytest.fixture
async def actor(ada: httpx.AsyncClient) -> Actor:
    """Ada, as services know her."""
    user = (await ada.get("/users/me")).json()
    return Actor(
        id=UUID(user["id"]), username="ada", is_admin=True, session_id=UUID(int=0)
    )


@pytest.fixture
async def team_id(ada: httpx.AsyncClient) -> UUID:
    user = (await ada.get("/users/me")).json()
    return UUID(user["teams"][0]["id"])


@pytest.fixture
async def editor(bob: httpx.AsyncClient, join: Join) -> httpx.AsyncClient:
    """Bob, who edits in Ada's team."""
    await join("bob", "ada", Role.editor)
    return bob


@pytest.fixture
async def viewer(bob: httpx.AsyncClient, join: Join) -> httpx.AsyncClient:
    """Bob, who only reads in Ada's team."""
    await join("bob", "ada", Role.viewer)
    return bob


@contextmanager
def counted(database: Database) -> Generator[list[str]]:
    """Collect the statements that are run meanwhile, past the engines as well."""
    statements: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    engines = {database.reader.sync_engine, database.writer.sync_engine}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", count)
    database.direct.on_statement = lambda statement, _: statements.append(statement)
    try:
        with punctual():
            yield statements
    finally:
        database.direct.on_statement = None
        for engine in engines:
            event.remove(engine, "before_cursor_execute", count)
