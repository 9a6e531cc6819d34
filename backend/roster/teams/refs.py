"""From the names of teams to their ids, and back."""

from collections.abc import Collection
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.core.actor import Actor
from roster.core.errors import Invalid
from roster.teams.access import of_member
from roster.teams.models import Membership, Team, TeamRef


async def ids_of(
    session: AsyncSession, slugs: Collection[str], *, actor: Actor
) -> list[UUID]:
    """Find teams of the actor by name.

    Raises:
        Invalid: They are in no team of this name.
    """
    rows = await session.exec(
        select(Team.slug, Team.id)
        .join(Membership)
        .where(col(Team.slug).in_(slugs), of_member(actor))
    )
    found = dict(rows.all())
    for slug in slugs:
        if slug not in found:
            raise Invalid.field("teams", f"You are in no team called {slug}.")
    return [found[slug] for slug in dict.fromkeys(slugs)]


async def refs_of(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, TeamRef]:
    """Describe teams; those that were deleted are left out."""
    rows = await session.exec(
        select(Team).where(col(Team.id).in_(ids), col(Team.deleted_at).is_(None))
    )
    return {team.id: TeamRef.model_validate(team) for team in rows}
