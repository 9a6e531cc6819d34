"""Checks of repositories: what they tell apart, and how they fail."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlmodel import col, select, update

from roster.core.db import Database
from roster.core.model import utc_now
from roster.jobs.models import Job
from roster.repositories.models import Repository as Row
from roster.upstreams.asking import CHECK, ask
from tests.components.skills import skill_file
from tests.imports.conftest import agent
from tests.services.git_server import GitServer, Repository
from tests.upstreams.conftest import Follower, agents

TOKEN = "kQ3v-9bXw-Zt7R-m2Lp"


async def test_nothing_is_fetched_where_the_commit_is_the_same(
    follower: Follower, remote: Repository, git_server: GitServer
) -> None:
    id_ = await follower.take(remote)
    first = await follower.check(id_)
    assert (first["outcome"], first["updates"]) == ("unchanged", 0)
    git_server.requests.clear()
    again = await follower.check(id_)
    assert again["checked_at"] > first["checked_at"]
    asked = {seen.path.rpartition("/")[2] for seen in git_server.requests}
    log = await follower.log(again["job"]["id"])
    assert any(line.startswith("It is still at") for line in log)
    assert len(git_server.requests) < 4, asked


async def test_what_was_renamed_upstream_is_followed(
    follower: Follower, remote: Repository
) -> None:
    id_ = await follower.take(remote)
    text = agent("elm", body="You work.\n")
    remote.commit({"agents/elm.md": None, "agents/big/elm.md": text})
    seen = await follower.check(id_)
    assert (seen["outcome"], seen["updates"]) == ("unchanged", 0)
    assert (await follower.upstream("elm"))["path"] == "agents/big/elm.md"
    remote.commit({"agents/big/elm.md": agent("elm", body="You run.\n")})
    assert (await follower.check(id_))["updates"] == 1


async def test_what_is_gone_upstream_stays_here(
    follower: Follower, remote: Repository
) -> None:
    id_ = await follower.take(remote)
    remote.commit({"agents/elm.md": agent("elm", body="You run.\n")})
    await follower.check(id_)
    remote.commit({"agents/elm.md": None})
    seen = await follower.check(id_)
    assert (seen["components"], seen["updates"]) == (5, 0)
    upstream = await follower.upstream("elm")
    assert (upstream["state"], upstream["update"]) == ("gone", None)
    assert (await follower.components())["elm"]["upstream_state"] == "gone"
    assert (await follower.text("elm")).endswith("You work.\n")
    log = await follower.log(seen["job"]["id"])
    assert "agent elm: agents/elm.md is not there any more." in log

    remote.commit({"agents/elm.md": agent("elm", body="You walk.\n")})
    assert (await follower.check(id_))["updates"] == 1
    assert (await follower.upstream("elm"))["state"] == "available"


async def test_what_cannot_be_taken_is_no_update(
    follower: Follower, remote: Repository
) -> None:
    id_ = await follower.take(remote)
    remote.commit({"agents/elm.md": b"---\nname: elm\n---\nNo description.\n"})
    seen = await follower.check(id_)
    assert seen["updates"] == 0
    log = await follower.log(seen["job"]["id"])
    [line] = [line for line in log if line.startswith("agent elm")]
    assert "agents/elm.md cannot be taken: " in line


async def test_a_private_repository_needs_its_token(
    follower: Follower, git_server: GitServer
) -> None:
    remote = git_server.add("private", agents("elm"), token=TOKEN)
    refused = await follower.read(remote)
    assert refused["state"] == "failed"
    assert "token" in refused["error"]
    id_ = await follower.take(remote, token=TOKEN)
    kept = await follower.repository(id_)
    assert kept["has_token"]
    assert TOKEN not in str(kept)
    remote.commit(agents("elm", body="You run.\n"))
    assert (await follower.check(id_))["updates"] == 1


async def test_a_check_that_fails_says_why_and_waits_longer_each_time(
    follower: Follower, git_server: GitServer
) -> None:
    remote = git_server.add("private", agents("elm"), token=TOKEN)
    id_ = await follower.take(remote, token=TOKEN)
    remote.token = f"{TOKEN}-2"
    waits = []
    for _ in range(2):
        seen = await follower.check(id_)
        assert seen["outcome"] == "failed"
        assert "refuses the token" in seen["error"]
        assert TOKEN not in seen["error"]
        assert seen["job"]["state"] == "failed"
        waits.append(time_between(seen["checked_at"], seen["next_check_at"]))
    assert timedelta(days=2) <= waits[0] < timedelta(days=2.3)
    assert timedelta(days=4) <= waits[1] < timedelta(days=4.6)

    answer = await follower.client.patch(
        f"/repositories/{id_}",
        json={"token": remote.token},
        headers={"If-Match": seen["etag"]},
    )
    assert answer.status_code == 200, answer.text
    mended = await follower.check(id_)
    assert (mended["outcome"], mended["error"]) == ("unchanged", "")
    wait = time_between(mended["checked_at"], mended["next_check_at"])
    assert timedelta(days=1) <= wait < timedelta(days=1.2)


def time_between(first: str, then: str) -> timedelta:
    return datetime.fromisoformat(then) - datetime.fromisoformat(first)


async def test_two_checks_at_once_are_one(
    follower: Follower, remote: Repository, database: Database
) -> None:
    id_ = await follower.take(remote)
    address = f"/repositories/{id_}/check"
    answers = await asyncio.gather(
        *(follower.client.post(address) for _ in range(4)),
    )
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["id"] for answer in answers}) == 1
    await follower.work()
    async with database.read() as session:
        checks = select(Job.id).where(col(Job.kind) == "repositories.check")
        assert len((await session.exec(checks)).all()) == 1


@pytest.mark.parametrize("every", ["hour", "never"])
async def test_repositories_are_checked_when_their_time_comes(
    follower: Follower, remote: Repository, database: Database, every: str
) -> None:
    id_ = await follower.take(remote)
    present = await follower.repository(id_)
    answer = await follower.client.patch(
        f"/repositories/{id_}", json={"every": every}, headers={"If-Match": "*"}
    )
    assert answer.status_code == 200
    changed = answer.json()
    assert changed["etag"] != present["etag"]
    assert (changed["next_check_at"] is None) == (every == "never")
    remote.commit(agents("elm", body="You run.\n"))
    if every != "never":
        await let_it_be_due(database)
    await plan(follower)
    seen = await follower.repository(id_)
    assert seen["updates"] == (every != "never")
    if every != "never":
        assert datetime.fromisoformat(seen["next_check_at"]) > utc_now()
        job = await follower.get(f"/jobs/{seen['job']['id']}")
        assert job["actor"] is None


async def let_it_be_due(database: Database) -> None:
    long_ago = utc_now() - timedelta(hours=2)
    async with database.write() as session:
        await session.exec(update(Row).values(next_check_at=long_ago))


async def test_people_come_before_what_comes_by_the_clock(
    follower: Follower, remote: Repository, database: Database
) -> None:
    id_ = await follower.take(remote)
    async with database.write() as session:
        row = (await session.exec(select(Row))).one()
        job = await ask(session, CHECK, row, actor=None)
        assert job.priority < 0
    answer = await follower.client.post(f"/repositories/{id_}/check")
    assert answer.json()["id"] == str(job.id)
    assert (await follower.get(f"/jobs/{job.id}"))["priority"] == 0


async def plan(follower: Follower) -> None:
    """Do what comes by the clock."""
    runner = follower.app.state.runner
    await runner.plan_periodic()
    await runner.drain()


async def test_trees_are_compared_and_merged_as_a_whole(
    follower: Follower, git_server: GitServer
) -> None:
    files = {"notes/SKILL.md": skill_file("notes"), "notes/docs/a.md": b"# A\n"}
    remote = git_server.add("skills", files)
    id_ = await follower.take(remote)
    remote.commit({"notes/docs/b.md": b"# B\n", "notes/docs/a.md": None})
    assert (await follower.check(id_))["updates"] == 1
    merge = await follower.merge("notes", "skills")
    sides = {file["path"]: file["side"] for file in merge["files"]}
    assert sides == {"docs/a.md": "theirs", "docs/b.md": "theirs"}
    answer = await follower.update("notes", "skills")
    assert answer.status_code == 201, answer.text
    paths = [file["path"] for file in answer.json()["files"]]
    assert paths == ["SKILL.md", "docs/b.md"]


async def test_another_branch_is_compared_anew(
    follower: Follower, remote: Repository
) -> None:
    id_ = await follower.take(remote)
    await follower.check(id_)
    remote.branch("next", remote.commit(agents("elm", body="You run.\n")))
    remote.commit(agents("elm"))
    assert (await follower.check(id_))["updates"] == 0
    answer = await follower.client.patch(
        f"/repositories/{id_}", json={"ref": "next"}, headers={"If-Match": "*"}
    )
    assert (answer.status_code, answer.json()["commit"]) == (200, "")
    assert (await follower.check(id_))["updates"] == 1
