from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Query, Request, Response

from roster.auth.deps import ActorDep, WriterDep
from roster.blobs.storage import StoreDep
from roster.components.serving import one_file
from roster.components.tree_upload import PATH_LENGTH
from roster.core.caching import ConditionalRoute, version_tag
from roster.core.db import SessionDep
from roster.core.errors import Conflict, Forbidden, Gone, NotFound, Stale, problems
from roster.core.paging import Page
from roster.imports import decisions, decisions_many, detail, trees
from roster.imports import files as described
from roster.imports.deps import EditedImport, FileId, VisibleImport
from roster.imports.file_schemas import (
    FileDecision,
    FileQuery,
    FilesDecision,
    ImportFileDetail,
    ImportFilePublic,
    Updated,
)

BYTES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The very bytes of the file.",
        "content": {
            "application/octet-stream": {
                "schema": {"type": "string", "format": "binary"}
            }
        },
    }
}
TreePath = Annotated[
    str,
    Path(
        min_length=1,
        max_length=PATH_LENGTH,
        description="Path of the file in its tree.",
        examples=["references/style.md"],
    ),
]
CHANGING = problems(Forbidden, NotFound, Conflict, Stale)
"""What can go wrong with every change of an import."""

router = APIRouter(route_class=ConditionalRoute)


@router.get(
    "/files",
    summary="List the files of an import by path",
    responses=problems(NotFound),
)
async def list_import_files(
    query: Annotated[FileQuery, Query()],
    row: VisibleImport,
    actor: ActorDep,
    session: SessionDep,
) -> Page[ImportFilePublic]:
    return await described.files_page(session, row, query, actor=actor)


@router.patch(
    "/files",
    summary="Decide alike about many files, as far as it fits them",
    responses=CHANGING,
)
async def decide_import_files(
    data: Annotated[
        FilesDecision,
        Body(examples=[{"outcome": ["needs_repair"], "decision": "repaired"}]),
    ],
    row: EditedImport,
    actor: WriterDep,
    session: SessionDep,
    response: Response,
) -> Updated:
    updated = await decisions_many.decide_many(session, row, data, actor=actor)
    response.headers["ETag"] = version_tag(row.version)
    return Updated(updated=updated)


@router.get(
    "/files/{file_id}",
    summary="Read a file of an import: its texts, findings and examples",
    responses=problems(NotFound),
)
async def read_import_file(
    file_id: FileId, row: VisibleImport, actor: ActorDep, session: SessionDep
) -> ImportFileDetail:
    return await detail.describe_in_full(session, row, file_id, actor=actor)


@router.get(
    "/files/{file_id}/tree/{path:path}",
    summary="Read a file that comes with another one of an import",
    response_class=Response,
    responses={**BYTES, **problems(NotFound, Gone)},
)
async def read_import_tree_file(
    file_id: FileId,
    path: TreePath,
    row: VisibleImport,
    session: SessionDep,
    store: StoreDep,
    request: Request,
) -> Response:
    file = await decisions.find_file(session, row, file_id)
    digest = await trees.digest_of(session, file, path)
    return await one_file(session, store, request, path, digest, team_id=row.team_id)


@router.patch(
    "/files/{file_id}",
    summary="Decide about a file: which text to take, and under which name",
    responses=CHANGING,
)
async def decide_import_file(
    file_id: FileId,
    data: Annotated[
        FileDecision,
        Body(examples=[{"decision": "repaired", "target_name": "reviewer-2"}]),
    ],
    row: EditedImport,
    actor: WriterDep,
    session: SessionDep,
    response: Response,
) -> ImportFilePublic:
    file = await decisions.decide(session, row, file_id, data, actor=actor)
    response.headers["ETag"] = version_tag(row.version)
    return await described.describe_file(session, row, file, actor=actor)
