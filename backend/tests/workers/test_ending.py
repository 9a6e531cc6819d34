"""What is told to end gives back what it cannot finish, and somebody else goes on."""

import os
import signal
from pathlib import Path
from uuid import UUID

from sqlmodel import select

from roster.jobs.models import JobState, Worker
from tests.services.postgres import free_port
from tests.services.valkey import ValkeyServer
from tests.workers.conftest import ALL_QUEUES, Begin, Table, served_at, until, works

SLOTS = 2
LONG = 1_000_000
"""Batches: nobody waits for them."""


async def is_given_back(table: Table, job_id: UUID) -> None:
    job = await table.load(job_id)
    assert (job.state, job.sent_at, job.attempts) == (JobState.queued, None, 0)
    async with table.database.read() as session:
        # What beats after its end would be taken for alive.
        assert (await session.exec(select(Worker))).all() == []


async def test_a_worker_gives_back_what_takes_too_long(
    table: Table, begin: Begin, valkey: ValkeyServer
) -> None:
    worker = await begin("worker", ALL_QUEUES, str(SLOTS), redis_url=valkey.url)
    job_id = await table.ask(batches=LONG, pause=0.05)
    await table.until_counted(job_id, 2)

    assert await worker.ended() == 0

    await is_given_back(table, job_id)
    before = await table.counted(job_id)
    await worker.start()
    await table.until_counted(job_id, before + 2)


async def test_a_worker_finishes_what_is_soon_done(
    table: Table, begin: Begin, valkey: ValkeyServer
) -> None:
    worker = await begin("worker", ALL_QUEUES, str(SLOTS), redis_url=valkey.url)
    job_id = await table.ask(batches=20, pause=0.05)
    await table.until_counted(job_id, 2)

    assert await worker.ended() == 0

    await table.is_whole(job_id, 20)


async def test_nothing_is_left_of_a_worker_that_was_killed(
    table: Table, begin: Begin, valkey: ValkeyServer
) -> None:
    worker = await begin("worker", ALL_QUEUES, str(SLOTS), redis_url=valkey.url)
    await works(table)
    others = [Path(f"/proc/{pid}/cmdline") for pid in worker.children()]
    assert len(others) > SLOTS

    os.kill(worker.pid, signal.SIGKILL)

    async def are_gone() -> bool:
        # Nothing is read of one that nobody has asked about since it ended.
        return not any(one.exists() and one.read_bytes() for one in others)

    await until(are_gone, "the end of the others")


async def test_a_server_gives_back_what_takes_too_long(
    table: Table, begin: Begin
) -> None:
    port = free_port()
    server = await begin("serve", str(port))
    await served_at(port)
    job_id = await table.ask(batches=LONG, pause=0.05)
    await table.until_counted(job_id, 2)

    # uvicorn ends by the signal that it was told to end with.
    assert await server.ended() in {0, -signal.SIGTERM}

    await is_given_back(table, job_id)
