import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlmodel import col, func, select

from roster.audit.chain import Chain
from roster.audit.models import AuditCheckpoint, AuditEvent
from roster.audit.sealer import LOCK, SEGMENT_EVENTS, Sealer, seal_batch
from roster.audit.verify import verify
from roster.core import log
from roster.core.db import Database
from roster.settings import Settings
from tests.audit.conftest import LONG_AGO, Seal, Verify, Write
from tests.conftest import StartApp


async def until(done: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not done():  # noqa: ASYNC110 - a log tells nobody
            await asyncio.sleep(0.01)


async def numbers(database: Database) -> list[int | None]:
    async with database.read() as session:
        found = await session.exec(select(AuditEvent.seq).order_by(col(AuditEvent.id)))
        return list(found)


async def checkpoints(database: Database) -> list[tuple[int, int]]:
    async with database.read() as session:
        rows = await session.exec(
            select(AuditCheckpoint.first_seq, AuditCheckpoint.last_seq).order_by(
                col(AuditCheckpoint.first_seq)
            )
        )
        return [(first, last) for first, last in rows]


async def test_events_get_numbers_without_gaps_in_their_order(
    database: Database, write: Write, seal: Seal, check: Verify
) -> None:
    await write(7)
    before = await check()
    assert (before.intact, before.sealed, before.unsealed) == (True, 0, 7)

    assert await seal() == 7

    assert await numbers(database) == [1, 2, 3, 4, 5, 6, 7]
    after = await check()
    assert (after.intact, after.sealed, after.unsealed) == (True, 7, 0)
    assert await seal() == 0


async def test_no_key_is_stored_with_what_it_made(
    database: Database, chain: Chain, write: Write, seal: Seal, app: FastAPI
) -> None:
    await write(1)
    await seal()

    async with database.read() as session:
        mac = (await session.exec(select(AuditEvent.mac))).one()
    [(kid, secret)] = app.state.keys.audit.items()
    assert mac is not None
    assert mac.startswith(f"{kid}:")
    assert secret not in mac
    assert len(mac.partition(":")[2]) == 64


async def test_the_same_content_gets_another_mac_elsewhere(chain: Chain) -> None:
    content = {"id": 1, "mac": None}

    first = chain.mac(b"event", content, "")

    assert chain.fits(first, b"event", {**content, "mac": "whatever"}, "")
    assert not chain.fits(first, b"event", content, first)
    assert not chain.fits(first, b"checkpoint", content, "")
    for name in ("id", "seq", "action", "details", "created_at"):
        assert not chain.fits(first, b"event", {**content, name: 2}, "")


async def test_a_segment_ends_after_so_many_events(
    database: Database, write: Write, seal: Seal, check: Verify
) -> None:
    await write(2 * SEGMENT_EVENTS + 10)

    assert await seal() == 2 * SEGMENT_EVENTS + 10

    assert await checkpoints(database) == [
        (1, SEGMENT_EVENTS),
        (SEGMENT_EVENTS + 1, 2 * SEGMENT_EVENTS),
    ]
    report = await check()
    assert (report.intact, report.checkpoints) == (True, 2)


async def test_a_segment_ends_after_a_day(
    database: Database, chain: Chain, write: Write, seal: Seal, check: Verify
) -> None:
    await write(2, age=timedelta(hours=23))
    await seal()
    assert await checkpoints(database) == []
    await write(3, age=LONG_AGO)
    await seal()
    assert await checkpoints(database) == []  # its first event is young

    assert await seal_batch(database, chain) == 0
    assert (await check()).intact


async def test_an_old_segment_is_closed_although_nothing_follows(
    database: Database, chain: Chain, write: Write, seal: Seal
) -> None:
    await write(3, age=LONG_AGO)
    await seal()
    assert await checkpoints(database) == [(1, 3)]
    assert await seal_batch(database, chain) == 0
    assert await checkpoints(database) == [(1, 3)]


async def test_several_sealers_at_once_make_one_chain(
    database: Database, chain: Chain, write: Write, check: Verify
) -> None:
    await write(900)

    while None in await numbers(database):
        await asyncio.gather(*(seal_batch(database, chain) for _ in range(4)))

    assert sorted(filter(None, await numbers(database))) == list(range(1, 901))
    assert (await check()).intact


async def test_who_is_not_alone_leaves_it_to_the_other(
    database: Database, chain: Chain, write: Write
) -> None:
    await write(3)
    if database.dialect == "sqlite":
        return  # its one writer is lock enough
    async with database.write() as other:
        assert (await other.exec(select(func.pg_try_advisory_xact_lock(LOCK)))).one()
        assert await seal_batch(database, chain) == 0

    assert await seal_batch(database, chain) == 3


async def test_a_new_key_goes_on_with_the_chain_of_the_old_one(
    database: Database, chain: Chain, write: Write, seal: Seal, app: FastAPI
) -> None:
    await write(2)
    await seal()
    old = app.state.keys.audit
    rotated = Chain({"new": "n" * 48} | old)
    await write(2)
    await seal_batch(database, rotated)

    for keys, intact in [({"new": "n" * 48} | old, True), (old, False)]:
        report = await verify(database, Chain(keys))
        assert report.intact is intact
    assert report.first_problem is not None
    assert report.first_problem.startswith("Event 3 was sealed with a key that is not")


async def test_what_is_committed_is_sealed_in_the_background(
    start_app: StartApp, write: Write, database: Database
) -> None:
    app = await start_app(run_jobs=True)
    own: Database = app.state.database
    await write(2)

    async with asyncio.timeout(20):
        while await numbers(own) != [1, 2]:  # noqa: ASYNC110 - nor does a table
            await asyncio.sleep(0.01)


async def test_the_sealer_outlives_an_absent_database(
    settings: Settings, chain: Chain, capsys: pytest.CaptureFixture[str]
) -> None:
    log.configure(settings.model_copy(update={"log_level": "warning"}))
    nowhere = Database("postgresql+asyncpg://nobody@127.0.0.1:9/none?ssl=disable")
    sealer = Sealer(nowhere, chain)
    sealer.start()
    written: list[str] = []

    def told() -> bool:
        written.append(capsys.readouterr().err)
        return "audit_sealing_failed" in "".join(written)

    await until(told)
    await sealer.stop()
    await nowhere.dispose()

    assert "nobody" not in "".join(written)
