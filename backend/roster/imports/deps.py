"""From the id in a path to an import that the caller may see or change."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path

from roster.auth.deps import ActorDep, WriterDep
from roster.core.caching import IfMatch, require_match
from roster.core.db import SessionDep
from roster.imports import service
from roster.imports.models import Import

ImportId = Annotated[UUID, Path(description="Id of the import.")]
FileId = Annotated[UUID, Path(description="Id of the file in the import.")]


async def get_import(
    import_id: ImportId, actor: ActorDep, session: SessionDep
) -> Import:
    return await service.find(session, import_id, actor)


async def get_edited_import(
    import_id: ImportId, actor: WriterDep, session: SessionDep, if_match: IfMatch = None
) -> Import:
    """Lock an import for a change. ``If-Match`` is honoured, but not asked for."""
    row = await service.find(session, import_id, actor, edit=True)
    if if_match is not None:
        require_match(if_match, row.version)
    return row


VisibleImport = Annotated[Import, Depends(get_import)]
EditedImport = Annotated[Import, Depends(get_edited_import)]
