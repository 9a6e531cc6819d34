from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response, status

from roster.auth.deps import PublisherDep
from roster.blobs.storage import StoreDep
from roster.components import details, diff, revisions, service
from roster.components.deps import (
    EditableComponent,
    NumberPath,
    SubmittedContent,
    VisibleComponent,
)
from roster.components.kinds import KINDS
from roster.components.negotiation import (
    AS_FILE,
    MARKDOWN,
    WantsMarkdown,
    WantsZip,
    is_markdown,
)
from roster.components.readings import ReadingsDep
from roster.components.revisions import RevisionQuery
from roster.components.rows import component_row
from roster.components.schemas import NUMBER_MAX, RevisionPublic, RevisionSummary
from roster.components.serving import archive, main_file, one_file
from roster.components.stored import file_digest_of
from roster.components.trail import slug_of
from roster.core.answers import keep
from roster.core.caching import ConditionalRoute, IfMatch, version_tag
from roster.core.db import SessionDep
from roster.core.errors import (
    Forbidden,
    Gone,
    NotFound,
    PreconditionRequired,
    Stale,
    TooLarge,
    Unchanged,
    problems,
)
from roster.core.paging import Page
from roster.core.topics import COMPONENT, topic

router = APIRouter(
    prefix="/components/{component_id}/revisions",
    route_class=ConditionalRoute,
    tags=["revisions"],
    responses=problems(NotFound),
)

BYTES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The very bytes of the file.",
        "content": {
            MARKDOWN: {"schema": {"type": "string"}},
            "application/octet-stream": {
                "schema": {"type": "string", "format": "binary"}
            },
        },
    }
}
FilePath = Annotated[
    str,
    Path(
        max_length=512,
        description="Path of the file in the revision.",
        examples=["AGENT.md"],
    ),
]
Against = Annotated[
    int, Query(ge=1, le=NUMBER_MAX, description="The revision to compare with.")
]


@router.get("", summary="List the revisions of a component, newest first")
async def list_revisions(
    query: Annotated[RevisionQuery, Query()],
    component: VisibleComponent,
    session: SessionDep,
    request: Request,
) -> Page[RevisionSummary]:
    keep(request, topic(COMPONENT, component.id))
    return await revisions.page_of(session, component.id, query)


@router.post(
    "",
    summary="Publish a revision",
    status_code=status.HTTP_201_CREATED,
    response_model=RevisionPublic,
    responses=problems(Forbidden, Unchanged, Stale, TooLarge, PreconditionRequired),
)
async def publish_revision(
    content: SubmittedContent,
    component: EditableComponent,
    actor: PublisherDep,
    session: SessionDep,
    request: Request,
    readings: ReadingsDep,
    if_match: IfMatch = None,
) -> Response:
    """`If-Match` takes the component's ETag, or the digest of the newest revision."""
    made = await service.publish_edit(
        session, component, content, if_match, actor=actor
    )
    details.keep_made(readings, made)
    if KINDS[component.kind].is_tree:
        row = await component_row(session, actor, component.id)
        stored = await revisions.load(session, row, made.revision.number)
        shown = await revisions.public(session, row, stored)
    else:
        slug = await slug_of(session, component.team_id)
        shown = revisions.public_made(made, slug)
    return Response(
        shown.model_dump_json(),
        status.HTTP_201_CREATED,
        {
            "ETag": version_tag(component.version),
            "Location": f"{request.url.path}/{made.revision.number}",
        },
        details.JSON,
    )


@router.get(
    "/{number}",
    summary="Read a revision",
    response_model=RevisionPublic,
    responses={**AS_FILE, **problems(Gone)},
)
async def read_revision(
    component: VisibleComponent,
    number: NumberPath,
    session: SessionDep,
    store: StoreDep,
    request: Request,
    *,
    markdown: WantsMarkdown,
    zipped: WantsZip,
) -> RevisionPublic | Response:
    """With `Accept: application/zip` all of its files come as an archive."""
    stored = await revisions.load(session, component, number)
    if zipped:
        filename = f"{component.name}-{number}.zip"
        return await archive(
            session,
            store,
            request,
            stored.files,
            digest=stored.row.digest,
            filename=filename,
            team_id=component.team_id,
        )
    keep(request, topic(COMPONENT, component.id))
    if markdown and is_markdown(component.kind):
        return main_file(stored)
    return await revisions.public(session, component, stored)


@router.get("/{number}/diff", summary="Compare a revision with another one")
async def diff_revisions(
    component: VisibleComponent,
    number: NumberPath,
    session: SessionDep,
    store: StoreDep,
    against: Against,
) -> diff.DiffPublic:
    old = await revisions.load(session, component, against)
    new = await revisions.load(session, component, number)
    return await diff.between(session, store, old, new)


@router.get(
    "/{number}/files/{path:path}",
    summary="Read one file of a revision",
    response_class=Response,
    responses={**BYTES, **problems(Gone)},
)
async def read_file(
    component: VisibleComponent,
    number: NumberPath,
    path: FilePath,
    session: SessionDep,
    store: StoreDep,
    request: Request,
) -> Response:
    """Its ETag is its digest. What a browser might run comes as a download."""
    kind = KINDS[component.kind]
    if path == kind.main and is_markdown(kind.name):
        return main_file(await revisions.load(session, component, number))
    digest = await file_digest_of(session, component.id, number, path)
    return await one_file(
        session, store, request, path, digest, team_id=component.team_id
    )
