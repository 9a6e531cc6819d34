"""From the id in a path to a promotion that the caller may see, or may work on."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path

from roster.auth.deps import CallerDep, PersonDep, PublisherDep, WriterDep
from roster.core.caching import IfMatch, require_match
from roster.core.db import SessionDep
from roster.promotions.cases import Case
from roster.promotions.locking import Held, hold
from roster.promotions.reading import find

PromotionId = Annotated[UUID, Path(description="Id of the promotion.")]


async def get_visible(
    promotion_id: PromotionId, session: SessionDep, actor: CallerDep
) -> Case:
    return await find(session, actor, promotion_id)


async def get_held(
    promotion_id: PromotionId, session: SessionDep, actor: PublisherDep
) -> Held:
    return await hold(session, actor, promotion_id)


async def get_same(
    held: Annotated[Held, Depends(get_held)], if_match: IfMatch = None
) -> Held:
    """One that is still as the caller read it."""
    require_match(if_match, held.case.state)
    return held


async def get_judged(
    promotion_id: PromotionId,
    session: SessionDep,
    actor: PersonDep,
    if_match: IfMatch = None,
) -> Held:
    """One that a person decides about: no token speaks for them."""
    held = await hold(session, actor, promotion_id)
    require_match(if_match, held.case.state)
    return held


async def get_discussed(
    promotion_id: PromotionId, session: SessionDep, actor: WriterDep
) -> Held:
    return await hold(session, actor, promotion_id)


VisiblePromotion = Annotated[Case, Depends(get_visible)]
HeldPromotion = Annotated[Held, Depends(get_held)]
SamePromotion = Annotated[Held, Depends(get_same)]
JudgedPromotion = Annotated[Held, Depends(get_judged)]
DiscussedPromotion = Annotated[Held, Depends(get_discussed)]
