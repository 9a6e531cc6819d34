"""Units of work on SQLite share a COMMIT, and nothing else."""

import asyncio
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components.models import Component
from roster.core.db import Database
from roster.core.errors import Problem
from roster.core.metrics import GROUP_SIZE
from roster.teams.models import Team

ADD = text("INSERT INTO notes (said) VALUES (:said)")
SAID = text("SELECT said FROM notes ORDER BY id")


@pytest.fixture
async def notes(tmp_path: Path) -> AsyncGenerator[Database]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'notes.db'}")
    async with database.writer.begin() as connection:
        await connection.execute(
            text("CREATE TABLE notes (id INTEGER PRIMARY KEY, said TEXT UNIQUE)")
        )
    yield database
    await database.dispose()


async def said(database: Database) -> list[str]:
    async with database.read() as session:
        return [row[0] for row in await session.exec(SAID)]  # type: ignore[call-overload]


async def add(session: AsyncSession, what: str) -> None:
    await session.exec(ADD, params={"said": what})  # type: ignore[call-overload]


async def note(database: Database, what: str, *, shares: bool = True) -> None:
    async with database.write(shares=shares) as session:
        await add(session, what)


class _Commits:
    """Counts groups, as the figures of the process have them."""

    def __init__(self) -> None:
        self._before = self._now()

    @staticmethod
    def _now() -> tuple[float, float]:
        [metric] = GROUP_SIZE.collect()
        found = {one.name: one.value for one in metric.samples}
        name = "roster_commit_group_size"
        return found[f"{name}_count"], found[f"{name}_sum"]

    def since(self) -> tuple[float, float]:
        """How many there were, and how many units in them."""
        count, units = self._now()
        return count - self._before[0], units - self._before[1]


async def test_units_that_come_together_share_a_commit(notes: Database) -> None:
    commits = _Commits()

    await asyncio.gather(*(note(notes, f"note {n:02}") for n in range(40)))

    count, units = commits.since()
    assert units == 40
    assert count < 20
    # And in the order in which they asked.
    assert await said(notes) == [f"note {n:02}" for n in range(40)]


async def test_units_that_do_not_share_are_alone(notes: Database) -> None:
    commits = _Commits()

    await asyncio.gather(*(note(notes, str(n), shares=False) for n in range(10)))

    assert commits.since() == (10, 10)


async def test_one_that_fails_does_not_hurt_the_others(notes: Database) -> None:
    async def fail(number: int) -> None:
        async with notes.write(shares=True) as session:
            await add(session, f"lost {number}")
            if number % 2:
                raise Problem("refused")
            await add(session, "first")  # which is there: the database refuses

    await note(notes, "first")
    work = [
        one
        for n in range(20)
        for one in (note(notes, f"kept {n:02}"), fail(n), note(notes, f"more {n:02}"))
    ]
    results = await asyncio.gather(*work, return_exceptions=True)

    failed = [type(one) for one in results if one is not None]
    assert failed == [IntegrityError, Problem] * 10
    stored = ["first"]
    for n in range(20):
        stored += [f"kept {n:02}", f"more {n:02}"]
    assert await said(notes) == stored


async def test_what_a_problem_keeps_is_kept_in_a_group(notes: Database) -> None:
    async def refuse(number: int) -> None:
        async with notes.write(shares=True) as session:
            await add(session, f"counted {number}")
            raise Problem("refused", keep=True)

    work = [one for n in range(5) for one in (note(notes, str(n)), refuse(n))]
    results = await asyncio.gather(*work, return_exceptions=True)

    assert sum(isinstance(one, Problem) for one in results) == 5
    assert len(await said(notes)) == 10


async def test_a_unit_may_undo_its_part_and_go_on(notes: Database) -> None:
    async def begin_anew(number: int) -> None:
        async with notes.write(shares=True) as session:
            await add(session, f"undone {number}")
            await session.rollback()
            await add(session, f"then {number}")
            async with session.begin_nested() as inner:
                await add(session, f"nested {number}")
                await inner.rollback()

    work = [one for n in range(5) for one in (note(notes, str(n)), begin_anew(n))]
    await asyncio.gather(*work)

    assert sorted(await said(notes)) == sorted(
        [*map(str, range(5)), *(f"then {n}" for n in range(5))]
    )


async def test_nobody_is_told_before_it_is_stored(notes: Database) -> None:
    path = notes.writer.url.database
    assert path is not None
    elsewhere = sqlite3.connect(path)
    missing = []

    async def look(number: int) -> None:
        await note(notes, str(number))
        query = "SELECT count(*) FROM notes WHERE said = ?"
        [found] = elsewhere.execute(query, [str(number)]).fetchone()
        if not found:
            missing.append(number)

    await asyncio.gather(*(look(number) for number in range(50)))

    elsewhere.close()
    assert missing == []


async def test_caches_are_told_after_the_commit_alone(
    tmp_path: Path, sqlite_template: Path
) -> None:
    path = tmp_path / "roster.db"
    shutil.copyfile(sqlite_template, path)
    database = Database(f"sqlite+aiosqlite:///{path}")
    elsewhere = sqlite3.connect(path)
    count = "SELECT count(*) FROM teams"
    told: list[tuple[int, bool]] = []

    def look() -> None:
        [stored] = elsewhere.execute(count).fetchone()
        told.append((stored, database.changes.touched(["component:1"], mark)))

    database.changes.on_commit = look
    mark = database.changes.mark

    async with database.write(shares=True) as session:
        session.add(Team(slug="reviews", name="Reviews"))
        # Which ones it changes, it does not say.
        await session.exec(update(Component).values(version=2))
        assert not database.changes.touched(["component:1"], mark)

    elsewhere.close()
    await database.dispose()
    assert told == [(1, True)]


async def test_one_that_was_cancelled_leaves_nothing_and_lets_others_in(
    notes: Database,
) -> None:
    holds = asyncio.Event()

    async def hold() -> None:
        async with notes.write(shares=True) as session:
            await add(session, "held")
            holds.set()
            await asyncio.Event().wait()

    holding = asyncio.create_task(hold())
    await holds.wait()
    waiting = [asyncio.create_task(note(notes, str(n))) for n in range(6)]
    await asyncio.sleep(0)
    for cancelled in (waiting[0], waiting[3], holding):
        cancelled.cancel()
    results = await asyncio.gather(*waiting, holding, return_exceptions=True)

    lost = [n for n, one in enumerate(results) if one is not None]
    assert lost == [0, 3, 6]
    assert await said(notes) == ["1", "2", "4", "5"]
    await note(notes, "last")


async def test_one_that_is_cancelled_in_a_statement_is_undone_when_it_ends(
    notes: Database,
) -> None:
    started = asyncio.Event()
    loop = asyncio.get_running_loop()

    @event.listens_for(notes.writer.sync_engine, "before_cursor_execute")
    def begun(_connection: Any, _cursor: Any, statement: str, *_: object) -> None:
        if "RECURSIVE" in statement:
            loop.call_soon(started.set)

    async def count() -> None:
        async with notes.write(shares=True) as session:
            await add(session, "counting")
            numbers = text(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
                "LIMIT 3000000) INSERT INTO notes (said) SELECT i FROM n "
                "WHERE i > 2999999"
            )
            await session.exec(numbers)  # type: ignore[call-overload]

    counting = asyncio.create_task(count())
    await started.wait()
    counting.cancel()
    others = [note(notes, f"other {n}") for n in range(3)]
    await asyncio.gather(*others, counting, return_exceptions=True)

    assert await said(notes) == ["other 0", "other 1", "other 2"]


async def test_who_waits_too_long_is_told_so(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'notes.db'}"
    database = Database(url, wait_seconds=0.1)
    async with database.writer.begin() as connection:
        await connection.execute(text("CREATE TABLE notes (said TEXT)"))

    async with database.write() as session:
        await add(session, "long")
        with pytest.raises(PoolTimeout):
            await note(database, "short")
    await note(database, "after")

    # Another process may be the one that writes.
    elsewhere = sqlite3.connect(tmp_path / "notes.db", isolation_level=None)
    elsewhere.execute("BEGIN IMMEDIATE")
    with pytest.raises(PoolTimeout):
        await note(database, "short")
    elsewhere.execute("COMMIT")
    elsewhere.close()
    await note(database, "at last")

    async with database.read() as session:
        rows = await session.exec(text("SELECT said FROM notes"))  # type: ignore[call-overload]
    assert [row[0] for row in rows] == ["long", "after", "at last"]
    await database.dispose()


async def test_the_log_does_not_grow_with_what_is_written(notes: Database) -> None:
    path = notes.writer.url.database or ""
    for number in range(60):
        async with notes.write() as session:
            await add(session, f"{number}" * 200_000)

    def size(file: str) -> int:
        return Path(file).stat().st_size

    assert size(path) > 30_000_000
    assert size(f"{path}-wal") < 20_000_000


WRITES = """
    import asyncio, sys
    from sqlalchemy import text
    from roster.core.db import Database

    async def main():
        database = Database(sys.argv[1], synchronous=sys.argv[2])
        add = text("INSERT INTO notes (said) VALUES (:said)")

        async def work(who):
            for turn in range(100_000):
                async with database.write(shares=True) as session:
                    await session.exec(add, params={"said": f"{who}-{turn}"})
                print(f"{who}-{turn}", flush=True)

        await asyncio.gather(*(work(who) for who in range(12)))

    asyncio.run(main())
"""


@pytest.mark.parametrize("synchronous", ["normal", "full"])
def test_a_kill_loses_nothing_that_was_acknowledged(
    tmp_path: Path, synchronous: str
) -> None:
    file = tmp_path / "notes.db"
    with sqlite3.connect(file) as setup:
        setup.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, said TEXT UNIQUE)")
    with subprocess.Popen(  # noqa: S603 - this very Python
        [
            sys.executable,
            "-c",
            textwrap.dedent(WRITES),
            f"sqlite+aiosqlite:///{file}",
            synchronous,
        ],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ},
    ) as writing:
        assert writing.stdout is not None
        acknowledged = [next(writing.stdout).strip() for _ in range(300)]
        writing.send_signal(signal.SIGKILL)
        # The last line may be half of one.
        acknowledged += [line.strip() for line in writing.stdout if line.endswith("\n")]

    with sqlite3.connect(file) as found:
        stored = [row[0] for row in found.execute("SELECT said FROM notes ORDER BY id")]
    assert set(acknowledged) <= set(stored)
    assert len(stored) == len(set(stored))
    for who in range(12):
        turns = [int(one.split("-")[1]) for one in stored if one.startswith(f"{who}-")]
        assert turns == list(range(len(turns)))
