from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import text

from roster.audit.chain import Chain
from roster.audit.models import AuditEvent, ChainReport
from roster.audit.sealer import seal_batch
from roster.audit.verify import verify
from roster.core.db import Database
from roster.core.model import utc_now

Write = Callable[..., Awaitable[None]]
Seal = Callable[[], Awaitable[int]]
Verify = Callable[[], Coroutine[None, None, ChainReport]]
Run = Callable[..., Awaitable[None]]

LONG_AGO = timedelta(days=30)


@pytest.fixture
def chain(app: FastAPI) -> Chain:
    chain: Chain = app.state.chain
    return chain


@pytest.fixture
def write(database: Database) -> Write:
    """Append events that are so old."""

    async def append(count: int, *, age: timedelta = timedelta(0)) -> None:
        made = utc_now() - age
        async with database.write() as session:
            session.add_all(
                AuditEvent(
                    action="thing.done",
                    created_at=made + timedelta(seconds=number),
                    target_name=f"ä thing {number}",
                    details={"n": number, "deep": {"er": [1.5, None, "é"]}},
                )
                for number in range(count)
            )

    return append


@pytest.fixture
def seal(database: Database, chain: Chain) -> Seal:
    async def all_of_them() -> int:
        total = 0
        while sealed := await seal_batch(database, chain):
            total += sealed
        return total

    return all_of_them


@pytest.fixture
def check(database: Database, chain: Chain) -> Verify:
    return lambda: verify(database, chain)


@pytest.fixture
async def sealed(write: Write, seal: Seal) -> None:
    """Nine events: two closed segments of three, and three more."""
    for age in (LONG_AGO, LONG_AGO, timedelta(0)):
        await write(3, age=age)
        await seal()


@pytest.fixture
def run(database: Database) -> Run:
    """Run statements as somebody who may write to the tables."""

    async def execute(*statements: str) -> None:
        async with database.write() as session:
            connection = await session.connection()
            for statement in statements:
                await connection.execute(text(statement))

    return execute


@pytest.fixture
async def unguarded(app: FastAPI, owner_url: str) -> None:
    """Take the guards away, as somebody could who owns the tables."""
    assert app.state.database
    owner = Database(owner_url)
    statements = [
        f"ALTER TABLE {table} DISABLE TRIGGER USER"
        if owner.dialect == "postgresql"
        else f"DROP TRIGGER {table}_no_{verb}"
        for table in ("audit_events", "audit_checkpoints")
        for verb in ("update", "delete")
    ]
    async with owner.write() as session:
        connection = await session.connection()
        for statement in statements:
            await connection.execute(text(statement))
    await owner.dispose()
