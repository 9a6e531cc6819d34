"""Forget devices that asked to be signed in, when nobody wants to know any more."""

from datetime import timedelta

from roster.auth import device_grants
from roster.jobs.models import Queue
from roster.jobs.registry import JobKind, Run


async def forget(run: Run) -> None:
    async with run.tools.database.write() as session:
        await device_grants.forget(session)


JOBS = [JobKind("devices.forget", forget, every=timedelta(hours=1), queue=Queue.upkeep)]
