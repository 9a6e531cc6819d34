import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import asyncpg
import pytest

from tests.services.postgres import PostgresServer, connect

BACKEND = Path(__file__).resolve().parents[2]
USE_AND_WAIT = """
import time
from tests.services.postgres import PostgresServer, home_of_this_run
server = PostgresServer.start()
print(home_of_this_run(), flush=True)
time.sleep(600)
"""


async def test_a_database_is_copied_from_its_template(
    postgres: PostgresServer,
) -> None:
    postgres.create_database("made_first")
    connection = await connect(postgres.url("made_first"))
    await connection.execute("CREATE TABLE marks (mark text)")
    await connection.execute("INSERT INTO marks VALUES ('kept')")
    await connection.close()
    postgres.create_database("made_second", template="made_first")
    connection = await connect(postgres.url("made_second"))
    assert await connection.fetchval("SELECT mark FROM marks") == "kept"
    await connection.close()
    for name in ("made_first", "made_second"):
        postgres.drop_database(name)
    with pytest.raises(asyncpg.InvalidCatalogNameError):
        await connect(postgres.url("made_second"))


def test_the_server_ends_when_its_user_is_killed() -> None:
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("PYTEST_XDIST_TESTRUNUID", "ROSTER_TEST_POSTGRES_URL")
    }
    with subprocess.Popen(  # noqa: S603 - this Python, with the text above
        [sys.executable, "-c", USE_AND_WAIT],
        cwd=BACKEND,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as user:
        assert user.stdout is not None
        home = Path(user.stdout.readline().strip())
        ready = json.loads((home / "ready.json").read_text())
        server = Path(f"/proc/{ready['pid']}")
        assert server.exists()
        user.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 60
    while home.exists():
        assert time.monotonic() < deadline, "it still runs"
        time.sleep(0.05)
    assert not server.exists()
