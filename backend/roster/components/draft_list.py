"""The drafts that a person has, over all components."""

from sqlalchemy import func, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components.drafts import draft_tag
from roster.components.lifecycle_schemas import DraftSummary
from roster.components.models import Component, Draft, Revision, Yank
from roster.components.rows import (
    AnyRow,
    AnySelect,
    component_rows,
    fetch,
    labels_of,
    public,
    visible,
)
from roster.components.schemas import ComponentPublic
from roster.core.actor import Actor
from roster.core.paging import Page, PageQuery, by_id, by_time, cut, ordered
from roster.teams.access import Verb, teams_of

ORDER = "-updated_at"


async def page_of(
    session: AsyncSession, query: PageQuery, *, actor: Actor
) -> Page[DraftSummary]:
    """Last saved first; of components in teams that the actor is still in."""
    keys = [
        by_time(col(Draft.updated_at), descending=True),
        by_id(col(Draft.id), descending=True),
    ]
    of_it = col(Yank.component_id) == Revision.component_id
    yanked = select(col(Yank.number)).where(of_it)
    behind = (
        select(func.count())
        .where(
            col(Revision.component_id) == Component.id,
            col(Revision.number) > Draft.base_number,
            col(Revision.number).not_in(yanked),
        )
        .scalar_subquery()
    )
    mine: AnySelect = select(col(Draft.component_id).label("id")).where(
        col(Draft.user_id) == actor.id
    )
    statement = (
        component_rows(actor, mine.subquery("mine"))
        .add_columns(
            col(Draft.version).label("draft_version"),
            col(Draft.base_number),
            col(Draft.updated_at).label("saved_at"),
            behind.label("behind"),
        )
        .where(
            visible(actor),
            col(Draft.id).is_not(None),
            col(Component.team_id).in_(teams_of(actor, Verb.read)),
        )
    )
    rows = await fetch(session, ordered(statement, ORDER, keys, query))
    kept, next_cursor = cut(
        rows, ORDER, query, lambda row: [row.saved_at, row.draft_id]
    )
    labels = await labels_of(session, [row.id for row in kept]) if kept else {}
    return Page(
        items=[_summary(row, public(row, labels.get(row.id, []))) for row in kept],
        next_cursor=next_cursor,
    )


def _summary(row: AnyRow, component: ComponentPublic) -> DraftSummary:
    return DraftSummary(
        component=component,
        base_number=row.base_number,
        behind=row.behind,
        updated_at=row.saved_at,
        etag=draft_tag(row.draft_version),
    )
