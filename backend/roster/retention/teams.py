"""Empty the teams that were deleted long ago; their names are never given again."""

from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.audit.service import Target, record
from roster.core.actor import Anonymous
from roster.core.model import utc_now
from roster.imports.models import Import, ImportFile, ImportInput
from roster.instance.models import Purge
from roster.instance.purges import TEAM, not_purged
from roster.repositories.models import Every, Repository
from roster.teams.models import Invitation, LabelPolicy, Membership, Team


def due(before: datetime) -> tuple[ColumnElement[bool], ...]:
    return (col(Team.deleted_at) < before,)


async def purge(session: AsyncSession, condition: ColumnElement[bool]) -> int:
    """Empty one team; tell how many."""
    found = await session.exec(
        select(Team)
        .where(condition, not_purged(TEAM, Team.id))
        .order_by(col(Team.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    team = found.first()
    if team is None:
        return 0
    session.add(Purge(kind=TEAM, id=team.id, purged_at=utc_now()))
    imports = select(Import.id).where(Import.team_id == team.id)
    for files in (ImportFile, ImportInput):
        await session.exec(delete(files).where(col(files.import_id).in_(imports)))
    for model in (Membership, Invitation, LabelPolicy):
        await session.exec(delete(model).where(col(model.team_id) == team.id))
    await session.exec(
        update(Repository)
        .where(col(Repository.team_id) == team.id)
        .values(sealed_token=None, every=Every.never, next_check_at=None)
    )
    target = Target(TEAM, team.id, team.slug, team.id)
    record(session, "team.purged", target, by=Anonymous())
    await session.flush()
    return 1
