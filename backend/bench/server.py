"""Real servers on this machine: of this code, and of bare Starlette beside it."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from bench.client import Connection
from tests.services.postgres import free_port

HERE = Path(__file__).resolve().parent
API = "/api/v1"
SETUP_CODE = "setup-code-of-the-benchmark"
PASSWORD = "a password for an hour"  # noqa: S105 - of an account that is thrown away
USERNAME = "bench"
STARTS_IN_SECONDS = 20


@dataclass(frozen=True)
class Server:
    port: int
    pid: int
    database: str = ""
    """Its address, where there is one."""


@contextmanager
def serving(
    data: str, database: str | None = None, settings: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """Run a server of this code on a data folder until the block ends."""
    environment = {
        **{key: value for key, value in os.environ.items() if key[:6] != "ROSTER"},
        "ROSTER_DATA_DIR": data,
        "ROSTER_SETUP_CODE": SETUP_CODE,
        "ROSTER_RATE_LIMIT_PER_MINUTE": "0",
        "ROSTER_ACCESS_TOKEN_MINUTES": "600",
        **(settings or {}),
    }
    if database is not None:
        environment["ROSTER_DATABASE_URL"] = database
    with (
        Path(data, "server.log").open("wb") as log,
        subprocess.Popen(
            [sys.executable, "-m", "roster", "serve", "--port", "0"],
            cwd=HERE.parent,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as server,
    ):
        try:
            assert server.stdout is not None
            said = iter(server.stdout.readline, "")
            found = (re.search(r"http://localhost:(\d+)", line) for line in said)
            port = next(int(match[1]) for match in found if match)
            address = database or f"sqlite+aiosqlite:///{data}/roster.db"
            yield Server(port, server.pid, address)
        finally:
            server.terminate()


@contextmanager
def instance(
    database: str | None = None, *, started: Callable[[int], None] | None = None
) -> Iterator[tuple[int, str]]:
    """Run a server on an empty data folder; give its port and its database.

    Args:
        database: Address of an empty one; an SQLite file of its own without.
        started: Is told the id of the process.
    """
    with (
        tempfile.TemporaryDirectory() as data,
        serving(data, database, {"ROSTER_LOG_LEVEL": "warning"}) as server,
    ):
        if started is not None:
            started(server.pid)
        yield server.port, server.database


@contextmanager
def copy_of(data: str) -> Iterator[str]:
    """Give a copy of the data folder of a server that was stopped."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(data, folder, dirs_exist_ok=True)
        yield folder


@contextmanager
def bare(bodies: Mapping[str, bytes]) -> Iterator[Server]:
    """Run bare Starlette, which answers with these bytes by name."""
    with tempfile.TemporaryDirectory() as folder:
        for name, body in bodies.items():
            Path(folder, name).write_bytes(body)
        port = free_port()
        command = [
            *(sys.executable, "-m", "uvicorn", "bench.bare:app", "--port", str(port)),
            *("--no-access-log", "--log-level", "warning"),
        ]
        environment = {**os.environ, "BARE_FOLDER": folder}
        with subprocess.Popen(command, cwd=HERE.parent, env=environment) as server:
            try:
                wait_for(port)
                yield Server(port, server.pid)
            finally:
                server.terminate()


def wait_for(port: int) -> None:
    ends = time.monotonic() + STARTS_IN_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > ends:
                raise
            time.sleep(0.05)
        else:
            return


async def sign_up(connection: Connection) -> dict[str, str]:
    """Make the first account, and give the headers of who is signed in with it."""
    account = {
        "username": USERNAME,
        "email": "bench@example.org",
        "password": PASSWORD,
        "setup_code": SETUP_CODE,
    }
    await connection.json("POST", f"{API}/auth/register", {}, account)
    return await sign_in(connection)


async def sign_in(connection: Connection, username: str = USERNAME) -> dict[str, str]:
    form = urlencode({"username": username, "password": PASSWORD}).encode()
    kind = {"content-type": "application/x-www-form-urlencoded"}
    _, _, content = await connection.request("POST", f"{API}/auth/token", kind, form)
    return {"authorization": f"Bearer {json.loads(content)['access_token']}"}
