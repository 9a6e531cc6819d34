"""What is told to end gives back what it cannot finish, and somebody else goes on."""

import signal
from uuid import UUID

from sqlmodel import select

from roster.jobs.models import JobState, Worker
from tests.services.postgres import free_port
from tests.services.valkey import ValkeyServer
from tests.workers.conftest import ALL_QUEUES, Begin, Table, served_at

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
    worker = await begin("worker", ALL_QUEUES, "2", redis_url=valkey.url)
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
    worker = await begin("worker", ALL_QUEUES, "2", redis_url=valkey.url)
    job_id = await table.ask(batches=20, pause=0.05)
    await table.until_counted(job_id, 2)

    assert await worker.ended() == 0

    await table.is_whole(job_id, 20)


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
