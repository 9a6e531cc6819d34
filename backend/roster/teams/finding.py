"""Finding teams by name or id, for those who are in them or administer them.

What is to be changed is locked, and the actor's role is read after that: of two
requests at once, the second one decides on what the first one left.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, or_
from sqlmodel import col, literal, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.core.actor import Actor, Scope
from roster.core.errors import Forbidden, NotFound
from roster.teams.access import Verb, require, within_reach
from roster.teams.models import Membership, Role, Team
from roster.teams.names import known_as

_NOT_FOUND = "There is no such team, or you may not see it."
_LOCKED = (
    "This team requires a second factor of its members: set one up in your account."
)


@dataclass(frozen=True)
class SeenTeam:
    """A team, and what its reader is in it."""

    team: Team
    role: Role | None
    locked: bool
    """Whether a second factor is missing."""


def administers(actor: Actor) -> bool:
    return actor.is_admin and Scope.admin in actor.scopes


def _as_id(reference: str) -> UUID | None:
    try:
        return UUID(reference)
    except ValueError:
        return None


async def find(session: AsyncSession, actor: Actor, reference: str) -> SeenTeam:
    """Find a team that the actor is a member of, or administers.

    Raises:
        NotFound: There is none.
    """
    mine = and_(col(Membership.team_id) == Team.id, col(Membership.user_id) == actor.id)
    seen = or_(col(Membership.id).is_not(None), literal(administers(actor)))
    team_id = _as_id(reference)
    rows = await session.exec(
        select(Team, col(Membership.role))
        .outerjoin(Membership, mine)
        .where(
            or_(known_as([reference]), col(Team.id) == team_id),
            within_reach(actor, col(Team.id)),
            seen,
        )
    )
    found = rows.all()
    if not found:
        raise NotFound(_NOT_FOUND)
    # A name may look like the id of another team, which then comes first.
    team, role = max(found, key=lambda row: row[0].id == team_id)
    member: Role | None = role  # the outer join may find none
    shut = team.require_second_factor and not actor.has_second_factor
    return SeenTeam(team, member, locked=member is not None and shut)


async def locked(session: AsyncSession, team_id: UUID) -> Team:
    """Lock a team until the transaction ends.

    Raises:
        NotFound: It was deleted meanwhile.
    """
    rows = await session.exec(
        select(Team)
        .where(Team.id == team_id, col(Team.deleted_at).is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    team = rows.first()
    if team is None:
        raise NotFound(_NOT_FOUND)
    return team


def require_unlocked(seen: SeenTeam, actor: Actor) -> None:
    """Let members read who is in a team, and administrators in every one.

    Raises:
        Forbidden: The member lacks a second factor.
    """
    if seen.locked and not administers(actor):
        raise Forbidden(_LOCKED)


async def require_owner(session: AsyncSession, actor: Actor, team: Team) -> None:
    if team.require_second_factor and not actor.has_second_factor:
        raise Forbidden(_LOCKED)
    await require(session, actor, team.id, Verb.manage)
