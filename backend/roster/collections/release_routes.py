from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Query, Request, Response, status
from fastapi.responses import StreamingResponse

from roster.auth.deps import CallerDep, PublisherDep
from roster.blobs.storage import StoreDep
from roster.collections import changes, exporting, releases
from roster.collections.deps import (
    CollectionId,
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
from roster.collections.rows import find
from roster.components.negotiation import ZIP
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
from roster.core.db import DatabaseDep, SessionDep
from roster.core.deps import SettingsDep
from roster.core.errors import (
    Conflict,
    Forbidden,
    Gone,
    PreconditionRequired,
    Stale,
    TooLarge,
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
AS_ZIP: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The files, laid out as coding tools look for them.",
        "content": {ZIP: {"schema": {"type": "string", "format": "binary"}}},
    }
}

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


def _headers(digest: str, caller: Caller) -> dict[str, str]:
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
    headers = _headers(release.digest, caller)
    if matches(request, headers["ETag"]):
        return Response(status_code=status.HTTP_304_NOT_MODIFIED, headers=headers)
    lock = lock_of(await releases.lines_of(session, release.id))
    return Response(lock, media_type="application/json", headers=headers)


@locks.get(
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
        headers = _headers(release.digest, caller)
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
