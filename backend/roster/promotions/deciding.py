"""Approve of a promotion, or object to it."""

from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components.labels import require_whole
from roster.core.actor import Actor
from roster.core.model import utc_now
from roster.promotions import rules
from roster.promotions.locking import Held, count_change
from roster.promotions.models import PromotionApproval, Verdict
from roster.promotions.trail import tell

ACTIONS = {
    Verdict.approve: "promotion.approved",
    Verdict.object: "promotion.objected",
}


async def decide(
    session: AsyncSession, held: Held, verdict: Verdict, *, actor: Actor
) -> None:
    """Say what the actor thinks of it as it is now, in place of what they said before.

    Raises:
        Conflict: It has ended, the revision is yanked or redacted, or they
            said so already.
        Forbidden: They opened it, or published the revision.
    """
    if problem := rules.to_decide(held.case, actor, verdict):
        raise problem
    promotion, present = held.promotion, held.case.present
    if verdict is Verdict.approve:
        await require_whole(session, held.component.id, promotion.number)
    said = await session.get(PromotionApproval, (promotion.id, actor.id))
    said = said or PromotionApproval(
        promotion_id=promotion.id,
        user_id=actor.id,
        verdict=verdict,
        number=promotion.number,
    )
    said.verdict, said.created_at = verdict, utc_now()
    said.number, said.from_number = promotion.number, present
    session.add(said)
    count_change(promotion)
    tell(session, ACTIONS[verdict], held.case, by=actor, **{"from": present})
    await session.flush()
