"""Open a promotion, and change what it is about."""

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components.labels import refuse_latest, require_revision
from roster.components.models import Component, Label
from roster.core.actor import Actor
from roster.core.errors import Conflict
from roster.promotions import rules
from roster.promotions.cases import Case
from roster.promotions.locking import Held, count_change
from roster.promotions.models import Promotion, PromotionComment
from roster.promotions.reading import find
from roster.promotions.schemas import (
    COMMENTS,
    CommentCreate,
    PromotionCreate,
    PromotionUpdate,
)
from roster.promotions.trail import tell


async def open_one(
    session: AsyncSession,
    component: Component,
    data: PromotionCreate,
    *,
    actor: Actor,
    is_rollback: bool = False,
) -> Case:
    """Ask for a label of a locked component to be moved.

    Raises:
        Conflict: The label moves by itself, or is there already, or the revision is
            yanked.
        Invalid: There is no such revision.
    """
    refuse_latest(data.label)
    await require_revision(session, component, data.number)
    label = await session.get(Label, (component.id, data.label))
    present = label.number if label is not None else None
    _refuse_same(data.label, data.number, present)
    promotion = Promotion(
        component_id=component.id,
        team_id=component.team_id,
        label=data.label,
        number=data.number,
        from_number=present,
        is_rollback=is_rollback,
        message=data.message,
        author_id=actor.id,
    )
    session.add(promotion)
    await session.flush()
    case = await find(session, actor, promotion.id)
    details = {"from": present, "is_rollback": is_rollback}
    tell(session, "promotion.opened", case, by=actor, **details)
    return case


def _refuse_same(label: str, number: int, present: int | None) -> None:
    if number == present:
        raise Conflict(f"{label} points at revision {number} already.")


async def change(
    session: AsyncSession, held: Held, data: PromotionUpdate, *, actor: Actor
) -> None:
    """Point it at another revision, for which nobody spoke yet, or reword it.

    Raises:
        Conflict: It has ended, is a rollback, or the revision cannot be promoted.
        Forbidden: Only its author changes it.
        Invalid: There is no such revision.
    """
    if problem := rules.to_change(held.case, actor):
        raise problem
    promotion, wanted = held.promotion, data.model_dump(exclude_unset=True)
    before = {name: getattr(promotion, name) for name in wanted}
    if wanted == before:
        return
    number = wanted.get("number", promotion.number)
    if number != promotion.number:
        if promotion.is_rollback:
            # Else its owner could bring in what nobody approved.
            raise Conflict("A rollback keeps its revision; open another promotion.")
        await require_revision(session, held.component, number)
        _refuse_same(promotion.label, number, held.case.present)
        promotion.from_number = held.case.present
    promotion.sqlmodel_update(wanted)
    count_change(promotion)
    details = {"number": number, "from_revision": held.case.row.number}
    tell(session, "promotion.changed", held.case, by=actor, **details)
    await session.flush()


async def comment(
    session: AsyncSession, held: Held, data: CommentCreate, *, actor: Actor
) -> None:
    """Add a comment, which stays as it is.

    Raises:
        Conflict: It has ended, or has as many as it takes.
        Forbidden: Only who may edit comments.
    """
    if problem := rules.to_comment(held.case, actor):
        raise problem
    written = await session.exec(
        select(func.count()).where(
            col(PromotionComment.promotion_id) == held.promotion.id
        )
    )
    if written.one() >= COMMENTS:
        raise Conflict(f"It has {COMMENTS} comments, and takes no more.")
    session.add(
        PromotionComment(
            promotion_id=held.promotion.id, author_id=actor.id, body=data.body
        )
    )
    tell(session, "promotion.commented", held.case, by=actor)
    await session.flush()
