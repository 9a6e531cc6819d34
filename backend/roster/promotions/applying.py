"""Apply a promotion, or withdraw it: after that nothing of it changes."""

from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components import labels
from roster.core.actor import Actor
from roster.core.model import utc_now
from roster.promotions import rules
from roster.promotions.locking import Held, count_change
from roster.promotions.models import PromotionState, Verdict
from roster.promotions.trail import tell


async def apply(session: AsyncSession, held: Held, *, actor: Actor) -> None:
    """Move the label; the promotion is then as it is for ever.

    Raises:
        Conflict: It has ended, or something of the revision was redacted.
        Forbidden: The policy lets only owners move the label.
        PromotionBlocked: Something stands in the way.
    """
    case, promotion = held.case, held.promotion
    if problem := rules.to_apply(case, actor):
        raise problem
    await labels.require_whole(session, case.row.component_id, promotion.number)
    await labels.point(
        session,
        held.component,
        promotion.label,
        promotion.number,
        actor=actor,
        promotion=str(promotion.id),
        is_rollback=promotion.is_rollback,
    )
    _end(held, PromotionState.applied, actor)
    approved = [said.username for said in case.standing(Verdict.approve)]
    details = {"from": case.present, "approved_by": approved}
    tell(session, "promotion.applied", case, by=actor, **details)
    await session.flush()


async def withdraw(session: AsyncSession, held: Held, *, actor: Actor) -> None:
    """End it without an effect.

    Raises:
        Conflict: It has ended.
        Forbidden: Only its author and owners of the team do that.
    """
    if problem := rules.to_withdraw(held.case, actor):
        raise problem
    _end(held, PromotionState.withdrawn, actor)
    tell(session, "promotion.withdrawn", held.case, by=actor)
    await session.flush()


def _end(held: Held, state: PromotionState, actor: Actor) -> None:
    promotion = held.promotion
    promotion.state = state
    promotion.from_number = held.case.present
    promotion.ended_at, promotion.ended_by = utc_now(), actor.id
    count_change(promotion)
