"""Queues do not wait for each other, and it is seen when they are too full."""

import asyncio
import os
import subprocess
import sys
from datetime import timedelta
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlmodel import col, select, update

from roster.core.db import Database
from roster.job_kinds import JOB_KINDS
from roster.jobs import claims, presence, queues
from roster.jobs.claims import Taker
from roster.jobs.models import Job, JobState, Queue, Worker
from roster.jobs.registry import JobKind, Run
from roster.jobs.runner import SLOTS, Runner
from roster.jobs.service import enqueue
from roster.users.models import User
from tests.jobs.conftest import AllJobs, Ask, MakeRunner, TimePasses, nothing

SOON = 20


def test_what_comes_by_the_clock_keeps_nobody_waiting() -> None:
    periodic = [kind for kind in JOB_KINDS if kind.every is not None]

    assert periodic
    assert not [kind.name for kind in periodic if kind.queue is Queue.default]


async def test_only_what_somebody_can_do_is_asked_for(database: Database) -> None:
    with pytest.raises(LookupError, match="mail\\.nobody"):
        async with database.write() as session:
            enqueue(session, "mail.nobody", {})


async def test_what_is_important_comes_first(
    make_runner: MakeRunner, database: Database
) -> None:
    seen: list[int] = []

    async def note(run: Run) -> None:
        seen.append(run.payload["priority"])

    runner = make_runner(note)
    async with database.write() as session:
        for priority in (0, 5, -1, 5):
            enqueue(session, "task", {"priority": priority}, priority=priority)
    await runner.drain()

    assert seen == [5, 5, 0, -1]


async def test_long_work_never_keeps_short_work_waiting(
    app: FastAPI, database: Database
) -> None:
    hanging, done, running = asyncio.Event(), asyncio.Event(), []

    async def hang(run: Run) -> None:
        running.append(run.job_id)
        await hanging.wait()

    async def tell(run: Run) -> None:
        done.set()

    kinds = [JobKind("long", hang, queue=Queue.imports), JobKind("short", tell)]
    runner = Runner(app.state.runner.tools, kinds)
    async with database.write() as session:
        jobs = [enqueue(session, "long", {}) for _ in range(10)]
        enqueue(session, "short", {})
    assert {job.queue for job in jobs} == {Queue.imports}
    runner.start()
    try:
        await asyncio.wait_for(done.wait(), SOON)
        assert len(running) <= SLOTS[Queue.imports]
    finally:
        hanging.set()
        await runner.stop()


async def test_a_process_says_that_it_does_jobs(
    app: FastAPI, database: Database, make_runner: MakeRunner
) -> None:
    async def workers() -> list[Worker]:
        async with database.read() as session:
            return list((await session.exec(select(Worker))).all())

    runner = make_runner(nothing)
    runner.start()
    while not (found := await workers()):  # noqa: ASYNC110 - rows wake nobody
        await asyncio.sleep(0.01)
    (worker,) = found
    assert (worker.name, worker.is_embedded) == (runner.name, True)
    assert worker.slots == sum(SLOTS.values())
    async with database.read() as session:
        assert await queues.served(session) == set(Queue)

    await runner.stop()
    assert await workers() == []


async def test_who_was_silent_is_not_counted_on(
    app: FastAPI, database: Database
) -> None:
    await presence.say(database, "one", list(Queue), slots=1, is_embedded=True)
    async with database.write() as session:
        past = presence.ALIVE_FOR + timedelta(seconds=1)
        await session.exec(update(Worker).values(updated_at=Worker.updated_at - past))

    async with database.read() as session:
        assert await queues.served(session) == set()
        assert all(load.is_overloaded for load in await queues.loads(session))


async def test_a_queue_that_is_too_full_is_seen(
    database: Database, ask: Ask, time_passes: TimePasses
) -> None:
    await presence.say(database, "one", list(Queue), slots=1, is_embedded=True)
    await ask()
    async with database.read() as session:
        assert not any(load.is_overloaded for load in await queues.loads(session))

    await time_passes(2 * queues.LONGEST_WAIT)

    async with database.read() as session:
        found = {load.queue: load for load in await queues.loads(session)}
    assert found[Queue.default].is_overloaded
    assert found[Queue.default].waiting == 1
    assert not found[Queue.imports].is_overloaded


def dead_process() -> int:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        return process.pid


def test_a_process_is_known_by_its_name() -> None:
    name = presence.own_name()
    assert not presence.is_gone(name)
    assert presence.is_gone(name.replace(str(os.getpid()), str(dead_process())))
    assert not presence.is_gone(f"elsewhere-{dead_process()}-0000")
    assert not presence.is_gone("strange")


async def test_what_a_process_here_was_killed_in_goes_on_at_once(
    app: FastAPI, database: Database, ask: Ask, all_jobs: AllJobs
) -> None:
    done = asyncio.Event()

    async def tell(run: Run) -> None:
        done.set()

    name = presence.own_name().replace(str(os.getpid()), str(dead_process()))
    await ask()
    async with database.write() as session:
        assert await claims.take(session, Taker({"task": 5}, name))
    runner = Runner(app.state.runner.tools, [JobKind("task", tell)])
    runner.start()
    if database.dialect == "sqlite":
        await asyncio.wait_for(done.wait(), SOON)
    await runner.stop()

    (job,) = await all_jobs()
    # Elsewhere another machine may call a process so.
    is_local = database.dialect == "sqlite"
    assert job.state is (JobState.succeeded if is_local else JobState.running)


async def test_what_somebody_asked_for_is_kept_longer(
    app: FastAPI,
    ada: httpx.AsyncClient,
    database: Database,
    ask: Ask,
    all_jobs: AllJobs,
    make_runner: MakeRunner,
    time_passes: TimePasses,
) -> None:
    systems, adas = await ask(), await ask()
    await make_runner(nothing).drain()
    async with database.write() as session:
        user_id = (await session.exec(select(User.id))).one()
        asked = update(Job).where(col(Job.id) == adas).values(actor_id=user_id)
        await session.exec(asked)

    async def left_after(days: int) -> set[UUID]:
        await time_passes(timedelta(days=days))
        async with database.write() as session:
            enqueue(session, "jobs.remove_finished", {})
        await app.state.runner.drain()
        return {job.id for job in await all_jobs()} & {systems, adas}

    assert await left_after(8) == {adas}
    assert await left_after(23) == set()
