from typing import Any
from uuid import UUID

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.core.model import utc_now
from roster.instance.models import (
    InstancePolicy,
    InstancePolicyUpdate,
    PolicyEntry,
    Registration,
)
from roster.settings import Settings


def _from_environment(settings: Settings) -> dict[str, Any]:
    return {
        "registration": Registration(settings.registration),
        "public_read": settings.public_read,
        "token_max_days": settings.token_max_days,
        "audit_retention_days": settings.audit_retention_days,
    }


async def current(session: AsyncSession, settings: Settings) -> InstancePolicy:
    """Give the policy in force: what was decided here, else the environment's."""
    rows = await session.exec(select(PolicyEntry))
    chosen = {row.name: row.value for row in rows}
    return InstancePolicy.model_validate(_from_environment(settings) | chosen)


async def change(
    session: AsyncSession, data: InstancePolicyUpdate, *, by: UUID
) -> None:
    for name, value in data.model_dump(mode="json").items():
        entry = PolicyEntry(name=name, value=value, updated_at=utc_now(), updated_by=by)
        await session.merge(entry)
    await session.flush()
