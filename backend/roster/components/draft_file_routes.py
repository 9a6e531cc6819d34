"""The files of a draft beside its main one, whose text is saved with the draft."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Request, Response, status
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.auth.deps import ActorDep, WriterDep
from roster.blobs.storage import StoreDep
from roster.components import draft_files, drafts
from roster.components.deps import (
    ComponentId,
    DraftableComponent,
    DraftedTreeKind,
    VisibleComponent,
)
from roster.components.draft_file_schemas import DraftTree, FileMove
from roster.components.draft_routes import DraftMatch
from roster.components.draft_uploads import DraftPath, UploadedFile, UploadedTree
from roster.components.models import Draft
from roster.components.schemas import RevisionFilePublic
from roster.components.serving import one_file
from roster.components.tree_upload import checked_path
from roster.core.caching import ConditionalRoute
from roster.core.db import SessionDep
from roster.core.deps import SettingsDep
from roster.core.errors import (
    Conflict,
    Forbidden,
    Gone,
    Invalid,
    NotFound,
    PreconditionRequired,
    Redacted,
    Stale,
    TooLarge,
    problems,
)
from roster.lint.decoding import NotTextError, decode

router = APIRouter(
    prefix="/components/{component_id}/draft",
    route_class=ConditionalRoute,
    tags=["drafts"],
    responses=problems(NotFound),
)
CHANGING = problems(Forbidden, Conflict, PreconditionRequired, Stale)
ANY_BYTES: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/octet-stream": {
                "schema": {"type": "string", "format": "binary"},
                "example": "# Style\n",
            }
        },
    }
}
A_ZIP: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/zip": {"schema": {"type": "string", "format": "binary"}}
        },
    }
}
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


@router.get("/files", summary="List the other files of your draft")
async def list_draft_files(
    component: VisibleComponent,
    actor: ActorDep,
    session: SessionDep,
    response: Response,
) -> DraftTree:
    draft = await drafts.read(session, component.id, actor=actor)
    return await _shown(session, draft, response)


@router.get(
    "/files/{path:path}",
    summary="Read one file of your draft",
    response_class=Response,
    responses={**BYTES, **problems(Gone)},
)
async def read_draft_file(
    component: VisibleComponent,
    path: DraftPath,
    actor: ActorDep,
    session: SessionDep,
    store: StoreDep,
    request: Request,
) -> Response:
    draft = await drafts.read(session, component.id, actor=actor)
    file = await draft_files.find(session, draft, path)
    return await one_file(
        session, store, request, path, file.digest, team_id=component.team_id
    )


@router.put(
    "/files/{path:path}",  # noqa: FAST003 - what is uploaded says where it goes
    summary="Add a file to your draft, or replace one",
    responses={**CHANGING, **problems(TooLarge, Redacted)},
    openapi_extra=ANY_BYTES,
)
async def put_draft_file(
    file: UploadedFile,
    component_id: ComponentId,
    actor: WriterDep,
    session: SessionDep,
    settings: SettingsDep,
    response: Response,
    if_match: DraftMatch = None,
) -> DraftTree:
    """The body is the file, whatever its type."""
    draft = await drafts.matching(session, component_id, if_match, actor=actor)
    await draft_files.put(session, draft, file, settings)
    return await _changed(session, draft, response)


@router.delete(
    "/files/{path:path}",
    summary="Remove a file from your draft",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=CHANGING,
)
async def remove_draft_file(
    component_id: DraftableComponent,
    path: DraftPath,
    actor: WriterDep,
    session: SessionDep,
    response: Response,
    if_match: DraftMatch = None,
) -> None:
    """The ETag of its answer is that of the draft, for the next change."""
    draft = await drafts.matching(session, component_id, if_match, actor=actor)
    await draft_files.remove(session, draft, path)
    await _changed(session, draft, response)


@router.post(
    "/files/{path:path}/move",
    summary="Move or rename a file of your draft",
    responses=CHANGING,
)
async def move_draft_file(
    data: Annotated[FileMove, Body(examples=[{"path": "references/style.md"}])],
    kind: DraftedTreeKind,
    component_id: ComponentId,
    path: DraftPath,
    actor: WriterDep,
    session: SessionDep,
    response: Response,
    if_match: DraftMatch = None,
) -> DraftTree:
    draft = await drafts.matching(session, component_id, if_match, actor=actor)
    to = checked_path(kind, data.path)
    await draft_files.move(session, draft, path, to)
    return await _changed(session, draft, response)


@router.put(
    "/tree",
    summary="Replace all files of your draft by those of an archive",
    responses={**CHANGING, **problems(TooLarge, Redacted)},
    openapi_extra=A_ZIP,
)
async def put_draft_tree(
    tree: UploadedTree,
    component_id: ComponentId,
    actor: WriterDep,
    session: SessionDep,
    response: Response,
    if_match: DraftMatch = None,
) -> DraftTree:
    """Its main file becomes the text of the draft."""
    draft = await drafts.matching(session, component_id, if_match, actor=actor)
    try:
        draft.content = decode(tree.main, limit=max(1, len(tree.main))).text
    except NotTextError as error:
        raise Invalid.field("files", error.message, error.code) from error
    await draft_files.replace(session, draft, tree.others)
    return await _changed(session, draft, response)


async def _changed(
    session: AsyncSession, draft: Draft, response: Response
) -> DraftTree:
    await drafts.change(session, draft)
    return await _shown(session, draft, response)


async def _shown(session: AsyncSession, draft: Draft, response: Response) -> DraftTree:
    tag = drafts.draft_tag(draft.version)
    response.headers["ETag"] = tag
    items = [
        RevisionFilePublic(
            path=file.path, mode=file.mode, size=file.size, digest=file.digest
        )
        for file in await draft_files.tree_of(session, draft)
    ]
    return DraftTree(items=items, etag=tag)
