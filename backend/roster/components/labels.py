"""Movable names on revisions. `latest` moves by itself, with each publication."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components.latest import LATEST
from roster.components.models import Component, Label, Revision
from roster.components.rows import fetch
from roster.components.schemas import LabelPublic
from roster.components.service import touch
from roster.components.trail import Happening, tell
from roster.core.actor import Actor
from roster.core.caching import require_match
from roster.core.errors import Conflict, Invalid, NotFound
from roster.core.model import utc_now
from roster.users.models import User, UserRef


async def labels_of(
    session: AsyncSession, component_id: UUID, name: str | None = None
) -> list[LabelPublic]:
    """All labels of a component, or the one of this name."""
    statement = (
        select(
            col(Label.name),
            col(Label.number),
            col(Label.moved_at),
            col(User.id),
            col(User.username),
            col(User.display_name),
        )
        .join(User, col(User.id) == Label.moved_by)
        .where(col(Label.component_id) == component_id)
        .order_by(col(Label.name))
    )
    if name is not None:
        statement = statement.where(col(Label.name) == name)
    return [
        LabelPublic(
            name=row.name,
            number=row.number,
            moved_at=row.moved_at,
            moved_by=UserRef(
                id=row.id, username=row.username, display_name=row.display_name
            ),
        )
        for row in await fetch(session, statement)
    ]


async def move(  # noqa: PLR0913 - one for each part of the request
    session: AsyncSession,
    component: Component,
    name: str,
    number: int,
    if_match: str | None,
    *,
    actor: Actor,
) -> LabelPublic:
    """Set a label, or move it to another revision, at once.

    Raises:
        Conflict: The label moves by itself.
        Invalid: There is no such revision.
    """
    _refuse_latest(name)
    require_match(if_match, component.version)
    revision = select(col(Revision.id)).where(
        col(Revision.component_id) == component.id, col(Revision.number) == number
    )
    if not await fetch(session, revision):
        message = f"There is no revision {number}; the newest is "
        raise Invalid.field("number", f"{message}{component.latest_number}.")
    label = await session.get(Label, (component.id, name))
    if label is None or label.number != number:
        moved: dict[str, Any] = {
            "number": number,
            "moved_by": actor.id,
            "moved_at": utc_now(),
        }
        details = {
            "label": name,
            "number": number,
            "before": label.number if label is not None else None,
        }
        label = label or Label(component_id=component.id, name=name, **moved)
        session.add(label.sqlmodel_update(moved))
        touch(component)
        await tell(session, [Happening("label.moved", component, details)], by=actor)
    [present] = await labels_of(session, component.id, name)
    return present


async def remove(
    session: AsyncSession,
    component: Component,
    name: str,
    if_match: str | None,
    *,
    actor: Actor,
) -> None:
    _refuse_latest(name)
    require_match(if_match, component.version)
    label = await session.get(Label, (component.id, name))
    if label is None:
        raise NotFound(f"There is no label {name} here.")
    await session.delete(label)
    touch(component)
    details = {"label": name, "number": label.number}
    await tell(session, [Happening("label.removed", component, details)], by=actor)
    await session.flush()


def _refuse_latest(name: str) -> None:
    if name == LATEST:
        raise Conflict(
            "latest moves by itself to the newest revision; set another label."
        )
