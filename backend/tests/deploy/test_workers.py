"""`roster serve --workers 2`: two processes on one port, and what watches them.

On SQLite; test_proxy.py and the drills have several on PostgreSQL.
"""

import asyncio
import os
import signal
from collections.abc import AsyncGenerator, Awaitable

import httpx
import pytest

from roster.serve import CannotStartError, serve
from roster.settings import Settings
from tests.components.conftest import agent_file
from tests.deploy.conftest import (
    Program,
    Run,
    children_of,
    client_at,
    environment_of,
    is_ready,
    is_there,
    roster,
    set_up,
    until,
)
from tests.services.postgres import free_port


class Pair:
    """The program that watches, and a client that opens a connection each time."""

    def __init__(self, program: Program, port: int) -> None:
        self.program = program
        self.port = port
        alone = httpx.Limits(max_keepalive_connections=0)
        self.client = client_at(f"http://127.0.0.1:{port}", limits=alone)

    @property
    def processes(self) -> set[int]:
        return children_of(self.program.pid)

    async def ask(self, times: int = 1) -> None:
        for _ in range(times):
            answer = await self.client.get("/api/v1/instance")
            assert answer.is_success, answer.text

    async def ask_meanwhile(self, happens: Awaitable[object]) -> int:
        """Ask again and again while something happens; every time it is answered."""
        waiting = asyncio.ensure_future(happens)
        asked = 0
        while not waiting.done():
            await self.ask()
            asked += 1
        await waiting
        return asked

    async def until_two(self, *, without: set[int]) -> None:
        async def two() -> bool:
            now = self.processes
            return len(now) == 2 and not now & without

        await until(two, "two processes")

    async def until_none(self, pids: set[int]) -> None:
        async def none() -> bool:
            return not any(is_there(pid) for pid in pids)

        await until(none, "the end of the processes")


@pytest.fixture
async def pair(run: Run, settings: Settings) -> AsyncGenerator[Pair]:
    port = free_port()
    command = roster("serve", "--port", str(port), "--workers", "2")
    more = {"ROSTER_RUN_JOBS": "true"}
    program = run(command, environment_of(settings, **more))
    await until(lambda: is_ready(port), "the server")
    pair = Pair(program, port)
    await pair.until_two(without=set())
    yield pair
    await pair.client.aclose()


async def all_know_within_a_second(pair: Pair) -> None:
    """Change something by one process, and read it by both."""
    await set_up(pair.client)
    agent = {"team": "ada", "content": agent_file("reviewer")}
    made = await pair.client.post("/api/v1/agents", json=agent)
    assert made.status_code == 201, made.text
    place = f"/api/v1/components/{made.json()['id']}"
    for visibility in ("internal", "private"):
        now = await pair.client.get(place)
        changed = await pair.client.patch(
            place,
            json={"visibility": visibility},
            headers={"If-Match": now.headers["ETag"]},
        )
        assert changed.is_success, changed.text
        await asyncio.sleep(1)
        for _ in range(20):
            assert (await pair.client.get(place)).json()["visibility"] == visibility


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_two_serve_one_port_and_are_replaced_renewed_and_ended(
    pair: Pair,
) -> None:
    assert pair.program.said.count("Roster is at") == 1
    await all_know_within_a_second(pair)

    killed = pair.processes.pop()
    os.kill(killed, signal.SIGKILL)
    await pair.ask_meanwhile(pair.until_two(without={killed}))
    assert f"{killed} ended (-9), and is replaced" in pair.program.said

    # New ones take over without a request that fails.
    old = pair.processes
    pair.program.signal(signal.SIGHUP)
    assert await pair.ask_meanwhile(pair.until_two(without=old))
    await pair.until_none(old)

    processes = pair.processes
    assert await pair.program.end() == 0
    await pair.until_none(processes)
    assert not await is_ready(pair.port)
    assert "Traceback" not in pair.program.said


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_reload_is_for_one_process(settings: Settings) -> None:
    with pytest.raises(CannotStartError, match="leave out WORKERS"):
        serve(settings, host="127.0.0.1", port=0, reload=True, workers=2)
