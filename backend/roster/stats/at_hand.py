"""What waits for somebody: each is one statement for the count and the first few."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components.models import Component, Draft
from roster.components.rows import AVAILABLE, fetch, listed, visible
from roster.core.actor import Actor
from roster.promotions import reading as promotions
from roster.promotions.schemas import PromotionQuery
from roster.repositories.models import Upstream
from roster.stats.schemas import (
    ApprovalAtHand,
    Approvals,
    ComponentAtHand,
    ComponentWithErrors,
    Drafts,
    Errors,
    OwnDraft,
    Updates,
)
from roster.teams.access import Verb, teams_of
from roster.teams.models import Team

FIRST = 5
TOTAL = func.count().over().label("total")
_REFERENCE = (
    col(Component.kind)
    .concat(":")
    .concat(col(Team.slug))
    .concat("/")
    .concat(col(Component.name))
)
_PLACE: tuple[Any, ...] = (
    col(Component.id),
    col(Component.kind),
    col(Component.name),
    col(Team.slug).label("team"),
    _REFERENCE.label("reference"),
)


def within(team_id: UUID | None) -> list[ColumnElement[bool]]:
    return [] if team_id is None else [col(Component.team_id) == team_id]


def _placed(*more: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(*_PLACE, *more)
        .select_from(Component)
        .join(Team, col(Team.id) == Component.team_id)
    )


async def errors(
    session: AsyncSession, actor: Actor, team_id: UUID | None, *, count: int
) -> Errors:
    """Find components with errors that the actor may mend, the newest first.

    They were counted before, with all others of their teams.
    """
    newest = (col(Component.updated_at).desc(), col(Component.id).desc())
    # First their ids, by an index, and the rest for these alone.
    ids = (
        select(col(Component.id))
        .where(
            listed(actor),
            col(Component.errors) > 0,
            col(Component.team_id).in_(teams_of(actor, Verb.edit)),
            *within(team_id),
        )
        .order_by(*newest)
        .limit(FIRST)
    )
    statement = _placed(col(Component.errors)).where(col(Component.id).in_(ids))
    found = await fetch(session, statement.order_by(*newest))
    return Errors(
        count=count,
        first=[ComponentWithErrors.model_validate(row._mapping) for row in found],  # noqa: SLF001 - the documented way to a row's names
    )


async def drafts(session: AsyncSession, actor: Actor, team_id: UUID | None) -> Drafts:
    found = await fetch(
        session,
        _placed(col(Draft.updated_at), TOTAL)
        .join(Draft, col(Draft.component_id) == Component.id)
        .where(visible(actor), col(Draft.user_id) == actor.id, *within(team_id))
        .order_by(col(Draft.updated_at).desc(), col(Draft.id))
        .limit(FIRST),
    )
    return Drafts(
        count=found[0].total if found else 0,
        first=[OwnDraft.model_validate(row._mapping) for row in found],  # noqa: SLF001 - the documented way to a row's names
    )


async def updates(session: AsyncSession, actor: Actor, team_id: UUID | None) -> Updates:
    """Find components of teams where the actor may edit, whose repository has more."""
    found = await fetch(
        session,
        _placed(TOTAL)
        .join(Upstream, col(Upstream.component_id) == Component.id)
        .where(
            listed(actor),
            AVAILABLE,
            col(Component.team_id).in_(teams_of(actor, Verb.edit)),
            *within(team_id),
        )
        .order_by(col(Upstream.checked_at).desc(), col(Component.id))
        .limit(FIRST),
    )
    return Updates(
        count=found[0].total if found else 0,
        first=[ComponentAtHand.model_validate(row._mapping) for row in found],  # noqa: SLF001 - the documented way to a row's names
    )


async def approvals(session: AsyncSession, actor: Actor, team: str | None) -> Approvals:
    query = PromotionQuery(needs_me=True, team=team, limit=FIRST, count=True)
    page = await promotions.page_of(session, actor, query)
    return Approvals(
        count=page.total or 0,
        first=[
            ApprovalAtHand(
                id=one.id,
                component=ComponentAtHand(
                    id=one.component.id,
                    kind=one.component.kind,
                    team=one.component.team.slug,
                    name=one.component.name,
                    reference=one.component.reference,
                ),
                label=one.label,
                number=one.number,
                author=one.author.username,
            )
            for one in page.items
        ],
    )
