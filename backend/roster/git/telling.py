"""Tell the audit what left, and count it as a pull."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select as columns
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.collections import exporting
from roster.collections.models import Release, ReleaseEntry
from roster.components.models import Component
from roster.components.rows import fetch
from roster.core.actor import Actor, Caller
from roster.core.db import Database
from roster.git.history import Commit
from roster.git.laying import MAIN_TARGET
from roster.teams.models import Team
from roster.usage.clients import Client
from roster.usage.service import count_release


async def tell(
    database: Database,
    commits: Sequence[Commit],
    known: Sequence[Commit],
    *,
    by: Caller,
    client: Client,
) -> None:
    """Tell of a fetch, before anything of it leaves: one pull, of the newest.

    Args:
        database: Where it is told.
        commits: What is sent.
        known: What the client has, which those follow.
        by: Who fetches.
        client: With what.
    """
    had = {release_id for one in known for release_id, _ in one.parts}
    ids = list({id_: None for one in commits for id_, _ in one.parts if id_ not in had})
    async with database.write() as session:
        if isinstance(by, Actor):
            await _tell_audit(session, ids, by=by)
        targets = dict.fromkeys(one.target for one in commits)
        target = MAIN_TARGET if MAIN_TARGET in targets else next(iter(targets))
        for release_id in await _newest(session, ids):
            await count_release(session, release_id, target, client)


async def _newest(session: AsyncSession, ids: Sequence[UUID]) -> list[UUID]:
    """The newest release of each collection."""
    rows = await fetch(
        session,
        columns(col(Release.id), col(Release.collection_id))
        .where(col(Release.id).in_(ids))
        .order_by(col(Release.number)),
    )
    newest = {row.collection_id: row.id for row in rows}
    return sorted(newest.values())


async def _tell_audit(session: AsyncSession, ids: Sequence[UUID], *, by: Actor) -> None:
    rows = await fetch(
        session,
        columns(
            col(ReleaseEntry.kind),
            col(ReleaseEntry.team).label("team_then"),
            col(ReleaseEntry.name),
            col(ReleaseEntry.number),
            col(Component.team_id),
            col(Team.slug),
        )
        .select_from(ReleaseEntry)
        .join(Component, col(Component.id) == ReleaseEntry.component_id)
        .join(Team, col(Team.id) == Component.team_id)
        .where(
            col(ReleaseEntry.release_id).in_(ids),
            col(ReleaseEntry.shadowed).is_(False),
        )
        .distinct(),
    )
    exporting.tell(session, rows, by=by)
