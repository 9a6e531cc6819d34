from datetime import timedelta

from roster.core.model import utc_now
from roster.instance.service import current
from roster.jobs.models import Queue
from roster.jobs.registry import JobKind, Run
from roster.retention import collections, components, teams

PURGE = "retention.purge"


async def purge(run: Run) -> None:
    """Empty what was deleted longer ago than the policy keeps it.

    Their files go when the collector of blobs comes next.
    """
    tools = run.tools
    async with tools.database.read() as session:
        days = (await current(session, tools.settings)).deleted_retention_days
    if days is None:
        return
    before = utc_now() - timedelta(days=days)
    # A team last: what is in it is found by it.
    for domain in (components, collections, teams):
        for condition in domain.due(before):
            purged = 1
            while purged:
                async with tools.database.write() as session:
                    purged = await domain.purge(session, condition)


JOBS = [JobKind(PURGE, purge, every=timedelta(days=1), queue=Queue.upkeep)]
