"""Real processes, which can be killed, and what they leave in the database."""

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlmodel import col, select, update

from roster.core.db import Database
from roster.core.model import utc_now
from roster.instance.models import PolicyEntry
from roster.jobs.models import Job, JobLine, JobState, Queue
from roster.jobs.queues import served
from roster.jobs.registry import JobKind
from roster.jobs.service import enqueue
from roster.settings import Settings
from tests.conftest import SETUP_CODE
from tests.services.bound import BOUND
from tests.services.drill import COUNT, counter_of

BACKEND = Path(__file__).resolve().parents[2]
SECONDS = 120.0
"""How long to wait for what has to come."""
KILLS = int(os.environ.get("ROSTER_TEST_KILLS", "1"))
"""How often a drill kills; ten and more for long."""
ALL_QUEUES = ",".join(Queue)

Begin = Callable[..., Awaitable["Program"]]


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


class Program:
    """A server or a worker, as a process of its own."""

    def __init__(self, settings: Settings, *arguments: str) -> None:
        self._arguments = arguments
        self._process: asyncio.subprocess.Process | None = None
        redis_url = settings.redis_url
        self._environment = {
            **os.environ,
            "ROSTER_ENVIRONMENT": "test",
            "ROSTER_DATA_DIR": str(settings.data_dir),
            "ROSTER_DATABASE_URL": settings.database,
            "ROSTER_REDIS_URL": redis_url.get_secret_value() if redis_url else "",
            "ROSTER_SETUP_CODE": SETUP_CODE,
            "ROSTER_BCRYPT_ROUNDS": "4",
            "ROSTER_LOG_LEVEL": "error",
        }

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            # Else a run that is broken off would leave it, to take what others send.
            *(*BOUND, "", sys.executable),
            *("-m", "tests.services.drill", *self._arguments),
            cwd=BACKEND,
            env=self._environment,
            start_new_session=True,
        )

    def children(self) -> list[int]:
        """Processes that this one has started, and that are alive."""
        path = Path(f"/proc/{self.pid}/task/{self.pid}/children")
        return [int(pid) for pid in path.read_text().split()]

    async def kill(self) -> None:
        """Kill it with all that it started, as a machine that fails does."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        await self._process.wait()
        self._process = None

    async def ended(self) -> int:
        """Ask it to end, and wait until it has."""
        assert self._process is not None
        self._process.terminate()
        code = await asyncio.wait_for(self._process.wait(), SECONDS)
        await self.kill()
        return code


@pytest.fixture
async def begin(settings: Settings) -> AsyncGenerator[Begin]:
    """Start programs on this test's database, which end with the test."""
    async with AsyncExitStack() as running:

        async def start(*arguments: str, **changes: Any) -> Program:
            program = Program(settings.model_copy(update=changes), *arguments)
            running.push_async_callback(program.kill)
            await program.start()
            return program

        yield start


async def answers(client: httpx.AsyncClient) -> bool:
    with contextlib.suppress(httpx.TransportError):
        return (await client.get("/instance")).is_success
    return False


class Table:
    """The jobs, as they stand in the database."""

    def __init__(self, database: Database) -> None:
        self.database = database
        JobKind(COUNT, nobody, queue=Queue.imports)

    async def ask(
        self,
        queue: Queue = Queue.imports,
        user_id: UUID | None = None,
        **payload: Any,
    ) -> UUID:
        async with self.database.write() as session:
            job = enqueue(session, COUNT, payload, actor_id=user_id)
            job.queue = queue
            return job.id

    async def load(self, job_id: UUID) -> Job:
        async with self.database.read() as session:
            return await session.get_one(Job, job_id)

    async def all_of(self, kind: str) -> list[Job]:
        async with self.database.read() as session:
            return list((await session.exec(select(Job).where(Job.kind == kind))).all())

    async def counted(self, job_id: UUID) -> int:
        async with self.database.read() as session:
            entry = await session.get(PolicyEntry, counter_of(job_id))
        return entry.value if entry else 0

    async def batches(self, job_id: UUID) -> list[str]:
        """The lines that tell of batches, in their order."""
        async with self.database.read() as session:
            lines = await session.exec(
                select(JobLine.message, JobLine.number)
                .where(JobLine.job_id == job_id)
                .order_by(col(JobLine.number))
            )
            found = lines.all()
        assert [number for _, number in found] == list(range(1, len(found) + 1))
        return [message for message, _ in found if message.startswith("Batch")]

    async def time_passes(self, by: timedelta = timedelta(minutes=2)) -> None:
        """Let what runs have been heard of, and what was sent, that much before."""
        async with self.database.write() as session:
            running = col(Job.state) == JobState.running
            past = utc_now() - by
            await session.exec(update(Job).where(running).values(updated_at=past))
            sent = col(Job.sent_at).is_not(None)
            before = {"sent_at": past, "due_at": past - by}
            await session.exec(update(Job).where(sent).values(**before))

    async def until_counted(self, job_id: UUID, number: int) -> None:
        async def there() -> bool:
            return await self.counted(job_id) >= number

        await until(there, f"batch {number}")

    async def until_ended(self, job_id: UUID) -> Job:
        async def ended() -> Job | None:
            job = await self.load(job_id)
            return job if job.finished_at else None

        found: Job = await until(ended, "the end of the job")
        return found

    async def is_whole(self, job_id: UUID, batches: int) -> None:
        """Assert that it was done to its end, and each batch of it once."""
        job = await self.until_ended(job_id)
        assert job.state is JobState.succeeded, job.error
        assert await self.counted(job_id) == batches
        told = [f"Batch {number + 1}" for number in range(batches)]
        assert await self.batches(job_id) == told


async def nobody(_run: object) -> None:
    """It is done in other processes alone."""


@pytest.fixture
async def table(settings: Settings) -> AsyncGenerator[Table]:
    database = Database(settings.database, pool_size=2)
    yield Table(database)
    await database.dispose()


@asynccontextmanager
async def client_of(port: int) -> AsyncGenerator[httpx.AsyncClient]:
    base = f"http://127.0.0.1:{port}/api/v1"
    async with httpx.AsyncClient(base_url=base, timeout=30, trust_env=False) as client:
        yield client


async def served_at(port: int) -> None:
    async with client_of(port) as client:
        await until(lambda: answers(client), "the server")


async def works(table: Table) -> None:
    async def says_so() -> bool:
        async with table.database.read() as session:
            return await served(session) == set(Queue)

    await until(says_so, "the worker")
