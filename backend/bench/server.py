"""A real server on an empty data folder, and somebody signed in to it."""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from bench.client import Connection

HERE = Path(__file__).resolve().parent
API = "/api/v1"
SETUP_CODE = "setup-code-of-the-benchmark"
PASSWORD = "a password for an hour"  # noqa: S105 - of an account that is thrown away
USERNAME = "bench"


@contextmanager
def instance(
    database: str | None = None, *, started: Callable[[int], None] | None = None
) -> Iterator[tuple[int, str]]:
    """Run a server; give its port, and the address of its database.

    Args:
        database: Address of an empty one; an SQLite file of its own without.
        started: Is told the id of the process.
    """
    with tempfile.TemporaryDirectory() as data:
        environment = {
            **{key: value for key, value in os.environ.items() if key[:6] != "ROSTER"},
            "ROSTER_DATA_DIR": data,
            "ROSTER_SETUP_CODE": SETUP_CODE,
            "ROSTER_LOG_LEVEL": "warning",
        }
        if database is not None:
            environment["ROSTER_DATABASE_URL"] = database
        with subprocess.Popen(
            [sys.executable, "-m", "roster", "serve", "--port", "0"],
            cwd=HERE.parent,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        ) as server:
            try:
                if started is not None:
                    started(server.pid)
                assert server.stdout is not None
                said = iter(server.stdout.readline, "")
                found = (re.search(r"http://localhost:(\d+)", line) for line in said)
                port = next(int(match[1]) for match in found if match)
                yield port, database or f"sqlite+aiosqlite:///{data}/roster.db"
            finally:
                server.terminate()


async def sign_up(connection: Connection) -> dict[str, str]:
    """Make the first account, and give the headers of who is signed in with it."""
    account = {
        "username": USERNAME,
        "email": "bench@example.org",
        "password": PASSWORD,
        "setup_code": SETUP_CODE,
    }
    await connection.json("POST", f"{API}/auth/register", {}, account)
    form = urlencode({"username": USERNAME, "password": PASSWORD}).encode()
    kind = {"content-type": "application/x-www-form-urlencoded"}
    _, _, content = await connection.request("POST", f"{API}/auth/token", kind, form)
    return {"authorization": f"Bearer {json.loads(content)['access_token']}"}
