"""A promotion and its component, held against everybody else who would change them.

First the component, whose labels and revisions it is about, then the promotion: what
is decided is decided about what is there until the transaction ends.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components.locking import lock
from roster.components.models import Component
from roster.components.rows import visible
from roster.core.actor import Actor
from roster.core.errors import NotFound
from roster.core.model import utc_now
from roster.promotions.cases import Case
from roster.promotions.models import Promotion
from roster.promotions.reading import NOT_FOUND, find
from roster.teams.access import Verb, require
from roster.teams.label_policies import policy_of


@dataclass(frozen=True)
class Held:
    case: Case
    promotion: Promotion
    component: Component


async def hold(session: AsyncSession, actor: Actor, promotion_id: UUID) -> Held:
    """Lock what the actor may see and edit.

    Raises:
        Forbidden: The actor may see it, but not edit the component.
        NotFound: There is none, or its component was deleted meanwhile.
    """
    found = await session.exec(
        select(Promotion.component_id, Component.team_id)
        .join(Component, col(Component.id) == Promotion.component_id)
        .where(Promotion.id == promotion_id, visible(actor))
    )
    row = found.first()
    if row is None:
        raise NotFound(NOT_FOUND)
    component_id, team_id = row
    await require(session, actor, team_id, Verb.edit)
    locked = await lock(session, [component_id])
    if component_id not in locked:
        raise NotFound(NOT_FOUND)
    promotions = await session.exec(
        select(Promotion)
        .where(Promotion.id == promotion_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    promotion = promotions.one()
    # Whoever changes the policy waits, too.
    await policy_of(session, team_id, promotion.label)
    case = await find(session, actor, promotion_id)
    return Held(case, promotion, locked[component_id])


def count_change(promotion: Promotion) -> None:
    """So that a decision about an older state is refused."""
    promotion.version += 1
    promotion.updated_at = utc_now()
