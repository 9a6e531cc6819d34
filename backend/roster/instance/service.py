from typing import Any

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.audit.service import Target, record
from roster.core.actor import Actor
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
        "deleted_retention_days": settings.deleted_retention_days,
    }


async def current(session: AsyncSession, settings: Settings) -> InstancePolicy:
    """Give the policy in force: what was decided here, else the environment's."""
    rows = await session.exec(select(PolicyEntry))
    chosen = {row.name: row.value for row in rows}
    return InstancePolicy.model_validate(_from_environment(settings) | chosen)


async def version(session: AsyncSession) -> int:
    """The version that an ETag carries: the time of the last decision."""
    rows = await session.exec(select(PolicyEntry.updated_at))
    return max((int(time.timestamp() * 1_000_000) for time in rows), default=0)


async def change(
    session: AsyncSession, settings: Settings, data: InstancePolicyUpdate, *, by: Actor
) -> InstancePolicy:
    before = (await current(session, settings)).model_dump(mode="json")
    changes = {
        name: value
        for name, value in data.model_dump(mode="json").items()
        if before[name] != value
    }
    now = utc_now()
    for name, value in changes.items():
        await session.merge(
            PolicyEntry(name=name, value=value, updated_at=now, updated_by=by.id)
        )
    await session.flush()
    if changes:
        details = {"before": {name: before[name] for name in changes}, "after": changes}
        place = Target("instance", None, "policy")
        record(session, "instance.changed", place, by=by, details=details)
    return await current(session, settings)
