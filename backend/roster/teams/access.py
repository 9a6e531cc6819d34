"""Who may see and do what. The only place that decides it."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.core.actor import Actor
from roster.core.errors import Forbidden
from roster.teams.models import Membership, Role, Visibility

SEEN_BY_SIGNED_IN = (Visibility.internal, Visibility.public)


class Verb(StrEnum):
    """What a role may do with the things of its team."""

    read = "read"
    edit = "edit"
    manage = "manage"


ALLOWED: dict[Role, frozenset[Verb]] = {
    Role.viewer: frozenset({Verb.read}),
    Role.editor: frozenset({Verb.read, Verb.edit}),
    Role.owner: frozenset(Verb),
}


def visible_to(
    actor: Actor, team_id: ColumnElement[UUID], visibility: ColumnElement[Any]
) -> ColumnElement[bool]:
    """Rows of things with a team and a visibility that the actor may see."""
    teams = select(Membership.team_id).where(Membership.user_id == actor.id)
    return or_(team_id.in_(teams), visibility.in_(SEEN_BY_SIGNED_IN))


def may(role: Role | None, verb: Verb) -> bool:
    return role is not None and verb in ALLOWED[role]


async def role_in(session: AsyncSession, actor: Actor, team_id: UUID) -> Role | None:
    roles = await roles_in(session, actor, [team_id])
    return roles.get(team_id)


async def roles_in(
    session: AsyncSession, actor: Actor, team_ids: Sequence[UUID]
) -> dict[UUID, Role]:
    rows = await session.exec(
        select(Membership.team_id, Membership.role).where(
            Membership.user_id == actor.id, col(Membership.team_id).in_(team_ids)
        )
    )
    return {team_id: Role(role) for team_id, role in rows}


async def require(
    session: AsyncSession, actor: Actor, team_id: UUID, verb: Verb
) -> None:
    """Refuse what the actor's role does not allow on a thing that it may see.

    Raises:
        Forbidden: The role is missing or too low.
    """
    if may(await role_in(session, actor, team_id), verb):
        return
    needed = Role.editor if verb is Verb.edit else Role.owner
    raise Forbidden(f"This needs the role {needed} in the team; ask one of its owners.")
