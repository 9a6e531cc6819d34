"""Does background work in this process, beside its requests.

The table is the truth: what is queued there survives a restart, and any number of
processes may take from it. An attempt that was cut off by a crash is made again, so
functions of jobs must bear running twice (`Run.finish` is for those that cannot).
"""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import structlog

from roster.core.model import utc_now
from roster.jobs import claims
from roster.jobs.models import Job
from roster.jobs.registry import JobError, JobKind, JobLostError, Run, Tools
from roster.jobs.schedule import latest_time, plan
from roster.jobs.service import ALARM

SLOTS = 4
POLL_SECONDS = 1.0
"""How late a job may start that another process asked for, or that waited."""
PATIENCE = timedelta(seconds=5)
"""How long a stop waits for what runs."""

log = structlog.get_logger("roster.jobs")


class Runner:
    def __init__(
        self,
        tools: Tools,
        kinds: Iterable[JobKind],
        *,
        patience: timedelta = PATIENCE,
        beat: timedelta = claims.BEAT,
    ) -> None:
        self._tools = tools
        self._beat_seconds = beat.total_seconds()
        self._patience = patience.total_seconds()
        self._kinds: dict[str, JobKind] = {}
        for kind in kinds:
            if kind.name in self._kinds:
                message = f"Two functions are registered for the job {kind.name}."
                raise ValueError(message)
            self._kinds[kind.name] = kind
        self._attempts = {kind.name: kind.attempts for kind in self._kinds.values()}
        self._planned: dict[str, datetime] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._woken = tools.database.alarm(ALARM)
        self._stopping = False
        self._dispatcher: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to work, until `stop`."""
        self._dispatcher = asyncio.create_task(self._dispatch())

    async def stop(self) -> None:
        """Finish what runs; what takes too long is given back for the next start."""
        if self._dispatcher is None:
            return
        self._stopping = True
        self._woken.set()
        await self._dispatcher
        self._dispatcher = None
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=self._patience)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def drain(self) -> int:
        """Do all that is due, one after the other, and tell how many jobs it was."""
        done = 0
        while True:
            if self._running:
                await asyncio.wait(self._running)
            job = await self._take()
            if job is None:
                return done
            await self._perform(job)
            done += 1

    async def plan_periodic(self) -> None:
        """See to it that every periodic job has the row of its latest time."""
        now = utc_now()
        for kind in self._kinds.values():
            if kind.every is None:
                continue
            due_at = latest_time(kind.every, now)
            if self._planned.get(kind.name) != due_at:
                await plan(self._tools.database, kind.name, due_at)
                self._planned[kind.name] = due_at

    async def _dispatch(self) -> None:
        while not self._stopping:
            self._woken.clear()
            try:
                await self.plan_periodic()
                await self._fill()
            except Exception as error:  # noqa: BLE001 - the database may come back
                log.warning("jobs_unavailable", error=type(error).__name__)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), POLL_SECONDS)

    async def _fill(self) -> None:
        while not self._stopping and len(self._running) < SLOTS:
            job = await self._take()
            if job is None:
                return
            task = asyncio.create_task(self._perform(job))
            self._running.add(task)
            task.add_done_callback(self._free)

    def _free(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._woken.set()

    async def _take(self) -> Job | None:
        # Looked for first: on SQLite the one who takes keeps all writers waiting.
        async with self._tools.database.read() as session:
            if not await claims.any_due(session, self._attempts):
                return None
        async with self._tools.database.write() as session:
            return await claims.take(session, self._attempts)

    async def _perform(self, job: Job) -> None:
        kind = self._kinds[job.kind]
        structlog.contextvars.bind_contextvars(request_id=f"job-{job.id}")
        run = Run(job.id, job.payload, job.attempts, self._tools, job.actor_id)
        working = asyncio.create_task(self._work(kind, run))
        beating = asyncio.create_task(self._beat(job, working))
        try:
            await working
        except asyncio.CancelledError:
            if not _is_being_cancelled():
                log.warning("job_lost", kind=job.kind, job=str(job.id))
                return
            await self._settle(job, claims.give_back)
            raise
        except JobLostError:
            log.warning("job_lost", kind=job.kind, job=str(job.id))
        except Exception as error:  # noqa: BLE001 - whatever it was, the job failed
            await self._failed(kind, job, error)
        else:
            await self._settle(job, claims.succeed)
        finally:
            beating.cancel()
            structlog.contextvars.unbind_contextvars("request_id")

    @staticmethod
    async def _work(kind: JobKind, run: Run) -> None:
        async with asyncio.timeout(kind.longest.total_seconds()):
            await kind.perform(run)

    async def _beat(self, job: Job, working: asyncio.Task[None]) -> None:
        while not working.done():
            await asyncio.sleep(self._beat_seconds)
            with suppress(Exception):  # it is tried again, and then given up by others
                async with self._tools.database.write() as session:
                    ours = await claims.beat(session, job.id, job.attempts)
                # A job that has just succeeded is no more running, and not lost.
                if not ours and not await self._has_finished(job):
                    working.cancel()

    async def _has_finished(self, job: Job) -> bool:
        async with self._tools.database.read() as session:
            return await claims.has_finished(session, job.id, job.attempts)

    async def _failed(self, kind: JobKind, job: Job, error: Exception) -> None:
        told = isinstance(error, JobError)
        reason = str(error) if told else type(error).__name__
        final = isinstance(error, JobError) and error.final
        settle = claims.try_later
        if final or job.attempts >= kind.attempts:
            settle = claims.fail
        log.warning(
            "job_failed",
            kind=job.kind,
            job=str(job.id),
            attempt=job.attempts,
            again=settle is claims.try_later,
            error=reason,
            exc_info=None if told else error,
        )
        await self._settle(job, settle, reason)

    async def _settle(self, job: Job, settle: Any, *reason: str) -> None:
        """Write what became of a job; if that fails, it is run again in a while."""
        try:
            async with self._tools.database.write() as session:
                await settle(session, job.id, job.attempts, *reason)
        except Exception as error:  # noqa: BLE001 - see above
            log.warning("job_unsettled", job=str(job.id), error=type(error).__name__)


def _is_being_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
