"""Advise against a component, and say what to take instead."""

from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components.lifecycle_schemas import DeprecationWrite
from roster.components.models import Component
from roster.components.references import named
from roster.components.rows import component_rows, fetch, visible
from roster.components.service import touch
from roster.components.trail import Happening, tell
from roster.core.actor import Actor
from roster.core.caching import require_match
from roster.core.errors import Invalid, NotFound
from roster.core.model import utc_now


async def deprecate(
    session: AsyncSession,
    component: Component,
    data: DeprecationWrite,
    if_match: str | None,
    *,
    actor: Actor,
) -> None:
    """Deprecate it, or say other words about it.

    Raises:
        Invalid: The successor is not there for the actor, or is the component.
    """
    require_match(if_match, component.version)
    successor_id = None
    if data.successor is not None:
        successor_id = await _successor(session, data.successor, actor)
    if successor_id == component.id:
        raise Invalid.field("successor", "Nothing succeeds itself.", "same")
    component.deprecated_at = component.deprecated_at or utc_now()
    component.deprecation_message = data.message
    component.successor_id = successor_id
    touch(component)
    details = {"message": data.message, "successor": data.successor}
    happening = Happening("component.deprecated", component, details)
    await tell(session, [happening], by=actor)
    await session.flush()


async def undeprecate(
    session: AsyncSession, component: Component, if_match: str | None, *, actor: Actor
) -> None:
    require_match(if_match, component.version)
    if component.deprecated_at is None:
        raise NotFound("It is not deprecated.")
    component.deprecated_at = component.deprecation_message = None
    component.successor_id = None
    touch(component)
    await tell(session, [Happening("component.undeprecated", component)], by=actor)
    await session.flush()


async def _successor(session: AsyncSession, text: str, actor: Actor) -> UUID:
    statement = component_rows(actor, named(text)).where(visible(actor))
    rows = await fetch(session, statement)
    if not rows:
        raise Invalid.field(
            "successor", "There is no such component, or you may not see it.", "unknown"
        )
    found: UUID = rows[0].id
    return found
