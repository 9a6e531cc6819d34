"""Does background work in this process, beside its requests.

The table is the truth: what is queued there survives a restart, and any number of
processes may take from it. An attempt that was cut off by a crash is made again, so
functions of jobs must bear running twice (`Run.finish` is for those that cannot).
"""

import asyncio
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta

import structlog
from sqlmodel import select

from roster.jobs import claims, presence, queues
from roster.jobs.models import Job, JobState, Queue
from roster.jobs.performing import Kinds, Performer
from roster.jobs.registry import JobKind, Tools
from roster.jobs.schedule import plan_all
from roster.jobs.service import ALARM

SLOTS: Mapping[Queue, int] = {Queue.default: 3, Queue.imports: 2, Queue.upkeep: 1}
"""How many jobs of each queue run at once: none waits for those of another."""
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
        slots: Mapping[Queue, int] = SLOTS,
    ) -> None:
        self.tools = tools
        self.kinds = Kinds(kinds)
        self.name = presence.own_name()
        self._performer = Performer(tools, self.kinds, name=self.name, beat=beat)
        self._patience = patience.total_seconds()
        self._slots = slots
        self._planned: dict[str, datetime] = {}
        self._running: dict[asyncio.Task[None], Queue] = {}
        self._woken = tools.database.alarm(ALARM)
        self._stopping = False
        self._said_at = -presence.SAY_SECONDS
        self._dispatcher: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to work, until `stop`."""
        self._dispatcher = asyncio.create_task(self._dispatch(), name="jobs")

    @property
    def is_working(self) -> bool:
        """Whether it takes jobs: from its start until it is stopped, or fails."""
        return self._dispatcher is not None and not self._dispatcher.done()

    def take_no_more(self) -> None:
        """Begin nothing from now on; what runs goes on until `stop`."""
        self._stopping = True
        self._woken.set()

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
        with suppress(Exception):  # it is forgotten in a while
            await presence.leave(self.tools.database, self.name)

    async def drain(self) -> int:
        """Do all that is due, one after the other, and tell how many jobs it was."""
        done = 0
        while True:
            if self._running:
                await asyncio.wait(self._running)
            job = await self._performer.take()
            if job is None:
                return done
            await self._performer.perform(job)
            done += 1

    async def plan_periodic(self) -> None:
        """See to it that every periodic job has the row of its latest time."""
        await plan_all(self.tools.database, self.kinds.by_name.values(), self._planned)

    async def _dispatch(self) -> None:
        watch = queues.Watch(self.tools.database)
        is_first = True
        while not self._stopping:
            self._woken.clear()
            try:
                if is_first:
                    await self._take_over()
                    is_first = False
                await self._say_so()
                await self.plan_periodic()
                await self._fill()
                await watch.look()
            except Exception as error:  # noqa: BLE001 - the database may come back
                log.warning("jobs_unavailable", error=type(error).__name__)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), POLL_SECONDS)

    async def _take_over(self) -> None:
        """Go on at once with what a process on this machine was killed in.

        Elsewhere a process may bear the same name and number, and be alive.
        """
        database = self.tools.database
        if database.dialect != "sqlite":
            return
        async with database.read() as session:
            found = await session.exec(
                select(Job.worker).where(Job.state == JobState.running).distinct()
            )
            gone = [name for name in found if presence.is_gone(name)]
        if gone:
            async with database.write() as session:
                await claims.give_up_for(session, gone)

    async def _say_so(self) -> None:
        now = time.monotonic()
        if now - self._said_at < presence.SAY_SECONDS:
            return
        await presence.say(
            self.tools.database,
            self.name,
            list(self._slots),
            slots=sum(self._slots.values()),
            is_embedded=True,
        )
        self._said_at = now

    async def _fill(self) -> None:
        while not self._stopping and (kinds := self._with_room()):
            job = await self._performer.take(kinds)
            if job is None:
                return
            task = asyncio.create_task(self._performer.perform(job))
            self._running[task] = self.kinds.by_name[job.kind].queue
            task.add_done_callback(self._free)

    def _with_room(self) -> list[str]:
        """Name the kinds whose queues have a slot that is free."""
        taken = list(self._running.values())
        return [
            kind.name
            for kind in self.kinds.by_name.values()
            if taken.count(kind.queue) < self._slots.get(kind.queue, 0)
        ]

    def _free(self, task: asyncio.Task[None]) -> None:
        self._running.pop(task, None)
        self._woken.set()
