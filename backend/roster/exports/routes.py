from typing import Annotated, Any

from fastapi import APIRouter, Body
from fastapi.responses import StreamingResponse

from roster.auth.deps import CallerDep
from roster.blobs.storage import StoreDep
from roster.core.caching import PRIVATE, VARY, ConditionalRoute
from roster.core.db import DatabaseDep
from roster.core.deps import SettingsDep
from roster.core.errors import Conflict, Gone, NotFound, NotSignedIn, TooLarge, problems
from roster.core.idempotency import without_key
from roster.exports import service
from roster.exports.schemas import ExportRequest, TargetPublic
from roster.exports.targets.registry import TARGETS

router = APIRouter(
    prefix="/exports",
    route_class=ConditionalRoute,
    tags=["exports"],
    responses=problems(NotSignedIn),
)

ZIP = "application/zip"
AS_ZIP: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The files, laid out as coding tools look for them.",
        "content": {ZIP: {"schema": {"type": "string", "format": "binary"}}},
    }
}
EXAMPLE = {"components": ["019a7c1e-3a52-7cc1-b2f4-5d3a6f0e8b11"], "label": "latest"}


@router.get("/targets", summary="List the layouts that tools read")
async def list_targets() -> list[TargetPublic]:
    return [
        TargetPublic(
            name=target.name,
            label=target.label,
            tool=target.tool,
            description=target.description,
        )
        for target in TARGETS.values()
    ]


@router.post(
    "",
    response_class=StreamingResponse,
    summary="Take files out: a zip of the chosen components",
    responses={**AS_ZIP, **problems(NotFound, Conflict, TooLarge, Gone)},
)
@without_key("It answers with a stream of any length, and changes nothing.")
async def create_export(
    data: Annotated[ExportRequest, Body(examples=[EXAMPLE])],
    actor: CallerDep,
    database: DatabaseDep,
    store: StoreDep,
    settings: SettingsDep,
) -> StreamingResponse:
    export = await service.export(database, store, settings, data, actor=actor)
    return StreamingResponse(
        export.archive.chunks(),
        media_type=ZIP,
        headers={
            "Content-Length": str(export.size),
            "Content-Disposition": f'attachment; filename="{export.filename}"',
            "Cache-Control": PRIVATE,
            "Vary": VARY,
        },
    )
