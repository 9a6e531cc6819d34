from typing import Annotated

from fastapi import APIRouter, Header, Response, status

from roster.auth.deps import ActorDep, WriterDep
from roster.components import drafts
from roster.components.deps import DraftableComponent, VisibleComponent
from roster.components.schemas import DraftPublic, DraftWrite
from roster.core.caching import ConditionalRoute
from roster.core.db import SessionDep
from roster.core.deps import SettingsDep
from roster.core.errors import (
    Forbidden,
    NotFound,
    PreconditionRequired,
    Stale,
    TooLarge,
    problems,
)

router = APIRouter(
    prefix="/components/{component_id}/draft",
    route_class=ConditionalRoute,
    tags=["drafts"],
    responses=problems(NotFound),
)

DraftMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        description='The ETag of the draft that you read, e.g. `"d3-…"`.',
    ),
]
IfNoneMatch = Annotated[
    str | None,
    Header(
        alias="If-None-Match",
        description="`*` to make a draft where there is none.",
    ),
]


@router.get("", summary="Read your draft of a component")
async def read_draft(
    component: VisibleComponent,
    actor: ActorDep,
    session: SessionDep,
    response: Response,
) -> DraftPublic:
    draft = await drafts.read(session, component.id, actor=actor)
    response.headers["ETag"] = drafts.draft_tag(draft.version)
    return drafts.public(draft)


@router.put(
    "",
    summary="Save your draft of a component",
    responses=problems(Forbidden, PreconditionRequired, Stale, TooLarge),
)
async def save_draft(
    data: DraftWrite,
    component_id: DraftableComponent,
    actor: WriterDep,
    session: SessionDep,
    settings: SettingsDep,
    response: Response,
    if_match: DraftMatch = None,
    if_none_match: IfNoneMatch = None,
) -> DraftPublic:
    draft = await drafts.save(
        session,
        component_id,
        data,
        actor=actor,
        if_match=if_match,
        if_none_match=if_none_match,
        limit=settings.file_bytes,
    )
    response.headers["ETag"] = drafts.draft_tag(draft.version)
    return drafts.public(draft)


@router.delete(
    "",
    summary="Discard your draft of a component",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(PreconditionRequired, Stale),
)
async def discard_draft(
    component: VisibleComponent,
    actor: WriterDep,
    session: SessionDep,
    if_match: DraftMatch = None,
) -> None:
    await drafts.remove(session, component.id, if_match, actor=actor)
