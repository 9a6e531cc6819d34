"""What the audit is told of collections, under the reference they have then."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.audit.service import Target, record
from roster.collections.models import Collection
from roster.core.actor import Actor
from roster.teams.models import Team


async def tell(
    session: AsyncSession,
    action: str,
    collection: Collection,
    *,
    by: Actor,
    details: Mapping[str, Any] | None = None,
) -> None:
    team = await session.exec(select(Team.slug).where(Team.id == collection.team_id))
    name = f"{team.one()}/{collection.name}"
    target = Target("collection", collection.id, name, collection.team_id)
    record(session, action, target, by=by, details=details)
