"""Take a release out: the files that it locked, and who is told of it."""

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter
from pathlib import PurePosixPath
from uuid import UUID

from sqlalchemy import and_
from sqlalchemy import select as columns
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.audit.service import Target, record
from roster.blobs import reading as blobs
from roster.collections.models import ReleaseEntry
from roster.components.kinds import KINDS
from roster.components.models import Component, Revision, RevisionFile
from roster.components.rows import AnyRow, fetch
from roster.components.stored import StoredFile
from roster.core.actor import Anonymous, Caller
from roster.exports.targets.base import ExportFile
from roster.teams.models import Team

AT_ONCE = 100


async def files_of(session: AsyncSession, release: AnyRow) -> Sequence[AnyRow]:
    """Every file of what a release locks; without what something else shadows."""
    return await files_by_id(session, release.id)


async def files_by_id(session: AsyncSession, release_id: UUID) -> Sequence[AnyRow]:
    """The same of a release that is known by its id alone."""
    locked = and_(
        col(Revision.component_id) == ReleaseEntry.component_id,
        col(Revision.number) == ReleaseEntry.number,
    )
    return await fetch(
        session,
        columns(
            col(ReleaseEntry.position),
            col(ReleaseEntry.kind),
            col(ReleaseEntry.name),
            col(ReleaseEntry.number),
            col(ReleaseEntry.digest).label("tree"),
            col(ReleaseEntry.team).label("team_then"),
            col(Component.team_id),
            col(Team.slug),
            col(RevisionFile.path),
            col(RevisionFile.mode),
            col(RevisionFile.size),
            col(RevisionFile.blob_digest).label("digest"),
        )
        .select_from(ReleaseEntry)
        .join(Component, col(Component.id) == ReleaseEntry.component_id)
        .join(Team, col(Team.id) == Component.team_id)
        .join(Revision, locked)
        .join(RevisionFile, col(RevisionFile.revision_id) == Revision.id)
        .where(
            col(ReleaseEntry.release_id) == release_id,
            col(ReleaseEntry.shadowed).is_(False),
        ),
    )


def _path(row: AnyRow) -> str:
    """Where coding tools look for a file, under the name that is locked."""
    kind = KINDS[row.kind]
    main = PurePosixPath(kind.export_path(row.name))
    return str(main if row.path == kind.main else main.parent / row.path)


async def require_there(session: AsyncSession, files: Sequence[AnyRow]) -> None:
    """Refuse what was redacted: also to who took it before, and asks whether it holds.

    Raises:
        Gone: One of the files was.
    """
    await blobs.require_kept(session, ((row.team_id, row.digest) for row in files))


def as_stored(files: Sequence[AnyRow]) -> list[ExportFile]:
    """The very bytes of what is locked, laid out as Claude Code looks for it."""
    return [
        ExportFile(
            _path(row),
            stored=StoredFile(row.path, row.mode, row.size, row.digest),
            mode=row.mode,
        )
        for row in files
    ]


def tell(session: AsyncSession, files: Sequence[AnyRow], *, by: Caller) -> None:
    """Append one event for each team: its owners see what left of theirs alone."""
    if isinstance(by, Anonymous):
        return  # what everybody may read
    of_team = attrgetter("slug", "team_id")
    for (slug, team_id), group in groupby(sorted(files, key=of_team), key=of_team):
        taken = {f"{row.kind}:{row.team_then}/{row.name}@{row.number}" for row in group}
        target = Target("team", team_id, slug, team_id)
        details = {"revisions": sorted(taken)}
        record(session, "export.made", target, by=by, details=details)
