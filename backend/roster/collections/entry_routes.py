from typing import Annotated

from fastapi import APIRouter, Body, Response, status
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.auth.deps import WriterDep
from roster.collections import entries, reading
from roster.collections.deps import EditableCollection, EntryPath
from roster.collections.models import Collection
from roster.collections.rows import find
from roster.collections.schemas import (
    CollectionDetail,
    EntriesAdd,
    EntriesAdded,
    EntriesWrite,
    EntryMove,
    Follow,
)
from roster.core.actor import Actor
from roster.core.caching import ConditionalRoute, IfMatch, version_tag
from roster.core.db import SessionDep
from roster.core.errors import (
    Conflict,
    Forbidden,
    PreconditionRequired,
    Stale,
    problems,
)

router = APIRouter(
    prefix="/entries",
    route_class=ConditionalRoute,
    responses=problems(Forbidden, Conflict),
)
GUARDED = problems(PreconditionRequired, Stale)
COMPONENT = "019a7c1e-3a52-7cc1-b2f4-5d3a6f0e8b11"
EXAMPLE = {
    "entries": [
        {"reference": "agent:platform/reviewer", "label": "production"},
        {"component_id": COMPONENT, "number": 3},
    ]
}


async def _described(
    session: AsyncSession, actor: Actor, collection: Collection, response: Response
) -> CollectionDetail:
    seen = await find(session, actor, collection.id)
    response.headers["ETag"] = version_tag(collection.version)
    return await reading.describe(session, actor, seen)


@router.put("", summary="Set all entries, in their order", responses=GUARDED)
async def replace_entries(
    data: Annotated[EntriesWrite, Body(examples=[EXAMPLE])],
    collection: EditableCollection,
    actor: WriterDep,
    session: SessionDep,
    response: Response,
    if_match: IfMatch = None,
) -> CollectionDetail:
    """Entries that you do not see stay; each behind the one that it stands behind."""
    await entries.replace(session, collection, data.entries, if_match, actor=actor)
    return await _described(session, actor, collection, response)


@router.post("", summary="Add entries at the end; those that are there stay")
async def add_entries(
    data: Annotated[EntriesAdd, Body(examples=[EXAMPLE])],
    collection: EditableCollection,
    actor: WriterDep,
    session: SessionDep,
    response: Response,
) -> EntriesAdded:
    added = await entries.add(session, collection, data.entries, actor=actor)
    described = await _described(session, actor, collection, response)
    return EntriesAdded(added=added, collection=described)


@router.patch(
    "/{component_id}",
    summary="Let an entry follow a label, or stay at a revision",
    responses=GUARDED,
)
async def change_entry(
    component_id: EntryPath,
    data: Annotated[Follow, Body(examples=[{"number": 3}])],
    collection: EditableCollection,
    actor: WriterDep,
    session: SessionDep,
    response: Response,
    if_match: IfMatch = None,
) -> CollectionDetail:
    await entries.change(session, collection, component_id, data, if_match, actor=actor)
    return await _described(session, actor, collection, response)


@router.post(
    "/{component_id}/move", summary="Move an entry to another place", responses=GUARDED
)
async def move_entry(
    component_id: EntryPath,
    data: Annotated[EntryMove, Body(examples=[{"before": COMPONENT}])],
    collection: EditableCollection,
    actor: WriterDep,
    session: SessionDep,
    response: Response,
    if_match: IfMatch = None,
) -> CollectionDetail:
    await entries.move(session, collection, component_id, data, if_match, actor=actor)
    return await _described(session, actor, collection, response)


@router.delete(
    "/{component_id}",
    summary="Take an entry out",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=GUARDED,
)
async def remove_entry(
    component_id: EntryPath,
    collection: EditableCollection,
    actor: WriterDep,
    session: SessionDep,
    response: Response,
    if_match: IfMatch = None,
) -> None:
    await entries.remove(session, collection, component_id, if_match, actor=actor)
    response.headers["ETag"] = version_tag(collection.version)
