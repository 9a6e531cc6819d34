"""Which jobs workers are told of, and when again."""

import asyncio
import socket
from datetime import timedelta
from uuid import UUID

import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from redis import Redis

from roster.core.db import Database
from roster.core.model import utc_now
from roster.jobs import claims
from roster.jobs.broker import Outbox, celery_app, line_of
from roster.jobs.claims import Taker
from roster.jobs.models import Job, Queue
from roster.jobs.performing import Kinds
from roster.jobs.registry import JobKind
from roster.jobs.sending import UNREACHABLE, Sender, send_due
from tests.jobs.conftest import AllJobs, Ask, TimePasses, nothing
from tests.services.valkey import ValkeyServer

KINDS = Kinds([JobKind("task", nothing)])
HOUR = timedelta(hours=1)


def outbox_at(url: SecretStr) -> Outbox:
    return Outbox(celery_app(url, is_sender=True), KINDS)


@pytest.fixture
def outbox(valkey: ValkeyServer) -> Outbox:
    return outbox_at(valkey.url)


async def let_pass(database: Database, job_id: UUID, by: timedelta) -> None:
    async with database.write() as session:
        job = await session.get_one(Job, job_id)
        job.updated_at -= by
        assert job.sent_at is not None
        job.sent_at -= by
        job.due_at -= by


async def test_what_is_due_is_sent_once(
    database: Database, ask: Ask, outbox: Outbox, all_jobs: AllJobs
) -> None:
    await ask()
    await ask("of.a.later.version")
    async with database.write() as session:
        session.add(Job(kind="task", due_at=utc_now() + HOUR))

    assert await send_due(database, outbox) == 1
    assert await send_due(database, outbox) == 0
    assert [job.sent_at is not None for job in await all_jobs()] == [True, False, False]
    assert outbox.waiting(Queue.default) == 1


async def test_a_message_holds_the_id_alone(
    database: Database, ask: Ask, outbox: Outbox, valkey: ValkeyServer
) -> None:
    job_id = await ask(secret="none of this")
    async with database.write() as session:
        (await session.get_one(Job, job_id)).priority = 1
    await send_due(database, outbox)

    with Redis.from_url(valkey.url.get_secret_value()) as client:
        (message,) = client.lrange(line_of(Queue.default), 0, -1)
    assert b"none of this" not in message


async def test_what_is_tried_again_is_sent_again_at_its_time(
    database: Database, ask: Ask, outbox: Outbox, time_passes: TimePasses
) -> None:
    job_id = await ask()
    await send_due(database, outbox)
    async with database.write() as session:
        assert await claims.take(session, Taker({"task": 5}))
        assert await claims.try_later(session, job_id, 1, "Not now.")

    assert await send_due(database, outbox) == 0
    await time_passes(HOUR)
    assert await send_due(database, outbox) == 1


async def test_the_job_of_a_worker_that_died_is_sent_again(
    database: Database, ask: Ask, outbox: Outbox
) -> None:
    job_id = await ask()
    await send_due(database, outbox)
    async with database.write() as session:
        assert await claims.take(session, Taker({"task": 5}))
    assert await send_due(database, outbox) == 0

    await let_pass(database, job_id, 2 * claims.LOST_AFTER)

    assert await send_due(database, outbox) == 1
    assert await send_due(database, outbox) == 0


async def test_a_message_that_was_lost_is_sent_again(
    database: Database, ask: Ask, outbox: Outbox, valkey: ValkeyServer
) -> None:
    job_id = await ask()
    await send_due(database, outbox)
    await let_pass(database, job_id, timedelta(minutes=2))
    # It only waits long.
    assert await send_due(database, outbox, look_for_missed=True) == 0

    valkey.empty()

    assert await send_due(database, outbox, look_for_missed=True) == 1


async def test_what_cannot_be_sent_is_sent_later(
    app: FastAPI, database: Database, ask: Ask, all_jobs: AllJobs, outbox: Outbox
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        nobody = SecretStr(f"redis://127.0.0.1:{closed.getsockname()[1]}/0")
    await ask()

    with pytest.raises(UNREACHABLE):
        await send_due(database, outbox_at(nobody))
    assert (await all_jobs())[0].sent_at is None
    assert await send_due(database, outbox) == 1

    sender = Sender(database, outbox_at(nobody))
    sender.start()
    await until_unreachable(sender)
    await sender.stop()


async def until_unreachable(sender: Sender) -> None:
    while sender.is_reachable:  # noqa: ASYNC110 - it tells nobody but who asks
        await asyncio.sleep(0.01)
