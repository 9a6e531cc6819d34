"""Who sees jobs, and how much of them."""

from datetime import timedelta

import httpx
from fastapi import FastAPI
from sqlmodel import select

from roster.core.db import Database
from roster.jobs.models import Job, Queue
from roster.jobs.presence import say
from roster.jobs.registry import JobError, Run
from roster.teams.models import Role
from tests.components.conftest import Join, join
from tests.conftest import SignUp
from tests.job_view.conftest import AskFor, Offer, listed, messages, read
from tests.jobs.conftest import nothing
from tests.teams.conftest import put_member

__all__ = ["join"]


async def tell(run: Run) -> None:
    run.progress(0, 3, step="Begin")
    for number in range(3):
        run.note(f"Line {number + 1}")
        run.progress(number + 1)
    async with run.tools.database.write() as session:
        await run.say(session, "Stored")
    run.progress(3, step="Done with \x00 and \ud800")


async def test_a_job_is_shown_with_its_log(
    ada: httpx.AsyncClient, offer: Offer, ask_for: AskFor
) -> None:
    runner = offer(tell)
    job_id = await ask_for("ada", "ada", title="Three lines")
    before = await read(ada, job_id)
    assert (before["state"], before["waiting"]) == (
        "queued",
        {"ahead": 0, "reason": "no_worker"},
    )
    assert before["can_cancel"]

    await runner.drain()

    job = await read(ada, job_id)
    assert (job["state"], job["done"], job["total"]) == ("succeeded", 3, 3)
    assert job["step"] == "Done with \ufffd and ?"
    assert (job["title"], job["team"]["slug"]) == ("Three lines", "ada")
    assert job["actor"]["username"] == "ada"
    assert job["lines"] == 4
    assert job["waiting"] is None
    assert not job["can_cancel"]
    assert sorted(await messages(ada, job_id)) == [
        "Line 1",
        "Line 2",
        "Line 3",
        "Stored",
    ]
    page = (await ada.get(f"/jobs/{job_id}/log", params={"limit": 3})).json()
    assert [line["number"] for line in page["items"]] == [1, 2, 3]
    rest = await messages(ada, job_id, after=page["next_cursor"])
    assert len(rest) == 1


async def test_lists_are_those_of_their_scope(
    ada: httpx.AsyncClient,
    bob: httpx.AsyncClient,
    join: Join,
    offer: Offer,
    ask_for: AskFor,
) -> None:
    runner = offer(nothing)
    await join("bob", "ada", Role.editor)
    own = await ask_for("bob")
    of_team = await ask_for("ada", "ada")
    bobs = await ask_for("bob", "ada")
    alone = await ask_for("ada")
    system = await ask_for()

    assert await listed(bob) == [bobs, own]
    assert await listed(bob, scope="teams") == [bobs, of_team, own]
    assert (await bob.get("/jobs", params={"scope": "instance"})).status_code == 403
    everything = [system, alone, bobs, of_team, own]
    found = (await ada.get("/jobs", params={"scope": "instance", "limit": 3})).json()
    assert [job["id"] for job in found["items"]] == everything[:3]
    rest = await listed(ada, scope="instance", cursor=found["next_cursor"])
    assert rest == everything[3:]

    await runner.drain()
    counted = await bob.get("/jobs", params={"state": "succeeded", "count": True})
    assert counted.json()["total"] == 2
    assert await listed(bob, state="queued") == []
    assert await listed(bob, kind="task", queue="default") == [bobs, own]
    assert await listed(bob, queue="imports") == []
    assert await listed(bob, subject=own) == []

    assert (await put_member(ada, "bob", "viewer", "ada")).is_success
    assert await listed(bob, scope="teams") == [bobs, own]
    assert (await ada.delete("/teams/ada/members/bob")).status_code == 204
    assert await listed(bob, scope="teams") == [own]
    assert (await bob.get(f"/jobs/{bobs}")).status_code == 404


async def test_an_administrator_sees_that_it_is_there_but_not_what_it_is_about(
    ada: httpx.AsyncClient,
    bob: httpx.AsyncClient,
    sign_up: SignUp,
    offer: Offer,
    ask_for: AskFor,
) -> None:
    eve = await sign_up("eve")

    async def refuse(run: Run) -> None:
        run.progress(1, 2, step="The plan")
        raise JobError("Nothing in the plan.", final=True)

    async def again(*_: object) -> None:
        """It can be asked for again."""

    runner = offer(refuse, retried=again)
    job_id = await ask_for("bob", "bob", title="The plan")
    await runner.drain()

    seen = await read(bob, job_id)
    assert (seen["title"], seen["step"]) == ("The plan", "The plan")
    assert seen["error"] == "Nothing in the plan."
    assert seen["can_retry"]
    private = await read(ada, job_id)
    assert private["is_private"]
    assert (private["title"], private["step"], private["error"]) == ("", "", "")
    assert (private["team"], private["subject"]) == (None, None)
    assert private["result"] is None
    assert not private["can_retry"]
    for path in ("", "/log", "/events"):
        assert (await eve.get(f"/jobs/{job_id}{path}")).status_code == 404
    for path in ("/cancel", "/retry"):
        assert (await eve.post(f"/jobs/{job_id}{path}")).status_code == 404
    assert (await ada.get(f"/jobs/{job_id}/log")).status_code == 403
    assert (await ada.post(f"/jobs/{job_id}/retry")).status_code == 403


async def test_a_token_of_chosen_teams_sees_their_jobs_alone(
    app: FastAPI, ada: httpx.AsyncClient, offer: Offer, ask_for: AskFor
) -> None:
    offer(nothing)
    assert (
        await ada.post("/teams", json={"slug": "other", "name": "O"})
    ).status_code == 201
    in_team = await ask_for("ada", "ada")
    await ask_for("ada", "other")
    await ask_for("ada")
    made = await ada.post(
        "/auth/tokens", json={"name": "CI", "scopes": ["read"], "teams": ["ada"]}
    )
    assert made.status_code == 201, made.text
    headers = {"Authorization": f"Bearer {made.json()['token']}"}

    found = (await ada.get("/jobs", headers=headers)).json()

    assert [job["id"] for job in found["items"]] == [in_team]
    refused = await ada.post(f"/jobs/{in_team}/cancel", headers=headers)
    assert refused.status_code == 403


async def test_why_a_job_waits(
    ada: httpx.AsyncClient, database: Database, offer: Offer, ask_for: AskFor
) -> None:
    offer(nothing)
    await say(database, "one", [Queue.default], slots=1, is_embedded=True)
    await ask_for("ada", priority=5)
    second = await ask_for("ada")
    waiting = (await read(ada, second))["waiting"]
    assert waiting == {"ahead": 1, "reason": "turn"}

    async with database.write() as session:
        for job in (await session.exec(select(Job))).all():
            job.due_at -= timedelta(minutes=2)
    assert (await read(ada, second))["waiting"]["reason"] == "overloaded"
    queues = (await ada.get("/jobs/queues")).json()["queues"]
    of_default = next(one for one in queues if one["name"] == "default")
    assert (of_default["waiting"], of_default["is_overloaded"]) == (2, True)
    assert of_default["oldest_waiting_seconds"] >= 120


async def test_the_queues_are_for_administrators(bob: httpx.AsyncClient) -> None:
    assert (await bob.get("/jobs/queues")).status_code == 403


async def test_the_queues_show_who_works_and_what_comes_by_the_clock(
    app: FastAPI, ada: httpx.AsyncClient, database: Database
) -> None:
    await app.state.runner.plan_periodic()
    await app.state.runner.drain()
    await say(database, "one", [Queue.default], slots=3, is_embedded=False)

    board = (await ada.get("/jobs/queues")).json()

    assert (board["executor"], board["broker_reachable"]) == ("embedded", None)
    assert [worker["name"] for worker in board["workers"]] == ["one"]
    assert board["workers"][0]["is_alive"]
    upkeep = next(one for one in board["queues"] if one["name"] == "upkeep")
    assert upkeep["succeeded_last_hour"] > 0
    assert upkeep["is_overloaded"]
    cleaning = next(
        one for one in board["schedules"] if one["kind"] == "jobs.remove_finished"
    )
    assert cleaning["every_seconds"] == 6 * 3600
    assert cleaning["last_state"] == "succeeded"
    assert cleaning["last_at"] < cleaning["next_at"]
