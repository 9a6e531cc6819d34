import asyncio
from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlmodel import select

from roster.core.db import Database
from roster.core.model import utc_now
from roster.instance.models import PolicyEntry
from roster.jobs import claims
from roster.jobs.claims import Taker
from roster.jobs.models import Job, JobState
from roster.jobs.registry import JobError, JobKind, JobLostError, Run, Tools
from roster.jobs.runner import Runner
from roster.jobs.service import enqueue
from tests.jobs.conftest import AllJobs, Ask, MakeRunner, TimePasses, nothing

SOON = 20
"""Seconds to wait for what comes at once, unless it never comes."""


async def test_a_job_is_done_once_with_what_it_was_given(
    make_runner: MakeRunner, ask: Ask, all_jobs: AllJobs
) -> None:
    seen: list[dict[str, object]] = []

    async def note(run: Run) -> None:
        seen.append(run.payload)

    runner = make_runner(note)
    await ask(number=7)

    assert await runner.drain() == 1
    assert await runner.drain() == 0
    assert seen == [{"number": 7}]
    (job,) = await all_jobs()
    assert job.state is JobState.succeeded
    assert job.attempts == 1
    assert job.finished_at is not None


async def test_what_is_rolled_back_is_not_done(
    make_runner: MakeRunner, database: Database
) -> None:
    async def change_ones_mind() -> None:
        async with database.write() as session:
            enqueue(session, "task", {})
            raise LookupError

    with pytest.raises(LookupError):
        await change_ones_mind()

    assert await make_runner(nothing).drain() == 0


async def test_a_job_waits_for_its_time(
    make_runner: MakeRunner, database: Database, time_passes: TimePasses
) -> None:
    runner = make_runner(nothing)
    async with database.write() as session:
        enqueue(session, "task", {}, due_at=utc_now() + timedelta(hours=1))

    assert await runner.drain() == 0
    await time_passes(timedelta(hours=2))
    assert await runner.drain() == 1


async def test_kinds_that_it_does_not_know_are_left_for_others(
    make_runner: MakeRunner, ask: Ask, all_jobs: AllJobs
) -> None:
    runner = make_runner(nothing)
    await ask("of.a.later.version")

    assert await runner.drain() == 0
    assert (await all_jobs())[0].state is JobState.queued


async def test_it_tries_again_later_and_later_and_then_gives_up(
    make_runner: MakeRunner, ask: Ask, all_jobs: AllJobs, time_passes: TimePasses
) -> None:
    async def break_down(run: Run) -> None:
        raise RuntimeError("the token is tok-secret")

    runner = make_runner(break_down, attempts=3)
    await ask()
    waits = []
    while (await all_jobs())[0].state is JobState.queued:
        assert await runner.drain() == 1
        (job,) = await all_jobs()
        waits.append(job.due_at - job.updated_at)
        await time_passes(timedelta(hours=1))

    assert job.state is JobState.failed
    assert job.attempts == 3
    assert waits[0] < waits[1]
    assert job.error == "RuntimeError"


async def test_what_a_job_says_of_its_failure_is_kept(
    make_runner: MakeRunner, ask: Ask, all_jobs: AllJobs
) -> None:
    async def refuse(run: Run) -> None:
        raise JobError("Nobody has this address.", final=True)

    await ask()

    assert await make_runner(refuse).drain() == 1
    (job,) = await all_jobs()
    assert job.state is JobState.failed
    assert job.error == "Nobody has this address."


async def test_what_takes_too_long_is_given_up(
    make_runner: MakeRunner, ask: Ask, all_jobs: AllJobs
) -> None:
    async def hang(run: Run) -> None:
        await asyncio.Event().wait()

    await ask()

    await make_runner(hang, attempts=1, longest=timedelta(0)).drain()
    (job,) = await all_jobs()
    assert job.state is JobState.failed
    assert job.error == "TimeoutError"


async def test_a_job_of_a_process_that_died_is_done_again(
    make_runner: MakeRunner,
    ask: Ask,
    all_jobs: AllJobs,
    database: Database,
    time_passes: TimePasses,
) -> None:
    runner = make_runner(nothing)
    await ask()
    async with database.write() as session:  # and never heard of again
        assert await claims.take(session, Taker({"task": 5})) is not None

    assert await runner.drain() == 0
    await time_passes(2 * claims.LOST_AFTER)
    assert await runner.drain() == 1
    (job,) = await all_jobs()
    assert job.state is JobState.succeeded
    assert job.attempts == 2


async def test_a_job_that_kills_its_process_is_given_up(
    make_runner: MakeRunner,
    ask: Ask,
    all_jobs: AllJobs,
    database: Database,
    time_passes: TimePasses,
) -> None:
    runner = make_runner(nothing, attempts=2)
    await ask()
    for _ in range(2):
        async with database.write() as session:
            assert await claims.take(session, Taker({"task": 2})) is not None
        await time_passes(2 * claims.LOST_AFTER)

    assert await runner.drain() == 0
    (job,) = await all_jobs()
    assert job.state is JobState.failed
    assert job.error == claims.STOPPED


async def test_two_runners_share_the_jobs(
    make_runner: MakeRunner, ask: Ask, all_jobs: AllJobs
) -> None:
    seen: list[object] = []

    async def note(run: Run) -> None:
        seen.append(run.payload["number"])

    runners = [make_runner(note), make_runner(note)]
    for number in range(12):
        await ask(number=number)

    done = await asyncio.gather(*(runner.drain() for runner in runners))

    assert sum(done) == 12
    assert sorted(seen, key=str) == sorted(range(12), key=str)
    assert {job.state for job in await all_jobs()} == {JobState.succeeded}


async def test_an_effect_comes_once_although_two_believe_the_job_is_theirs(
    make_runner: MakeRunner,
    ask: Ask,
    all_jobs: AllJobs,
    database: Database,
    app: FastAPI,
    time_passes: TimePasses,
) -> None:
    async def count(run: Run) -> None:
        async with database.write() as session:
            entry = await session.get(PolicyEntry, "counter", with_for_update=True)
            entry = entry or PolicyEntry(name="counter", value=0, updated_at=utc_now())
            entry.value += 1
            session.add(entry)
            await run.finish(session)

    job_id = await ask()
    async with database.write() as session:
        assert await claims.take(session, Taker({"task": 5})) is not None
    await time_passes(2 * claims.LOST_AFTER)
    tools = Tools(app.state.settings, database, app.state.keys)

    assert await make_runner(count).drain() == 1
    with pytest.raises(JobLostError):  # the first one wakes up
        await count(Run(job_id, {}, attempt=1, tools=tools))

    async with database.read() as session:
        entry = await session.get_one(PolicyEntry, "counter")
    assert entry.value == 1
    (job,) = await all_jobs()
    assert job.state is JobState.succeeded


async def test_a_commit_wakes_the_runner(make_runner: MakeRunner, ask: Ask) -> None:
    done = asyncio.Event()

    async def tell(run: Run) -> None:
        done.set()

    make_runner(tell).start()
    await ask()

    await asyncio.wait_for(done.wait(), SOON)


async def test_stopping_waits_for_what_is_nearly_done(
    make_runner: MakeRunner, ask: Ask, all_jobs: AllJobs
) -> None:
    begun, may_end = asyncio.Event(), asyncio.Event()

    async def work(run: Run) -> None:
        begun.set()
        await may_end.wait()

    runner = make_runner(work)
    runner.start()
    await ask()
    await asyncio.wait_for(begun.wait(), SOON)

    stopping = asyncio.create_task(runner.stop())
    may_end.set()
    await stopping

    assert (await all_jobs())[0].state is JobState.succeeded


async def test_what_does_not_end_at_a_stop_is_done_at_the_next_start(
    app: FastAPI, ask: Ask, all_jobs: AllJobs
) -> None:
    begun = asyncio.Event()

    async def hang(run: Run) -> None:
        begun.set()
        await asyncio.Event().wait()

    tools = Tools(app.state.settings, app.state.database, app.state.keys)
    runner = Runner(tools, [JobKind("task", hang)], patience=timedelta(0))
    runner.start()
    await ask()
    await asyncio.wait_for(begun.wait(), SOON)
    await runner.stop()

    (job,) = await all_jobs()
    assert job.state is JobState.queued
    assert job.attempts == 0
    assert await Runner(tools, [JobKind("task", nothing)]).drain() == 1


async def test_a_job_that_others_took_over_is_let_go(
    app: FastAPI, database: Database, ask: Ask, all_jobs: AllJobs
) -> None:
    begun, cancelled = asyncio.Event(), asyncio.Event()

    async def hang(run: Run) -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    tools = Tools(app.state.settings, database, app.state.keys)
    runner = Runner(tools, [JobKind("task", hang)], beat=timedelta(milliseconds=1))
    runner.start()
    job_id = await ask()
    await asyncio.wait_for(begun.wait(), SOON)
    async with database.write() as session:
        (await session.get_one(Job, job_id)).attempts = 2

    await asyncio.wait_for(cancelled.wait(), SOON)
    await runner.stop()

    (job,) = await all_jobs()
    assert job.state is JobState.running
    assert job.attempts == 2


async def test_a_job_that_takes_long_says_that_it_lives(
    app: FastAPI, database: Database, ask: Ask, time_passes: TimePasses
) -> None:
    async def outlive_its_time(run: Run) -> None:
        await time_passes(2 * claims.LOST_AFTER)
        while True:
            async with database.read() as session:
                if not await claims.any_due(session, {"task": 5}):
                    return
            await asyncio.sleep(0)

    tools = Tools(app.state.settings, database, app.state.keys)
    kinds = [JobKind("task", outlive_its_time)]
    await ask()

    runner = Runner(tools, kinds, beat=timedelta(milliseconds=1))

    assert await asyncio.wait_for(runner.drain(), SOON) == 1


async def test_one_name_cannot_have_two_functions(app: FastAPI) -> None:
    tools = Tools(app.state.settings, app.state.database, app.state.keys)

    with pytest.raises(ValueError, match=r"job task\."):
        Runner(tools, [JobKind("task", nothing), JobKind("task", nothing)])


async def test_no_secret_is_needed_in_a_row(ask: Ask, database: Database) -> None:
    await ask(user_id="0199")

    async with database.read() as session:
        job = (await session.exec(select(Job))).one()
    assert job.payload == {"user_id": "0199"}
    assert job.error == ""
