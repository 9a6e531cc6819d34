from typing import Annotated

from fastapi import APIRouter, Body, Request
from fastapi.responses import StreamingResponse

from roster.auth.deps import CallerDep
from roster.blobs.storage import StoreDep
from roster.core.caching import PRIVATE, VARY, ConditionalRoute
from roster.core.db import DatabaseDep
from roster.core.deps import SettingsDep
from roster.core.errors import (
    Conflict,
    ExportLoses,
    Gone,
    NotFound,
    NotSignedIn,
    TooLarge,
    problems,
)
from roster.core.idempotency import without_key
from roster.exports import service
from roster.exports.schemas import AS_ARCHIVE, ExportRequest, TargetPublic
from roster.exports.targets.registry import TARGETS
from roster.usage.clients import client_of

router = APIRouter(
    prefix="/exports",
    route_class=ConditionalRoute,
    tags=["exports"],
    responses=problems(NotSignedIn),
)

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
    summary="Take files out: an archive of the chosen components",
    responses={
        **AS_ARCHIVE,
        **problems(NotFound, Conflict, ExportLoses, TooLarge, Gone),
    },
)
@without_key("It answers with a stream of any length, and changes nothing.")
async def create_export(
    data: Annotated[ExportRequest, Body(examples=[EXAMPLE])],
    actor: CallerDep,
    database: DatabaseDep,
    store: StoreDep,
    settings: SettingsDep,
    request: Request,
) -> StreamingResponse:
    client = client_of(request.headers.get("user-agent"))
    export = await service.export(
        database, store, settings, data, actor=actor, client=client
    )
    headers = {"Cache-Control": PRIVATE, "Vary": VARY}
    return StreamingResponse(
        export.packed.chunks(),
        media_type=export.media_type,
        headers=headers | export.packed.headers(export.filename),
    )
