"""Movable names on revisions. `latest` moves by itself, with each publication.

What the team protects moves through a promotion alone, which calls `point`.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, String, Uuid, and_, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.blobs.models import Redaction
from roster.components.latest import LATEST, POINTING
from roster.components.lookup import redacted_among
from roster.components.models import (
    Component,
    Label,
    Revision,
    RevisionFile,
    Yank,
)
from roster.components.rows import AnySelect, fetch
from roster.components.schemas import LabelPublic
from roster.components.service import touch
from roster.components.trail import Happening, tell
from roster.core.actor import Actor
from roster.core.caching import require_match
from roster.core.changing import change
from roster.core.compiled import Asking
from roster.core.direct import slot
from roster.core.errors import Conflict, Invalid, NotFound
from roster.core.model import utc_now
from roster.teams.label_policies import protected, require_unprotected
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
    asked = {
        "component_id": component.id,
        "team_id": component.team_id,
        "name": name,
        "number": number,
        "actor_id": actor.id,
    }
    [there] = await _ASKING_MOVE.rows(session, asked)
    if there.policy_id is not None:
        raise protected(name)
    if there.revision_id is None:
        raise _missing(component, number)
    if there.reason is not None:
        raise _yanked(number)
    if there.is_redacted:
        raise _redacted(number)
    mover = UserRef(
        id=actor.id, username=there.username, display_name=there.display_name
    )
    if there.before == number:
        [present] = await labels_of(session, component.id, name)
        return present
    now = await _move(session, component, name, number, there.before, actor=actor)
    return LabelPublic(
        name=name, number=number, protected=False, moved_by=mover, moved_at=now
    )


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
    asked = {"component_id": component.id, "name": name}
    rows = await _ASKING_LABEL.rows(session, asked)
    before = rows[0].number if rows else None
    if before != number:
        await _move(session, component, name, number, before, actor=actor, **why)


async def _move(  # noqa: PLR0913 - one for each part of what is told
    session: AsyncSession,
    component: Component,
    name: str,
    number: int,
    before: int | None,
    *,
    actor: Actor,
    **why: Any,
) -> datetime:
    now = utc_now()
    moved = {"number": number, "moved_by": actor.id, "moved_at": now}
    row = {"component_id": component.id, "name": name, **moved}
    await POINTING.rows(session, [row])
    await change(
        session, component, {"version": component.version + 1, "updated_at": now}
    )
    details = {"label": name, "number": number, "before": before, **why}
    await tell(session, [Happening("label.moved", component, details)], by=actor)
    return now


_ASKING_LABEL = Asking(
    select(col(Label.number)).where(
        col(Label.component_id) == slot("component_id", Uuid()),
        col(Label.name) == slot("name", String()),
    )
)


def _asking_move() -> AnySelect:
    """All that decides whether a label may move, and what is said of it then."""
    component_id, number = slot("component_id", Uuid()), slot("number", Integer())
    team_id, name = slot("team_id", Uuid()), slot("name", String())
    redacted = (
        select(col(RevisionFile.path))
        .join(
            Redaction,
            and_(
                col(Redaction.team_id) == team_id,
                col(Redaction.digest) == RevisionFile.blob_digest,
            ),
        )
        .where(col(RevisionFile.revision_id) == Revision.id)
        .correlate(Revision)
        .exists()
    )
    of_revision = and_(
        col(Revision.component_id) == component_id, col(Revision.number) == number
    )
    yanked = and_(col(Yank.component_id) == component_id, col(Yank.number) == number)
    present = and_(col(Label.component_id) == component_id, col(Label.name) == name)
    policy = and_(col(LabelPolicy.team_id) == team_id, col(LabelPolicy.label) == name)
    return (
        select(
            col(User.username),
            col(User.display_name),
            col(LabelPolicy.id).label("policy_id"),
            col(Revision.id).label("revision_id"),
            col(Yank.reason),
            redacted.label("is_redacted"),
            col(Label.number).label("before"),
        )
        .select_from(User)
        .outerjoin(Revision, of_revision)
        .outerjoin(Yank, yanked)
        .outerjoin(Label, present)
        .outerjoin(LabelPolicy, policy)
        .where(col(User.id) == slot("actor_id", Uuid()))
    )


_ASKING_MOVE = Asking(_asking_move())


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
        raise _missing(component, number)
    if found[0].reason is not None:
        raise _yanked(number)
    await require_whole(session, component.id, number)


async def require_whole(session: AsyncSession, component_id: UUID, number: int) -> None:
    """Let nothing point at what is gone.

    Raises:
        Conflict: Something of the revision was redacted.
    """
    if (component_id, number) in await redacted_among(session, [component_id]):
        raise _redacted(number)


def _missing(component: Component, number: int) -> Invalid:
    message = f"There is no revision {number}; the newest is "
    return Invalid.field("number", f"{message}{component.latest_number}.")


def _yanked(number: int) -> Conflict:
    return Conflict(f"Revision {number} is yanked; choose another one.")


def _redacted(number: int) -> Conflict:
    return Conflict(f"Revision {number} was redacted; choose another one.")


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
