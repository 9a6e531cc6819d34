"""Jobs end correctly whatever is killed under them, and whenever."""

import os
import random
import signal
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from uuid import UUID

import httpx

from roster.jobs.models import Queue
from roster.jobs.queues import served
from tests.services.drill import TICK
from tests.services.valkey import ValkeyServer
from tests.workers.conftest import (
    ALL_QUEUES,
    KILLS,
    Begin,
    Table,
    answers,
    free_port,
    until,
)

BATCHES = 60
PAUSE = 0.02


@asynccontextmanager
async def client_of(port: int) -> AsyncGenerator[httpx.AsyncClient]:
    base = f"http://127.0.0.1:{port}/api/v1"
    async with httpx.AsyncClient(base_url=base, timeout=30, trust_env=False) as client:
        yield client


async def served_at(port: int) -> None:
    async with client_of(port) as client:
        await until(lambda: answers(client), "the server")


async def works(table: Table) -> None:
    async def says_so() -> bool:
        async with table.database.read() as session:
            return await served(session) == set(Queue)

    await until(says_so, "the worker")


def moments(seed: int) -> list[int]:
    """Batches after which to kill."""
    chosen = random.Random(seed).sample(range(1, BATCHES), KILLS)  # noqa: S311 - moments
    return sorted(chosen)


async def begun(table: Table) -> UUID:
    return await table.ask(batches=BATCHES, pause=PAUSE)


async def ticks_are_whole(table: Table) -> None:
    """Of each time there is one row, and each was done once."""
    jobs = await table.all_of(TICK)
    assert len({job.key for job in jobs}) == len(jobs)
    ended = [job for job in jobs if job.finished_at]
    assert ended
    for job in ended:
        await table.is_whole(job.id, 6)


async def test_a_server_that_does_jobs_is_killed(table: Table, begin: Begin) -> None:
    port = free_port()
    server = await begin("serve", str(port), run_jobs=None)
    await served_at(port)
    job_id = await begun(table)
    for moment in moments(1):
        await table.until_counted(job_id, moment)
        await server.kill()
        await table.time_passes()
        await server.start()

    await table.is_whole(job_id, BATCHES)
    await served_at(port)
    await ticks_are_whole(table)


async def test_processes_of_a_worker_are_killed(
    table: Table, begin: Begin, valkey: ValkeyServer
) -> None:
    worker = await begin("worker", ALL_QUEUES, "2", redis_url=valkey.url)
    await works(table)
    job_id = await begun(table)
    for moment in moments(2):
        await table.until_counted(job_id, moment)
        for pid in worker.children():
            os.kill(pid, signal.SIGKILL)
        await table.time_passes()

    await table.is_whole(job_id, BATCHES)
    await ticks_are_whole(table)


async def test_a_worker_is_killed(
    table: Table, begin: Begin, valkey: ValkeyServer
) -> None:
    worker = await begin("worker", ALL_QUEUES, "2", redis_url=valkey.url)
    job_id = await begun(table)
    for moment in moments(3):
        await table.until_counted(job_id, moment)
        await worker.kill()
        await table.time_passes()
        await worker.start()

    await table.is_whole(job_id, BATCHES)
    await ticks_are_whole(table)
