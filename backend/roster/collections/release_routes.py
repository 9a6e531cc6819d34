from typing import Annotated

from fastapi import APIRouter, Body, Path, Query, Request, Response, status

from roster.auth.deps import CallerDep, PublisherDep
from roster.collections import changes, releases
from roster.collections.deps import (
    ReleasableCollection,
    VisibleCollection,
)
from roster.collections.locks import lock_of
from roster.collections.release_schemas import (
    Changelog,
    Lock,
    ReleaseCreate,
    ReleaseDetail,
    ReleaseSummary,
)
from roster.collections.releases import ReleaseQuery
from roster.components.schemas import NUMBER_MAX
from roster.core.actor import Anonymous, Caller
from roster.core.caching import (
    PRIVATE,
    VARY,
    ConditionalRoute,
    IfMatch,
    matches,
    version_tag,
)
from roster.core.db import SessionDep
from roster.core.errors import (
    Conflict,
    Forbidden,
    PreconditionRequired,
    Stale,
    Unchanged,
    problems,
)
from roster.core.paging import Page

router = APIRouter(prefix="/releases", route_class=ConditionalRoute)
# Its ETag is the digest alone, so that it says which bytes these are.
locks = APIRouter(prefix="/releases")

# Their bytes never change, but who sees them does, and what was redacted is gone.
SHARED = "public, no-cache"
EXAMPLE = {"notes": "The reviewer reads tests, too."}

NumberPath = Annotated[
    int, Path(ge=1, le=NUMBER_MAX, description="Number of the release.")
]
Against = Annotated[
    int | None,
    Query(
        ge=1,
        le=NUMBER_MAX,
        description="The release to compare with; the one before if absent.",
    ),
]


@router.get("", summary="List the releases of a collection, newest first")
async def list_releases(
    query: Annotated[ReleaseQuery, Query()],
    seen: VisibleCollection,
    caller: CallerDep,
    session: SessionDep,
) -> Page[ReleaseSummary]:
    """A release that holds something that you may not see is left out."""
    return await releases.page_of(session, caller, seen.collection.id, query)


@router.post(
    "",
    summary="Release what the entries of a collection stand for now",
    status_code=status.HTTP_201_CREATED,
    responses=problems(Forbidden, Conflict, Unchanged, PreconditionRequired, Stale),
)
async def make_release(
    data: Annotated[ReleaseCreate, Body(examples=[EXAMPLE])],
    collection: ReleasableCollection,
    actor: PublisherDep,
    session: SessionDep,
    request: Request,
    response: Response,
    if_match: IfMatch = None,
) -> ReleaseDetail:
    """`If-Match` takes the collection's ETag, or the digest of the newest release."""
    made = await releases.make(session, collection, data, if_match, actor=actor)
    address = request.url_for(
        "read_release", collection_id=collection.id, number=made.number
    )
    response.headers["Location"] = address.path
    response.headers["ETag"] = version_tag(collection.version)
    release = await releases.find(session, actor, collection.id, made.number)
    return await releases.detail_of(session, release)


@router.get("/{number}", summary="Read a release with what it locks")
async def read_release(
    number: NumberPath,
    seen: VisibleCollection,
    caller: CallerDep,
    session: SessionDep,
) -> ReleaseDetail:
    release = await releases.find(session, caller, seen.collection.id, number)
    return await releases.detail_of(session, release)


@router.get("/{number}/changes", summary="Compare a release with another one")
async def compare_releases(
    number: NumberPath,
    seen: VisibleCollection,
    caller: CallerDep,
    session: SessionDep,
    against: Against = None,
) -> Changelog:
    new = await releases.find(session, caller, seen.collection.id, number)
    old = (
        await releases.find(session, caller, seen.collection.id, against)
        if against is not None
        else await releases.find_before(session, caller, seen.collection.id, number)
    )
    return await changes.between(session, old, new)


def answer_headers(digest: str, caller: Caller) -> dict[str, str]:
    everybody = isinstance(caller, Anonymous)
    return {
        "ETag": f'"{digest}"',
        "Cache-Control": SHARED if everybody else PRIVATE,
        "Vary": VARY,
    }


@locks.get(
    "/{number}/lock",
    summary="Read the lock of a release: the same bytes for ever",
    response_model=Lock,
)
async def read_lock(
    number: NumberPath,
    seen: VisibleCollection,
    caller: CallerDep,
    session: SessionDep,
    request: Request,
) -> Response:
    """The ETag is the digest of the release: sha256 over these bytes."""
    release = await releases.find(session, caller, seen.collection.id, number)
    headers = answer_headers(release.digest, caller)
    if matches(request, headers["ETag"]):
        return Response(status_code=status.HTTP_304_NOT_MODIFIED, headers=headers)
    lock = lock_of(await releases.lines_of(session, release.id))
    return Response(lock, media_type="application/json", headers=headers)
