"""What every change of a collection begins and ends with."""

from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.collections.models import Collection
from roster.core.errors import Conflict
from roster.core.model import utc_now


async def lock(session: AsyncSession, collection_id: UUID) -> Collection | None:
    """Lock a collection against other writers and read its present state."""
    rows = await session.exec(
        select(Collection)
        .where(Collection.id == collection_id, col(Collection.deleted_at).is_(None))
        .with_for_update(),
        execution_options={"populate_existing": True},
    )
    return rows.first()


def touch(collection: Collection) -> None:
    """Count a change, so that edits based on an older state are refused."""
    collection.version += 1
    collection.updated_at = utc_now()


def require_current(collection: Collection) -> None:
    """Let no archived one be changed.

    Raises:
        Conflict: It is archived.
    """
    if collection.archived_at is not None:
        raise Conflict("It is archived, so it stays as it is; unarchive it first.")
