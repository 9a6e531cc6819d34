"""A worker: a process of its own that does jobs, which it hears of through Redis.

Celery starts processes, hands them messages and replaces those that die; each process
takes the job that it was told of from the table, and does it on an event loop of its
own, in the same way as a process that serves requests would.
"""

import asyncio
import os
import signal
import threading
import time
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from billiard.process import active_children
from celery import Celery, bootsteps
from celery.signals import (
    beat_embedded_init,
    worker_process_init,
    worker_process_shutdown,
    worker_shutting_down,
)
from pydantic import SecretStr

from roster.core import keys, log, tracing
from roster.core.db import Database
from roster.job_kinds import JOB_KINDS
from roster.jobs import presence
from roster.jobs.broker import PERFORM, TEND, TEND_SECONDS, Outbox, celery_app, line_of
from roster.jobs.models import Queue
from roster.jobs.performing import Kinds, Performer
from roster.jobs.registry import Tools
from roster.jobs.schedule import plan_all
from roster.jobs.sending import UNREACHABLE, send_due
from roster.settings import Settings

CONNECTIONS = 5
"""To PostgreSQL, of each process, which does one job at a time."""
FINISH_SECONDS = 10.0
"""How long a job may go on once its worker was told to stop."""
GIVE_BACK = signal.SIGUSR2
"""Sent to the processes of a worker after that."""
SAY_SECONDS = 3.0
"""How long saying that it is there may take."""

logger = structlog.get_logger("roster.jobs")


class Hands:
    """What a process of a worker does jobs with; made after it was forked."""

    def __init__(self, settings: Settings, app: Celery, name: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._database = Database.of(settings, pool_size=CONNECTIONS)
        self._tracer = tracing.begin(settings, self._database.writer)
        tools = Tools(settings, self._database, keys.load_or_create(settings))
        self._kinds = Kinds(JOB_KINDS)
        self._performer = Performer(tools, self._kinds, name=name)
        self._outbox = Outbox(app, self._kinds)
        self._planned: dict[str, datetime] = {}
        self._task: asyncio.Task[None] | None = None

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        self._task = self._loop.create_task(work)
        with suppress(asyncio.CancelledError):  # it was given back
            self._loop.run_until_complete(self._task)

    def give_back(self) -> None:
        """Let somebody else do what is being done; called between any two steps."""
        if self._task is not None:
            self._loop.call_soon_threadsafe(self._task.cancel)

    def close(self) -> None:
        self.run(self._database.dispose())
        self._loop.close()
        tracing.end(self._tracer)

    async def perform(self, job_id: UUID) -> None:
        """Do a job, unless it is not due or somebody else has it."""
        job = await self._performer.take(job_id=job_id)
        if job is not None:
            await self._performer.perform(job)

    async def tend(self) -> None:
        """Write the rows of periodic jobs, and send what nobody else has sent."""
        kinds = self._kinds.by_name.values()
        await plan_all(self._database, kinds, self._planned)
        with suppress(*UNREACHABLE):  # it is tried again in a few seconds
            await send_due(self._database, self._outbox, look_for_missed=True)


class Crew:
    """The processes of one worker, which are forked from this one."""

    def __init__(self, settings: Settings, app: Celery, name: str) -> None:
        self._settings = settings
        self._app = app
        self._name = name
        self._hands: Hands | None = None

    def connect(self) -> None:
        beat_embedded_init.connect(_end_with_parent, weak=False)
        worker_process_init.connect(self._begin, weak=False)
        worker_process_shutdown.connect(self._end, weak=False)
        worker_shutting_down.connect(self._stop_in_time, weak=False)

        # Functions and no methods, of whose arguments `self` would be the first.
        def perform(job_id: str) -> None:
            self.hands.run(self.hands.perform(UUID(job_id)))

        def tend() -> None:
            self.hands.run(self.hands.tend())

        self._app.task(name=PERFORM)(perform)
        self._app.task(name=TEND)(tend)

    def _begin(self, **_: Any) -> None:
        self._hands = Hands(self._settings, self._app, self._name)
        signal.signal(GIVE_BACK, lambda *_: self.hands.give_back())

    @staticmethod
    def _stop_in_time(**_: Any) -> None:
        """Give back what is not done in a while, in the process of all others."""
        late = threading.Timer(FINISH_SECONDS, _tell_children)
        late.daemon = True
        late.start()

    def _end(self, **_: Any) -> None:
        if self._hands is not None:
            self._hands.close()

    @property
    def hands(self) -> Hands:
        assert self._hands is not None  # noqa: S101 - made before any task
        return self._hands


def _end_with_parent(**_: Any) -> None:
    """Let the one that reminds not go on for ever when the worker was killed.

    The others end by themselves: they wait for what it gives them to do.
    """
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(TEND_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, name="parent", daemon=True).start()


def _tell_children() -> None:
    for child in active_children():
        if child.pid is not None:
            with suppress(ProcessLookupError):
                os.kill(child.pid, GIVE_BACK)


def _presence(
    settings: Settings, name: str, queues: Sequence[Queue], slots: int
) -> type[bootsteps.StartStopStep]:
    async def tell(*, is_there: bool) -> None:
        # Opened anew each time: nothing of it may be there when a process is forked.
        database = Database.of(settings, pool_size=1)
        try:
            async with asyncio.timeout(SAY_SECONDS):
                if is_there:
                    await presence.say(
                        database, name, queues, slots=slots, is_embedded=False
                    )
                else:
                    await presence.leave(database, name)
        except Exception as error:  # noqa: BLE001 - it is said again
            logger.warning("jobs_unavailable", error=type(error).__name__)
        finally:
            await database.dispose()

    class Presence(bootsteps.StartStopStep):
        """Says in the table of workers that this one hears of jobs."""

        requires = ("celery.worker.consumer.tasks:Tasks",)

        def start(self, parent: Any) -> None:
            asyncio.run(tell(is_there=True))
            self.timer = parent.timer.call_repeatedly(
                presence.SAY_SECONDS, lambda: asyncio.run(tell(is_there=True))
            )

        def stop(self, _parent: Any) -> None:
            self.timer.cancel()

        def shutdown(self, _parent: Any) -> None:
            asyncio.run(tell(is_there=False))

    return Presence


def _app(settings: Settings, redis_url: SecretStr, name: str) -> Celery:
    log.configure(settings)
    app = celery_app(redis_url)
    Crew(settings, app, name).connect()
    return app


def work(
    settings: Settings,
    redis_url: SecretStr,
    *,
    queues: Sequence[Queue],
    concurrency: int,
    beat: bool,
) -> None:
    """Do jobs until told to stop."""
    name = presence.own_name()
    app = _app(settings, redis_url, name)
    # What reminds it goes where it hears of it.
    app.conf.task_default_queue = line_of(queues[0])
    app.steps["consumer"].add(_presence(settings, name, queues, concurrency))
    arguments = ["worker", "--pool=prefork", f"--concurrency={concurrency}"]
    arguments += [f"--hostname={name}", "--loglevel=WARNING"]
    arguments += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    arguments.append(f"--queues={','.join(line_of(queue) for queue in queues)}")
    app.worker_main([*arguments, *(["--beat"] if beat else [])])


def beat(settings: Settings, redis_url: SecretStr) -> None:
    """Remind the workers of what comes by the clock, and of what is due."""
    _app(settings, redis_url, "").Beat(loglevel="WARNING").run()
