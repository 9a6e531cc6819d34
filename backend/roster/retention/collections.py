"""Empty the collections that were deleted long ago; their releases stay for ever."""

from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.audit.service import Target, record
from roster.collections.models import Collection, CollectionEntry
from roster.core.actor import Anonymous
from roster.core.model import utc_now
from roster.instance.models import Purge
from roster.instance.purges import COLLECTION, not_purged
from roster.teams.models import Team

BATCH = 50


def due(before: datetime) -> tuple[ColumnElement[bool], ...]:
    """Deleted before that time, or in a team that was."""
    teams = select(Team.id).where(col(Team.deleted_at) < before)
    return (col(Collection.deleted_at) < before, col(Collection.team_id).in_(teams))


async def purge(session: AsyncSession, condition: ColumnElement[bool]) -> int:
    """Empty a few collections; tell how many."""
    found = await session.exec(
        select(Collection, Team.slug)
        .join(Team, col(Team.id) == Collection.team_id)
        .where(condition, not_purged(COLLECTION, Collection.id))
        .order_by(col(Collection.id))
        .limit(BATCH)
        .with_for_update(of=Collection, skip_locked=True)
    )
    rows = found.all()
    ids = [collection.id for collection, _ in rows]
    await session.exec(
        delete(CollectionEntry).where(col(CollectionEntry.collection_id).in_(ids))
    )
    for collection, slug in rows:
        session.add(Purge(kind=COLLECTION, id=collection.id, purged_at=utc_now()))
        collection.title = collection.description = ""
        collection.version += 1
        name = f"{slug}/{collection.name}"
        target = Target(COLLECTION, collection.id, name, collection.team_id)
        record(session, "collection.purged", target, by=Anonymous())
    await session.flush()
    return len(rows)
