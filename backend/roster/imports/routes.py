from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Query, Request, Response, status
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.auth.deps import ActorDep, PublisherDep, WriterDep
from roster.auth.second_factor import CipherDep
from roster.blobs.storage import StoreDep
from roster.components.serving import one_file
from roster.components.tree_upload import PATH_LENGTH
from roster.core.caching import ConditionalRoute, IfMatch, version_tag
from roster.core.db import DatabaseDep, SessionDep
from roster.core.deps import SettingsDep
from roster.core.errors import (
    Conflict,
    Forbidden,
    Gone,
    Malformed,
    NotFound,
    NotSignedIn,
    Stale,
    TooLarge,
    UnsupportedMediaType,
    problems,
)
from roster.core.paging import Page, PageQuery
from roster.imports import (
    applying,
    decisions,
    detail,
    discarding,
    preview,
    service,
    trees,
)
from roster.imports.deps import EditedImport, FileId, ImportId, VisibleImport
from roster.imports.models import Import
from roster.imports.schemas import (
    FileDecision,
    FileQuery,
    FilesDecision,
    ImportFileDetail,
    ImportFilePublic,
    ImportPublic,
    SamplesImport,
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

router = APIRouter(
    prefix="/imports",
    route_class=ConditionalRoute,
    tags=["imports"],
    responses=problems(NotSignedIn),
)
one = APIRouter(prefix="/{import_id}", route_class=ConditionalRoute)

UPLOAD = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["team", "files"],
                    "properties": {
                        "team": {
                            "type": "string",
                            "minLength": 1,
                            "description": "Slug of the team that it goes into.",
                            "examples": ["platform"],
                        },
                        "files": {
                            "type": "array",
                            "minItems": 1,
                            "items": {"type": "string", "format": "binary"},
                            "description": (
                                "Files whose names are their relative paths. A zip "
                                "archive is unpacked."
                            ),
                        },
                    },
                }
            }
        },
    }
}
CHANGING = problems(Forbidden, NotFound, Conflict, Stale)
"""What can go wrong with every change of an import."""


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    summary="Upload files, a folder or archives, and look at what they are",
    responses=problems(Malformed, Forbidden, NotFound, TooLarge, UnsupportedMediaType),
    openapi_extra=UPLOAD,
)
async def create_import(
    request: Request,
    response: Response,
    actor: WriterDep,
    database: DatabaseDep,
    session: SessionDep,
    settings: SettingsDep,
) -> ImportPublic:
    row = await preview.take_upload(request, database, session, settings, actor=actor)
    return await _made(session, row, request, response)


@router.post(
    "/samples",
    status_code=status.HTTP_201_CREATED,
    summary="Look at the samples that come with this instance",
    responses=problems(Forbidden, NotFound),
)
async def create_samples_import(
    data: Annotated[SamplesImport, Body(examples=[{"team": "ada"}])],
    request: Request,
    response: Response,
    actor: WriterDep,
    database: DatabaseDep,
    session: SessionDep,
    settings: SettingsDep,
) -> ImportPublic:
    row = await preview.take_samples(
        data.team, database, session, settings, actor=actor
    )
    return await _made(session, row, request, response)


async def _made(
    session: AsyncSession, row: Import, request: Request, response: Response
) -> ImportPublic:
    response.headers["Location"] = str(
        request.app.url_path_for("read_import", import_id=row.id)
    )
    response.headers["ETag"] = version_tag(row.version)
    return await service.describe_one(session, row)


@router.get(
    "",
    summary="List your imports, the newest first",
)
async def list_imports(
    query: Annotated[PageQuery, Query()], actor: ActorDep, session: SessionDep
) -> Page[ImportPublic]:
    return await service.page_of(session, query, actor=actor)


@one.get(
    "",
    summary="Read an import",
    responses=problems(NotFound),
)
async def read_import(
    row: VisibleImport, session: SessionDep, response: Response
) -> ImportPublic:
    response.headers["ETag"] = version_tag(row.version)
    return await service.describe_one(session, row)


@one.delete(
    "",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Discard an import, and the files that came in with it",
    responses=CHANGING,
)
async def discard_import(row: EditedImport, session: SessionDep) -> None:
    await discarding.discard(session, row)


@one.get(
    "/files",
    summary="List the files of an import by path",
    responses=problems(NotFound),
)
async def list_import_files(
    query: Annotated[FileQuery, Query()], row: VisibleImport, session: SessionDep
) -> Page[ImportFilePublic]:
    return await service.files_page(session, row, query)


@one.patch(
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
    updated = await decisions.decide_many(session, row, data, actor=actor)
    response.headers["ETag"] = version_tag(row.version)
    return Updated(updated=updated)


@one.get(
    "/files/{file_id}",
    summary="Read a file of an import: its texts, findings and examples",
    responses=problems(NotFound),
)
async def read_import_file(
    file_id: FileId, row: VisibleImport, session: SessionDep
) -> ImportFileDetail:
    return await detail.describe_in_full(session, row, file_id)


@one.get(
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


@one.patch(
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
    return await service.describe_file(session, row, file)


@one.post(
    "/apply",
    summary="Store what was decided: all of it, or nothing",
    responses=CHANGING,
)
async def apply_import(
    import_id: ImportId,
    response: Response,
    actor: PublisherDep,
    database: DatabaseDep,
    session: SessionDep,
    cipher: CipherDep,
    if_match: IfMatch = None,
) -> ImportPublic:
    row = await applying.apply_import(
        database, session, import_id, if_match, cipher=cipher, actor=actor
    )
    response.headers["ETag"] = version_tag(row.version)
    return await service.describe_one(session, row)


router.include_router(one)
