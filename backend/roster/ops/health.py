"""Whether requests can be served, and why not.

Probes come unasked for, and must not keep the database from its work: the parts are
looked at once at a time, and who comes meanwhile shares the next look.
"""

import asyncio
from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, NamedTuple

from fastapi import Depends, Request
from pydantic import SecretStr
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, func, select

from roster.core.db import Database
from roster.core.errors import FieldError, Unavailable
from roster.core.model import utc_now
from roster.jobs.models import Worker
from roster.jobs.presence import ALIVE_FOR
from roster.jobs.runner import Runner
from roster.ops import schema
from roster.ops.models import Part, PartName, PartStatus
from roster.ops.storage import Storage
from roster.settings import Settings

if TYPE_CHECKING:
    from roster.ops.redis_health import RedisHealth

PATIENCE_SECONDS = 3.0
RETRY = {"Retry-After": "5"}
ENDING = "This process is ending: send requests to another one."
OUT_OF_REACH = "The database is out of reach."
NO_REDIS = (
    "Redis does not answer: jobs start late, and sign-ins are limited by each process "
    "for itself."
)
NO_RUNNER = "This process does jobs no more, and has to be started anew."
NO_WORKER = f"No worker was heard of for {ALIVE_FOR.seconds} seconds: jobs wait."
_WORST: tuple[PartStatus, ...] = ("failed", "degraded")


class Finding(NamedTuple):
    status: PartStatus
    reason: str = ""


FINE = Finding("ok")
Look = Callable[[], Awaitable[Finding]]


def worst_of(parts: list[Part]) -> PartStatus:
    found = {part.status for part in parts}
    return next((status for status in _WORST if status in found), "ok")


class Health:
    """Knows how the process is that it is made in, and what this one needs."""

    def __init__(self, settings: Settings, database: Database, runner: Runner) -> None:
        self.started_at = utc_now()
        self._settings = settings
        self._database = database
        self._runner = runner
        self._storage = Storage(settings)
        self._redis = _redis(settings.redis_url)
        self._ending = False
        self._looking = asyncio.Lock()
        self._found: list[Part] = []
        self._begun_at = 0.0
        self._schema: str | None = None

    def draining(self) -> None:
        """Say from now on that no more requests should come, and begin no more jobs."""
        self._ending = True
        self._runner.take_no_more()

    def require_going_on(self) -> None:
        """Refuse where it was said that no more requests should come.

        Raises:
            Unavailable: It was.
        """
        if self._ending:
            raise Unavailable(ENDING, headers=RETRY)

    async def close(self) -> None:
        self._storage.close()
        if self._redis is not None:
            await self._redis.close()

    def free_bytes(self) -> int:
        """Ask the disk how much is left. It blocks."""
        return self._storage.free_bytes()

    async def look(self) -> list[Part]:
        """Look at every part, all at once."""
        if self._ending:
            return [_part("process", Finding("failed", ENDING), 0)]
        asked_at = perf_counter()
        async with self._looking:
            if self._begun_at < asked_at:
                self._begun_at = perf_counter()
                looks = self._looks().items()
                found = await asyncio.gather(*(_timed(*look) for look in looks))
                self._found = self._with_schema(*found)
        return self._found

    def _looks(self) -> dict[PartName, Look]:
        looks: dict[PartName, Look] = {
            "database": self._look_at_database,
            "storage": self._look_at_storage,
        }
        if self._settings.embeds_jobs or self._redis is not None:
            looks["jobs"] = self._look_at_jobs
        if self._redis is not None:
            looks["redis"] = self._look_at_redis
        return looks

    async def _look_at_database(self) -> Finding:
        await schema.load()
        async with self._database.read() as session:
            self._schema = await schema.present(session)
        return FINE

    def _with_schema(self, database: Part, *others: Part) -> list[Part]:
        """Judge the schema by what the database answered, if it did."""
        found = Finding("failed", database.reason)
        if database.status == "ok":
            found = Finding(*schema.judge(self._schema))
        seconds = database.milliseconds / 1000
        return [database, _part("schema", found, seconds), *others]

    async def _look_at_storage(self) -> Finding:
        status, reason = await self._storage.look()
        return Finding(status, reason)

    async def _look_at_jobs(self) -> Finding:
        if self._settings.embeds_jobs:
            return FINE if self._runner.is_working else Finding("degraded", NO_RUNNER)
        since = utc_now() - ALIVE_FOR
        async with self._database.read() as session:
            alive = await session.exec(
                select(func.count()).where(col(Worker.updated_at) >= since)
            )
            return FINE if alive.one() else Finding("degraded", NO_WORKER)

    async def _look_at_redis(self) -> Finding:
        assert self._redis is not None  # noqa: S101 - looked for where there is one
        answers = await self._redis.answers()
        return FINE if answers else Finding("degraded", NO_REDIS)


def _redis(url: SecretStr | None) -> "RedisHealth | None":
    if url is None:
        return None
    # Its client takes ten megabytes, and most instances do without.
    from roster.ops.redis_health import RedisHealth  # noqa: PLC0415 - see above

    return RedisHealth(url, seconds=PATIENCE_SECONDS / 2)


async def _timed(name: PartName, look: Look) -> Part:
    began = perf_counter()
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            found = await look()
    except TimeoutError:
        found = _missing(name, f"It did not answer within {PATIENCE_SECONDS:g} seconds")
    except (SQLAlchemyError, OSError):
        found = _missing(name, OUT_OF_REACH.removesuffix("."))
    return _part(name, found, perf_counter() - began)


def _missing(name: PartName, reason: str) -> Finding:
    if name == "redis":
        return Finding("degraded", NO_REDIS)
    # Without the database nothing is known of jobs, which is no second fault.
    return Finding("degraded" if name == "jobs" else "failed", f"{reason}.")


def _part(name: PartName, found: Finding, seconds: float) -> Part:
    return Part(
        name=name,
        status=found.status,
        milliseconds=round(seconds * 1000, 1),
        reason=found.reason,
    )


def not_ready(parts: list[Part], *, in_detail: bool) -> Unavailable:
    """Make the problem that says what is missing, to those who may know."""
    failed = [part for part in parts if part.status == "failed"]
    if not in_detail:
        return Unavailable("This instance is not ready to serve.", headers=RETRY)
    return Unavailable(
        " ".join(dict.fromkeys(part.reason for part in failed)),
        errors=[
            FieldError(loc=part.name, message=part.reason, code=part.status)
            for part in parts
            if part.reason
        ],
        headers=RETRY,
    )


async def get_health(request: Request) -> Health:
    health: Health = request.app.state.health
    return health


HealthDep = Annotated[Health, Depends(get_health)]
