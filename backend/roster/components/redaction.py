"""Take content away for good: the one change that what was published ever sees.

What stays is the digest, the marker with its reason, and the revision around it. Who
keeps copies of content elsewhere (imports, answers kept for those who retry) adds to
`FORGETTING`.
"""

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.blobs.collecting import FORGET
from roster.blobs.models import Blob
from roster.components import reading
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
from roster.jobs.service import enqueue
from roster.teams.access import Verb


@dataclass(frozen=True, slots=True)
class Held:
    """A revision that holds the content."""

    component_id: UUID
    revision_id: UUID
    number: int
    path: str
    kind: str
    team_id: UUID

    @property
    def is_main(self) -> bool:
        return self.path == KINDS[self.kind].main


Forgetting = Callable[[AsyncSession, str, Sequence[UUID]], Awaitable[None]]
FORGETTING: list[Forgetting] = []
"""Called with the digest, and the components that hold it as their main file."""


async def redact(
    session: AsyncSession, digest: str, team: str, reason: str, *, actor: Actor
) -> tuple[Blob, list[Held]]:
    """Remove content everywhere.

    Returns:
        The marker, and where the actor's team holds it.

    Raises:
        NotFound: No revision of such a team holds it.
        Forbidden: The actor does not own the team.
        Conflict: It was redacted before.
    """
    team_id = await team_to_write(session, team, actor, Verb.manage)
    held = await _held(session, digest)
    mine = [one for one in held if one.team_id == team_id]
    if not mine:
        raise NotFound("No revision of this team holds such content.")
    components = await _lock(session, [one.component_id for one in held])
    blob = (
        await session.exec(select(Blob).where(Blob.digest == digest).with_for_update())
    ).one()
    if blob.redacted_at is not None:
        raise Conflict("This content was redacted before.")
    await _forget_drafts(session, digest, held)
    blob.content = None
    blob.redacted_at, blob.redacted_by = utc_now(), actor.id
    blob.redaction_reason = reason
    await session.flush()
    await _empty(session, held, components)
    main = sorted({one.component_id for one in held if one.is_main})
    for forgetting in FORGETTING:
        await forgetting(session, digest, main)
    await idempotency.forget_about(session, [str(one) for one in components])
    for component in components.values():
        touch(component)
    await tell(session, _happenings(held, components, digest, reason), by=actor)
    enqueue(session, FORGET, {"digest": digest})
    reading.forget(digest)
    await session.flush()
    return blob, mine


async def _held(session: AsyncSession, digest: str) -> list[Held]:
    connection = await session.connection()
    rows = await connection.execute(
        select(  # type: ignore[call-overload]  # more columns than it has types for
            Revision.component_id,
            Revision.id,
            Revision.number,
            RevisionFile.path,
            Component.kind,
            Component.team_id,
        )
        .join(Revision, col(Revision.id) == RevisionFile.revision_id)
        .join(Component, col(Component.id) == Revision.component_id)
        .where(RevisionFile.blob_digest == digest)
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
    await forget(session, shown)


async def _forget_drafts(
    session: AsyncSession, digest: str, held: Sequence[Held]
) -> None:
    """Drafts that hold it, or that began with it and so most likely still do."""
    carrying = select(DraftFile.draft_id).where(DraftFile.blob_digest == digest)
    await session.exec(
        update(Draft)
        .where(col(Draft.id).in_(carrying))
        .values(version=Draft.version + 1, updated_at=utc_now())
    )
    await session.exec(delete(DraftFile).where(col(DraftFile.blob_digest) == digest))
    began = {(one.component_id, one.number) for one in held if one.is_main}
    for batch in batches(one.component_id for one in held if one.is_main):
        rows = await session.exec(
            select(Draft).where(col(Draft.component_id).in_(batch)).with_for_update()
        )
        for draft in rows:
            same = hashlib.sha256(draft.content.encode()).hexdigest() == digest
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
