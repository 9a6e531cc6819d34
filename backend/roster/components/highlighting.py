"""What of the components on a page is marked, because a question asked for it."""

import re
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import and_, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.blobs.models import Blob, Redaction
from roster.components.kinds import KINDS
from roster.components.lookup import OF_ITS_TEAM
from roster.components.models import Component, Revision, RevisionFile
from roster.components.rows import AnyRow, fetch
from roster.components.search_schemas import Highlight, Highlights, MarkedField
from roster.search.marking import Marker
from roster.search.questions import Question

_FRONT_MATTER = re.compile(r"\A---\r?\n.*?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)


async def highlights_of(
    session: AsyncSession, rows: Iterable[AnyRow], question: Question
) -> Highlights:
    """Mark names and descriptions; and bodies, where words stand only there."""
    if not question.words:
        return {}
    marker = Marker(question)
    found: Highlights = {}
    elsewhere = []
    for row in rows:
        texts = {
            MarkedField.name: row.name,
            MarkedField.description: row.description,
        }
        found[row.id] = [
            Highlight.of(field, segments)
            for field, text in texts.items()
            if (segments := marker.marked(text))
        ]
        if marker.missing(*texts.values()):
            elsewhere.append(row.id)
    for id_, text in await _bodies(session, elsewhere):
        if segments := marker.excerpt(text):
            found[id_].append(Highlight.of(MarkedField.body, segments))
    return found


async def _bodies(session: AsyncSession, ids: list[UUID]) -> Iterable[tuple[UUID, str]]:
    """What the main files of newest revisions say after their front matter."""
    if not ids:
        return []
    newest = and_(
        col(Revision.component_id) == Component.id,
        col(Revision.number) == Component.latest_number,
    )
    mains = {kind.main for kind in KINDS.values()}
    rows = await fetch(
        session,
        select(
            col(Component.id),
            col(Component.kind),
            col(RevisionFile.path),
            col(Blob.content),
        )
        .join(Revision, newest)
        .join(RevisionFile, col(RevisionFile.revision_id) == Revision.id)
        .join(Blob, col(Blob.digest) == RevisionFile.blob_digest)
        .outerjoin(Redaction, OF_ITS_TEAM)
        .where(
            col(Component.id).in_(ids),
            col(RevisionFile.path).in_(mains),
            col(Redaction.redacted_at).is_(None),
            col(Blob.content).is_not(None),
        ),
    )
    return [
        (id_, _FRONT_MATTER.sub("", content.decode("utf-8", "replace"), count=1))
        for id_, kind, path, content in rows
        if path == KINDS[kind].main
    ]
