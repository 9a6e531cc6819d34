"""Merge what was published meanwhile into a draft."""

from collections.abc import Iterable
from uuid import UUID

import anyio.to_thread
from sqlalchemy import insert
from sqlmodel import col, delete
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components import drafts, revisions
from roster.components.content import TreeFile
from roster.components.draft_files import tree_of
from roster.components.kinds import KINDS
from roster.components.lifecycle_schemas import DraftMerge, FileMerge, MergeWrite, Side
from roster.components.merging import merge
from roster.components.models import Draft, DraftFile
from roster.components.rows import AnyRow
from roster.components.trees import files_of
from roster.core.actor import Actor
from roster.core.errors import DraftBehind, Invalid

Tree = dict[str, TreeFile]


async def preview(
    session: AsyncSession, component: AnyRow, *, actor: Actor
) -> DraftMerge:
    """Say what a merge of the caller's draft would come to."""
    draft = await drafts.read(session, component.id, actor=actor)
    base = await _text(session, component, draft.base_number)
    theirs = await _text(session, component, component.latest_number)
    merged = await anyio.to_thread.run_sync(merge, base, draft.content, theirs)
    files = await _files(session, component, draft)
    return DraftMerge(
        base_number=draft.base_number,
        latest_number=component.latest_number,
        latest_digest=component.latest_digest,
        base=base,
        mine=draft.content,
        theirs=theirs,
        merged=merged.text,
        conflicts=merged.clashes,
        files=files,
        clean=not merged.clashes and all(file.side for file in files),
    )


async def apply(  # noqa: PLR0913 - one for each part of the request
    session: AsyncSession,
    component: AnyRow,
    data: MergeWrite,
    if_match: str | None,
    *,
    actor: Actor,
    limit: int,
) -> Draft:
    """Keep the merged text and files as the draft, based on the newest revision.

    Raises:
        TooLarge: The text is over the limit, in bytes.
        DraftBehind: That is no longer the newest revision.
        Invalid: Theirs is taken of a file that only one side changed.
    """
    drafts.require_size(data.content, limit)
    draft = await drafts.matching(session, component.id, if_match, actor=actor)
    if data.latest_digest != component.latest_digest:
        raise DraftBehind("Somebody published again; merge that revision too.")
    files = await _files(session, component, draft)
    open_paths = {file.path for file in files if file.side is None}
    for path in data.theirs:
        if path not in open_paths:
            message = f"There is nothing to choose about {path}."
            raise Invalid.field("theirs", message, "unknown")
    taken = {file.path for file in files if file.side is Side.theirs} | {*data.theirs}
    await _take(session, component, draft, taken)
    return await drafts.change(
        session,
        draft,
        content=data.content,
        base_number=component.latest_number,
        base_digest=component.latest_digest,
    )


async def _text(session: AsyncSession, component: AnyRow, number: int) -> str:
    if not number:
        return ""
    stored = await revisions.load(session, component, number)
    return stored.parsed.text


async def _others(session: AsyncSession, component: AnyRow, number: int) -> Tree:
    main = KINDS[component.kind].main
    files = await files_of(session, component.id, number)
    return {file.path: file for file in files if file.path != main}


async def _files(
    session: AsyncSession, component: AnyRow, draft: Draft
) -> list[FileMerge]:
    base = await _others(session, component, draft.base_number)
    theirs = await _others(session, component, component.latest_number)
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


async def _take(
    session: AsyncSession, component: AnyRow, draft: Draft, paths: Iterable[str]
) -> None:
    """Put their files of these paths into the draft, or take them out of it."""
    theirs = await _others(session, component, component.latest_number)
    wanted = sorted(set(paths))
    await session.exec(
        delete(DraftFile).where(
            col(DraftFile.draft_id) == draft.id, col(DraftFile.path).in_(wanted)
        )
    )
    rows = [_row(draft.id, theirs[path]) for path in wanted if path in theirs]
    if rows:
        await session.exec(insert(DraftFile), params=rows)


def _row(draft_id: UUID, file: TreeFile) -> dict[str, object]:
    return {
        "draft_id": draft_id,
        "path": file.path,
        "mode": file.mode,
        "blob_digest": file.digest,
        "size": file.size,
    }
