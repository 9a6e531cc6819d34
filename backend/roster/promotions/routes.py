from typing import Annotated

from fastapi import APIRouter, Body, Query, Response, status

from roster.auth.deps import CallerDep, PersonDep, PublisherDep, WriterDep
from roster.components.deps import EditableComponent, LabelPath
from roster.core.actor import Caller
from roster.core.caching import ConditionalRoute, IfMatch, version_tag
from roster.core.db import SessionDep
from roster.core.errors import (
    Conflict,
    Forbidden,
    NotFound,
    NotSignedIn,
    PreconditionRequired,
    Stale,
    problems,
)
from roster.core.paging import Page
from roster.promotions import applying, deciding, opening, reading, rollback
from roster.promotions.cases import Case
from roster.promotions.deps import (
    DiscussedPromotion,
    HeldPromotion,
    JudgedPromotion,
    SamePromotion,
    VisiblePromotion,
)
from roster.promotions.locking import Held
from roster.promotions.models import Verdict
from roster.promotions.rules import PromotionBlocked
from roster.promotions.schemas import (
    CommentCreate,
    PromotionCreate,
    PromotionDetail,
    PromotionPublic,
    PromotionQuery,
    PromotionUpdate,
    Rollback,
    RollbackResult,
)

router = APIRouter(
    route_class=ConditionalRoute, tags=["promotions"], responses=problems(NotSignedIn)
)
of_component = APIRouter(
    prefix="/components/{component_id}",
    route_class=ConditionalRoute,
    responses=problems(NotFound),
)
one = APIRouter(
    prefix="/promotions/{promotion_id}",
    route_class=ConditionalRoute,
    responses=problems(NotFound),
)
ABOUT_STATE = problems(Forbidden, Conflict, PreconditionRequired, Stale)
BLOCKED = problems(Forbidden, Conflict, PromotionBlocked, PreconditionRequired, Stale)
OPENED = {"label": "production", "number": 3, "message": "Asks before it writes."}


async def _answer(
    session: SessionDep, case: Case, caller: Caller, response: Response
) -> PromotionDetail:
    response.headers["ETag"] = version_tag(case.state)
    return await reading.detail(session, case, caller)


async def _present(
    session: SessionDep, held: Held, caller: Caller, response: Response
) -> PromotionDetail:
    """The promotion as it is after a change."""
    case = await reading.find(session, caller, held.promotion.id)
    return await _answer(session, case, caller, response)


@router.get("/promotions", summary="List promotions, newest first")
async def list_promotions(
    query: Annotated[PromotionQuery, Query()], actor: CallerDep, session: SessionDep
) -> Page[PromotionPublic]:
    return await reading.page_of(session, actor, query)


@of_component.post(
    "/promotions",
    summary="Ask for a label to be moved to a revision",
    status_code=status.HTTP_201_CREATED,
    responses=problems(Forbidden, Conflict),
)
async def open_promotion(
    data: Annotated[PromotionCreate, Body(examples=[OPENED])],
    component: EditableComponent,
    actor: PublisherDep,
    session: SessionDep,
    response: Response,
) -> PromotionDetail:
    case = await opening.open_one(session, component, data, actor=actor)
    response.headers["Location"] = f"/api/v1/promotions/{case.row.id}"
    return await _answer(session, case, actor, response)


@of_component.post(
    "/labels/{label}/rollback",
    summary="Move a label back to where it pointed before",
    responses=ABOUT_STATE,
)
async def roll_back_label(
    label: LabelPath,
    data: Annotated[Rollback, Body(examples=[{"message": "It loops."}])],
    component: EditableComponent,
    actor: PublisherDep,
    session: SessionDep,
    response: Response,
    if_match: IfMatch = None,
) -> RollbackResult:
    """`If-Match` takes the component's ETag.

    A label that is not protected moves at once. For a protected one a promotion is
    opened, and applied at once where nothing stands in its way; for an owner no
    approvals are needed.
    """
    result = await rollback.roll_back(
        session, component, label, data, if_match, actor=actor
    )
    response.headers["ETag"] = version_tag(component.version)
    return result


@one.get("", summary="Read a promotion")
async def read_promotion(
    case: VisiblePromotion, actor: CallerDep, session: SessionDep, response: Response
) -> PromotionDetail:
    """Only members of the team see the comments, and who approved or objected."""
    return await _answer(session, case, actor, response)


@one.patch(
    "",
    summary="Point a promotion at another revision, or reword it",
    responses=ABOUT_STATE,
)
async def change_promotion(
    data: Annotated[PromotionUpdate, Body(examples=[{"number": 4}])],
    held: SamePromotion,
    actor: PublisherDep,
    session: SessionDep,
    response: Response,
) -> PromotionDetail:
    await opening.change(session, held, data, actor=actor)
    return await _present(session, held, actor, response)


@one.post("/approve", summary="Approve of a promotion", responses=ABOUT_STATE)
async def approve_promotion(
    held: JudgedPromotion, actor: PersonDep, session: SessionDep, response: Response
) -> PromotionDetail:
    await deciding.decide(session, held, Verdict.approve, actor=actor)
    return await _present(session, held, actor, response)


@one.post("/object", summary="Object to a promotion", responses=ABOUT_STATE)
async def object_to_promotion(
    held: JudgedPromotion, actor: PersonDep, session: SessionDep, response: Response
) -> PromotionDetail:
    """An objection stands until the promotion is about another revision.

    Who objected can take it back by an approval.
    """
    await deciding.decide(session, held, Verdict.object, actor=actor)
    return await _present(session, held, actor, response)


@one.post(
    "/comments",
    summary="Comment on a promotion",
    responses=problems(Forbidden, Conflict),
)
async def comment_on_promotion(
    data: Annotated[CommentCreate, Body(examples=[{"body": "Tried it for a day."}])],
    held: DiscussedPromotion,
    actor: WriterDep,
    session: SessionDep,
    response: Response,
) -> PromotionDetail:
    await opening.comment(session, held, data, actor=actor)
    return await _present(session, held, actor, response)


@one.post(
    "/apply",
    summary="Move the label as the promotion asks for",
    responses=BLOCKED,
)
async def apply_promotion(
    held: SamePromotion, actor: PublisherDep, session: SessionDep, response: Response
) -> PromotionDetail:
    await applying.apply(session, held, actor=actor)
    return await _present(session, held, actor, response)


@one.post(
    "/withdraw",
    summary="Withdraw a promotion",
    responses=problems(Forbidden, Conflict),
)
async def withdraw_promotion(
    held: HeldPromotion, actor: PublisherDep, session: SessionDep, response: Response
) -> PromotionDetail:
    await applying.withdraw(session, held, actor=actor)
    return await _present(session, held, actor, response)


for _part in (of_component, one):
    router.include_router(_part)
