"""The files of a draft beside its main one, whose text stands in the draft itself."""

from collections.abc import Sequence

from sqlalchemy import insert
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.blobs.staging import rely_on
from roster.components.content import TreeFile
from roster.components.models import Component, Draft, DraftFile
from roster.components.tree_upload import check_together, check_tree
from roster.components.trees import others_of
from roster.core.errors import Conflict, NotFound
from roster.settings import Settings


async def tree_of(session: AsyncSession, draft: Draft) -> tuple[TreeFile, ...]:
    """The files beside the main one, in the order of their paths."""
    rows = await session.exec(
        select(DraftFile.path, DraftFile.blob_digest, DraftFile.size, DraftFile.mode)
        .where(DraftFile.draft_id == draft.id)
        .order_by(col(DraftFile.path))
    )
    return tuple(TreeFile(*row) for row in rows)


async def start_from(
    session: AsyncSession, draft: Draft, component: Component, number: int
) -> None:
    """Let a draft begin with the other files of a revision; those it had are gone.

    Number 0, which no revision has, leaves it with none.
    """
    await replace(session, draft, await others_of(session, component, number))


async def replace(
    session: AsyncSession, draft: Draft, files: Sequence[TreeFile]
) -> None:
    """Give a draft these files instead of those that it had."""
    await session.flush()
    await session.exec(delete(DraftFile).where(col(DraftFile.draft_id) == draft.id))
    await _add(session, draft, files)


async def put(
    session: AsyncSession, draft: Draft, file: TreeFile, settings: Settings
) -> None:
    """Add a file, or replace the one at its path.

    Raises:
        Invalid: A file stands where it needs a folder.
        TooLarge: The draft then has too many files, or too large ones.
    """
    files = {one.path: one for one in await tree_of(session, draft)}
    files[file.path] = file
    check_tree(list(files.values()), settings)
    await _delete(session, draft, file.path)
    await _add(session, draft, [file])


async def remove(session: AsyncSession, draft: Draft, path: str) -> None:
    await _delete(session, draft, (await find(session, draft, path)).path)


async def move(session: AsyncSession, draft: Draft, path: str, to: str) -> None:
    """Give a file another path.

    Raises:
        NotFound: There is no such file.
        Conflict: There is one at the new path.
        Invalid: A file stands where it needs a folder.
    """
    file = await find(session, draft, path)
    paths = {one.path for one in await tree_of(session, draft)} - {path}
    if to in paths:
        raise Conflict(f"There is a file {to} already; remove or rename it first.")
    check_together({*paths, to})
    await _delete(session, draft, path)
    await _add(session, draft, [replace_path(file, to)])


async def find(session: AsyncSession, draft: Draft, path: str) -> TreeFile:
    """One file of a draft.

    Raises:
        NotFound: There is no such file.
    """
    for file in await tree_of(session, draft):
        if file.path == path:
            return file
    raise NotFound(f"Your draft has no file {path}.")


def replace_path(file: TreeFile, path: str) -> TreeFile:
    return TreeFile(path, file.digest, file.size, file.mode)


async def _delete(session: AsyncSession, draft: Draft, path: str) -> None:
    await session.exec(
        delete(DraftFile).where(
            col(DraftFile.draft_id) == draft.id, col(DraftFile.path) == path
        )
    )


async def _add(session: AsyncSession, draft: Draft, files: Sequence[TreeFile]) -> None:
    team = await session.exec(
        select(Component.team_id).where(Component.id == draft.component_id)
    )
    await rely_on(session, (file.digest for file in files), team.one())
    rows = [
        {
            "draft_id": draft.id,
            "path": file.path,
            "mode": file.mode,
            "blob_digest": file.digest,
            "size": file.size,
        }
        for file in files
    ]
    if rows:
        await session.exec(insert(DraftFile), params=rows)
