from datetime import timedelta

import httpx
from fastapi import FastAPI
from sqlmodel import col, select

from roster.audit.models import AuditEvent
from roster.audit.retention import retain
from roster.audit_trail.jobs import JOBS
from roster.core.db import Database
from roster.jobs.registry import Tools
from roster.jobs.runner import Runner
from roster.jobs.service import enqueue
from roster.settings import Settings
from tests.audit.conftest import LONG_AGO, Seal, Verify, Write
from tests.conftest import StartApp


async def remove(database: Database, days: int) -> int:
    async with database.write() as session:
        return await retain(session, days)


async def actions(database: Database) -> list[tuple[int | None, str]]:
    async with database.read() as session:
        rows = await session.exec(
            select(AuditEvent.seq, AuditEvent.action).order_by(col(AuditEvent.id))
        )
        return [(seq, action) for seq, action in rows]


async def test_whole_old_segments_go_and_the_chain_stays(
    sealed: None, database: Database, check: Verify, seal: Seal
) -> None:
    assert await remove(database, days=31) == 0
    assert await remove(database, days=7) == 3
    assert (await check()).intact  # its event waits to be sealed
    assert await remove(database, days=7) == 3
    assert await remove(database, days=7) == 0

    assert await seal() == 2
    assert await actions(database) == [
        (7, "thing.done"),
        (8, "thing.done"),
        (9, "thing.done"),
        (10, "audit.retained"),
        (11, "audit.retained"),
    ]
    report = await check()
    assert (report.intact, report.sealed, report.checkpoints) == (True, 5, 2)


async def test_the_chain_goes_on_when_all_of_it_was_removed(
    database: Database, write: Write, seal: Seal, check: Verify
) -> None:
    await write(4, age=LONG_AGO)
    await seal()

    assert await remove(database, days=1) == 4
    assert await seal() == 1

    assert await actions(database) == [(5, "audit.retained")]
    assert (await check()).intact


async def test_it_happens_by_itself_as_the_policy_says(
    database: Database,
    write: Write,
    seal: Seal,
    check: Verify,
    app: FastAPI,
    settings: Settings,
) -> None:
    await write(2, age=LONG_AGO)
    await seal()
    await write(2, age=timedelta(days=10))
    await seal()

    left = []
    for days in (None, 60, 20, 5):
        changed = settings.model_copy(update={"audit_retention_days": days})
        runner = Runner(Tools(changed, database, app.state.keys), JOBS)
        async with database.write() as session:
            enqueue(session, "audit.retain", {})
        assert await runner.drain() == 1
        left.append([seq for seq, _ in await actions(database)])

    assert left == [[1, 2, 3, 4], [1, 2, 3, 4], [3, 4, None], [5, None]]
    assert (await check()).intact


async def test_the_instance_runs_it(
    start_app: StartApp, ada: httpx.AsyncClient
) -> None:
    app = await start_app()

    await app.state.runner.plan_periodic()

    assert await app.state.runner.drain() >= 1
