"""Nothing that was acknowledged is lost, whatever is broken under the load."""

import os
import random
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from roster.core.db import Database
from tests.drills import without_redis
from tests.drills.clock import NO_COMPILER, Clock, compiler
from tests.drills.drilling import Drilling, Report, say, summary
from tests.drills.faults import (
    CLOCKS,
    ON_EACH,
    ON_POSTGRES,
    ON_SQLITE,
    ROUNDS,
    Fault,
)
from tests.drills.stand import stand

ONLY = os.environ.get("ROSTER_TEST_DRILL", "")
"""Part of the name of the drills to do; empty: all."""
FOR_LONG = ROUNDS > 1 or bool(ONLY)


@asynccontextmanager
async def drilling(engine: str, template: Path | None) -> AsyncGenerator[Drilling]:
    async with stand(engine, template) as found:
        database = Database(found.settings.database, pool_size=2)
        drills = Drilling(found, database)
        try:
            await drills.begin()
            say(f"\n{Report.HEAD}")
            yield drills
        finally:
            await drills.close()
            await database.dispose()
            for line in ["", *summary(drills.reports)]:
                say(line)


def in_turn(faults: list[Fault]) -> list[Fault]:
    """All of them in each round, after another one each time."""
    order = random.Random(ROUNDS)  # noqa: S311 - an order
    chosen = feasible([one for one in faults if ONLY in one.name], all_of_it=FOR_LONG)
    return [one for _ in range(ROUNDS) for one in order.sample(chosen, len(chosen))]


def feasible(faults: list[Fault], *, all_of_it: bool) -> list[Fault]:
    """Leave out, and say so, what cannot be done here; or fail."""
    moved = [one for one in faults if one in CLOCKS]
    if not moved or compiler():
        return faults
    assert not all_of_it, NO_COMPILER
    print(f"\nLEFT OUT: {NO_COMPILER}")  # noqa: T201 - who reads the table must know
    return [one for one in faults if one not in moved]


def test_without_a_compiler_it_is_said_that_no_clock_was_moved(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert feasible(ON_SQLITE, all_of_it=True) == ON_SQLITE
    assert [*feasible(ON_EACH, all_of_it=False), *CLOCKS] == ON_EACH
    assert NO_COMPILER in capsys.readouterr().out
    with pytest.raises(AssertionError, match="no C compiler"):
        feasible(ON_EACH, all_of_it=True)
    with pytest.raises(AssertionError, match="no C compiler"):
        Clock(tmp_path).set(1)


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
