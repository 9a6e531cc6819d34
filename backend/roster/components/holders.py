"""Who still holds content: its bytes go when every team that does has redacted it.

What refers to blobs on behalf of a team adds to `HOLDING`.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from roster.blobs.collecting import FORGET
from roster.blobs.models import Blob, Redaction
from roster.components.models import (
    Component,
    Draft,
    DraftFile,
    Revision,
    RevisionFile,
)
from roster.core.model import utc_now
from roster.jobs.models import Queue
from roster.jobs.registry import JobKind, Run
from roster.jobs.service import enqueue

BATCH = 100

Holding = Callable[[], SelectOfScalar[str]]
"""Selects digests that teams which did not redact them refer to."""


def kept(team_id: Any, digest: Any) -> ColumnElement[bool]:
    """Whether the team did not redact the content."""
    return ~exists().where(
        col(Redaction.team_id) == team_id, col(Redaction.digest) == digest
    )


def _in_revisions() -> SelectOfScalar[str]:
    return (
        select(RevisionFile.blob_digest)
        .join(Revision, col(Revision.id) == RevisionFile.revision_id)
        .join(Component, col(Component.id) == Revision.component_id)
        .where(kept(col(Component.team_id), RevisionFile.blob_digest))
    )


def _in_drafts() -> SelectOfScalar[str]:
    return (
        select(DraftFile.blob_digest)
        .join(Draft, col(Draft.id) == DraftFile.draft_id)
        .join(Component, col(Component.id) == Draft.component_id)
        .where(kept(col(Component.team_id), DraftFile.blob_digest))
    )


HOLDING: list[Holding] = [_in_revisions, _in_drafts]


async def drop(session: AsyncSession, blob: Blob) -> None:
    """Remove the bytes of a locked blob that a team redacted, if no other holds it."""
    for holding in HOLDING:
        digests = holding()
        [digest] = digests.selected_columns
        if (await session.exec(digests.where(digest == blob.digest).limit(1))).first():
            return
    blob.content, blob.redacted_at = None, utc_now()
    enqueue(session, FORGET, {"digest": blob.digest})
    await session.flush()


async def drop_unheld(run: Run) -> None:
    """Remove the bytes of what was redacted, now that the last other holder is gone."""
    after = ""
    while True:
        async with run.tools.database.write() as session:
            rows = await session.exec(
                select(Blob)
                .where(
                    col(Blob.digest) > after,
                    col(Blob.redacted_at).is_(None),
                    col(Blob.digest).in_(select(Redaction.digest)),
                )
                .order_by(col(Blob.digest))
                .limit(BATCH)
                .with_for_update()
            )
            found = rows.all()
            for blob in found:
                await drop(session, blob)
            if not found:
                return
            after = found[-1].digest


JOBS = [
    JobKind(
        "redactions.drop", drop_unheld, every=timedelta(hours=6), queue=Queue.upkeep
    )
]
