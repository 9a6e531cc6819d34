"""What happens to a component and its revisions after they were published."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response, status

from roster.auth.deps import CallerDep, PublisherDep, WriterDep
from roster.components import (
    deprecation,
    naming,
    resolving,
    restoring,
    revisions,
    unpublished,
    yanks,
)
from roster.components.deps import (
    EditableComponent,
    ManagedComponent,
    NumberPath,
    SourceDep,
)
from roster.components.lifecycle_schemas import (
    ComponentBegin,
    DeprecationWrite,
    RenameCreate,
    Resolved,
    RestoreCreate,
    TransferCreate,
    YankCreate,
)
from roster.components.references import REFERENCE
from roster.components.rows import component_row, public_one
from roster.components.schemas import ComponentPublic, RevisionPublic, RevisionSummary
from roster.core.caching import ConditionalRoute, IfMatch, version_tag
from roster.core.db import SessionDep
from roster.core.deps import SettingsDep
from roster.core.errors import (
    Conflict,
    Forbidden,
    NameTaken,
    NotFound,
    NotSignedIn,
    PreconditionRequired,
    Stale,
    TooLarge,
    Unchanged,
    problems,
)

router = APIRouter(route_class=ConditionalRoute, responses=problems(NotSignedIn))
one = APIRouter(
    prefix="/components/{component_id}",
    route_class=ConditionalRoute,
    tags=["components"],
    responses=problems(NotSignedIn, NotFound),
)
revision = APIRouter(
    prefix="/components/{component_id}/revisions/{number}",
    route_class=ConditionalRoute,
    tags=["revisions"],
    responses=problems(NotSignedIn, NotFound),
)
CHANGING = problems(Forbidden, PreconditionRequired, Stale)
ReferenceQuery = Annotated[
    str,
    Query(
        pattern=REFERENCE,
        max_length=250,
        description="With or without `roster:`, and a number or label.",
        examples=["roster:agent:platform/reviewer@3"],
    ),
]


@router.post(
    "/components",
    summary="Begin a component with a draft of it",
    status_code=status.HTTP_201_CREATED,
    tags=["components"],
    responses=problems(Forbidden, NotFound, NameTaken, TooLarge),
)
async def begin_component(
    data: ComponentBegin,
    actor: WriterDep,
    session: SessionDep,
    settings: SettingsDep,
    request: Request,
    response: Response,
) -> ComponentPublic:
    """Nobody else sees it until you publish the draft."""
    component = await unpublished.begin(
        session, data, actor=actor, limit=settings.file_bytes
    )
    response.headers["ETag"] = version_tag(component.version)
    address = request.url_for("read_component", component_id=component.id)
    response.headers["Location"] = address.path
    return await public_one(session, actor, component.id)


@one.put("/deprecation", summary="Deprecate a component", responses=CHANGING)
async def deprecate_component(
    data: DeprecationWrite,
    component: ManagedComponent,
    actor: WriterDep,
    session: SessionDep,
    response: Response,
    if_match: IfMatch = None,
) -> ComponentPublic:
    await deprecation.deprecate(session, component, data, if_match, actor=actor)
    response.headers["ETag"] = version_tag(component.version)
    return await public_one(session, actor, component.id)


@one.delete(
    "/deprecation",
    summary="Take the deprecation of a component back",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=CHANGING,
)
async def undeprecate_component(
    component: ManagedComponent,
    actor: WriterDep,
    session: SessionDep,
    response: Response,
    if_match: IfMatch = None,
) -> None:
    await deprecation.undeprecate(session, component, if_match, actor=actor)
    response.headers["ETag"] = version_tag(component.version)


@one.post(
    "/rename",
    summary="Rename a component; its former name leads to it",
    responses={**CHANGING, **problems(NameTaken)},
)
async def rename_component(
    data: RenameCreate,
    component: ManagedComponent,
    actor: PublisherDep,
    session: SessionDep,
    source: SourceDep,
    response: Response,
    if_match: IfMatch = None,
) -> ComponentPublic:
    await naming.rename(session, component, data, if_match, actor=actor, source=source)
    response.headers["ETag"] = version_tag(component.version)
    return await public_one(session, actor, component.id)


@one.post(
    "/transfer",
    summary="Give a component to another team of yours",
    description=(
        "Labels that the other team protects are taken away: a promotion sets them "
        "there. Promotions that are open stay behind; open others. It is detached "
        "from its upstream."
    ),
    responses={**CHANGING, **problems(NameTaken)},
)
async def transfer_component(
    data: TransferCreate,
    component: ManagedComponent,
    actor: WriterDep,
    session: SessionDep,
    response: Response,
    if_match: IfMatch = None,
) -> ComponentPublic:
    await naming.transfer(session, component, data.team, if_match, actor=actor)
    response.headers["ETag"] = version_tag(component.version)
    return await public_one(session, actor, component.id)


@revision.post(
    "/yank",
    summary="Yank a revision: latest leaves it",
    responses=problems(Forbidden, Conflict),
)
async def yank_revision(
    data: YankCreate,
    component: ManagedComponent,
    number: NumberPath,
    actor: WriterDep,
    session: SessionDep,
    response: Response,
) -> RevisionSummary:
    await yanks.yank(session, component, number, data.reason, actor=actor)
    response.headers["ETag"] = version_tag(component.version)
    return await revisions.summary_of(session, component.id, number)


@revision.delete(
    "/yank",
    summary="Take the yank of a revision back",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=CHANGING,
)
async def unyank_revision(
    component: ManagedComponent,
    number: NumberPath,
    actor: WriterDep,
    session: SessionDep,
    response: Response,
    if_match: IfMatch = None,
) -> None:
    await yanks.unyank(session, component, number, if_match, actor=actor)
    response.headers["ETag"] = version_tag(component.version)


@revision.post(
    "/restore",
    summary="Publish what a revision holds as a new one",
    status_code=status.HTTP_201_CREATED,
    responses={**CHANGING, **problems(Conflict, Unchanged)},
)
async def restore_revision(
    data: RestoreCreate,
    component: EditableComponent,
    number: NumberPath,
    actor: PublisherDep,
    session: SessionDep,
    source: SourceDep,
    request: Request,
    response: Response,
    if_match: IfMatch = None,
) -> RevisionPublic:
    """`If-Match` takes the component's ETag, or the digest of the newest revision."""
    made = await restoring.restore(
        session,
        component,
        number,
        data.message,
        if_match,
        actor=actor,
        source=source,
    )
    response.headers["ETag"] = version_tag(component.version)
    address = request.url_for(
        "read_revision", component_id=component.id, number=made.number
    )
    response.headers["Location"] = address.path
    row = await component_row(session, actor, component.id)
    stored = await revisions.load(session, row, made.number)
    return await revisions.public(session, row, stored)


@router.get(
    "/resolve",
    summary="Find what a reference leads to, now and for ever",
    tags=["components"],
    responses=problems(NotFound),
)
async def resolve_reference(
    ref: ReferenceQuery, actor: CallerDep, session: SessionDep
) -> Resolved:
    """A former name leads to the component; what was deleted, to its tombstone."""
    return await resolving.resolve(session, ref, actor=actor)


router.include_router(one)
router.include_router(revision)
