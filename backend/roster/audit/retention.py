"""Removes what is older than the instance wants to keep, whole segments at a time."""

from datetime import timedelta

from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.audit.models import AuditCheckpoint, AuditEvent
from roster.audit.service import Target, record
from roster.core.actor import Anonymous
from roster.core.model import utc_now

RETAINED = "audit.retained"
LAST_SEQ = "last_seq"


async def retain(session: AsyncSession, days: int) -> int:
    """Remove the oldest segment if all of it is older than that; tell how many events.

    Its checkpoint stays, so the chain can still be verified from there on, and the
    removal is an event itself.
    """
    oldest = (
        select(AuditCheckpoint)
        .where(col(AuditCheckpoint.removed_at).is_(None))
        .order_by(col(AuditCheckpoint.first_seq))
        .limit(1)
        .with_for_update()
    )
    segment = (await session.exec(oldest)).first()
    if segment is None or segment.last_event_at >= utc_now() - timedelta(days=days):
        return 0
    segment.removed_at = utc_now()
    await session.flush()
    within = col(AuditEvent.seq).between(segment.first_seq, segment.last_seq)
    await session.exec(delete(AuditEvent).where(within))
    removed: int = segment.last_seq - segment.first_seq + 1
    record(
        session,
        RETAINED,
        Target("audit", None, "audit events"),
        by=Anonymous(),
        details={"first_seq": segment.first_seq, LAST_SEQ: segment.last_seq},
    )
    return removed
