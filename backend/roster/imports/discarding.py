from sqlmodel import col, update
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.core.errors import Conflict
from roster.imports import trees
from roster.imports.decisions import touch
from roster.imports.models import Import, ImportFile, ImportState


async def discard(session: AsyncSession, row: Import) -> None:
    """Give an import up. The bytes go, what was found stays.

    Raises:
        Conflict: It was applied, or is about to be.
    """
    if row.state is ImportState.applied:
        raise Conflict("This import was applied; there is nothing left to discard.")
    if row.state is ImportState.applying:
        raise Conflict("This import is being applied; cancel that first.")
    if row.state is ImportState.discarded:
        return
    await session.exec(
        update(ImportFile)
        .where(col(ImportFile.import_id) == row.id)
        .values(content=None, source=None, repaired=None)
    )
    await trees.forget(session, row)
    await trees.let_go(session, [row.id])
    row.state = ImportState.discarded
    touch(row)
