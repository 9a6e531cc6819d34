from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from roster.core.db import wake
from roster.core.model import utc_now
from roster.jobs.models import Job

ALARM = "jobs"
"""Wakes the runner of this process."""


def enqueue(
    session: AsyncSession,
    kind: str,
    payload: Mapping[str, Any],
    *,
    due_at: datetime | None = None,
) -> Job:
    """Ask for background work; it is done if, and only if, the transaction commits.

    Args:
        session: The caller's transaction.
        kind: The name that the job's function is registered under.
        payload: What it needs, as JSON: ids rather than contents, never a secret.
        due_at: Not before this time; None: at once.
    """
    job = Job(kind=kind, payload=dict(payload), due_at=due_at or utc_now())
    session.add(job)
    wake(session, ALARM)
    return job
