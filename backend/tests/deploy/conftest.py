"""Instances as people run them: the programs themselves, and what is before them."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from roster.settings import Settings
from tests.conftest import PASSWORD, SETUP_CODE

BACKEND = Path(__file__).resolve().parents[2]
SECONDS = 240.0
"""How long to wait for what has to come."""

Run = Callable[[list[str], dict[str, str]], "Program"]


async def until(
    holds: Callable[[], Awaitable[Any]], what: str, seconds: float = SECONDS
) -> Any:
    """Wait until something holds, and give what it was."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := await holds():
            return found
        await asyncio.sleep(0.05)
    raise TimeoutError(what)


def children_of(pid: int) -> set[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    try:
        return {int(child) for child in path.read_text().split()}
    except FileNotFoundError:
        return set()


def is_there(pid: int) -> bool:
    return Path(f"/proc/{pid}/cmdline").exists()


class Program:
    """A program with what it started, in a session of its own."""

    def __init__(
        self, command: list[str], environment: dict[str, str], output: Path
    ) -> None:
        self._command = command
        self._environment = environment
        self._output = output
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def said(self) -> str:
        return self._output.read_text()

    def start(self) -> None:
        with self._output.open("ab") as output:
            self._process = subprocess.Popen(  # noqa: S603 - commands of the tests
                self._command,
                cwd=BACKEND,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def signal(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    async def wait(self) -> int:
        assert self._process is not None
        return await asyncio.to_thread(self._process.wait, SECONDS)

    async def end(self) -> int:
        """Ask it to end, and wait until it has."""
        self.signal(signal.SIGTERM)
        return await self.wait()

    def kill(self) -> None:
        """Kill it with all that it started, as a machine that fails does."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process = None


def environment_of(settings: Settings, **more: str) -> dict[str, str]:
    redis_url = settings.redis_url
    outer = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("ROSTER_", "PROMETHEUS_"))
    }
    return {
        **outer,
        "ROSTER_ENVIRONMENT": "test",
        "ROSTER_DATA_DIR": str(settings.data_dir),
        "ROSTER_DATABASE_URL": settings.database,
        "ROSTER_REDIS_URL": redis_url.get_secret_value() if redis_url else "",
        "ROSTER_SETUP_CODE": SETUP_CODE,
        "ROSTER_BCRYPT_ROUNDS": "4",
        "ROSTER_LOG_LEVEL": "warning",
        **more,
    }


@contextmanager
def programs(folder: Path) -> Generator[Run]:
    """Run programs, which end with the block."""
    running: list[Program] = []

    def start(command: list[str], environment: dict[str, str]) -> Program:
        output = folder / f"program-{len(running)}.log"
        program = Program(command, environment, output)
        running.append(program)
        return program

    try:
        yield start
    finally:
        for program in reversed(running):
            program.kill()


@pytest.fixture
def run(tmp_path: Path) -> Generator[Run]:
    """Run programs, which end with the test."""
    with programs(tmp_path) as start:
        yield start


def roster(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "roster", *arguments]


def client_at(base: str, **more: Any) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=base, timeout=30, trust_env=False, **more)


async def is_ready(port: int) -> bool:
    async with client_at(f"http://127.0.0.1:{port}") as client:
        with contextlib.suppress(httpx.TransportError):
            return (await client.get("/health/ready")).is_success
    return False


async def set_up(client: httpx.AsyncClient, username: str = "ada") -> None:
    """Make the first account, and sign in as it."""
    account = {"username": username, "password": PASSWORD}
    more = {"email": f"{username}@example.org", "setup_code": SETUP_CODE}
    made = await client.post("/api/v1/auth/register", json=account | more)
    assert made.status_code == 201, made.text
    answer = await client.post("/api/v1/auth/token", data=account)
    assert answer.is_success, answer.text
    client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
