"""What a kind of job is, and what its function is given."""

import threading
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from roster.core.db import Database
from roster.core.keys import Keys
from roster.core.model import utc_now
from roster.jobs import claims
from roster.jobs.models import Job, JobLine, Queue
from roster.settings import Settings

Level = Literal["info", "warning", "error"]
MOST_ATTEMPTS = 5
LONGEST = timedelta(minutes=5)


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


@dataclass(frozen=True, slots=True)
class Line:
    """A line for the log that is not stored yet."""

    message: str
    level: Level
    at: datetime


@dataclass
class Telling:
    """What a run wants known and is not stored yet. Threads write, the runner reads."""

    step: str | None = None
    done: int | None = None
    total: int | None = None
    lines: deque[Line] = field(default_factory=deque)


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
        session.add(
            JobLine(
                job_id=self.job_id,
                number=number,
                attempt=self.attempt,
                level=level,
                message=message,
            )
        )

    def check(self) -> None:
        """Called in long loops of threads.

        Raises:
            JobStoppedError: It is to stop.
        """
        if self.stopping.is_set():
            raise JobStoppedError

    async def finish(
        self, session: AsyncSession, result: dict[str, Any] | None = None
    ) -> None:
        """Let the job succeed together with what this transaction does, or not at all.

        For effects that must not come twice. A job that does not call it succeeds
        when its function returns, and runs again if the process dies before.

        Raises:
            JobLostError: It is not this attempt's any more; nothing is stored.
        """
        if not await claims.succeed(session, self.job_id, self.attempt, result):
            raise JobLostError


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
