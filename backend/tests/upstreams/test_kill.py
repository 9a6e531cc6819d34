"""A server that is killed during a check or an update ends both after its restart."""

import asyncio
import os
import random
import time
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlmodel import col, update

from roster.core.db import Database
from roster.core.model import utc_now
from roster.jobs.models import Job, JobState
from roster.jobs.service import enqueue
from roster.repositories.models import Repository as Row
from roster.settings import Settings
from roster.upstreams.asking import CHECK_DUE
from tests.imports.test_kill import Server, running, sign_in, sign_up
from tests.services.git_server import GitServer, Repository
from tests.upstreams.conftest import agents

COMPONENTS = 40
KILLS = int(os.environ.get("ROSTER_TEST_KILLS", "1"))
LONG_AGO = timedelta(minutes=10)
PATIENCE = 120
NAMES = [f"tree-{number:03}" for number in range(COMPONENTS)]


@asynccontextmanager
async def opened(settings: Settings) -> AsyncGenerator[Database]:
    """The database of a server, beside it."""
    database = Database(settings.database, pool_size=1)
    try:
        yield database
    finally:
        await database.dispose()


class Drill:
    """A server that follows a repository, and is killed while it works."""

    def __init__(self, server: Server, database: Database, remote: Repository) -> None:
        self.server = server
        self.client: httpx.AsyncClient = server.client
        self.database = database
        self.remote = remote
        self.moments = random.Random(7)  # noqa: S311 - no secret depends on it
        self.id = ""

    async def get(self, path: str, **query: Any) -> Any:
        answer = await self.client.get(path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def take(self) -> None:
        body = {"team": "ada", "url": self.remote.url}
        made = await self.client.post("/imports/repository", json=body)
        address = f"/imports/{made.json()['id']}"
        await self.until(address, "preview")
        answer = await self.client.post(f"{address}/apply", headers={"If-Match": "*"})
        assert answer.status_code == 202, answer.text
        self.id = (await self.until(address, "applied"))["repository_id"]

    async def until(self, address: str, state: str) -> dict[str, Any]:
        end = time.monotonic() + PATIENCE
        while True:
            found: dict[str, Any] = await self.get(address)
            if found["state"] == state:
                return found
            assert found["state"] not in {"failed", "cancelled"}, found
            assert time.monotonic() < end, found
            await asyncio.sleep(0.02)

    async def ask(self, what: str) -> str:
        answer = await self.client.post(f"/repositories/{self.id}/{what}")
        assert answer.status_code == 202, answer.text
        return str(answer.json()["id"])

    async def ask_the_clock(self) -> str:
        """Let the repository be due, and give the check that the schedule asks for."""
        before = (await self.get(f"/repositories/{self.id}"))["job"]
        async with self.database.write() as session:
            due = utc_now() - LONG_AGO
            await session.exec(update(Row).values(next_check_at=due))
            enqueue(session, CHECK_DUE, {})
        while True:
            job = (await self.get(f"/repositories/{self.id}"))["job"]
            if job != before and job["id"] != (before or job | {"id": ""})["id"]:
                return str(job["id"])
            await asyncio.sleep(0.02)

    async def survive(self, job_id: str, seconds: float) -> dict[str, Any]:
        """Kill the server at some moment of a job, and see the job end."""
        await asyncio.sleep(self.moments.uniform(0, seconds))
        await self.server.kill()
        await self.hasten()
        await self.server.start()
        return await self.until(f"/jobs/{job_id}", "succeeded")

    async def hasten(self) -> None:
        """Let what the dead server did be taken for lost now."""
        async with self.database.write() as session:
            await session.exec(
                update(Job)
                .where(col(Job.state) == JobState.running)
                .values(updated_at=utc_now() - LONG_AGO)
            )

    async def said(self, job_id: str) -> Counter[str]:
        """Each line of a log, and how often it is there."""
        page = await self.get(f"/jobs/{job_id}/log", limit=200)
        return Counter(line["message"] for line in page["items"])

    async def numbers(self) -> dict[str, int]:
        page = await self.get("/agents", team="ada", limit=200)
        return {one["name"]: one["latest"]["number"] for one in page["items"]}


async def test_checks_and_updates_survive_kills(
    settings: Settings, git_server: GitServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROSTER_FETCH_ALLOWED", "127.0.0.1")
    remote = git_server.add("trees", agents(*NAMES))
    async with running(settings) as server, opened(settings) as database:
        await sign_up(server.client)
        drill = Drill(server, database, remote)
        await drill.take()
        remote.commit(agents(*NAMES, body="Warm.\n"))
        begun = time.monotonic()
        await drill.until(f"/jobs/{await drill.ask('check')}", "succeeded")
        checking = time.monotonic() - begun
        begun = time.monotonic()
        await drill.until(f"/jobs/{await drill.ask('update')}", "succeeded")
        updating = time.monotonic() - begun

        for kill in range(KILLS):
            await sign_in(server.client)
            remote.commit(agents(*NAMES, body=f"Round {kill}.\n"))
            by_clock = bool(kill % 2)
            id_ = await (drill.ask_the_clock() if by_clock else drill.ask("check"))
            job = await drill.survive(id_, checking)
            assert job["result"]["updates"] == COMPONENTS
            lines = await drill.said(id_)
            found = {
                name: lines[f"agent {name}: there is an update."] for name in NAMES
            }
            assert found == dict.fromkeys(NAMES, 1)

            id_ = await drill.ask("update")
            job = await drill.survive(id_, updating)
            assert job["result"] == {"updated": COMPONENTS, "left": 0}
            number = kill + 3
            assert await drill.numbers() == dict.fromkeys(NAMES, number)
            lines = await drill.said(id_)
            found = {
                name: lines[f"Updated agent:ada/{name} to revision {number}."]
                for name in NAMES
            }
            assert found == dict.fromkeys(NAMES, 1)
        assert (await drill.get(f"/repositories/{drill.id}"))["updates"] == 0
