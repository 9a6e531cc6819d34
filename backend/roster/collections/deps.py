"""Path ids become collections that the caller may see or change.

What the caller may not see is 404; what it may see but not do is 403. A collection
that is to be changed comes locked, so that what ``If-Match`` is compared with stays
true until the transaction ends.
"""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.auth.deps import CallerDep, PublisherDep, WriterDep
from roster.collections.models import Collection
from roster.collections.rows import NOT_FOUND, Seen, find, recoverable
from roster.collections.state import lock
from roster.core.actor import Actor
from roster.core.db import SessionDep
from roster.core.errors import NotFound
from roster.teams.access import Verb, require

CollectionId = Annotated[UUID, Path(description="Id of the collection.")]
EntryPath = Annotated[
    UUID, Path(description="Id of the component that the entry is about.")
]


async def visible_collection(
    collection_id: CollectionId, session: SessionDep, caller: CallerDep
) -> Seen:
    return await find(session, caller, collection_id)


async def _locked(
    session: AsyncSession, actor: Actor, collection_id: UUID, verb: Verb
) -> Collection:
    seen = await find(session, actor, collection_id)
    await require(session, actor, seen.collection.team_id, verb)
    collection = await lock(session, collection_id)
    if collection is None:  # deleted while this waited for the lock
        raise NotFound(NOT_FOUND)
    return collection


async def editable_collection(
    collection_id: CollectionId, session: SessionDep, actor: WriterDep
) -> Collection:
    return await _locked(session, actor, collection_id, Verb.edit)


async def releasable_collection(
    collection_id: CollectionId, session: SessionDep, actor: PublisherDep
) -> Collection:
    return await _locked(session, actor, collection_id, Verb.edit)


async def managed_collection(
    collection_id: CollectionId, session: SessionDep, actor: WriterDep
) -> Collection:
    return await _locked(session, actor, collection_id, Verb.manage)


async def restorable_collection(
    collection_id: CollectionId, session: SessionDep, actor: WriterDep
) -> Collection:
    found = await session.exec(
        select(Collection)
        .where(Collection.id == collection_id, recoverable(actor))
        .with_for_update()
    )
    collection = found.first()
    if collection is None:
        raise NotFound("There is no such deleted collection that you may restore.")
    return collection


VisibleCollection = Annotated[Seen, Depends(visible_collection)]
EditableCollection = Annotated[Collection, Depends(editable_collection)]
ReleasableCollection = Annotated[Collection, Depends(releasable_collection)]
ManagedCollection = Annotated[Collection, Depends(managed_collection)]
RestorableCollection = Annotated[Collection, Depends(restorable_collection)]
