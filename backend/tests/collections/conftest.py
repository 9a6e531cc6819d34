"""Collections with entries, for the tests of them."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from sqlmodel import select

from roster.core.db import Database
from roster.teams.models import Membership, Role, Team
from roster.users.models import User
from tests.components.conftest import counted, create, publish

__all__ = ["counted", "create", "publish"]

Join = Callable[[str, str, Role], Awaitable[None]]
ANY = {"If-Match": "*"}


async def collect(
    client: httpx.AsyncClient,
    name: str = "kit",
    *agents: dict[str, Any],
    team: str = "ada",
    visibility: str = "private",
) -> dict[str, Any]:
    """Make a collection of these agents, each at its latest revision."""
    body = {"team": team, "name": name, "visibility": visibility}
    answer = await client.post("/collections", json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    if agents:
        made = await put(client, made, *({"component_id": one["id"]} for one in agents))
    return made


async def put(
    client: httpx.AsyncClient, collection: dict[str, Any], *entries: dict[str, Any]
) -> dict[str, Any]:
    """Set the entries of a collection, whatever it held."""
    answer = await client.put(
        f"/collections/{collection['id']}/entries",
        json={"entries": list(entries)},
        headers=ANY,
    )
    assert answer.status_code == 200, answer.text
    changed: dict[str, Any] = answer.json()
    return changed


async def release(
    client: httpx.AsyncClient, collection: dict[str, Any], notes: str = ""
) -> httpx.Response:
    return await client.post(
        f"/collections/{collection['id']}/releases", json={"notes": notes}, headers=ANY
    )


async def released(
    client: httpx.AsyncClient, collection: dict[str, Any], notes: str = ""
) -> dict[str, Any]:
    answer = await release(client, collection, notes)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def read(client: httpx.AsyncClient, collection: dict[str, Any]) -> dict[str, Any]:
    answer = await client.get(f"/collections/{collection['id']}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def names(collection: dict[str, Any]) -> list[str]:
    return [entry["name"] for entry in collection["entries"]]


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
