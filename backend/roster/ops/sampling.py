"""Figures of this process that are looked at now and then, rather than counted."""

import asyncio
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy.pool import QueuePool

from roster.core import metrics
from roster.core.answers import Answers
from roster.core.db import Database
from roster.core.observing import flight
from roster.live.hub import Follower, Hub

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

TICK_SECONDS = 0.5
TICKS_PER_SAMPLE = 4
PROC = Path("/proc/self")
STARTED = time.time()


class Usage(NamedTuple):
    """What the system says of this process; zeros where it says nothing."""

    memory_bytes: int = 0
    unshared_bytes: int = 0
    open_files: int = 0
    most_files: int = 0


def usage() -> Usage:
    with suppress(OSError, ValueError):
        page = os.sysconf("SC_PAGE_SIZE")
        _, resident, shared = map(int, (PROC / "statm").read_text().split()[:3])
        files = len(os.listdir(PROC / "fd"))  # noqa: PTH208 - names alone, and faster
        return Usage(resident * page, (resident - shared) * page, files, _most_files())
    return Usage()


def _most_files() -> int:
    import resource  # noqa: PLC0415 - not everywhere, and then there is no /proc

    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


class Sampler:
    """Samples for as long as the application runs, and times the event loop."""

    def __init__(self, database: Database, hub: Hub, answers: Answers) -> None:
        self._engines = {"write": database.writer}
        if database.reader is not database.writer:
            self._engines["read"] = database.reader
        self._hub = hub
        self._answers = answers
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="sampler")

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self.sample()

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        ticks = 0
        while True:
            due = loop.time() + TICK_SECONDS
            await asyncio.sleep(TICK_SECONDS)
            metrics.LOOP_LAG_SECONDS.observe(max(0.0, loop.time() - due))
            if ticks % TICKS_PER_SAMPLE == 0:
                self.sample()
            ticks += 1

    def sample(self) -> None:
        metrics.IN_FLIGHT.set(flight.requests)
        sent, flight.sent = flight.sent, 0
        metrics.SENT_BYTES.inc(sent)
        self._answers.tell_metrics()
        listeners = self._hub.listeners.all()
        followers = sum(isinstance(one, Follower) for one in listeners)
        metrics.LISTENERS.labels("events").set(followers)
        metrics.LISTENERS.labels("jobs").set(len(listeners) - followers)
        for role, engine in self._engines.items():
            _sample_pool(role, engine)
        found = usage()
        metrics.MEMORY_BYTES.set(found.memory_bytes)
        metrics.UNSHARED_BYTES.set(found.unshared_bytes)
        metrics.OPEN_FILES.set(found.open_files)
        metrics.MOST_FILES.set(found.most_files)
        metrics.TASKS.set(len(asyncio.all_tasks()))
        metrics.CPU_SECONDS.set(time.process_time())
        metrics.STARTED_AT.set(STARTED)


def _sample_pool(role: str, engine: "AsyncEngine") -> None:
    pool = engine.sync_engine.pool
    if isinstance(pool, QueuePool):
        metrics.DB_CONNECTIONS.labels(role, "busy").set(pool.checkedout())
        metrics.DB_CONNECTIONS.labels(role, "idle").set(pool.checkedin())
