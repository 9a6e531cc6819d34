"""Take releases out: as they are, or laid out for a tool."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response, status
from fastapi.responses import StreamingResponse

from roster.auth.deps import CallerDep
from roster.blobs.storage import StoreDep
from roster.collections import exporting, releases, shipping
from roster.collections.deps import CollectionId, VisibleCollection
from roster.collections.release_routes import NumberPath, answer_headers
from roster.collections.rows import find
from roster.components.serving import made_file, one_file
from roster.core.caching import ConditionalRoute, matches
from roster.core.db import DatabaseDep, SessionDep
from roster.core.deps import SettingsDep
from roster.core.errors import ExportLoses, Gone, NotFound, TooLarge, problems
from roster.exports.packing import MEDIA_TYPES
from roster.exports.schemas import (
    AS_ARCHIVE,
    ExportedFile,
    ExportPreview,
    ExportQuery,
    ExportSummary,
)
from roster.exports.targets.asking import find_target, require_lossless
from roster.exports.targets.base import digest_of
from roster.exports.targets.registry import TARGETS
from roster.usage import service as usage
from roster.usage.clients import client_of

router = APIRouter(prefix="/releases", route_class=ConditionalRoute)
# Their ETags are digests, so that they say which bytes these are.
archives = APIRouter(prefix="/releases")

AS_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The bytes of the file.",
        "content": {
            "text/plain": {"schema": {"type": "string"}},
            "application/octet-stream": {
                "schema": {"type": "string", "format": "binary"}
            },
        },
    }
}
TargetPath = Annotated[
    str,
    Path(
        max_length=64,
        description="Name of the target, as `/exports/targets` lists it.",
        examples=["claude-code"],
    ),
]
FilePath = Annotated[
    str,
    Path(
        max_length=1000,
        description="Of the file, as the preview lists it.",
        examples=[".claude/agents/lead.md"],
    ),
]


@router.get(
    "/{number}/targets",
    summary="See how much of a release each target holds",
    responses=problems(Gone),
)
async def list_exports(
    number: NumberPath,
    seen: VisibleCollection,
    caller: CallerDep,
    session: SessionDep,
    store: StoreDep,
) -> list[ExportSummary]:
    release = await releases.find(session, caller, seen.collection.id, number)
    found = await shipping.lay_out_all(session, store, release.id)
    return [
        ExportSummary(
            target=target.name,
            label=target.label,
            files=len(made.files),
            size=sum(file.size for file in made.files),
            losses=len(made.losses),
            serious=made.serious,
        )
        for target, made in zip(TARGETS.values(), found, strict=True)
    ]


@router.get(
    "/{number}/targets/{target}",
    summary="See what an export holds, and what gets lost on the way",
    responses=problems(Gone),
)
async def preview_export(
    number: NumberPath,
    target: TargetPath,
    seen: VisibleCollection,
    caller: CallerDep,
    session: SessionDep,
    store: StoreDep,
) -> ExportPreview:
    wanted = find_target(target)
    release = await releases.find(session, caller, seen.collection.id, number)
    made, _ = await shipping.lay_out(session, store, release.id, wanted)
    files = [
        ExportedFile(
            path=file.path,
            mode=file.mode,
            size=file.size,
            sha256=file.sha256,
            component=file.component,
        )
        for file in made.files
    ]
    return ExportPreview(
        target=wanted.name,
        number=number,
        lock_digest=release.digest,
        digest=digest_of(made),
        files=files,
        notes=list(made.notes),
        losses=len(made.losses),
        serious=made.serious,
        variables=list(made.variables),
    )


@archives.get(
    "/{number}/targets/{target}/files/{path:path}",
    summary="Read one file of an export, as its tool would find it",
    response_class=Response,
    responses={**AS_FILE, **problems(NotFound, Gone)},
)
async def read_exported_file(
    number: NumberPath,
    target: TargetPath,
    path: FilePath,
    seen: VisibleCollection,
    caller: CallerDep,
    session: SessionDep,
    store: StoreDep,
    request: Request,
) -> Response:
    wanted = find_target(target)
    release = await releases.find(session, caller, seen.collection.id, number)
    made, rows = await shipping.lay_out(session, store, release.id, wanted)
    file = next((file for file in made.files if file.path == path), None)
    if file is None:
        raise NotFound(f"The export holds no file {path}.")
    if file.data is not None:
        return made_file(request, file.data, file.sha256)
    team_id = next(row.team_id for row in rows if row.digest == file.sha256)
    return await one_file(session, store, request, path, file.sha256, team_id=team_id)


@archives.get(
    "/{number}/export",
    summary="Take a release out: its very bytes, or laid out for a tool",
    response_class=Response,
    responses={**AS_ARCHIVE, **problems(NotFound, TooLarge, Gone, ExportLoses)},
)
async def export_release(
    collection_id: CollectionId,
    number: NumberPath,
    asked: Annotated[ExportQuery, Query()],
    caller: CallerDep,
    database: DatabaseDep,
    store: StoreDep,
    settings: SettingsDep,
    request: Request,
) -> Response:
    """What something else shadows is left out. The same lock gives the same archive.

    Without `target` it is what was locked, byte for byte, laid out for Claude Code.
    """
    target = find_target(asked.target) if asked.target else None
    async with database.read() as session:
        seen = await find(session, caller, collection_id)
        release = await releases.find(session, caller, collection_id, number)
        taken = await shipping.take(session, store, release, target)
        if asked.strict and taken.made is not None:
            require_lossless(taken.made)
        headers = answer_headers(taken.tag(asked.format), caller)
        if matches(request, headers["ETag"]):
            return Response(status_code=status.HTTP_304_NOT_MODIFIED, headers=headers)
        packed = await shipping.pack(
            session, store, taken, asked.format, most=settings.unpacked_bytes
        )
    try:
        # Nothing leaves that the audit does not know of.
        async with database.write() as session:
            exporting.tell(session, taken.rows, by=caller)
            client = client_of(request.headers.get("user-agent"))
            await usage.count_release(session, release.id, taken.target, client)
    except BaseException:
        packed.close()
        raise
    parts = [seen.team.slug, seen.collection.name, str(number)]
    parts += [target.name] if target else []
    filename = f"{'-'.join(parts)}.{asked.format}"
    headers |= packed.headers(filename)
    media_type = MEDIA_TYPES[asked.format]
    return StreamingResponse(packed.chunks(), media_type=media_type, headers=headers)
