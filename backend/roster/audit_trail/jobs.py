from datetime import timedelta

from roster.audit.chain import Chain
from roster.audit.retention import retain
from roster.audit.sealer import seal_batch
from roster.instance.service import current
from roster.jobs.models import Queue
from roster.jobs.registry import JobKind, Run, Tools


async def apply_retention(run: Run) -> None:
    """Remove the audit events that are older than the instance's policy keeps them."""
    tools = run.tools
    # Closes a segment that nothing was added to for a day.
    await seal_batch(tools.database, Chain(tools.keys.audit))
    while await _remove_one_segment(tools):
        pass


async def _remove_one_segment(tools: Tools) -> bool:
    async with tools.database.write() as session:
        days = (await current(session, tools.settings)).audit_retention_days
        return days is not None and await retain(session, days) > 0


JOBS = [
    JobKind(
        "audit.retain", apply_retention, every=timedelta(days=1), queue=Queue.upkeep
    )
]
