"""What of the components on a page is marked, because a question asked for it."""

import re
from collections.abc import Iterable
from uuid import UUID

import orjson
from sqlalchemy import Text, and_, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.blobs.models import Blob, Redaction
from roster.components.kinds import KINDS
from roster.components.lookup import OF_ITS_TEAM
from roster.components.models import Component, Revision, RevisionFile
from roster.components.rows import AnyRow, AnySelect
from roster.components.search_schemas import Highlight, Highlights, MarkedField
from roster.core.direct import slot
from roster.core.prepared import rows_of
from roster.search.finding import matching
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
        found[_uuid(row.id)] = [
            Highlight.of(field, segments)
            for field, text in texts.items()
            if (segments := marker.marked(text))
        ]
        if marker.missing(*texts.values()):
            elsewhere.append(_uuid(row.id))
    for id_, text in await _bodies(session, elsewhere):
        if segments := marker.excerpt(text):
            found[id_].append(Highlight.of(MarkedField.body, segments))
    return found


async def _bodies(session: AsyncSession, ids: list[UUID]) -> Iterable[tuple[UUID, str]]:
    """What the main files of newest revisions say after their front matter."""
    if not ids:
        return []
    wanted = orjson.dumps({id_.hex: 0 for id_ in ids}).decode()
    dialect = session.get_bind().dialect.name
    rows = await rows_of(
        session, "bodies", lambda: _statement(dialect), {"ids": wanted}
    )
    return [
        (_uuid(id_), _FRONT_MATTER.sub("", content.decode("utf-8", "replace"), count=1))
        for id_, kind, path, content in rows
        if path == KINDS[kind].main
    ]


def _statement(dialect: str) -> AnySelect:
    newest = and_(
        col(Revision.component_id) == Component.id,
        col(Revision.number) == Component.latest_number,
    )
    mains = {kind.main for kind in KINDS.values()}
    ids = matching(slot("ids", Text()), dialect)
    return (
        select(
            col(Component.id),
            col(Component.kind),
            col(RevisionFile.path),
            col(Blob.content),
        )
        .select_from(ids)
        .join(Component, col(Component.id) == ids.c.component_id)
        .join(Revision, newest)
        .join(RevisionFile, col(RevisionFile.revision_id) == Revision.id)
        .join(Blob, col(Blob.digest) == RevisionFile.blob_digest)
        .outerjoin(Redaction, OF_ITS_TEAM)
        .where(
            col(RevisionFile.path).in_(sorted(mains)),
            col(Redaction.redacted_at).is_(None),
            col(Blob.content).is_not(None),
        )
    )


def _uuid(id_: UUID | str) -> UUID:
    """Rows come from the ORM, or straight from a driver."""
    return id_ if isinstance(id_, UUID) else UUID(id_)
