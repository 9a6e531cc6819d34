from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from sqlmodel import col, select

from roster.audit.models import AuditEvent
from roster.core.db import Database

Events = Callable[[], Awaitable[list[tuple[str, str, str]]]]


@pytest.fixture
def events(database: Database) -> Events:
    """Give what administrators did to accounts: action, who, and to whom."""

    async def read() -> list[tuple[str, str, str]]:
        async with database.read() as session:
            rows = await session.exec(select(AuditEvent).order_by(col(AuditEvent.id)))
        return [
            (event.action, event.actor_name, event.target_name)
            for event in rows
            if event.action.startswith(("user.", "totp."))
        ]

    return read


async def id_of(client: httpx.AsyncClient) -> str:
    answer = await client.get("/users/me")
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


async def change_account(
    client: httpx.AsyncClient, user_id: str, **changes: Any
) -> httpx.Response:
    return await client.patch(f"/users/{user_id}", json=changes)
