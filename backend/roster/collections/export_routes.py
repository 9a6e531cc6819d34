"""Take releases out: as they are, or laid out for a tool."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response, status
from fastapi.responses import StreamingResponse

from roster.auth.deps import CallerDep
from roster.blobs.storage import StoreDep
from roster.collections import exporting, releases, shipping
from roster.collections.deps import CollectionId, VisibleCollection
from roster.collections.release_routes import NumberPath, answer_headers
from roster.collections.rows import find
from roster.components.content import tree_digest
from roster.components.negotiation import ZIP
from roster.components.serving import made_file, one_file
from roster.core.caching import ConditionalRoute, matches
from roster.core.db import DatabaseDep, SessionDep
from roster.core.deps import SettingsDep
from roster.core.errors import Gone, NotFound, TooLarge, problems
from roster.exports.schemas import ExportedFile, ExportPreview

router = APIRouter(prefix="/releases", route_class=ConditionalRoute)
# Their ETags are digests, so that they say which bytes these are.
archives = APIRouter(prefix="/releases")

AS_ZIP: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The files, laid out as coding tools look for them.",
        "content": {ZIP: {"schema": {"type": "string", "format": "binary"}}},
    }
}
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
    wanted = shipping.find_target(target)
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
        digest=tree_digest((file.path, file.mode, file.sha256) for file in files),
        files=files,
        notes=list(made.notes),
        losses=len(made.losses),
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
    wanted = shipping.find_target(target)
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
    summary="Take a release out: a zip of the very bytes that it locked",
    response_class=Response,
    responses={**AS_ZIP, **problems(TooLarge, Gone)},
)
async def export_release(
    collection_id: CollectionId,
    number: NumberPath,
    caller: CallerDep,
    database: DatabaseDep,
    store: StoreDep,
    settings: SettingsDep,
    request: Request,
) -> Response:
    """What something else shadows is left out. The same lock gives the same zip."""
    async with database.read() as session:
        seen = await find(session, caller, collection_id)
        release = await releases.find(session, caller, collection_id, number)
        headers = answer_headers(release.digest, caller)
        files = await exporting.files_of(session, release)
        await exporting.require_there(session, files)
        if matches(request, headers["ETag"]):
            return Response(status_code=status.HTTP_304_NOT_MODIFIED, headers=headers)
        most = settings.unpacked_bytes
        archive, size = await exporting.pack(session, store, files, most)
    try:
        # Nothing leaves that the audit does not know of.
        async with database.write() as session:
            exporting.tell(session, files, by=caller)
    except BaseException:
        archive.close()
        raise
    filename = f"{seen.team.slug}-{seen.collection.name}-{number}.zip"
    headers["Content-Length"] = str(size)
    headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return StreamingResponse(archive.chunks(), media_type=ZIP, headers=headers)
