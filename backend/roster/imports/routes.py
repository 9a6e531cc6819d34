from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request, Response, status
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.auth.deps import ActorDep, PublisherDep, WriterDep
from roster.auth.second_factor import CipherDep
from roster.core.caching import ConditionalRoute, IfMatch, version_tag
from roster.core.db import DatabaseDep, SessionDep
from roster.core.deps import SettingsDep
from roster.core.errors import (
    Conflict,
    Forbidden,
    Invalid,
    Malformed,
    NotFound,
    NotSignedIn,
    Stale,
    TooLarge,
    TooManyRequests,
    UnsupportedMediaType,
    problems,
)
from roster.core.paging import Page
from roster.imports import applying, discarding, service, taking
from roster.imports.deps import EditedImport, ImportId, VisibleImport
from roster.imports.file_routes import router as files
from roster.imports.models import Import
from roster.imports.schemas import (
    URL,
    ApplyRequest,
    ImportPublic,
    ImportQuery,
    RepositoryImport,
    SamplesImport,
)

router = APIRouter(
    prefix="/imports",
    route_class=ConditionalRoute,
    tags=["imports"],
    responses=problems(NotSignedIn),
)
one = APIRouter(prefix="/{import_id}", route_class=ConditionalRoute)

TEAM = {
    "type": "string",
    "minLength": 1,
    "description": "Slug of the team that it goes into.",
    "examples": ["platform"],
}
BINARY = {"type": "string", "format": "binary"}


def _form(fields: dict[str, Any]) -> dict[str, Any]:
    schema = {
        "type": "object",
        "required": ["team", "files"],
        "properties": {"team": TEAM, **fields},
    }
    content = {"multipart/form-data": {"schema": schema}}
    return {"requestBody": {"required": True, "content": content}}


UPLOAD = _form(
    {
        "files": {
            "type": "array",
            "minItems": 1,
            "items": BINARY,
            "description": (
                "Files whose names are their relative paths. An archive (zip, tar, "
                "tar.gz) is unpacked."
            ),
        }
    }
)
LOCK = _form(
    {
        "files": {**BINARY, "description": "The lock file of a release, one alone."},
        "address": {
            "type": "string",
            "description": "Of the instance it is from, where the file does not say.",
            "examples": ["https://roster.example.org"],
        },
        "token": {
            "type": "string",
            "format": "password",
            "description": (
                "An API token of that instance, for what is not public. It is sent to "
                "no address but the one that is given."
            ),
        },
    }
)
BEGINNING = problems(Forbidden, NotFound, TooManyRequests)
CHANGING = problems(Forbidden, NotFound, Conflict, Stale)
"""What can go wrong with every change of an import."""


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    summary="Upload files, a folder or archives, and look at what they are",
    responses={
        **BEGINNING,
        **problems(Malformed, TooLarge, UnsupportedMediaType),
    },
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
    row = await taking.take_upload(request, database, session, settings, actor=actor)
    return await _made(session, row, request, response)


@router.post(
    "/samples",
    status_code=status.HTTP_201_CREATED,
    summary="Look at the samples that come with this instance",
    responses=BEGINNING,
)
async def create_samples_import(
    data: Annotated[SamplesImport, Body(examples=[{"team": "ada"}])],
    request: Request,
    response: Response,
    actor: WriterDep,
    session: SessionDep,
    settings: SettingsDep,
) -> ImportPublic:
    row = await taking.take_samples(session, data.team, settings, actor=actor)
    return await _made(session, row, request, response)


@router.post(
    "/repository",
    status_code=status.HTTP_201_CREATED,
    summary="Fetch a git repository, and look at what is in it",
    responses={**BEGINNING, **problems(Invalid)},
)
async def create_repository_import(
    data: Annotated[
        RepositoryImport, Body(examples=[{"team": "ada", "url": URL, "ref": "main"}])
    ],
    request: Request,
    response: Response,
    actor: WriterDep,
    session: SessionDep,
    cipher: CipherDep,
) -> ImportPublic:
    row = await taking.take_repository(session, data, cipher=cipher, actor=actor)
    return await _made(session, row, request, response)


@router.post(
    "/lock",
    status_code=status.HTTP_201_CREATED,
    summary="Fetch what the lock file of another instance lists, and look at it",
    responses={
        **BEGINNING,
        **problems(Malformed, TooLarge, UnsupportedMediaType, Invalid),
    },
    openapi_extra=LOCK,
)
async def create_lock_import(
    request: Request,
    response: Response,
    actor: WriterDep,
    database: DatabaseDep,
    session: SessionDep,
    settings: SettingsDep,
    cipher: CipherDep,
) -> ImportPublic:
    row = await taking.take_lock(
        request, database, session, settings, cipher=cipher, actor=actor
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
    summary="List your imports, or all of a team, the newest first",
)
async def list_imports(
    query: Annotated[ImportQuery, Query()], actor: ActorDep, session: SessionDep
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


@one.post(
    "/apply",
    status_code=status.HTTP_202_ACCEPTED,
    summary="Store what was decided: all of it, or a part",
    responses=CHANGING,
)
async def apply_import(
    import_id: ImportId,
    response: Response,
    actor: PublisherDep,
    session: SessionDep,
    data: Annotated[
        ApplyRequest | None, Body(examples=[{"kind": ["agent"], "outcome": ["new"]}])
    ] = None,
    if_match: IfMatch = None,
) -> ImportPublic:
    row = await applying.begin(
        session, import_id, if_match, data or ApplyRequest(), actor=actor
    )
    response.headers["ETag"] = version_tag(row.version)
    return await service.describe_one(session, row)


one.include_router(files)
router.include_router(one)
