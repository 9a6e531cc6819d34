"""Empty the components that were deleted long ago.

What stays is what tombstones and references need: the name, the revisions with their
digests, and all that a release has locked.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import col, delete, exists, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.audit.service import Target, record
from roster.collections.models import ReleaseEntry
from roster.components.models import (
    Component,
    ComponentFacet,
    Draft,
    Reading,
    Revision,
    RevisionFile,
)
from roster.core.actor import Anonymous
from roster.core.inserting import table_of
from roster.core.model import Model, utc_now
from roster.instance.models import Purge
from roster.instance.purges import COMPONENT, not_purged
from roster.repositories.models import Upstream
from roster.search.models import SearchDocument
from roster.secrets.models import Secret
from roster.teams.models import Team
from roster.usage.models import ComponentPull

BATCH = 50
GOES: tuple[type[Model], ...] = (
    Draft,
    ComponentFacet,
    SearchDocument,
    Secret,
    Upstream,
    ComponentPull,
)
"""What hangs on a component and is of no use without it."""


def due(before: datetime) -> tuple[ColumnElement[bool], ...]:
    """Deleted before that time, or in a team that was; each has an index of its own."""
    teams = select(Team.id).where(col(Team.deleted_at) < before)
    return (col(Component.deleted_at) < before, col(Component.team_id).in_(teams))


async def purge(session: AsyncSession, condition: ColumnElement[bool]) -> int:
    """Empty a few components; tell how many.

    Args:
        session: A transaction for this alone.
        condition: Which are due.
    """
    found = await session.exec(
        select(Component, Team.slug)
        .join(Team, col(Team.id) == Component.team_id)
        .where(condition, not_purged(COMPONENT, Component.id))
        .order_by(col(Component.id))
        .limit(BATCH)
        .with_for_update(of=Component, skip_locked=True)
    )
    rows = found.all()
    if not rows:
        return 0
    ids = [component.id for component, _ in rows]
    session.add_all(Purge(kind=COMPONENT, id=id_, purged_at=utc_now()) for id_ in ids)
    await session.flush()
    await _empty_revisions(session, ids)
    for model in GOES:
        of = table_of(model).c.component_id
        await session.exec(delete(model).where(of.in_(ids)))
    for component, slug in rows:
        component.description, component.facets = "", {}
        component.version += 1
        name = f"{component.kind}:{slug}/{component.name}"
        target = Target(COMPONENT, component.id, name, component.team_id)
        record(session, "component.purged", target, by=Anonymous())
    await session.flush()
    return len(rows)


async def _empty_revisions(session: AsyncSession, ids: Sequence[UUID]) -> None:
    locked = exists().where(
        col(ReleaseEntry.component_id) == Revision.component_id,
        col(ReleaseEntry.number) == Revision.number,
    )
    emptied = col(Revision.component_id).in_(ids) & ~locked
    revisions = select(Revision.id).where(emptied)
    for model in (RevisionFile, Reading):
        of = table_of(model).c.revision_id
        await session.exec(delete(model).where(of.in_(revisions)))
    await session.exec(
        update(Revision)
        .where(emptied)
        .values(manifest={})
        .execution_options(synchronize_session=False)
    )
