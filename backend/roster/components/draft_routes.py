from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response, status

from roster.auth.deps import ActorDep, PublisherDep, WriterDep
from roster.components import draft_list, draft_merge, drafts, revisions
from roster.components.deps import (
    DraftableComponent,
    DraftedContent,
    EditableComponent,
    VisibleComponent,
)
from roster.components.lifecycle_schemas import DraftMerge, DraftSummary, MergeWrite
from roster.components.rows import component_row
from roster.components.schemas import DraftPublic, DraftWrite, RevisionPublic
from roster.core.caching import ConditionalRoute, version_tag
from roster.core.db import SessionDep
from roster.core.deps import SettingsDep
from roster.core.errors import (
    DraftBehind,
    Forbidden,
    NotFound,
    NotSignedIn,
    PreconditionRequired,
    Stale,
    TooLarge,
    Unchanged,
    problems,
)
from roster.core.idempotency import HOLDS_TEXT, without_key
from roster.core.paging import Page, PageQuery

router = APIRouter(
    prefix="/components/{component_id}/draft",
    route_class=ConditionalRoute,
    tags=["drafts"],
    responses=problems(NotFound),
)

mine = APIRouter(
    prefix="/drafts",
    route_class=ConditionalRoute,
    tags=["drafts"],
    responses=problems(NotSignedIn),
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
        settings=settings,
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


@router.get("/merge", summary="Merge the newest revision into your draft, to look at")
async def preview_merge(
    component: VisibleComponent, actor: ActorDep, session: SessionDep
) -> DraftMerge:
    """Nothing is stored: send what you make of it to `POST`."""
    return await draft_merge.preview(session, component, actor=actor)


@router.post(
    "/merge",
    summary="Keep a merged text as your draft, based on the newest revision",
    responses=problems(Forbidden, PreconditionRequired, Stale, DraftBehind, TooLarge),
)
@without_key(HOLDS_TEXT)
async def merge_draft(
    data: MergeWrite,
    component_id: DraftableComponent,
    actor: WriterDep,
    session: SessionDep,
    settings: SettingsDep,
    response: Response,
    if_match: DraftMatch = None,
) -> DraftPublic:
    component = await component_row(session, actor, component_id)
    draft = await draft_merge.apply(
        session,
        component,
        data,
        if_match,
        actor=actor,
        settings=settings,
    )
    response.headers["ETag"] = drafts.draft_tag(draft.version)
    return drafts.public(draft)


@router.post(
    "/publish",
    summary="Publish your draft",
    status_code=status.HTTP_201_CREATED,
    responses=problems(
        Forbidden, PreconditionRequired, Stale, DraftBehind, Unchanged, TooLarge
    ),
)
async def publish_draft(
    content: DraftedContent,
    component: EditableComponent,
    actor: PublisherDep,
    session: SessionDep,
    request: Request,
    response: Response,
    if_match: DraftMatch = None,
) -> RevisionPublic:
    revision = await drafts.publish_draft(
        session, component, *content, if_match, actor=actor
    )
    address = request.url_for(
        "read_revision", component_id=component.id, number=revision.number
    )
    response.headers["ETag"] = version_tag(component.version)
    response.headers["Location"] = address.path
    row = await component_row(session, actor, component.id)
    stored = await revisions.load(session, row, revision.number)
    return await revisions.public(session, row, stored)


@mine.get("", summary="List your drafts, the last saved first")
async def list_drafts(
    query: Annotated[PageQuery, Query()], actor: ActorDep, session: SessionDep
) -> Page[DraftSummary]:
    return await draft_list.page_of(session, query, actor=actor)
