from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from fastapi import FastAPI

from roster.audit.chain import Chain
from roster.audit.models import ChainReport
from roster.audit.sealer import seal_batch
from roster.audit.service import Target, record
from roster.audit.verify import verify
from roster.core.actor import Actor, Anonymous, Caller
from roster.core.db import Database

Write = Callable[..., Awaitable[None]]
Seal = Callable[[], Awaitable[int]]
Verify = Callable[[], Awaitable[ChainReport]]


@pytest.fixture
def chain(app: FastAPI) -> Chain:
    chain: Chain = app.state.chain
    return chain


@pytest.fixture
def write(database: Database) -> Write:
    """Append events, each in a unit of its own."""

    async def append(
        *actions: str,
        by: Caller | None = None,
        target: Target | None = None,
        details: dict[str, Any] | None = None,
    ) -> None:
        for action in actions:
            async with database.write() as session:
                record(
                    session,
                    action,
                    target or Target("thing", None, "a thing"),
                    by=by or Anonymous("192.0.2.1"),
                    details=details,
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


__all__ = ["Actor", "Seal", "Verify", "Write"]
