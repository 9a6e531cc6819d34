"""Nothing that was acknowledged is lost, whatever is broken under the load."""

import os
import random
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from roster.core.db import Database
from tests.drills import without_redis
from tests.drills.drilling import Drilling, Report
from tests.drills.faults import ON_EACH, ON_POSTGRES, ON_SQLITE, ROUNDS, Fault
from tests.drills.stand import stand

ONLY = os.environ.get("ROSTER_TEST_DRILL", "")
"""Part of the name of the drills to do; empty: all."""


@asynccontextmanager
async def drilling(engine: str, template: Path | None) -> AsyncGenerator[Drilling]:
    async with stand(engine, template) as found:
        database = Database(found.settings.database, pool_size=2)
        drills = Drilling(found, database)
        try:
            await drills.begin()
            yield drills
        finally:
            await drills.close()
            await database.dispose()
            print("", Report.HEAD, *drills.reports, sep="\n")  # noqa: T201 - the table


def in_turn(faults: list[Fault]) -> list[Fault]:
    """All of them in each round, after another one each time."""
    order = random.Random(ROUNDS)  # noqa: S311 - an order
    chosen = [one for one in faults if ONLY in one.name]
    return [one for _ in range(ROUNDS) for one in order.sample(chosen, len(chosen))]


async def test_on_sqlite(sqlite_template: Path) -> None:
    async with drilling("sqlite", sqlite_template) as drills:
        for fault in in_turn([*ON_EACH, *ON_SQLITE]):
            await drills.run(fault)


async def test_on_postgresql() -> None:
    async with drilling("postgresql", None) as drills:
        for fault in in_turn([*ON_EACH, *ON_POSTGRES]):
            await drills.run(fault)
        if ONLY in without_redis.NAME:
            await without_redis.check(drills)
