"""Stopping jobs, and asking for them again."""

import asyncio
import threading
from datetime import timedelta
from uuid import UUID

import httpx
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.core.db import Database
from roster.core.model import utc_now
from roster.jobs import claims
from roster.jobs.claims import Taker
from roster.jobs.models import Job, JobState
from roster.jobs.registry import JobError, JobStoppedError, Run, Tools
from roster.teams.models import Role
from tests.components.conftest import Join, join
from tests.job_view.conftest import AskFor, Load, Offer, messages, read
from tests.jobs.conftest import nothing

__all__ = ["join"]

SECONDS = 20


class Ended:
    """Notes which jobs it was told to have ended, with what is stored by it."""

    def __init__(self) -> None:
        self.states: list[JobState] = []

    async def __call__(self, session: AsyncSession, job: Job, _tools: Tools) -> None:
        assert session.in_transaction()
        self.states.append(job.state)


async def test_a_job_that_waits_is_cancelled_at_once(
    ada: httpx.AsyncClient, offer: Offer, ask_for: AskFor
) -> None:
    ended = Ended()
    runner = offer(nothing, ended=ended)
    job_id = await ask_for("ada", "ada")

    answer = await ada.post(f"/jobs/{job_id}/cancel")

    job = answer.json()
    assert (answer.status_code, job["state"]) == (200, "cancelled")
    assert job["cancelled_by"]["username"] == "ada"
    assert not job["can_cancel"]
    assert ended.states == [JobState.cancelled]
    assert await runner.drain() == 0
    again = await ada.post(f"/jobs/{job_id}/cancel")
    assert again.status_code == 409


async def test_a_job_that_runs_is_stopped(
    ada: httpx.AsyncClient, offer: Offer, ask_for: AskFor, load: Load
) -> None:
    begun, left = asyncio.Event(), asyncio.Event()

    async def hang(run: Run) -> None:
        run.note("Begun")
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            left.set()

    ended = Ended()
    runner = offer(hang, ended=ended)
    job_id = await ask_for("ada", "ada")
    working = asyncio.create_task(runner.drain())
    await asyncio.wait_for(begun.wait(), SECONDS)

    job = (await ada.post(f"/jobs/{job_id}/cancel")).json()
    assert (job["state"], job["can_cancel"]) == ("running", False)
    assert (await ada.post(f"/jobs/{job_id}/cancel")).status_code == 200
    await asyncio.wait_for(left.wait(), SECONDS)
    await asyncio.wait_for(working, SECONDS)

    assert (await load(job_id)).state is JobState.cancelled
    assert ended.states == [JobState.cancelled]
    assert await messages(ada, job_id) == ["Begun"]


async def test_a_thread_notices_that_its_job_was_cancelled(
    ada: httpx.AsyncClient, offer: Offer, ask_for: AskFor, load: Load
) -> None:
    begun, noticed = threading.Event(), threading.Event()

    def work(run: Run) -> None:
        begun.set()
        try:
            while True:
                run.check()
                threading.Event().wait(0.01)
        except JobStoppedError:
            noticed.set()
            raise

    async def in_a_thread(run: Run) -> None:
        await asyncio.to_thread(work, run)

    runner = offer(in_a_thread)
    job_id = await ask_for("ada", "ada")
    working = asyncio.create_task(runner.drain())
    assert await asyncio.to_thread(begun.wait, SECONDS)
    await ada.post(f"/jobs/{job_id}/cancel")
    await asyncio.wait_for(working, SECONDS)

    assert await asyncio.to_thread(noticed.wait, SECONDS)
    assert (await load(job_id)).state is JobState.cancelled


async def test_a_job_that_nobody_is_heard_of_is_cancelled_at_once(
    ada: httpx.AsyncClient, database: Database, offer: Offer, ask_for: AskFor
) -> None:
    ended = Ended()
    offer(nothing, ended=ended)
    job_id = await ask_for("ada")
    async with database.write() as session:
        job = await claims.take(session, Taker({"task": 5}))
        assert job is not None
        job.updated_at -= 2 * claims.LOST_AFTER

    job_now = (await ada.post(f"/jobs/{job_id}/cancel")).json()

    assert job_now["state"] == "cancelled"
    assert ended.states == [JobState.cancelled]


async def test_who_dies_of_a_job_that_is_to_stop_does_not_begin_it_again(
    ada: httpx.AsyncClient,
    database: Database,
    offer: Offer,
    ask_for: AskFor,
    load: Load,
) -> None:
    ended = Ended()
    runner = offer(nothing, ended=ended)
    job_id = await ask_for("ada")
    async with database.write() as session:
        assert await claims.take(session, Taker({"task": 5}))
    await ada.post(f"/jobs/{job_id}/cancel")
    async with database.write() as session:
        job = await session.get_one(Job, UUID(job_id))
        job.updated_at -= 2 * claims.LOST_AFTER

    assert await runner.drain() == 0
    assert (await load(job_id)).state is JobState.cancelled
    assert ended.states == [JobState.cancelled]


async def test_a_kind_hears_that_its_job_has_failed_for_good(
    ada: httpx.AsyncClient,
    database: Database,
    offer: Offer,
    ask_for: AskFor,
    load: Load,
) -> None:
    async def refuse(run: Run) -> None:
        raise JobError("Not today.")

    ended = Ended()
    runner = offer(refuse, ended=ended, attempts=2)
    job_id = await ask_for("ada")
    assert await runner.drain() == 1
    assert ended.states == []
    async with database.write() as session:
        (await session.get_one(Job, UUID(job_id))).due_at = utc_now()
    assert await runner.drain() == 1
    assert ended.states == [JobState.failed]
    assert await messages(ada, job_id) == [
        "Not today. It is tried again.",
        "Not today.",
    ]

    # And where its process dies of it each time.
    job_id = await ask_for("ada")
    for _ in range(2):
        async with database.write() as session:
            job = await claims.take(session, Taker({"task": 5}))
            assert job is not None
            job.updated_at -= timedelta(minutes=1)
    assert await runner.drain() == 0
    assert (await load(job_id)).error == claims.STOPPED
    assert ended.states == [JobState.failed] * 2


async def test_a_job_has_ended_although_its_kind_cannot_take_it(
    ada: httpx.AsyncClient, offer: Offer, ask_for: AskFor
) -> None:
    async def break_down(session: AsyncSession, job: Job, _tools: Tools) -> None:
        job.title = "Half done"
        await session.flush()
        raise RuntimeError

    offer(nothing, ended=break_down)
    job_id = await ask_for("ada", title="Whole")

    assert (await ada.post(f"/jobs/{job_id}/cancel")).status_code == 200

    job = await read(ada, job_id)
    assert (job["state"], job["title"]) == ("cancelled", "Whole")


async def test_a_job_that_failed_is_asked_for_again(
    ada: httpx.AsyncClient,
    bob: httpx.AsyncClient,
    join: Join,
    offer: Offer,
    ask_for: AskFor,
) -> None:
    async def refuse(run: Run) -> None:
        raise JobError("Not today.", final=True)

    retried: list[tuple[UUID, UUID]] = []

    async def again(session: AsyncSession, old: Job, new: Job) -> None:
        assert session.in_transaction()
        retried.append((old.id, new.id))

    runner = offer(refuse, retried=again)
    job_id = await ask_for("ada", "ada", title="Again", priority=3)
    assert (await ada.post(f"/jobs/{job_id}/retry")).status_code == 409
    await runner.drain()
    await join("bob", "ada", Role.editor)

    answer = await bob.post(f"/jobs/{job_id}/retry")

    job = answer.json()
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"].endswith(f"/jobs/{job['id']}")
    assert retried == [(UUID(job_id), UUID(job["id"]))]
    assert (job["state"], job["title"], job["priority"]) == ("queued", "Again", 3)
    assert job["actor"]["username"] == "bob"
    assert (await read(ada, job_id))["state"] == "failed"


async def test_what_has_succeeded_or_knows_no_again_is_not_repeated(
    ada: httpx.AsyncClient, offer: Offer, ask_for: AskFor
) -> None:
    async def refuse(run: Run) -> None:
        raise JobError("Not today.", final=True)

    runner = offer(refuse)
    failed = await ask_for("ada")
    await runner.drain()
    assert not (await read(ada, failed))["can_retry"]
    assert (await ada.post(f"/jobs/{failed}/retry")).status_code == 409


async def test_what_is_done_again_already_is_not_asked_for_twice(
    ada: httpx.AsyncClient, offer: Offer, ask_for: AskFor
) -> None:
    async def refuse(run: Run) -> None:
        raise JobError("Not today.", final=True)

    async def again(*_: object) -> None:
        """Nothing has to know."""

    runner = offer(refuse, retried=again)
    subject = ("import", UUID("019a7c1e-3a52-7cc1-b2f4-5d3a6f0e8b11"))
    job_id = await ask_for("ada", subject=subject)
    await runner.drain()

    assert (await ada.post(f"/jobs/{job_id}/retry")).status_code == 201
    assert (await ada.post(f"/jobs/{job_id}/retry")).status_code == 409
