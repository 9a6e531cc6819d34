"""What the audit is told of promotions."""

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from roster.audit.service import Target, record
from roster.core.actor import Actor
from roster.promotions.cases import Case


def tell(
    session: AsyncSession, action: str, case: Case, *, by: Actor, **details: Any
) -> None:
    row = case.row
    target = Target("promotion", row.id, f"{case.reference}@{row.label}", row.team_id)
    about = {"label": row.label, "number": row.number, **details}
    record(session, action, target, by=by, details=about)
