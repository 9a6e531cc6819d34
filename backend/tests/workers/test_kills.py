"""Jobs end correctly whatever is killed under them, and whenever."""

import os
import random
import signal
from uuid import UUID

from tests.services.drill import TICK
from tests.services.postgres import free_port
from tests.services.valkey import ValkeyServer
from tests.workers.conftest import ALL_QUEUES, KILLS, Begin, Table, served_at, works

BATCHES = 60
PAUSE = 0.02


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
