"""What a kind of job is, and what its function is given."""

import threading
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from roster.core.db import Database
from roster.core.keys import Keys
from roster.core.model import utc_now
from roster.jobs import claims, log_lines
from roster.jobs.log_lines import Line
from roster.jobs.models import Job, Queue
from roster.settings import Settings

Level = Literal["info", "warning", "error"]
MOST_ATTEMPTS = 5
LONGEST = timedelta(minutes=5)
MOST_LINES = 500
"""How many lines are stored at once."""


class JobError(Exception):
    """Why a job did not succeed, as one sentence without anything secret.

    Of every other exception only the name of its class is kept with the job.
    """

    def __init__(self, message: str, *, final: bool = False) -> None:
        super().__init__(message)
        self.final = final
        """Trying again would not help."""


class JobLostError(Exception):
    """Another process has taken this job over, and what was done here is void."""


class JobStoppedError(Exception):
    """The job was cancelled, or given up, while a thread worked for it."""


@dataclass(frozen=True)
class Tools:
    """What the functions of jobs work with."""

    settings: Settings
    database: Database
    keys: Keys


@dataclass
class Telling:
    """What a run wants known and is not stored yet. Threads write, the runner reads."""

    step: str | None = None
    done: int | None = None
    total: int | None = None
    lines: deque[Line] = field(default_factory=deque)
    told: dict[str, Any] = field(default_factory=dict)
    """The progress that was stored last."""
    unsure: list[Line] = field(default_factory=list)
    """Lines that go with a transaction which may yet fail."""

    @property
    def has_news(self) -> bool:
        return bool(self.lines or self._changed())

    def _changed(self) -> dict[str, Any]:
        now = {"step": self.step, "done": self.done, "total": self.total}
        return {
            name: value
            for name, value in now.items()
            if value is not None and value != self.told.get(name)
        }

    def news(self) -> tuple[list[Line], dict[str, Any]]:
        """Take the lines that wait, and what has changed of the progress."""
        lines: list[Line] = []
        with suppress(IndexError):
            while len(lines) < MOST_LINES:
                lines.append(self.lines.popleft())
        return lines, self._changed()

    def put_back(self, lines: list[Line]) -> None:
        """Keep for later what could not be stored."""
        self.lines.extendleft(reversed(lines))
        self.told.clear()

    def take_back(self) -> None:
        """Tell again what went with a transaction that failed."""
        self.put_back(self.unsure)
        self.unsure = []


@dataclass(frozen=True)
class Run:
    """One attempt at a job."""

    job_id: UUID
    payload: dict[str, Any]
    attempt: int
    tools: Tools
    actor_id: UUID | None = None
    telling: Telling = field(default_factory=Telling)
    stopping: threading.Event = field(default_factory=threading.Event)

    def progress(
        self, done: int, total: int | None = None, *, step: str | None = None
    ) -> None:
        """Say how far it is, from any thread; it is stored twice a second."""
        self.telling.done = done
        if total is not None:
            self.telling.total = total
        if step is not None:
            self.telling.step = step

    def note(self, message: str, level: Level = "info") -> None:
        """Add a line to the log, within half a second, from any thread.

        What tells of something stored goes with it: see `say`.
        """
        self.telling.lines.append(Line(message, level, utc_now()))

    async def say(
        self, session: AsyncSession, message: str, level: Level = "info"
    ) -> None:
        """Add a line to the log together with what this transaction does.

        Raises:
            JobLostError: It is not this attempt's any more; nothing is stored.
        """
        number = await claims.count_lines(session, self.job_id, self.attempt, 1)
        if number is None:
            raise JobLostError
        line = Line(message, level, utc_now())
        log_lines.add(session, self.job_id, self.attempt, number, [line])

    def check(self) -> None:
        """Called in long loops of threads.

        Raises:
            JobStoppedError: It is to stop.
        """
        if self.stopping.is_set():
            raise JobStoppedError

    async def tell(self, session: AsyncSession) -> bool:
        """Store what is not stored yet; tell whether the job is still this attempt's.

        What another one has taken over is told no more.
        """
        # What is taken out before the row is ours would be lost, or come out of order,
        # where the job is finished meanwhile.
        if not await claims.beat(session, self.job_id, self.attempt):
            return False
        lines, progress = self.telling.news()
        try:
            ours = await claims.tell(
                session, self.job_id, self.attempt, lines, **progress
            )
            await session.flush()
        except BaseException:
            self.telling.put_back(lines)
            raise
        self.telling.told |= progress
        return ours

    async def finish(
        self, session: AsyncSession, result: dict[str, Any] | None = None
    ) -> None:
        """Let the job succeed together with what this transaction does, or not at all.

        For effects that must not come twice. A job that does not call it succeeds
        when its function returns, and runs again if the process dies before.

        Raises:
            JobLostError: It is not this attempt's any more; nothing is stored.
        """
        self.telling.unsure = list(self.telling.lines)
        if self.telling.has_news:
            await self.tell(session)
        if not await claims.succeed(session, self.job_id, self.attempt, result):
            raise JobLostError


_QUEUES: dict[str, Queue] = {}
"""The queue of every kind that was ever made; see `queue_of`."""

Ended = Callable[[AsyncSession, Job, Tools], Awaitable[None]]
Retried = Callable[[AsyncSession, Job, Job], Awaitable[None]]


@dataclass(frozen=True)
class JobKind:
    """A name, and the function that does what is asked for by it."""

    name: str
    perform: Callable[[Run], Awaitable[None]]
    every: timedelta | None = None
    """Do it at each multiple of this time, once among all processes."""
    attempts: int = MOST_ATTEMPTS
    longest: timedelta = LONGEST
    """An attempt that takes longer is given up."""
    queue: Queue = Queue.default
    ended: Ended | None = None
    """Called in the transaction in which a job fails for good or is cancelled."""
    retried: Retried | None = None
    """Called with a job that failed or was cancelled and the new one that does it
    again; None: people cannot ask for that."""

    def __post_init__(self) -> None:
        _QUEUES[self.name] = self.queue


def queue_of(kind: str) -> Queue:
    """Give the queue of a kind of job.

    Raises:
        LookupError: Nobody could do such a job.
    """
    try:
        return _QUEUES[kind]
    except KeyError:
        message = f"No function is registered for the job {kind}."
        raise LookupError(message) from None
