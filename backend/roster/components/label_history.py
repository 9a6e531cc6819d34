"""Where labels pointed, as the audit tells it, for as long as it is kept."""

from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.audit.models import AuditEvent
from roster.components.rows import AnyRow, AnySelect, fetch
from roster.components.schemas import LabelMove
from roster.core.paging import Count, Page, PageQuery, by_id, cut, ordered

ORDER = "-id"
REMOVED = "label.removed"
ACTIONS = ("label.moved", REMOVED)


class HistoryQuery(PageQuery):
    count: Count = False


def _rows(component_id: UUID, label: str, team_id: UUID | None) -> AnySelect:
    rows = select(
        col(AuditEvent.id),
        col(AuditEvent.created_at),
        col(AuditEvent.action),
        col(AuditEvent.actor_name),
        col(AuditEvent.details),
    ).where(
        col(AuditEvent.target_id) == component_id,
        col(AuditEvent.action).in_(ACTIONS),
        col(AuditEvent.details)["label"].as_string() == label,
    )
    return rows if team_id is None else rows.where(col(AuditEvent.team_id) == team_id)


def _move(row: AnyRow) -> LabelMove:
    details, removed = row.details, row.action == REMOVED
    return LabelMove(
        id=row.id,
        at=row.created_at,
        by=row.actor_name,
        number=None if removed else details["number"],
        before=details["number"] if removed else details["before"],
        promotion=details.get("promotion"),
        is_rollback=details.get("is_rollback", False),
    )


async def page_of(
    session: AsyncSession,
    component_id: UUID,
    label: str,
    query: HistoryQuery,
    *,
    team_id: UUID | None = None,
) -> Page[LabelMove]:
    """Newest first; of those in one team alone, if it is given."""
    keys = [by_id(col(AuditEvent.id), descending=True)]
    statement = _rows(component_id, label, team_id)
    rows = await fetch(session, ordered(statement, ORDER, keys, query))
    kept, next_cursor = cut(rows, ORDER, query, lambda row: [row.id])
    page: Page[LabelMove] = Page(
        items=[_move(row) for row in kept], next_cursor=next_cursor
    )
    if query.count:
        total = select(func.count()).select_from(statement.subquery())
        [(page.total,)] = await fetch(session, total)
    return page
