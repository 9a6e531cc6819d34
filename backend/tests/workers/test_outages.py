"""Redis is away for a while in the middle of jobs, and may come back with nothing."""

import asyncio
import os
import signal
from collections.abc import AsyncGenerator

import pytest
from pydantic import SecretStr
from redis import Redis

from roster.jobs.models import Queue
from tests.services.postgres import free_port
from tests.services.valkey import ValkeyServer
from tests.workers.conftest import ALL_QUEUES, KILLS, Begin, Table, served_at, works

AWAY_SECONDS = 20 if KILLS >= 10 else 3
BATCHES = 40
SLOTS = 2


class Broker:
    """A Valkey that goes away and comes back."""

    def __init__(self) -> None:
        self._server = ValkeyServer.own()
        self.url: SecretStr = self._server.url
        with Redis.from_url(self.url.get_secret_value()) as client:
            self._pid = int(client.info("server")["process_id"])

    def leave(self, *, frozen: bool) -> None:
        if frozen:
            os.kill(self._pid, signal.SIGSTOP)
        else:
            self._server.stop()

    def come_back(self, *, frozen: bool) -> None:
        if frozen:
            os.kill(self._pid, signal.SIGCONT)
        else:
            self._server = ValkeyServer.own(self._server.port)

    def stop(self) -> None:
        self._server.stop()


@pytest.fixture
async def broker() -> AsyncGenerator[Broker]:
    made = await asyncio.to_thread(Broker)
    yield made
    await asyncio.to_thread(made.stop)


@pytest.mark.parametrize("frozen", [False, True])
async def test_jobs_are_done_although_redis_is_away(
    table: Table, begin: Begin, broker: Broker, *, frozen: bool
) -> None:
    port = free_port()
    await begin("serve", str(port), redis_url=broker.url, run_jobs=None)
    await begin("worker", ALL_QUEUES, str(SLOTS), redis_url=broker.url)
    await served_at(port)
    await works(table)
    running = await table.ask(batches=BATCHES, pause=AWAY_SECONDS / BATCHES)
    await table.until_counted(running, 5)

    await asyncio.to_thread(broker.leave, frozen=frozen)
    asked_meanwhile = await table.ask(batches=5)
    of_another_queue = await table.ask(Queue.default, batches=5)
    await asyncio.sleep(AWAY_SECONDS)
    await asyncio.to_thread(broker.come_back, frozen=frozen)

    await table.is_whole(running, BATCHES)
    await table.is_whole(asked_meanwhile, 5)
    await table.is_whole(of_another_queue, 5)


async def test_a_worker_that_was_busy_all_the_time_hears_of_jobs_again(
    table: Table, begin: Begin, broker: Broker
) -> None:
    """Redis is away whenever it wants to say that it is done with something."""
    await begin("worker", ALL_QUEUES, str(SLOTS), redis_url=broker.url)
    await works(table)
    busy = [await table.ask(batches=BATCHES, pause=0.2) for _ in range(SLOTS)]
    for job_id in busy:
        await table.until_counted(job_id, 1)

    await asyncio.to_thread(broker.leave, frozen=False)
    for job_id in busy:
        await table.is_whole(job_id, BATCHES)
    await asyncio.to_thread(broker.come_back, frozen=False)

    await table.is_whole(await table.ask(batches=5), 5)
