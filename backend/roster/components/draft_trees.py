"""What a draft's tree and that of a newer revision come to together, by paths."""

from collections.abc import Iterable

from sqlalchemy import insert
from sqlmodel import col, delete
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components.content import TreeFile
from roster.components.draft_files import tree_of
from roster.components.kinds import KINDS
from roster.components.lifecycle_schemas import FileMerge, Side
from roster.components.models import Draft, DraftFile
from roster.components.trees import files_of


async def compare(
    session: AsyncSession, kind: str, draft: Draft, number: int
) -> list[FileMerge]:
    """The files that the draft and the revision do not both have alike."""
    base = await _others(session, kind, draft, draft.base_number)
    theirs = await _others(session, kind, draft, number)
    mine = {file.path: file for file in await tree_of(session, draft)}
    found = []
    for path in sorted({*base, *mine, *theirs}):
        was, ours, other = base.get(path), mine.get(path), theirs.get(path)
        if ours == other:
            continue
        side = None
        if ours == was:
            side = Side.theirs
        elif other == was:
            side = Side.mine
        found.append(
            FileMerge(
                path=path,
                base=was and was.digest,
                mine=ours and ours.digest,
                theirs=other and other.digest,
                side=side,
            )
        )
    return found


async def take(
    session: AsyncSession, kind: str, draft: Draft, number: int, paths: Iterable[str]
) -> None:
    """Put the revision's files of these paths into the draft, or take them out."""
    theirs = await _others(session, kind, draft, number)
    wanted = sorted(set(paths))
    await session.exec(
        delete(DraftFile).where(
            col(DraftFile.draft_id) == draft.id, col(DraftFile.path).in_(wanted)
        )
    )
    rows = [
        {
            "draft_id": draft.id,
            "path": path,
            "mode": theirs[path].mode,
            "blob_digest": theirs[path].digest,
            "size": theirs[path].size,
        }
        for path in wanted
        if path in theirs
    ]
    if rows:
        await session.exec(insert(DraftFile), params=rows)


async def follow(session: AsyncSession, kind: str, draft: Draft, number: int) -> None:
    """Take what only the revision changed, before the draft is based on it.

    Otherwise publishing the draft would silently undo it.
    """
    if not KINDS[kind].is_tree:
        return
    files = await compare(session, kind, draft, number)
    changed = [file.path for file in files if file.side is Side.theirs]
    await take(session, kind, draft, number, changed)


async def _others(
    session: AsyncSession, kind: str, draft: Draft, number: int
) -> dict[str, TreeFile]:
    files = await files_of(session, draft.component_id, number)
    return {file.path: file for file in files if file.path != KINDS[kind].main}
