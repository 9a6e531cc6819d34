"""What is broken in a drill, for how long, and how it is mended."""

import os
import signal
import sqlite3
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from dataclasses import dataclass, field

from sqlalchemy import make_url

from tests.drills.processes import Process, until
from tests.drills.stand import STATEMENT_SECONDS, Stand
from tests.services.postgres import connect

ROUNDS = int(os.environ.get("ROSTER_TEST_ROUNDS", "1"))
"""How often each is done; more than once for long."""
PAUSE_SECONDS = 5.0 if ROUNDS > 1 else 2.0
FULL_SECONDS = 2.0
HOUR = 3600
HELD_SECONDS = STATEMENT_SECONDS + 1.0
AWAY_SECONDS = 1.0
"""How long what was killed stays away."""

Breaking = Callable[[Stand], AbstractAsyncContextManager[None]]


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong; the block of `breaking` is while it is broken."""

    name: str
    breaking: Breaking
    allows: dict[str, bool] = field(default_factory=dict)
    replaces: frozenset[str] = frozenset()
    """Names of the processes that are others afterwards."""
    seconds: float = AWAY_SECONDS


def killed(part: str) -> Breaking:
    """Kill all of a part, and start it again after a while."""

    @asynccontextmanager
    async def breaking(stand: Stand) -> AsyncGenerator[None]:
        process: Process = getattr(stand, part)
        await process.kill()
        yield
        await process.up()

    return breaking


@asynccontextmanager
async def one_killed(stand: Stand) -> AsyncGenerator[None]:
    """Kill one of the processes that serve; the others go on, and another one comes.

    One that took the place of another takes seconds until it serves: who would not wait
    for that might kill the only one that does.
    """
    first, *_ = stand.api.serving()
    os.kill(first, signal.SIGKILL)
    yield

    async def is_replaced() -> bool:
        return first not in stand.api.serving() and await stand.api.all_serve()

    await until(is_replaced, "another process serves", every=0.5)


@asynccontextmanager
async def postmaster_killed(stand: Stand) -> AsyncGenerator[None]:
    assert stand.postgres is not None
    await stand.postgres.kill_alone()
    yield
    await stand.postgres.up()


@asynccontextmanager
async def backend_killed(stand: Stand) -> AsyncGenerator[None]:
    """PostgreSQL ends all connections then, and recovers by itself."""
    assert stand.postgres is not None
    os.kill((await stand.postgres.backends())[0], signal.SIGKILL)
    yield
    await stand.postgres.up()


def paused(part: str) -> Breaking:
    """Stop a part for some seconds, as if no packet came through."""

    @asynccontextmanager
    async def breaking(stand: Stand) -> AsyncGenerator[None]:
        process: Process = getattr(stand, part)
        process.pause()
        try:
            yield
        finally:
            process.go_on()

    return breaking


@asynccontextmanager
async def disk_full(stand: Stand) -> AsyncGenerator[None]:
    """Let nothing more be written where the data lies, until there is room again."""
    stand.disk.fill(stand.writing)
    try:
        yield
    finally:
        stand.disk.free(stand.writing)
    for process in stand.processes:
        await process.up()


@asynccontextmanager
async def writer_held(stand: Stand) -> AsyncGenerator[None]:
    """Let another program have the database for itself to write."""
    path = make_url(stand.settings.database).database
    assert path is not None
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@asynccontextmanager
async def table_held(stand: Stand) -> AsyncGenerator[None]:
    """Let somebody hold a lock that nearly everything waits for."""
    owner = await connect(stand.settings.migration_database)
    async with owner.transaction():
        await owner.execute("LOCK TABLE components")
        yield
    await owner.close()


def clock_jump(seconds: int) -> Breaking:
    """Set the clock of the server and the worker, and then right again."""

    @asynccontextmanager
    async def breaking(stand: Stand) -> AsyncGenerator[None]:
        stand.clock.set(seconds)
        yield
        stand.clock.set(0)

    return breaking


DEAD = {"cuts": True}
REFUSING = {"refuses": True}
SIGNING_OUT = {"signs_out": True}
SERVER, POSTGRES, VALKEY, WORKER = (
    frozenset({name}) for name in ("the server", "PostgreSQL", "Valkey", "the worker")
)
CLOCKS = [
    Fault("clock two hours ahead", clock_jump(2 * HOUR), SIGNING_OUT),
    Fault("clock two hours behind", clock_jump(-2 * HOUR), SIGNING_OUT),
]
ON_EACH = [
    Fault("kill -9 of the server", killed("api"), DEAD, SERVER),
    Fault("pause of the server", paused("api"), seconds=PAUSE_SECONDS),
    Fault("disk full", disk_full, REFUSING, POSTGRES, FULL_SECONDS),
    *CLOCKS,
]
ON_SQLITE = [Fault("writer held by another", writer_held, REFUSING, seconds=2)]
ON_POSTGRES = [
    Fault("table held by another", table_held, REFUSING, seconds=HELD_SECONDS),
    Fault("kill -9 of one of two that serve", one_killed, DEAD),
    Fault("kill -9 of the postmaster", postmaster_killed, REFUSING, POSTGRES),
    Fault("kill -9 of a backend", backend_killed, REFUSING),
    Fault("pause of PostgreSQL", paused("postgres"), REFUSING, seconds=PAUSE_SECONDS),
    Fault("kill -9 of Valkey", killed("valkey"), {}, VALKEY),
    Fault("pause of Valkey", paused("valkey"), seconds=PAUSE_SECONDS),
    Fault("kill -9 of the worker", killed("worker"), {}, WORKER),
    Fault("pause of the worker", paused("worker"), seconds=PAUSE_SECONDS),
]
