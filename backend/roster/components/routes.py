"""Everything under /components, and the routes of each kind."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response, status

from roster.auth.deps import ActorDep, WriterDep
from roster.components import reading, service
from roster.components.blob_routes import router as blobs
from roster.components.deps import (
    ManagedComponent,
    RestorableComponent,
    VisibleComponent,
)
from roster.components.details import about
from roster.components.draft_file_routes import router as draft_files
from roster.components.draft_routes import mine as my_drafts
from roster.components.draft_routes import router as drafts
from roster.components.kind_routes import latest_file, router_for
from roster.components.kinds import KINDS
from roster.components.label_routes import router as labels
from roster.components.lifecycle_routes import router as lifecycle
from roster.components.lifecycle_schemas import Reason
from roster.components.list_routes import router as lists
from roster.components.negotiation import AS_FILE, WantsMarkdown, is_markdown
from roster.components.revision_routes import router as revisions
from roster.components.rows import public_of, public_one
from roster.components.schemas import (
    ComponentPublic,
    ComponentUpdate,
    LintRequest,
    LintResult,
    RuleList,
)
from roster.core.answers import keep
from roster.core.caching import ConditionalRoute, IfMatch, version_tag
from roster.core.db import SessionDep
from roster.core.deps import SettingsDep
from roster.core.errors import (
    Forbidden,
    NotFound,
    NotSignedIn,
    PreconditionRequired,
    Stale,
    TooLarge,
    problems,
)
from roster.core.idempotency import HOLDS_TEXT, without_key
from roster.lint.rules import RULES

router = APIRouter(route_class=ConditionalRoute, responses=problems(NotSignedIn))
for _kind in KINDS.values():
    router.include_router(router_for(_kind))

one = APIRouter(
    prefix="/components/{component_id}",
    route_class=ConditionalRoute,
    tags=["components"],
)
CHANGING = problems(Forbidden, NotFound, PreconditionRequired, Stale)


@one.get(
    "",
    summary="Read a component",
    response_model=ComponentPublic,
    responses={**AS_FILE, **problems(NotFound)},
)
async def read_component(
    row: VisibleComponent,
    request: Request,
    session: SessionDep,
    response: Response,
    *,
    markdown: WantsMarkdown,
) -> ComponentPublic | Response:
    keep(request, *about(row))
    if markdown and is_markdown(row.kind):
        return await latest_file(session, row)
    response.headers["ETag"] = version_tag(row.version)
    return await public_of(session, row)


@one.patch(
    "",
    summary="Change who can see a component, or its licence",
    responses=CHANGING,
)
async def update_component(
    data: ComponentUpdate,
    component: ManagedComponent,
    actor: WriterDep,
    session: SessionDep,
    response: Response,
    if_match: IfMatch = None,
) -> ComponentPublic:
    await service.update(session, component, data, if_match, actor=actor)
    response.headers["ETag"] = version_tag(component.version)
    return await public_one(session, actor, component.id)


@one.delete(
    "",
    summary="Delete a component; it can be restored, and keeps its name",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=CHANGING,
)
async def delete_component(
    component: ManagedComponent,
    actor: WriterDep,
    session: SessionDep,
    reason: Annotated[
        Reason | None, Query(description="Why; its tombstone says so.")
    ] = None,
    if_match: IfMatch = None,
) -> None:
    """What was never published is wholly gone, and its name is free."""
    await service.delete(session, component, if_match, actor=actor, reason=reason)


@one.post(
    "/restore",
    summary="Restore a deleted component",
    responses=problems(NotFound),
)
async def restore_component(
    component: RestorableComponent,
    actor: WriterDep,
    session: SessionDep,
    response: Response,
) -> ComponentPublic:
    await service.restore(session, component, actor=actor)
    response.headers["ETag"] = version_tag(component.version)
    return await public_one(session, actor, component.id)


@router.post(
    "/lint",
    summary="Check a file without storing it",
    tags=["lint"],
    responses=problems(TooLarge),
)
@without_key(HOLDS_TEXT)
async def lint(
    data: LintRequest, _actor: ActorDep, settings: SettingsDep
) -> LintResult:
    return await reading.lint(data, settings.file_bytes)


@router.get("/rules", summary="List the rules that files are checked by", tags=["lint"])
async def list_rules(_actor: ActorDep) -> RuleList:
    return RuleList(items=list(RULES.values()))


for _part in (lists, one, lifecycle, revisions, labels, drafts, draft_files, my_drafts):
    router.include_router(_part)
router.include_router(blobs)
