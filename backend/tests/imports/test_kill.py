"""A server that is killed in the middle goes on with an import when it is back."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncGenerator, Coroutine
from pathlib import Path
from random import Random
from typing import Any

import httpx
from sqlmodel import col, update

from roster.core.db import Database
from roster.core.model import utc_now
from roster.jobs.claims import LOST_AFTER
from roster.jobs.models import Job, JobState
from roster.settings import Settings
from tests.conftest import PASSWORD, SETUP_CODE
from tests.imports.conftest import Importer, agent, packed
from tests.services.apps import settled
from tests.services.bound import BOUND

FILES = 450
"""More than are stored at once."""
KILLS = int(os.environ.get("ROSTER_TEST_KILLS", "1"))
MOMENTS = [Random(turn).uniform(0.05, 0.95) for turn in range(KILLS)]  # noqa: S311 - nothing secret
"""When to kill, as parts of the time that the same work took before."""
START_SECONDS = 180
BACKEND = Path(__file__).resolve().parents[2]


class Server:
    """The real server as a process of its own, which can be killed and started."""

    def __init__(self, settings: Settings) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._process: asyncio.subprocess.Process | None = None
        self._environment = {
            **os.environ,
            "ROSTER_ENVIRONMENT": "test",
            "ROSTER_DATA_DIR": str(settings.data_dir),
            "ROSTER_DATABASE_URL": settings.database,
            "ROSTER_SETUP_CODE": SETUP_CODE,
            "ROSTER_BCRYPT_ROUNDS": "4",
            "ROSTER_LOG_LEVEL": "error",
        }
        self.client = httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{self.port}/api/v1", timeout=60
        )

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            *(*BOUND, "", sys.executable),
            *("-m", "uvicorn", "--factory", "roster.serve:application"),
            *("--port", str(self.port), "--log-level", "error"),
            cwd=BACKEND,
            env=self._environment,
        )
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            with contextlib.suppress(httpx.TransportError):
                if (await self.client.get("/instance")).is_success:
                    return
            await asyncio.sleep(0.05)
        raise TimeoutError("The server did not start.")

    async def kill(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            await self._process.wait()
            self._process = None

    async def killed_during(
        self, work: Coroutine[Any, Any, Any], after: float, settings: Settings
    ) -> None:
        """Begin, kill the server after some seconds, and start it again."""
        task = asyncio.create_task(work)
        await asyncio.sleep(after)
        await self.kill()
        with contextlib.suppress(httpx.TransportError):
            await task
        await is_lost(settings)
        await self.start()


@contextlib.asynccontextmanager
async def running(settings: Settings) -> AsyncGenerator[Server]:
    server = Server(settings)
    try:
        await server.start()
        yield server
    finally:
        await server.kill()
        await server.client.aclose()


async def sign_up(client: httpx.AsyncClient) -> Importer:
    body = {"username": "ada", "email": "ada@example.org", "password": PASSWORD}
    made = await client.post("/auth/register", json={**body, "setup_code": SETUP_CODE})
    assert made.status_code == 201, made.text
    await sign_in(client)
    return Importer(client, "ada")


async def sign_in(client: httpx.AsyncClient) -> None:
    """Do so in each round: many take longer than a token is good for."""
    account = {"username": "ada", "password": PASSWORD}
    answer = await client.post("/auth/token", data=account)
    client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"


def a_few_hundred(prefix: str) -> dict[str, bytes]:
    names = [f"{prefix}-{number:03}" for number in range(FILES)]
    return {f"{prefix}.zip": packed({f"{n}.md": agent(n) for n in names})}


async def stored(importer: Importer, prefix: str) -> int:
    found = 0
    cursor: dict[str, str] = {}
    while True:
        answer = await importer.client.get("/agents", params={"limit": 200, **cursor})
        page = answer.json()
        names = [str(item["name"]) for item in page["items"]]
        found += sum(name.startswith(prefix) for name in names)
        if page["next_cursor"] is None:
            return found
        cursor = {"cursor": page["next_cursor"]}


async def is_lost(settings: Settings) -> None:
    """Let the time pass after which a job that nobody speaks of is taken for lost."""
    database = Database(settings.database)
    async with database.write() as session:
        await session.exec(
            update(Job)
            .where(col(Job.state) == JobState.running)
            .values(updated_at=utc_now() - 2 * LOST_AFTER)
        )
    await database.dispose()


async def ended(importer: Importer, made: dict[str, Any]) -> dict[str, Any]:
    """Wait for the job of an import; the log of its end is whole."""
    url = f"/imports/{made['id']}"
    read: dict[str, Any] = (await settled(importer.client, url)).json()
    job = await importer.client.get(f"/jobs/{read['job']['id']}")
    assert job.json()["state"] == "succeeded", (job.json(), read["error"])
    log = await importer.client.get(f"/jobs/{read['job']['id']}/log?limit=200")
    numbers = [line["number"] for line in log.json()["items"]]
    assert numbers == list(range(1, job.json()["lines"] + 1))
    return read


async def test_killed_while_applying(settings: Settings) -> None:
    async with running(settings) as server:
        importer = await sign_up(server.client)
        preview = await importer.upload(a_few_hundred("warm"))
        begun = time.monotonic()
        assert (await preview.apply()).json()["state"] == "applied"
        seconds = time.monotonic() - begun
        for number, moment in enumerate(MOMENTS):
            await sign_in(server.client)
            prefix = f"round{number}"
            preview = await importer.upload(a_few_hundred(prefix))
            await server.killed_during(
                preview.ask_to_apply(), moment * seconds, settings
            )
            if (await preview.read())["state"] == "preview":  # not even asked for
                await preview.ask_to_apply()
            made = await ended(importer, preview.made)
            await exactly_once(importer, made, prefix)


async def exactly_once(importer: Importer, made: dict[str, Any], prefix: str) -> None:
    assert (made["state"], made["error"]) == ("applied", "")
    assert made["results"]["created"] == sum(made["results"].values()) == FILES
    assert await stored(importer, prefix) == FILES
    again = await importer.upload(a_few_hundred(prefix))
    assert (await again.read())["counts"]["unchanged"] == FILES
    events = await importer.client.get(
        "/audit-events", params={"action": "import.applied", "limit": 200}
    )
    mine = [
        one["details"]
        for one in events.json()["items"]
        if one["target"]["id"] == made["id"]
    ]
    assert [one["created"] for one in mine] == [FILES]


async def test_killed_while_reading(settings: Settings) -> None:
    async with running(settings) as server:
        importer = await sign_up(server.client)
        begun = time.monotonic()
        await importer.upload(a_few_hundred("warm"))
        seconds = time.monotonic() - begun
        known = 1
        for number, moment in enumerate(MOMENTS):
            await sign_in(server.client)
            files = a_few_hundred(f"round{number}")
            await server.killed_during(importer.post(files), moment * seconds, settings)
            imports = (await server.client.get("/imports")).json()["items"]
            assert len(imports) in {known, known + 1}
            for one in imports:
                made = await ended(importer, one)
                assert (made["state"], made["counts"]["new"]) == ("preview", FILES)
            known = len(imports)
