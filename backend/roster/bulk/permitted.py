"""Many components at once that the caller may change; why not, of the others.

The same rules as for one of them: what the caller may not see is not there, and what
it may see but not change is refused.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components.locking import lock
from roster.components.models import Component
from roster.components.rows import recoverable, visible
from roster.core.actor import Actor
from roster.core.errors import NotFound, Problem
from roster.teams.access import Verb, may, refusal, roles_in

Permitted = dict[UUID, Component | Problem]

_NOT_FOUND = "There is no such component, or you may not see it."
_NOT_DELETED = "There is no such deleted component that you may restore."


async def to_change(
    session: AsyncSession, actor: Actor, ids: Sequence[UUID], verb: Verb
) -> Permitted:
    """Lock those that the actor may do this to, in the order that all lock in."""
    rows = await session.exec(
        select(Component.id, Component.team_id, Component.published_at).where(
            col(Component.id).in_(ids), visible(actor)
        )
    )
    teams = {id_: (team_id, published) for id_, team_id, published in rows}
    roles = await roles_in(session, actor, [team_id for team_id, _ in teams.values()])
    found: Permitted = {id_: NotFound(_NOT_FOUND) for id_ in ids}
    for id_, (team_id, published) in teams.items():
        needed = verb if published else Verb.edit
        if not may(roles.get(team_id), needed):
            found[id_] = refusal(needed)
    allowed = [id_ for id_ in teams if isinstance(found[id_], NotFound)]
    for id_, component in (await lock(session, allowed)).items():
        if component.team_id == teams[id_][0]:  # not given away meanwhile
            found[id_] = component
    return found


async def to_see(session: AsyncSession, actor: Actor, ids: Sequence[UUID]) -> Permitted:
    rows = await session.exec(
        select(Component).where(col(Component.id).in_(ids), visible(actor))
    )
    there = {component.id: component for component in rows}
    return {id_: there.get(id_) or NotFound(_NOT_FOUND) for id_ in ids}


async def to_restore(
    session: AsyncSession, actor: Actor, ids: Sequence[UUID]
) -> Permitted:
    rows = await session.exec(
        select(Component)
        .where(col(Component.id).in_(ids), recoverable(actor))
        .order_by(col(Component.id))
        .with_for_update()
    )
    there = {component.id: component for component in rows}
    return {id_: there.get(id_) or NotFound(_NOT_DELETED) for id_ in ids}
