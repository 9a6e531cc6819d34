"""What a caller sees, as a name that all share who are answered the same."""

import hashlib

from sqlalchemy import String, and_, cast, exists, literal, or_, select, union_all
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components.models import Component, Draft
from roster.components.rows import fetch
from roster.core.actor import Actor
from roster.teams.access import of_member
from roster.teams.models import Membership, Team
from roster.users.models import User

HAS_OWN = "has own"


async def view_of(session: AsyncSession, actor: Actor) -> str:
    """Name all that answers about components may depend on of who asks.

    That is their roles in teams, and what their token and their second factor let them
    do. Whoever has drafts, or components that are not published, sees what nobody else
    does, and so has a view of their own.
    """
    roles = (
        select(col(Membership.team_id), cast(col(Membership.role), String))
        .join(Team, col(Team.id) == Membership.team_id)
        .where(of_member(actor))
    )
    draft = exists().where(col(Draft.user_id) == actor.id)
    unpublished = exists().where(
        and_(
            col(Component.created_by) == actor.id,
            col(Component.published_at).is_(None),
        )
    )
    own = select(col(User.id), literal(HAS_OWN)).where(
        col(User.id) == actor.id, or_(draft, unpublished)
    )
    rows = await fetch(session, union_all(roles, own))
    teams = actor.team_ids
    seen = (
        sorted((str(id_), what) for id_, what in rows),
        sorted(actor.scopes),
        None if teams is None else sorted(str(team) for team in teams),
        actor.is_admin,
        actor.has_second_factor,
    )
    return hashlib.blake2b(repr(seen).encode(), digest_size=16).hexdigest()
