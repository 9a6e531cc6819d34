"""Go back to where a label pointed before."""

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components import label_history, labels
from roster.components.label_history import HistoryQuery
from roster.components.lookup import redacted_among
from roster.components.models import Component, Label, Yank
from roster.core.actor import Actor
from roster.core.caching import require_match
from roster.core.errors import Conflict
from roster.core.paging import MAX_LIMIT
from roster.promotions import rules
from roster.promotions.applying import apply
from roster.promotions.cases import Case
from roster.promotions.locking import hold
from roster.promotions.opening import open_one
from roster.promotions.reading import find, public
from roster.promotions.schemas import PromotionCreate, Rollback, RollbackResult
from roster.teams.label_policies import policy_of


async def roll_back(  # noqa: PLR0913 - one for each part of the request
    session: AsyncSession,
    component: Component,
    label: str,
    data: Rollback,
    if_match: str | None,
    *,
    actor: Actor,
) -> RollbackResult:
    """Move a label of a locked component back: at once, or through a promotion.

    The promotion is applied at once where nothing stands in its way; see the decision
    on rollbacks.

    Raises:
        Conflict: The label moves by itself, or nothing is known of where it was.
    """
    labels.refuse_latest(label)
    require_match(if_match, component.version)
    number = await _before(session, component, label)
    case = None
    if await policy_of(session, component.team_id, label) is None:
        await labels.point(
            session,
            component,
            label,
            number,
            actor=actor,
            is_rollback=True,
            message=data.message,
        )
    else:
        wanted = PromotionCreate(label=label, number=number, message=data.message)
        case = await _promoted(session, component, wanted, actor=actor)
    now = await labels.labels_of(session, component.id, label)
    return RollbackResult(
        label=now[0] if now else None, promotion=public(case) if case else None
    )


async def _promoted(
    session: AsyncSession,
    component: Component,
    wanted: PromotionCreate,
    *,
    actor: Actor,
) -> Case:
    case = await open_one(session, component, wanted, actor=actor, is_rollback=True)
    if rules.to_apply(case, actor) is None:
        await apply(session, await hold(session, actor, case.row.id), actor=actor)
        case = await find(session, actor, case.row.id)
    return case


async def _before(session: AsyncSession, component: Component, label: str) -> int:
    """Where the label was before it came to where it is.

    Rollbacks themselves do not count, so that one after another goes further back; nor
    do revisions that were yanked or redacted since.
    """
    there = await session.get(Label, (component.id, label))
    present = at = there.number if there is not None else None
    query = HistoryQuery(limit=MAX_LIMIT)
    history = await label_history.page_of(
        session, component.id, label, query, team_id=component.team_id
    )
    yanks = await session.exec(
        select(Yank.number).where(Yank.component_id == component.id)
    )
    gone = await redacted_among(session, [component.id])
    barred = {*yanks, *(number for _, number in gone), None, present}
    for move in history.items:
        if move.is_rollback or move.number != at:
            continue
        at = move.before
        if at is not None and at not in barred:
            return at
    raise Conflict(
        f"Nothing is known of where {label} pointed before, or it was yanked; name the "
        "revision that it should point at."
    )
