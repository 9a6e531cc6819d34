"""Movable names on revisions. `latest` moves by itself, with each publication.

What the team protects moves through a promotion alone, which calls `point`.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import and_, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components.latest import LATEST
from roster.components.lookup import redacted_among
from roster.components.models import Component, Label, Revision, Yank
from roster.components.rows import AnySelect, fetch
from roster.components.schemas import LabelPublic
from roster.components.service import touch
from roster.components.trail import Happening, tell
from roster.core.actor import Actor
from roster.core.caching import require_match
from roster.core.errors import Conflict, Invalid, NotFound
from roster.core.model import utc_now
from roster.teams.label_policies import require_unprotected
from roster.teams.models import LabelPolicy
from roster.users.models import User, UserRef


async def labels_of(
    session: AsyncSession, component_id: UUID, name: str | None = None
) -> list[LabelPublic]:
    """All labels of a component, or the one of this name."""
    statement: AnySelect = (
        select(
            col(Label.name),
            col(Label.number),
            col(Label.moved_at),
            col(User.id),
            col(User.username),
            col(User.display_name),
            col(LabelPolicy.id).label("policy_id"),
        )
        .join(User, col(User.id) == Label.moved_by)
        .join(Component, col(Component.id) == Label.component_id)
        .outerjoin(
            LabelPolicy,
            and_(
                col(LabelPolicy.team_id) == Component.team_id,
                col(LabelPolicy.label) == Label.name,
            ),
        )
        .where(col(Label.component_id) == component_id)
        .order_by(col(Label.name))
    )
    if name is not None:
        statement = statement.where(col(Label.name) == name)
    return [
        LabelPublic(
            name=row.name,
            number=row.number,
            protected=row.policy_id is not None,
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
        Conflict: The label moves by itself, or the revision is yanked.
        Invalid: There is no such revision.
        LabelProtected: It moves by promotion alone.
    """
    refuse_latest(name)
    require_match(if_match, component.version)
    await require_unprotected(session, component.team_id, name)
    await require_revision(session, component, number)
    await point(session, component, name, number, actor=actor)
    [present] = await labels_of(session, component.id, name)
    return present


async def point(
    session: AsyncSession,
    component: Component,
    name: str,
    number: int,
    *,
    actor: Actor,
    **why: Any,
) -> None:
    """Move a label of a locked component to a revision that it may point at."""
    label = await session.get(Label, (component.id, name))
    if label is not None and label.number == number:
        return
    moved: dict[str, Any] = {
        "number": number,
        "moved_by": actor.id,
        "moved_at": utc_now(),
    }
    before = label.number if label is not None else None
    details = {"label": name, "number": number, "before": before, **why}
    label = label or Label(component_id=component.id, name=name, **moved)
    session.add(label.sqlmodel_update(moved))
    touch(component)
    await tell(session, [Happening("label.moved", component, details)], by=actor)


async def require_revision(
    session: AsyncSession, component: Component, number: int
) -> None:
    """Let a label point only at a revision that is there, and not yanked.

    Raises:
        Conflict: It is yanked, or something of it was redacted.
        Invalid: There is none.
    """
    found = await fetch(
        session,
        select(col(Revision.id), col(Yank.reason))
        .outerjoin(
            Yank,
            and_(
                col(Yank.component_id) == Revision.component_id,
                col(Yank.number) == Revision.number,
            ),
        )
        .where(
            col(Revision.component_id) == component.id, col(Revision.number) == number
        ),
    )
    if not found:
        message = f"There is no revision {number}; the newest is "
        raise Invalid.field("number", f"{message}{component.latest_number}.")
    if found[0].reason is not None:
        raise Conflict(f"Revision {number} is yanked; choose another one.")
    await require_whole(session, component.id, number)


async def require_whole(session: AsyncSession, component_id: UUID, number: int) -> None:
    """Let nothing point at what is gone.

    Raises:
        Conflict: Something of the revision was redacted.
    """
    if (component_id, number) in await redacted_among(session, [component_id]):
        raise Conflict(f"Revision {number} was redacted; choose another one.")


async def remove(
    session: AsyncSession,
    component: Component,
    name: str,
    if_match: str | None,
    *,
    actor: Actor,
) -> None:
    """Take a label away at once.

    Raises:
        Conflict: The label moves by itself.
        LabelProtected: The team's policy has to let go of it first.
        NotFound: There is none of this name.
    """
    refuse_latest(name)
    require_match(if_match, component.version)
    await require_unprotected(session, component.team_id, name)
    label = await session.get(Label, (component.id, name))
    if label is None:
        raise NotFound(f"There is no label {name} here.")
    await session.delete(label)
    touch(component)
    details = {"label": name, "number": label.number}
    await tell(session, [Happening("label.removed", component, details)], by=actor)
    await session.flush()


def refuse_latest(name: str) -> None:
    if name == LATEST:
        raise Conflict(
            "latest moves by itself to the newest revision; set another label."
        )
