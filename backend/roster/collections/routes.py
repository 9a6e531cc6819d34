"""Everything under /collections."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Path, Query, Request, Response, status
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.auth.deps import CallerDep, WriterDep
from roster.collections import query as listing
from roster.collections import reading, service
from roster.collections.deps import (
    EditableCollection,
    ManagedCollection,
    RestorableCollection,
    VisibleCollection,
)
from roster.collections.entry_routes import router as entries
from roster.collections.export_routes import archives
from roster.collections.export_routes import router as exports
from roster.collections.query import CollectionQuery
from roster.collections.release_routes import locks
from roster.collections.release_routes import router as releases
from roster.collections.rows import find
from roster.collections.schemas import (
    CollectionCopy,
    CollectionCreate,
    CollectionDetail,
    CollectionPublic,
    CollectionRename,
    CollectionUpdate,
)
from roster.core.actor import Actor
from roster.core.caching import ConditionalRoute, IfMatch, version_tag
from roster.core.db import SessionDep
from roster.core.errors import (
    Conflict,
    Forbidden,
    NameTaken,
    NotFound,
    NotSignedIn,
    PreconditionRequired,
    Stale,
    problems,
)
from roster.core.paging import Page

router = APIRouter(
    prefix="/collections",
    route_class=ConditionalRoute,
    tags=["collections"],
    responses=problems(NotSignedIn),
)
one = APIRouter(
    prefix="/{collection_id}",
    route_class=ConditionalRoute,
    responses=problems(NotFound),
)
CHANGING = problems(Forbidden, NotFound, Conflict, PreconditionRequired, Stale)
EXAMPLE = {
    "team": "platform",
    "name": "backend-kit",
    "title": "Backend kit",
    "description": "What a backend engineer starts with.",
    "visibility": "internal",
}

TeamName = Annotated[
    str, Path(max_length=40, description="Of its team.", examples=["platform"])
]
CollectionName = Annotated[
    str, Path(max_length=64, description="Its own.", examples=["backend-kit"])
]
Confirm = Annotated[
    str, Query(max_length=64, description="The name of the collection.")
]


async def _described(
    session: AsyncSession, actor: Actor, collection_id: UUID, response: Response
) -> CollectionDetail:
    seen = await find(session, actor, collection_id)
    response.headers["ETag"] = version_tag(seen.collection.version)
    return await reading.describe(session, actor, seen)


@router.get("", summary="List collections")
async def list_collections(
    query: Annotated[CollectionQuery, Query()], caller: CallerDep, session: SessionDep
) -> Page[CollectionPublic]:
    return await listing.page_of(session, caller, query)


@router.post(
    "",
    summary="Make a collection",
    status_code=status.HTTP_201_CREATED,
    responses=problems(Forbidden, NotFound, NameTaken),
)
async def create_collection(
    data: Annotated[CollectionCreate, Body(examples=[EXAMPLE])],
    actor: WriterDep,
    session: SessionDep,
    request: Request,
    response: Response,
) -> CollectionDetail:
    made = await service.create(session, data, actor=actor)
    address = request.url_for("read_collection", collection_id=made.id)
    response.headers["Location"] = address.path
    return await _described(session, actor, made.id, response)


@router.get(
    "/by-name/{team}/{name}",
    summary="Find a collection by the names of its team and its own",
    responses=problems(NotFound),
)
async def find_collection(
    team: TeamName, name: CollectionName, caller: CallerDep, session: SessionDep
) -> CollectionPublic:
    """Former names find it, too. `latest_release` is the newest that you may see."""
    return await listing.by_reference(session, caller, team, name)


@one.get("", summary="Read a collection with its entries")
async def read_collection(
    seen: VisibleCollection, caller: CallerDep, session: SessionDep, response: Response
) -> CollectionDetail:
    response.headers["ETag"] = version_tag(seen.collection.version)
    return await reading.describe(session, caller, seen)


@one.patch(
    "",
    summary="Change a collection's title, description or visibility",
    responses=CHANGING,
)
async def update_collection(
    data: Annotated[CollectionUpdate, Body(examples=[{"title": "Backend kit"}])],
    collection: EditableCollection,
    actor: WriterDep,
    session: SessionDep,
    response: Response,
    if_match: IfMatch = None,
) -> CollectionDetail:
    await service.update(session, collection, data, if_match, actor=actor)
    return await _described(session, actor, collection.id, response)


@one.post(
    "/rename",
    summary="Rename a collection; the old name leads to it for ever",
    responses=problems(Forbidden, Conflict, NameTaken, PreconditionRequired, Stale),
)
async def rename_collection(
    data: Annotated[CollectionRename, Body(examples=[{"name": "server-kit"}])],
    collection: ManagedCollection,
    actor: WriterDep,
    session: SessionDep,
    response: Response,
    if_match: IfMatch = None,
) -> CollectionDetail:
    await service.rename(session, collection, data.name, if_match, actor=actor)
    return await _described(session, actor, collection.id, response)


@one.delete(
    "",
    summary="Delete a collection; it can be restored, and keeps its name",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=CHANGING,
)
async def delete_collection(
    confirm: Confirm,
    collection: ManagedCollection,
    actor: WriterDep,
    session: SessionDep,
    if_match: IfMatch = None,
) -> None:
    await service.delete(session, collection, confirm, if_match, actor=actor)


@one.post("/restore", summary="Restore a deleted collection")
async def restore_collection(
    collection: RestorableCollection,
    actor: WriterDep,
    session: SessionDep,
    response: Response,
) -> CollectionDetail:
    await service.restore(session, collection, actor=actor)
    return await _described(session, actor, collection.id, response)


@one.post(
    "/archive",
    summary="Put a collection aside: it stays as it is, and lists leave it out",
    responses=problems(Forbidden),
)
async def archive_collection(
    collection: EditableCollection,
    actor: WriterDep,
    session: SessionDep,
    response: Response,
) -> CollectionDetail:
    await service.archive(session, collection, archived=True, actor=actor)
    return await _described(session, actor, collection.id, response)


@one.post(
    "/unarchive",
    summary="Take an archived collection back into use",
    responses=problems(Forbidden),
)
async def unarchive_collection(
    collection: EditableCollection,
    actor: WriterDep,
    session: SessionDep,
    response: Response,
) -> CollectionDetail:
    await service.archive(session, collection, archived=False, actor=actor)
    return await _described(session, actor, collection.id, response)


@one.post(
    "/duplicate",
    summary="Make another collection with the same entries",
    status_code=status.HTTP_201_CREATED,
    responses=problems(Forbidden, Conflict, NameTaken),
)
async def duplicate_collection(
    data: Annotated[
        CollectionCopy, Body(examples=[{"team": "platform", "name": "frontend-kit"}])
    ],
    seen: VisibleCollection,
    actor: WriterDep,
    session: SessionDep,
    request: Request,
    response: Response,
) -> CollectionDetail:
    made = await service.duplicate(session, seen, data, actor=actor)
    address = request.url_for("read_collection", collection_id=made.id)
    response.headers["Location"] = address.path
    return await _described(session, actor, made.id, response)


for _part in (entries, releases, locks, exports, archives):
    one.include_router(_part)
router.include_router(one)
