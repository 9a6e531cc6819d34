"""Programs for drills: a server and a worker that know two more kinds of jobs.

    python -m tests.services.drill serve PORT
    python -m tests.services.drill worker QUEUES SLOTS

Both count in small transactions of their own, each with its line in the log.
"""

import asyncio
import sys
from datetime import timedelta

import uvicorn

from roster.core.model import utc_now
from roster.instance.models import PolicyEntry
from roster.job_kinds import JOB_KINDS
from roster.jobs.models import Queue
from roster.jobs.registry import JobKind, Run
from roster.main import create_app
from roster.serve import Server, settings_here
from roster.worker import work

COUNT, TICK = "drill.count", "drill.tick"
TICK_SECONDS = 3
USUAL = {"batches": 6, "pause": 0.05}


def counter_of(job_id: object) -> str:
    return str(job_id)


async def count(run: Run) -> None:
    """Count to a number, and no further, however often it is begun again."""
    wanted = USUAL | run.payload
    while True:
        async with run.tools.database.write() as session:
            name = counter_of(run.job_id)
            entry = await session.get(PolicyEntry, name, with_for_update=True)
            entry = entry or PolicyEntry(name=name, value=0, updated_at=utc_now())
            if entry.value >= wanted["batches"]:
                await run.finish(session, {"batches": entry.value})
                return
            entry.value += 1
            session.add(entry)
            await run.say(session, f"Batch {entry.value}")
        run.progress(entry.value, wanted["batches"], step="Counting")
        await asyncio.sleep(wanted["pause"])


KINDS = [
    JobKind(COUNT, count, queue=Queue.imports, attempts=50),
    JobKind(
        TICK,
        count,
        every=timedelta(seconds=TICK_SECONDS),
        queue=Queue.upkeep,
        attempts=50,
    ),
]


def serve(port: int) -> None:
    app = create_app(settings_here())
    Server(uvicorn.Config(app, port=port, lifespan="on", log_level="error")).run()


def main(program: str, *arguments: str) -> None:
    JOB_KINDS.extend(KINDS)
    if program == "serve":
        serve(int(arguments[0]))
        return
    settings = settings_here()
    assert settings.redis_url is not None
    queues = [Queue(name) for name in arguments[0].split(",")]
    slots = int(arguments[1])
    work(settings, settings.redis_url, queues=queues, concurrency=slots, beat=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
