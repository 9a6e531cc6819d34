"""One attempt at a job: what is the same in whatever process it is made."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from uuid import UUID

import structlog
from sqlalchemy.exc import DBAPIError
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.core import metrics, tracing
from roster.core.model import utc_now
from roster.jobs import claims
from roster.jobs.claims import Taker
from roster.jobs.models import Job, JobState
from roster.jobs.registry import JobError, JobKind, JobLostError, Run, Tools

PULSE = timedelta(seconds=0.5)
"""How often is told how far a job is, and looked whether it is to stop."""

Settle = Callable[[AsyncSession], Awaitable[bool]]

log = structlog.get_logger("roster.jobs")


class Kinds:
    """The kinds of jobs that a process can do."""

    def __init__(self, kinds: Iterable[JobKind]) -> None:
        by_name: dict[str, JobKind] = {}
        for kind in kinds:
            if kind.name in by_name:
                message = f"Two functions are registered for the job {kind.name}."
                raise ValueError(message)
            by_name[kind.name] = kind
        self.by_name: Mapping[str, JobKind] = MappingProxyType(by_name)
        self.attempts = {kind.name: kind.attempts for kind in by_name.values()}


async def hear_of_end(
    kinds: Mapping[str, JobKind], session: AsyncSession, job: Job, tools: Tools
) -> None:
    """Let a job's kind know, in this transaction, that it failed or was cancelled.

    Where that goes wrong the job has ended all the same, or it would for ever be ended
    anew.
    """
    kind = kinds.get(job.kind)
    if kind is None or kind.ended is None:
        return
    name, job_id = job.kind, job.id
    try:
        async with session.begin_nested():
            await kind.ended(session, job, tools)
    except Exception as error:
        if isinstance(error, DBAPIError) and error.connection_invalidated:
            raise
        log.exception("job_end_unheard", kind=name, job=str(job_id))
        # What the kind changed of it is undone, and has to be read anew.
        await session.refresh(job)


@dataclass
class _Attempt:
    job: Job
    kind: JobKind
    run: Run
    working: asyncio.Task[None]
    over: asyncio.Event = field(default_factory=asyncio.Event)
    """The function has returned, or is waited for no more."""
    is_cancelled: bool = False
    outcome: str = "lost"
    """What became of it, as it is counted."""
    beat_at: float = 0


class Performer:
    def __init__(
        self,
        tools: Tools,
        kinds: Kinds,
        *,
        name: str,
        beat: timedelta = claims.BEAT,
    ) -> None:
        self.tools = tools
        self.kinds = kinds
        self.name = name
        self._beat_seconds = beat.total_seconds()
        self._pulse_seconds = min(beat, PULSE).total_seconds()

    async def take(
        self, kinds: Iterable[str] | None = None, job_id: UUID | None = None
    ) -> Job | None:
        """Take a job: of some kinds alone, or one alone."""
        attempts = self.kinds.attempts
        if kinds is not None:
            attempts = {name: attempts[name] for name in kinds}
        # Looked for first: on SQLite the one who takes keeps all writers waiting.
        async with self.tools.database.read() as session:
            if not await claims.any_due(session, attempts, job_id):
                return None
        async with self.tools.database.write() as session:
            return await claims.take(
                session, Taker(attempts, self.name, self._hear), job_id
            )

    async def _hear(self, session: AsyncSession, job: Job) -> None:
        await hear_of_end(self.kinds.by_name, session, job, self.tools)

    async def perform(self, job: Job) -> None:
        """Make the attempt that was taken, and store what became of it."""
        about: dict[str, str | int] = {
            "job.id": str(job.id),
            "job.attempt": job.attempts,
        }
        with tracing.span(f"job {job.kind}", **about):
            await self._perform(job)

    async def _perform(self, job: Job) -> None:
        kind = self.kinds.by_name[job.kind]
        bound = structlog.contextvars.bind_contextvars(
            request_id=f"job-{job.id}", job=str(job.id), kind=job.kind
        )
        began = time.monotonic()
        waited = (utc_now() - job.due_at).total_seconds()
        metrics.JOB_WAIT_SECONDS.labels(job.queue.value).observe(max(0.0, waited))
        run = Run(job.id, job.payload, job.attempts, self.tools, job.actor_id)
        working = asyncio.create_task(self._work(kind, run))
        attempt = _Attempt(job, kind, run, working)
        pulse = asyncio.create_task(self._pulse(attempt))
        try:
            await self._until_over(attempt, pulse)
        finally:
            run.stopping.set()
            pulse.cancel()
            metrics.JOB_SECONDS.labels(job.kind).observe(time.monotonic() - began)
            metrics.JOBS_ENDED.labels(job.kind, attempt.outcome).inc()
            structlog.contextvars.reset_contextvars(**bound)

    async def _until_over(self, attempt: _Attempt, pulse: asyncio.Task[None]) -> None:
        job = attempt.job
        error: Exception | None = None
        try:
            await attempt.working
        except asyncio.CancelledError:
            attempt.run.stopping.set()
            attempt.over.set()
            if _is_being_cancelled():
                attempt.outcome = "requeued"
                await self._settle(
                    attempt, lambda s: claims.give_back(s, job.id, job.attempts)
                )
                raise
            await pulse
            if not attempt.is_cancelled:
                log.warning("job_lost")
            return
        except JobLostError:
            log.warning("job_lost")
            attempt.over.set()
            return
        except Exception as raised:  # noqa: BLE001 - whatever it was, the job failed
            error = raised
        attempt.over.set()
        await pulse
        if error is not None:
            await self._failed(attempt, error)
        else:
            attempt.outcome = "succeeded"
            await self._settle(
                attempt, lambda s: claims.succeed(s, job.id, job.attempts)
            )

    @staticmethod
    async def _work(kind: JobKind, run: Run) -> None:
        async with asyncio.timeout(kind.longest.total_seconds()):
            await kind.perform(run)

    async def _pulse(self, attempt: _Attempt) -> None:
        """Tell how far it is and that it lives; stop it if it is not to go on."""
        attempt.beat_at = asyncio.get_running_loop().time()
        while not attempt.over.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(attempt.over.wait(), self._pulse_seconds)
                return
            try:
                if not await self._tell(attempt):
                    return
            except Exception as error:  # noqa: BLE001 - it is tried again
                log.warning("job_untold", error=type(error).__name__)

    async def _tell(self, attempt: _Attempt) -> bool:
        """Tell whether to go on."""
        job, run = attempt.job, attempt.run
        database = self.tools.database
        now = asyncio.get_running_loop().time()
        ours = True
        if run.telling.has_news:
            async with database.write() as session:
                ours = await run.tell(session)
            attempt.beat_at = now
        elif now - attempt.beat_at >= self._beat_seconds:
            async with database.write() as session:
                ours = await claims.beat(session, job.id, job.attempts)
            attempt.beat_at = now
        async with database.read() as session:
            found = await session.exec(
                select(Job.state, Job.attempts, Job.cancel_requested_at).where(
                    Job.id == job.id
                )
            )
        state, attempts, stop_asked_at = found.first() or (None, 0, None)
        if not ours or attempts != job.attempts:
            # A job that has just succeeded is no more running, and not lost.
            if attempts != job.attempts or state is not JobState.succeeded:
                attempt.working.cancel()
            return False
        if state is JobState.running and stop_asked_at is not None:
            attempt.is_cancelled = True
            run.stopping.set()
            attempt.working.cancel()
            await self._cancelled(attempt)
            return False
        return True

    async def _cancelled(self, attempt: _Attempt) -> None:
        job = attempt.job
        attempt.outcome = "cancelled"
        log.info("job_cancelled")
        await self._settle(
            attempt, lambda s: claims.cancel(s, job.id, job.attempts), is_end=True
        )

    async def _failed(self, attempt: _Attempt, error: Exception) -> None:
        job, kind = attempt.job, attempt.kind
        told = isinstance(error, JobError)
        reason = str(error) if told else type(error).__name__
        final = isinstance(error, JobError) and error.final
        again = not final and job.attempts < kind.attempts
        attempt.outcome = "retried" if again else "failed"
        log.warning(
            "job_failed",
            attempt=job.attempts,
            again=again,
            error=reason,
            exc_info=None if told else error,
        )
        attempt.run.telling.take_back()
        if again:
            attempt.run.note(f"{reason} It is tried again.", "warning")
            await self._settle(
                attempt, lambda s: claims.try_later(s, job.id, job.attempts, reason)
            )
        else:
            attempt.run.note(reason, "error")
            await self._settle(
                attempt,
                lambda s: claims.fail(s, job.id, job.attempts, reason),
                is_end=True,
            )

    async def _settle(
        self, attempt: _Attempt, settle: Settle, *, is_end: bool = False
    ) -> None:
        """Write what became of a job; if that fails, it is run again in a while."""
        job, run = attempt.job, attempt.run
        try:
            async with self.tools.database.write() as session:
                while run.telling.has_news and await run.tell(session):
                    pass
                if await settle(session) and is_end:
                    ended = await session.get_one(Job, job.id, populate_existing=True)
                    await self._hear(session, ended)
        except Exception as error:  # noqa: BLE001 - see above
            log.warning("job_unsettled", error=type(error).__name__)


def _is_being_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
