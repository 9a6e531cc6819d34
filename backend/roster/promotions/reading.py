"""Promotions as lists and their own page show them."""

from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components.models import Component, Label, Revision, Yank
from roster.components.rows import AnySelect, fetch, visible
from roster.core.actor import Actor, Caller
from roster.core.caching import version_tag
from roster.core.errors import NotFound
from roster.core.paging import Page, by_id, cut, ordered
from roster.promotions import rules
from roster.promotions.cases import EDITS, Case, Said, cases, joined
from roster.promotions.checks import checks_of
from roster.promotions.models import (
    Promotion,
    PromotionApproval,
    PromotionComment,
    PromotionState,
    Verdict,
)
from roster.promotions.schemas import (
    CommentPublic,
    ComponentRef,
    PromotionDetail,
    PromotionPublic,
    PromotionQuery,
    Voice,
)
from roster.teams.access import Verb, teams_of
from roster.teams.models import LabelPolicy, Team, TeamRef
from roster.teams.names import known_as
from roster.teams.policy_schemas import LabelPolicyPublic
from roster.users.models import User, UserRef

ORDER = "-id"
NOT_FOUND = "There is no such promotion, or you may not see it."


async def page_of(
    session: AsyncSession, actor: Caller, query: PromotionQuery
) -> Page[PromotionPublic]:
    """Newest first."""
    wanted = [visible(actor), *_conditions(actor, query)]
    keys = [by_id(col(Promotion.id), descending=True)]
    statement = joined(select(col(Promotion.id))).where(*wanted)
    rows = await fetch(session, ordered(statement, ORDER, keys, query))
    kept, next_cursor = cut(rows, ORDER, query, lambda row: [row.id])
    ids = [row.id for row in kept]
    found = await cases(session, actor, col(Promotion.id).in_(ids))
    page: Page[PromotionPublic] = Page(
        items=[public(case) for case in found], next_cursor=next_cursor
    )
    if query.count:
        total = joined(select(func.count())).where(*wanted)
        [(page.total,)] = await fetch(session, total)
    return page


def _conditions(actor: Caller, query: PromotionQuery) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if query.state is not None:
        found.append(col(Promotion.state) == query.state)
    if query.team is not None:
        found.append(known_as([query.team]))
    if query.component is not None:
        found.append(col(Promotion.component_id) == query.component)
    if query.label is not None:
        found.append(col(Promotion.label) == query.label)
    if query.mine:
        mine = isinstance(actor, Actor) and col(Promotion.author_id) == actor.id
        found.append(false() if mine is False else mine)
    if query.needs_me:
        found.append(_needs(actor))
    return found


def _needs(actor: Caller) -> ColumnElement[bool]:
    """Those that wait for an approval, which the actor may give and did not yet."""
    if not isinstance(actor, Actor):
        return false()
    present = and_(
        col(PromotionApproval.promotion_id) == Promotion.id,
        col(PromotionApproval.number) == Promotion.number,
        col(PromotionApproval.from_number).is_not_distinct_from(Label.number),
    )
    approved = (
        select(func.count())
        .select_from(PromotionApproval)
        .join(User, col(User.id) == PromotionApproval.user_id)
        .where(present, col(PromotionApproval.verdict) == Verdict.approve, EDITS)
        .correlate(Promotion, Label, Component, Team)
        .scalar_subquery()
    )
    said = (
        select(col(PromotionApproval.user_id))
        .where(present, col(PromotionApproval.user_id) == actor.id)
        .correlate(Promotion, Label)
        .exists()
    )
    return and_(
        col(Promotion.state) == PromotionState.open,
        col(Promotion.author_id) != actor.id,
        col(Revision.author_id) != actor.id,
        col(Yank.number).is_(None),
        col(Promotion.team_id) == Component.team_id,
        col(Component.team_id).in_(teams_of(actor, Verb.edit)),
        col(LabelPolicy.approvals) > approved,
        ~said,
    )


async def find(session: AsyncSession, actor: Caller, promotion_id: UUID) -> Case:
    """Read one that the caller may see.

    Raises:
        NotFound: There is none.
    """
    found = await cases(session, actor, col(Promotion.id) == promotion_id)
    if not found:
        raise NotFound(NOT_FOUND)
    return found[0]


def public(case: Case) -> PromotionPublic:
    row = case.row
    return PromotionPublic(
        id=row.id,
        component=ComponentRef(
            id=row.component_id,
            kind=row.kind,
            team=TeamRef(id=row.team_id, slug=row.team_slug, name=row.team_name),
            name=row.component_name,
            reference=case.reference,
        ),
        label=row.label,
        number=row.number,
        from_number=case.present,
        is_rollback=row.is_rollback,
        state=row.state,
        message=row.message,
        author=UserRef(
            id=row.author_id, username=row.username, display_name=row.display_name
        ),
        created_at=row.created_at,
        ended_at=row.ended_at,
        ended_by=_ended_by(case),
        approvals=len(case.standing(Verdict.approve)),
        approvals_needed=case.needed,
        objections=len(case.standing(Verdict.object)),
        etag=version_tag(case.state),
    )


def _ended_by(case: Case) -> UserRef | None:
    row = case.row
    if row.ended_by is None:
        return None
    return UserRef(
        id=row.ended_by,
        username=row.ender_name,
        display_name=row.ender_display_name,
    )


async def detail(session: AsyncSession, case: Case, caller: Caller) -> PromotionDetail:
    row, before = case.row, case.present
    place = f"/api/v1/components/{row.component_id}/revisions/{row.number}"
    return PromotionDetail(
        **public(case).model_dump(),
        diff=f"{place}/diff?against={before}" if before is not None else None,
        policy=LabelPolicyPublic.of(case.policy) if case.policy else None,
        checks=checks_of(case),
        member=case.of_member,
        voices=[_voice(said) for said in case.voices] if case.of_member else [],
        comments=await _comments(session, row.id) if case.of_member else [],
        blockers=rules.blockers(case) if case.open else [],
        permissions=rules.permissions(case, caller),
    )


def _voice(said: Said) -> Voice:
    return Voice(
        user=UserRef(
            id=said.user_id, username=said.username, display_name=said.display_name
        ),
        verdict=said.verdict,
        number=said.number,
        from_number=said.from_number,
        at=said.at,
        lapsed=said.lapsed,
    )


def _written(promotion_id: UUID) -> AnySelect:
    return (
        select(
            col(PromotionComment.id),
            col(PromotionComment.body),
            col(PromotionComment.created_at),
            col(User.id).label("author_id"),
            col(User.username),
            col(User.display_name),
        )
        .join(User, col(User.id) == PromotionComment.author_id)
        .where(col(PromotionComment.promotion_id) == promotion_id)
        .order_by(col(PromotionComment.id))
    )


async def _comments(session: AsyncSession, promotion_id: UUID) -> list[CommentPublic]:
    """All of them, oldest first: one promotion takes a bounded number."""
    return [
        CommentPublic(
            id=row.id,
            author=UserRef(
                id=row.author_id, username=row.username, display_name=row.display_name
            ),
            body=row.body,
            created_at=row.created_at,
        )
        for row in await fetch(session, _written(promotion_id))
    ]
