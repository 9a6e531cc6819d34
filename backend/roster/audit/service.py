"""Append what happened, in the transaction of the change itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from roster.audit.models import AuditEvent
from roster.core.actor import Actor, Caller
from roster.core.db import wake
from roster.core.inserting import insert_rows
from roster.core.model import utc_now

ALARM = "audit"
"""Set after each commit that appended an event."""


@dataclass(frozen=True)
class Target:
    """What an event is about; its name as it was at that time."""

    kind: str
    id: UUID | None
    name: str
    team_id: UUID | None = None


def record(
    session: AsyncSession,
    action: str,
    target: Target,
    *,
    by: Caller,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Append an event; it is stored if, and only if, the transaction is.

    Args:
        session: The transaction of the change.
        action: What happened, as `team.member_added`: the thing, then the verb.
        target: What it happened to.
        by: Who did it.
        details: More of it, as JSON; never a secret.
    """
    wake(session, ALARM)
    session.add(AuditEvent(**_row(action, target, by, details or {})))


async def record_many(
    session: AsyncSession,
    events: Iterable[tuple[str, Target, Mapping[str, Any]]],
    *,
    by: Caller,
) -> None:
    """Append several events at once: of each the action, the target and the details."""
    rows = [_row(action, target, by, details) for action, target, details in events]
    if rows:
        wake(session, ALARM)
        await insert_rows(session, (AuditEvent, rows))


def _row(
    action: str, target: Target, by: Caller, details: Mapping[str, Any]
) -> dict[str, Any]:
    actor = by if isinstance(by, Actor) else None
    return {
        # Given, because finding out how to call their factories is slow.
        "id": uuid7(),
        "created_at": utc_now(),
        "action": action,
        "actor_id": actor.id if actor else None,
        "actor_name": actor.username if actor else "",
        "session_id": actor.session_id if actor else None,
        "token_id": actor.token_id if actor else None,
        "team_id": target.team_id,
        "target_kind": target.kind,
        "target_id": target.id,
        "target_name": target.name,
        "address": by.address,
        "request_id": structlog.contextvars.get_contextvars().get("request_id", ""),
        "details": dict(details),
    }
