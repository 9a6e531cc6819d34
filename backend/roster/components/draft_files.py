"""The files of a draft beside its main one, whose text stands in the draft itself."""

from sqlalchemy import insert
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components.content import TreeFile
from roster.components.models import Component, Draft, DraftFile
from roster.components.trees import others_of


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
    await session.flush()
    await session.exec(delete(DraftFile).where(col(DraftFile.draft_id) == draft.id))
    rows = [
        {
            "draft_id": draft.id,
            "path": file.path,
            "mode": file.mode,
            "blob_digest": file.digest,
            "size": file.size,
        }
        for file in await others_of(session, component, number)
    ]
    if rows:
        await session.exec(insert(DraftFile), params=rows)
