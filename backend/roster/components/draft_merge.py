"""Merge what was published meanwhile into a draft."""

import anyio.to_thread
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components import draft_trees, drafts, revisions
from roster.components.lifecycle_schemas import DraftMerge, MergeWrite
from roster.components.merging import merge
from roster.components.models import Draft
from roster.components.rows import AnyRow
from roster.core.actor import Actor
from roster.core.errors import DraftBehind
from roster.settings import Settings


async def preview(
    session: AsyncSession, component: AnyRow, *, actor: Actor
) -> DraftMerge:
    """Say what a merge of the caller's draft would come to."""
    draft = await drafts.read(session, component.id, actor=actor)
    base = await _text(session, component, draft.base_number)
    theirs = await _text(session, component, component.latest_number)
    merged = await anyio.to_thread.run_sync(merge, base, draft.content, theirs)
    files = await draft_trees.compare(
        session, component.kind, draft, component.latest_number
    )
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
    settings: Settings,
) -> Draft:
    """Keep the merged text and files as the draft, based on the newest revision.

    Raises:
        TooLarge: The text is over the limit, in bytes.
        DraftBehind: That is no longer the newest revision.
        Invalid: Theirs is taken of a file that only one side changed.
    """
    drafts.require_size(data.content, settings.file_bytes)
    draft = await drafts.matching(session, component.id, if_match, actor=actor)
    if data.latest_digest != component.latest_digest:
        raise DraftBehind("Somebody published again; merge that revision too.")
    files = await draft_trees.compare(
        session, component.kind, draft, component.latest_number
    )
    taken = draft_trees.chosen(files, data.theirs)
    await draft_trees.take(
        session, component.kind, draft, component.latest_number, taken, settings
    )
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
