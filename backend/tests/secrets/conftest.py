"""Servers, and what people do with their secrets."""

import json
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlmodel import col, select

from roster.audit.models import AuditEvent
from roster.core.db import Database
from tests.teams.conftest import make_team, put_member

# Parts, so that no file of this project holds what looks like a secret.
VALUE = "q7Rz2LmX9v" + "Kc4TnB8pWd"
OTHER_VALUE = "m4Vt8QsZ1x" + "Hb6YkJ3rNf"
KEY = "TICKETS_TOKEN"
HOME = "https://tickets.example.org/mcp"
ELSEWHERE = "https://elsewhere.example.net/mcp"
REASON = {"reason": "To compare it with the provider's list."}

Events = Callable[[], Awaitable[list[tuple[str, str, dict[str, Any]]]]]


def server_file(
    name: str = "tickets", url: str = HOME, token: str = f"${{{KEY}}}"
) -> str:
    headers = {"Authorization": f"Bearer {token}"}
    values = {"type": "http", "url": url, "headers": headers}
    return json.dumps({"mcpServers": {name: values}}, indent=2)


async def make_server(
    client: httpx.AsyncClient, team: str = "backend", **parts: Any
) -> dict[str, Any]:
    body = {"team": team, "content": server_file(**parts)}
    answer = await client.post("/servers", json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def publish(client: httpx.AsyncClient, server: dict[str, Any], url: str) -> None:
    answer = await client.post(
        f"/components/{server['id']}/revisions",
        json={"content": server_file(url=url)},
        headers={"If-Match": "*"},
    )
    assert answer.status_code == 201, answer.text


def place(server: dict[str, Any], key: str = KEY) -> str:
    return f"/components/{server['id']}/secrets/{key}"


async def write(
    client: httpx.AsyncClient,
    server: dict[str, Any],
    value: str = VALUE,
    *,
    key: str = KEY,
    if_match: str | None = None,
) -> httpx.Response:
    headers = {} if if_match is None else {"If-Match": if_match}
    return await client.put(place(server, key), json={"value": value}, headers=headers)


async def reveal(
    client: httpx.AsyncClient, server: dict[str, Any], key: str = KEY
) -> httpx.Response:
    return await client.post(f"{place(server, key)}/reveal", json=REASON)


async def listed(
    client: httpx.AsyncClient, server: dict[str, Any]
) -> list[dict[str, Any]]:
    answer = await client.get(f"/components/{server['id']}/secrets")
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def states(client: httpx.AsyncClient, server: dict[str, Any]) -> dict[str, str]:
    return {item["key"]: item["state"] for item in await listed(client, server)}


@pytest.fixture
async def owner(ada: httpx.AsyncClient, bob: httpx.AsyncClient) -> httpx.AsyncClient:
    """Bob, who owns the team Backend. Ada administers the instance."""
    assert not ada.is_closed
    await make_team(bob)
    return bob


@pytest.fixture
async def server(owner: httpx.AsyncClient) -> dict[str, Any]:
    return await make_server(owner)


@pytest.fixture
async def editor(
    owner: httpx.AsyncClient, sign_up: Callable[[str], Awaitable[httpx.AsyncClient]]
) -> httpx.AsyncClient:
    client = await sign_up("eve")
    await put_member(owner, "eve", "editor")
    return client


@pytest.fixture
def events(database: Database) -> Events:
    """Give what the audit has of secrets: action, who, details."""

    async def read() -> list[tuple[str, str, dict[str, Any]]]:
        async with database.read() as session:
            rows = await session.exec(
                select(AuditEvent)
                .where(col(AuditEvent.action).startswith("secret."))
                .order_by(col(AuditEvent.id))
            )
            return [(row.action, row.actor_name, row.details) for row in rows]

    return read


def id_of(made: dict[str, Any]) -> UUID:
    return UUID(made["id"])
