"""The trees of revisions, as rows: nothing here reads what is in the files."""

from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.blobs.reading import redacted
from roster.components.content import TreeFile
from roster.components.kinds import KINDS, Kind
from roster.components.models import Component, Revision, RevisionFile


async def files_of(
    session: AsyncSession, component_id: UUID, number: int
) -> tuple[TreeFile, ...]:
    """All files of a revision, in the order of their paths."""
    rows = await session.exec(
        select(
            RevisionFile.path,
            RevisionFile.blob_digest,
            RevisionFile.size,
            RevisionFile.mode,
        )
        .join(Revision, col(Revision.id) == RevisionFile.revision_id)
        .where(Revision.component_id == component_id, Revision.number == number)
        .order_by(col(RevisionFile.path))
    )
    return tuple(TreeFile(*row) for row in rows)


async def others_of(
    session: AsyncSession, component: Component, number: int
) -> tuple[TreeFile, ...]:
    """The files of a revision beside its main one, without those redacted."""
    main = KINDS[component.kind].main
    return await _others(session, component.id, component.team_id, number, main)


async def latest_others(
    session: AsyncSession, kind: Kind, component_id: UUID
) -> tuple[TreeFile, ...]:
    """The files beside the main one in the newest revision, if there is one."""
    if not kind.is_tree:
        return ()
    found = await session.exec(
        select(Component.team_id, Component.latest_number).where(
            Component.id == component_id
        )
    )
    team_id, number = found.one()
    return await _others(session, component_id, team_id, number, kind.main)


async def _others(
    session: AsyncSession, component_id: UUID, team_id: UUID, number: int, main: str
) -> tuple[TreeFile, ...]:
    """What is to go on without what was redacted, which is never published again."""
    files = await files_of(session, component_id, number)
    gone = await redacted(session, team_id, (file.digest for file in files))
    return tuple(
        file for file in files if file.path != main and file.digest not in gone
    )
