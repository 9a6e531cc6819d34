"""A revision as it is stored: its tree as rows, and the bytes of its main file alone.

Every other file is read as a stream, when somebody asks for it.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, null, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.blobs.models import Blob, Redaction
from roster.blobs.reading import verified
from roster.components.kinds import Kind, Parsed
from roster.components.lookup import OF_ITS_TEAM
from roster.components.models import Component, Revision, RevisionFile
from roster.components.reading import read_stored
from roster.components.rows import AnyRow, fetch
from roster.components.schemas import Redaction as RedactionPublic
from roster.core.errors import NotFound
from roster.users.models import User


@dataclass(frozen=True, slots=True)
class StoredFile:
    path: str
    mode: str
    size: int
    digest: str
    redaction: RedactionPublic | None = None


@dataclass(frozen=True, slots=True)
class StoredRevision:
    """A revision with its files, and what its main file says.

    `data` is empty, and nothing is `parsed`, where the main file was redacted.
    """

    row: AnyRow
    files: list[StoredFile]
    main: StoredFile
    data: bytes
    parsed: Parsed


async def read_tree(
    session: AsyncSession, kind: Kind, name: str, row: AnyRow
) -> StoredRevision:
    """Read the tree of the revision of a row, which says the `id`.

    Args:
        session: Where to.
        kind: Of the component.
        name: Of the component; stands in for one that is missing in the file.
        row: The revision.
    """
    is_main = col(RevisionFile.path) == kind.main
    content = case((is_main, col(Blob.content)), else_=null()).label("content")
    rows = await fetch(
        session,
        select(
            col(RevisionFile.path),
            col(RevisionFile.mode),
            col(RevisionFile.size),
            col(RevisionFile.blob_digest).label("digest"),
            content,
            col(Redaction.redacted_at),
            col(Redaction.reason),
            col(User.username),
        )
        .join(Revision, col(Revision.id) == RevisionFile.revision_id)
        .join(Component, col(Component.id) == Revision.component_id)
        .join(Blob, col(Blob.digest) == RevisionFile.blob_digest)
        .outerjoin(Redaction, OF_ITS_TEAM)
        .outerjoin(User, col(User.id) == Redaction.redacted_by)
        .where(col(RevisionFile.revision_id) == row.id)
        .order_by(col(RevisionFile.path)),
    )
    files = {one.path: _file(one) for one in rows}
    main = files[kind.main]
    if main.redaction is not None:
        parsed = Parsed(kind=kind.name)
        return StoredRevision(row, list(files.values()), main, b"", parsed)
    [stored] = [one.content for one in rows if one.path == kind.main]
    data = verified(main.digest, stored)
    others = frozenset(files) - {kind.main} if kind.is_tree else None
    parsed = await read_stored(kind, name, main.digest, data, others)
    return StoredRevision(row, list(files.values()), main, data, parsed)


def _file(row: AnyRow) -> StoredFile:
    return StoredFile(
        row.path,
        row.mode,
        row.size,
        row.digest,
        _redaction(row.redacted_at, row.username, row.reason),
    )


def _redaction(
    at: datetime | None, by: str | None, reason: str
) -> RedactionPublic | None:
    return None if at is None else RedactionPublic(at=at, by=by, reason=reason)


async def file_digest_of(
    session: AsyncSession, component_id: UUID, number: int, path: str
) -> str:
    """The digest of one file of a revision.

    Raises:
        NotFound: There is no such revision, or no such file in it.
    """
    rows = await fetch(
        session,
        select(col(RevisionFile.blob_digest))
        .join(Revision, col(Revision.id) == RevisionFile.revision_id)
        .where(
            col(Revision.component_id) == component_id,
            col(Revision.number) == number,
            col(RevisionFile.path) == path,
        ),
    )
    if not rows:
        raise NotFound(f"Revision {number} has no file {path}.")
    return str(rows[0].blob_digest)
