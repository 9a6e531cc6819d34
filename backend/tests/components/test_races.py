"""What happens to a request that waits while another one changes its component."""

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import text
from sqlmodel import select

from roster.components.models import Component
from roster.core.db import Database
from roster.core.model import utc_now
from tests.components.conftest import agent_file, create


async def until_someone_waits(database: Database) -> None:
    """Until a statement waits for a lock; on SQLite writers wait for the pool."""
    while database.dialect == "postgresql":
        async with database.read() as session:
            connection = await session.connection()
            rows = await connection.execute(
                text("SELECT 1 FROM pg_locks WHERE NOT granted")
            )
            if rows.first() is not None:
                return
        await asyncio.sleep(0)


async def publish_while(
    client: httpx.AsyncClient,
    database: Database,
    agent: dict[str, Any],
    change: Callable[[Component], None],
) -> httpx.Response:
    """Publish from a state that another transaction is just changing."""
    async with database.write() as session:
        rows = await session.exec(
            select(Component).where(Component.id == UUID(agent["id"])).with_for_update()
        )
        component = rows.one()
        waiting = asyncio.create_task(
            client.post(
                f"/components/{agent['id']}/revisions",
                json={"content": agent_file(body="Late.\n")},
                headers={"If-Match": agent["etag"]},
            )
        )
        await until_someone_waits(database)
        change(component)
    return await waiting


async def test_deleted_while_a_publication_waited(
    ada: httpx.AsyncClient, database: Database
) -> None:
    def delete(component: Component) -> None:
        component.deleted_at = utc_now()

    agent = await create(ada, "ada")
    answer = await publish_while(ada, database, agent, delete)
    assert answer.status_code == 404


async def test_changed_while_a_publication_waited(
    ada: httpx.AsyncClient, database: Database
) -> None:
    """Invariant: what was read before the wait does not decide."""

    def change(component: Component) -> None:
        component.version += 1

    agent = await create(ada, "ada")
    answer = await publish_while(ada, database, agent, change)
    assert answer.status_code == 412
