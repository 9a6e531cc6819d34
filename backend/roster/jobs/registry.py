"""What a kind of job is, and what its function is given."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from roster.core.db import Database
from roster.core.keys import Keys
from roster.jobs import claims
from roster.settings import Settings

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


@dataclass(frozen=True)
class Tools:
    """What the functions of jobs work with."""

    settings: Settings
    database: Database
    keys: Keys


@dataclass(frozen=True)
class Run:
    """One attempt at a job."""

    job_id: UUID
    payload: dict[str, Any]
    attempt: int
    tools: Tools

    async def finish(self, session: AsyncSession) -> None:
        """Let the job succeed together with what this transaction does, or not at all.

        For effects that must not come twice. A job that does not call it succeeds
        when its function returns, and runs again if the process dies before.

        Raises:
            JobLostError: It is not this attempt's any more; nothing is stored.
        """
        if not await claims.succeed(session, self.job_id, self.attempt):
            raise JobLostError


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
