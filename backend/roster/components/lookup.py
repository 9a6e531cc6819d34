"""Find components and stored bytes for the domains that build on this one.

Nothing here asks who may see what: callers have decided that before.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar
from uuid import UUID

from sqlalchemy import and_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.blobs.models import Blob, Redaction
from roster.components.kinds import KINDS
from roster.components.models import (
    Component,
    ComponentName,
    Revision,
    RevisionFile,
)
from roster.core.errors import NotFound

BATCH = 1000
OF_ITS_TEAM = and_(
    col(Redaction.team_id) == Component.team_id,
    col(Redaction.digest) == RevisionFile.blob_digest,
)
"""Joins to the file of a component's revision that its team redacted it."""

Value = TypeVar("Value")


def batches(values: Iterable[Value]) -> Iterator[Sequence[Value]]:
    """Cut what goes into one ``IN`` so that no engine's limit is met."""
    rest = list(dict.fromkeys(values))
    for start in range(0, len(rest), BATCH):
        yield rest[start : start + BATCH]


async def by_names(
    session: AsyncSession, team_id: UUID, kind: str, names: Iterable[str]
) -> dict[str, Component]:
    """Components of a team by name, a present or a former one.

    The soft-deleted are among them: their names stay taken.
    """
    found: dict[str, Component] = {}
    for batch in batches(names):
        rows = await session.exec(
            select(ComponentName.name, Component)
            .join(Component, col(Component.id) == ComponentName.component_id)
            .where(
                ComponentName.team_id == team_id,
                ComponentName.kind == kind,
                col(ComponentName.name).in_(batch),
            )
        )
        found.update(dict(rows.all()))
    return found


async def file_of(session: AsyncSession, component_id: UUID, number: int) -> bytes:
    """The bytes of a revision's main file, as they came in; none if redacted.

    Raises:
        NotFound: There is no such revision.
    """
    rows = await session.exec(
        select(Component.kind, RevisionFile.path, Blob.content, col(Redaction.digest))
        .join(Revision, col(Revision.component_id) == Component.id)
        .join(RevisionFile, col(RevisionFile.revision_id) == Revision.id)
        .join(Blob, col(Blob.digest) == RevisionFile.blob_digest)
        .outerjoin(Redaction, OF_ITS_TEAM)
        .where(Component.id == component_id, Revision.number == number)
    )
    for kind, path, content, redacted in rows:
        if path == KINDS[kind].main:
            return b"" if redacted or content is None else content
    raise NotFound(f"There is no revision {number}.")


async def redacted_among(
    session: AsyncSession, component_ids: Iterable[UUID]
) -> set[tuple[UUID, int]]:
    """Revisions, as component and number, of which their team redacted something."""
    found: set[tuple[UUID, int]] = set()
    for batch in batches(component_ids):
        rows = await session.exec(
            select(Revision.component_id, Revision.number)
            .join(Component, col(Component.id) == Revision.component_id)
            .join(RevisionFile, col(RevisionFile.revision_id) == Revision.id)
            .join(Redaction, OF_ITS_TEAM)
            .where(col(Revision.component_id).in_(batch))
        )
        found.update(rows)
    return found
