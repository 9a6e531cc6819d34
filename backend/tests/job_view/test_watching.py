"""What is told over the streams of jobs, and to whom."""

import asyncio
from typing import Any
from uuid import UUID

import httpx
from fastapi import FastAPI

from roster.core.db import Database
from roster.jobs.models import Job
from roster.jobs.registry import Run
from tests.job_view.conftest import AskFor, Offer
from tests.jobs.conftest import nothing
from tests.live.wire import Stream, Told


def watch(
    app: FastAPI,
    client: httpx.AsyncClient,
    job_id: str | None = None,
    position: str | None = None,
    query: str = "",
) -> Stream:
    path = f"/jobs/{job_id}/events" if job_id else "/jobs/events"
    return Stream(app, client, position, query, path)


async def until(stream: Stream, said: str) -> list[Told]:
    """Collect messages up to the first of one sort."""
    found: list[Told] = []
    while not found or found[-1].said != said:
        told = await stream.told()
        if told.said != "beat":
            found.append(told)
    return found


def lines(told: list[Told]) -> list[Any]:
    return [one.data["message"] for one in told if one.said == "line"]


async def test_a_job_is_told_to_its_end(
    app: FastAPI, ada: httpx.AsyncClient, offer: Offer, ask_for: AskFor
) -> None:
    may_end = asyncio.Event()

    async def work(run: Run) -> None:
        run.note("Begun")
        run.progress(1, 2, step="Half")
        await may_end.wait()
        run.note("Ended")

    runner = offer(work)
    job_id = await ask_for("ada", "ada", title="Watched")
    async with watch(app, ada, job_id) as stream:
        assert (await stream.begin()).said == "beat"
        first = await stream.told()
        assert (first.said, first.data["state"]) == ("job", "queued")
        working = asyncio.create_task(runner.drain())
        begun = await until(stream, "line")
        assert begun[-1].data["job_id"] == job_id
        assert begun[-2].data["step"] == "Half"
        may_end.set()
        await working
        rest = await until(stream, "end")
        await stream.until_over()

    assert lines(rest) == ["Ended"]
    assert rest[-1].data == {"job_id": job_id, "state": "succeeded"}
    assert [one.data["state"] for one in rest if one.said == "job"][-1] == "succeeded"


async def test_who_comes_back_is_told_each_line_once(
    app: FastAPI, ada: httpx.AsyncClient, offer: Offer, ask_for: AskFor
) -> None:
    async def talk(run: Run) -> None:
        for number in range(450):
            run.note(f"{number}")

    job_id = await ask_for("ada")
    await offer(talk).drain()
    heard: list[str] = []
    position = None
    while not heard or heard[-1] != "end":
        async with watch(app, ada, job_id, position) as stream:
            await stream.begin()
            for _ in range(100):
                told = await stream.told()
                position = told.position
                if told.said == "line":
                    heard.append(told.data["message"])
                elif told.said == "end":
                    heard.append("end")
                    break

    assert heard == [*map(str, range(450)), "end"]
    async with watch(app, ada, job_id, query="after=448") as stream:
        await stream.begin()
        assert lines(await until(stream, "end")) == ["448", "449"]
    for strange in ("17", "0%%%", "0AAAA"):
        async with watch(app, ada, job_id, strange) as stream:
            await stream.begin()
            assert len(lines(await until(stream, "end"))) == 450


async def test_ones_own_jobs_are_watched_together(
    app: FastAPI,
    ada: httpx.AsyncClient,
    bob: httpx.AsyncClient,
    offer: Offer,
    ask_for: AskFor,
) -> None:
    async def talk(run: Run) -> None:
        run.note("Spoken")

    runner = offer(talk)
    await ask_for("bob")
    first = await ask_for("ada", "ada")
    async with watch(app, ada) as stream:
        await stream.begin()
        assert (await until(stream, "job"))[0].data["id"] == first
        second = await ask_for("ada")
        told = (await until(stream, "job"))[-1]
        assert told.data["id"] == second
        position = told.position
    await runner.drain()

    async with watch(app, ada, position=position) as stream:
        await stream.begin()
        found = await until(stream, "line")
        found += await until(stream, "line")
        assert [one.data["id"] for one in found if one.said == "job"] == [first, second]
        assert [one.data["job_id"] for one in found if one.said == "line"] == [
            first,
            second,
        ]
        assert {one.data["state"] for one in found if one.said == "job"} == {
            "succeeded"
        }
        last = found[-1].position
    async with watch(app, ada, position=last, query="follow=false") as stream:
        await stream.begin()
        await stream.until_over()


async def test_who_may_see_it_no_more_is_told_no_more(
    app: FastAPI,
    ada: httpx.AsyncClient,
    bob: httpx.AsyncClient,
    database: Database,
    offer: Offer,
    ask_for: AskFor,
) -> None:
    offer(nothing)
    assert (await ada.put("/teams/ada/members/bob", json={"role": "editor"})).is_success
    job_id = await ask_for("ada", "ada")
    async with watch(app, bob, job_id) as stream:
        await stream.begin()
        assert (await stream.told()).said == "job"
        assert (await ada.delete("/teams/ada/members/bob")).is_success
        async with database.write() as session:
            job = await session.get_one(Job, UUID(job_id))
            job.version += 1
        await stream.until_over()
        assert "secret" not in stream._text
    assert (await bob.get(f"/jobs/{job_id}/events")).status_code == 404


async def test_an_administrator_hears_no_line_of_what_is_private(
    app: FastAPI,
    ada: httpx.AsyncClient,
    bob: httpx.AsyncClient,
    offer: Offer,
    ask_for: AskFor,
) -> None:
    async def talk(run: Run) -> None:
        run.note("Between us")

    runner = offer(talk)
    job_id = await ask_for("bob", title="Private")
    await runner.drain()
    async with watch(app, ada, job_id) as stream:
        await stream.begin()
        told = await until(stream, "end")

    assert [one.said for one in told] == ["job", "end"]
    assert told[0].data["title"] == ""


async def test_a_stream_ends_with_its_session_and_with_the_process(
    app: FastAPI,
    ada: httpx.AsyncClient,
    bob: httpx.AsyncClient,
    offer: Offer,
    ask_for: AskFor,
) -> None:
    offer(nothing)
    job_id = await ask_for("bob")
    async with watch(app, bob) as stream, watch(app, ada, job_id) as other:
        await stream.begin()
        await other.begin()
        assert (await bob.post("/auth/logout")).is_success
        await stream.until_over()
        app.state.hub.close()
        await other.until_over()
    assert (await ada.get(f"/jobs/{job_id}/events")).status_code == 503
