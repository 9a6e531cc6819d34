"""Take content away for good: the one change that what was published ever sees.

A team redacts for itself. What stays is the digest, the marker with its reason, and
the revision around it; the bytes go with the last team that holds them. Who keeps
copies of content elsewhere, as imports do, adds to `FORGETTING`.
"""

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, func, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.blobs.models import Blob, Redaction
from roster.blobs.reading import redacted
from roster.components import holders, reading, readings
from roster.components.kinds import KINDS
from roster.components.latest import forget
from roster.components.lookup import batches
from roster.components.models import (
    Component,
    Draft,
    DraftFile,
    Revision,
    RevisionFile,
)
from roster.components.service import team_to_write, touch
from roster.components.trail import Happening, tell
from roster.core import idempotency
from roster.core.actor import Actor
from roster.core.errors import Conflict, NotFound
from roster.core.model import utc_now
from roster.search import vocabulary
from roster.teams.access import Verb


@dataclass(frozen=True, slots=True)
class Held:
    """A revision that holds the content."""

    component_id: UUID
    revision_id: UUID
    number: int
    path: str
    kind: str

    @property
    def is_main(self) -> bool:
        return self.path == KINDS[self.kind].main


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Content that a team redacts, and its components that had it as main file."""

    digest: str
    size: int
    team_id: UUID
    component_ids: Sequence[UUID]


Forgetting = Callable[[AsyncSession, Forgotten], Awaitable[None]]
FORGETTING: list[Forgetting] = []


async def redact(
    session: AsyncSession, digest: str, team: str, reason: str, *, actor: Actor
) -> tuple[Redaction, list[Held]]:
    """Remove content from all that is the team's. No other team notices.

    Returns:
        The marker, and where the team holds it.

    Raises:
        NotFound: No revision of such a team holds it.
        Forbidden: The actor does not own the team.
        Conflict: The team redacted it before, or publishes it right now.
    """
    team_id = await team_to_write(session, team, actor, Verb.manage)
    held = await _held(session, digest, team_id)
    if not held:
        raise NotFound("No revision of this team holds such content.")
    components = await _lock(session, [one.component_id for one in held])
    blob = (
        await session.exec(select(Blob).where(Blob.digest == digest).with_for_update())
    ).one()
    if await redacted(session, team_id, [digest]):
        raise Conflict("This content was redacted before.")
    held = await _held(session, digest, team_id)
    if {one.component_id for one in held} != components.keys():
        raise Conflict("Somebody publishes it right now; redact it again.")
    marker = Redaction(
        team_id=team_id, digest=digest, redacted_by=actor.id, reason=reason
    )
    session.add(marker)
    await session.flush()
    await _forget_drafts(session, blob, team_id, held)
    await _empty(session, held, components)
    main = sorted({one.component_id for one in held if one.is_main})
    for forgetting in FORGETTING:
        await forgetting(session, Forgotten(digest, blob.size, team_id, main))
    await idempotency.forget_about(session, [str(one) for one in components])
    for component in components.values():
        touch(component)
    await tell(session, _happenings(held, components, digest, reason), by=actor)
    reading.forget(digest)
    await holders.drop(session, blob)
    return marker, held


async def _held(session: AsyncSession, digest: str, team_id: UUID) -> list[Held]:
    connection = await session.connection()
    rows = await connection.execute(
        select(  # type: ignore[call-overload]  # more columns than it has types for
            Revision.component_id,
            Revision.id,
            Revision.number,
            RevisionFile.path,
            Component.kind,
        )
        .join(Revision, col(Revision.id) == RevisionFile.revision_id)
        .join(Component, col(Component.id) == Revision.component_id)
        .where(RevisionFile.blob_digest == digest, Component.team_id == team_id)
        .order_by(col(Revision.component_id), col(Revision.number))
    )
    return [Held(*row) for row in rows]


async def _lock(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, Component]:
    """Deleted ones are among them: they may be restored."""
    found: dict[UUID, Component] = {}
    for batch in batches(sorted(ids)):
        rows = await session.exec(
            select(Component)
            .where(col(Component.id).in_(batch))
            .order_by(col(Component.id))
            .with_for_update(),
            execution_options={"populate_existing": True},
        )
        found.update({component.id: component for component in rows})
    return found


async def _empty(
    session: AsyncSession, held: Sequence[Held], components: dict[UUID, Component]
) -> None:
    """What stands in rows of what the file said, and what search finds it by."""
    main = [one for one in held if one.is_main]
    await readings.forget(session, (one.revision_id for one in main))
    for batch in batches(one.revision_id for one in main):
        await session.exec(
            update(Revision).where(col(Revision.id).in_(batch)).values(manifest={})
        )
    shown = []
    for one in main:
        component = components[one.component_id]
        if component.latest_number == one.number:
            component.display_name = None
            component.description, component.facets = "", {}
            shown.append(component.id)
    await vocabulary.unlearn(session, shown)
    await forget(session, shown)


async def _forget_drafts(
    session: AsyncSession, blob: Blob, team_id: UUID, held: Sequence[Held]
) -> None:
    """Drafts that hold it, or that began with it and so most likely still do."""
    mine = select(Draft.id).join(Component).where(Component.team_id == team_id)
    carrying = (
        col(DraftFile.blob_digest) == blob.digest,
        col(DraftFile.draft_id).in_(mine),
    )
    await session.exec(
        update(Draft)
        .where(col(Draft.id).in_(select(DraftFile.draft_id).where(*carrying)))
        .values(version=Draft.version + 1, updated_at=utc_now())
    )
    await session.exec(delete(DraftFile).where(*carrying))
    began = {(one.component_id, one.number) for one in held if one.is_main}
    texts = [col(Draft.id).in_(mine), func.length(Draft.content) <= blob.size]
    # UTF-8 has at most four bytes for a character.
    texts.append(func.length(Draft.content) * 4 >= blob.size)
    found = list(
        await session.exec(
            select(Draft).where(*texts).order_by(col(Draft.id)).with_for_update()
        )
    )
    for batch in batches(one.component_id for one in held if one.is_main):
        found += await session.exec(
            select(Draft).where(col(Draft.component_id).in_(batch)).with_for_update()
        )
    for draft in {draft.id: draft for draft in found}.values():
        same = hashlib.sha256(draft.content.encode()).hexdigest() == blob.digest
        if same or (draft.component_id, draft.base_number) in began:
            await session.delete(draft)
    await session.flush()


def _happenings(
    held: Sequence[Held],
    components: dict[UUID, Component],
    digest: str,
    reason: str,
) -> list[Happening]:
    found = []
    for component in components.values():
        files = [
            {"number": one.number, "path": one.path}
            for one in held
            if one.component_id == component.id
        ]
        details = {"digest": digest, "reason": reason, "files": files}
        found.append(Happening("blob.redacted", component, details))
    return found
