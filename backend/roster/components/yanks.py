"""Withdraw revisions: they stay where they are, and `latest` leaves them."""

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components.content import file_digest
from roster.components.kinds import KINDS
from roster.components.latest import (
    LATEST,
    Shown,
    find_by,
    forget,
    point,
    show,
    show_nothing,
)
from roster.components.lookup import file_of
from roster.components.models import Component, Label, Revision, Yank
from roster.components.reading import read_stored
from roster.components.service import touch
from roster.components.trail import Happening, tell
from roster.core.actor import Actor
from roster.core.caching import require_match
from roster.core.errors import Conflict, NotFound


async def yank(
    session: AsyncSession,
    component: Component,
    number: int,
    reason: str,
    *,
    actor: Actor,
) -> None:
    """Withdraw a revision of a locked component.

    Raises:
        NotFound: There is no such revision.
        Conflict: It is yanked already.
    """
    revision = await session.exec(
        select(Revision.id).where(
            Revision.component_id == component.id, Revision.number == number
        )
    )
    if revision.first() is None:
        raise NotFound(f"There is no revision {number} of this component.")
    if await session.get(Yank, (component.id, number)) is not None:
        raise Conflict(f"Revision {number} is yanked already.")
    session.add(
        Yank(
            component_id=component.id, number=number, reason=reason, yanked_by=actor.id
        )
    )
    await session.flush()
    await _settle(session, component, actor)
    details = {"number": number, "reason": reason}
    await tell(session, [Happening("revision.yanked", component, details)], by=actor)


async def unyank(
    session: AsyncSession,
    component: Component,
    number: int,
    if_match: str | None,
    *,
    actor: Actor,
) -> None:
    require_match(if_match, component.version)
    found = await session.get(Yank, (component.id, number))
    if found is None:
        raise NotFound(f"Revision {number} is not yanked.")
    await session.delete(found)
    await session.flush()
    await _settle(session, component, actor)
    details = {"number": number}
    await tell(session, [Happening("revision.unyanked", component, details)], by=actor)


async def _settle(session: AsyncSession, component: Component, actor: Actor) -> None:
    """Let `latest`, lists and search show the newest revision that is left."""
    touch(component)
    newest = await _newest(session, component)
    number = newest.number if newest is not None else 0
    if number == component.latest_number:
        await session.flush()
        return
    await forget(session, [component.id])
    if newest is None:
        show_nothing(component)
        await session.flush()
        await session.exec(
            delete(Label).where(
                col(Label.component_id) == component.id, col(Label.name) == LATEST
            )
        )
        return
    data = await file_of(session, component.id, newest.number)
    kind = KINDS[component.kind]
    parsed = await read_stored(kind, component.name, file_digest(data), data)
    shown = Shown(component, newest, parsed)
    show(shown)
    await session.flush()
    await find_by(session, [shown])
    await point(session, [newest], by=actor.id)


async def _newest(session: AsyncSession, component: Component) -> Revision | None:
    yanked = select(Yank.number).where(Yank.component_id == component.id)
    found = await session.exec(
        select(Revision)
        .where(
            Revision.component_id == component.id,
            col(Revision.number).not_in(yanked),
        )
        .order_by(col(Revision.number).desc())
        .limit(1)
    )
    return found.first()
