"""What happens to a collection as a whole."""

from operator import attrgetter

from pydantic import MISSING
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.collections import reading
from roster.collections.models import Collection, CollectionEntry, CollectionName
from roster.collections.rows import Seen
from roster.collections.schemas import (
    CollectionCopy,
    CollectionCreate,
    CollectionUpdate,
    EntryState,
)
from roster.collections.state import require_current, touch
from roster.collections.trail import tell
from roster.collections.wanted import too_narrow
from roster.components.service import team_to_write
from roster.core.actor import Actor
from roster.core.caching import require_match
from roster.core.errors import Invalid, NameTaken
from roster.core.handlers import UNIQUE
from roster.core.model import utc_now
from roster.teams.access import Verb, require

_TAKEN = NameTaken(
    "The team has, or once had, a collection with this name, and names are never "
    "given twice. Choose another name."
)
UNIQUE["uq_collections_team_id_name"] = _TAKEN


async def create(
    session: AsyncSession, data: CollectionCreate, *, actor: Actor
) -> Collection:
    team_id = await team_to_write(session, data.team, actor)
    fields = data.model_dump(exclude={"team"})
    collection = Collection(team_id=team_id, created_by=actor.id, **fields)
    await _add(session, collection)
    await tell(session, "collection.created", collection, by=actor)
    return collection


async def duplicate(
    session: AsyncSession, seen: Seen, data: CollectionCopy, *, actor: Actor
) -> Collection:
    """Make another one with the entries that the actor sees in this one.

    Raises:
        Conflict: Some of them are narrower than the copy would be.
    """
    team_id = await team_to_write(session, data.team, actor)
    copy = Collection(
        team_id=team_id,
        name=data.name,
        title=data.title or seen.collection.title,
        description=seen.collection.description,
        visibility=data.visibility,
        created_by=actor.id,
    )
    found = await reading.entries_of(session, actor, seen.collection)
    kept = [entry for entry in found if entry.state is not EntryState.deleted]
    require_wide(copy, kept)
    await _add(session, copy)
    entries = [
        CollectionEntry(
            collection_id=copy.id,
            component_id=entry.row.component_id,
            position=position,
            label=entry.row.label,
            number=entry.row.pinned,
        )
        for position, entry in enumerate(kept)
    ]
    entries.sort(key=attrgetter("component_id"))
    session.add_all(entries)
    details = {"from": seen.reference, "entries": len(entries)}
    await tell(session, "collection.created", copy, by=actor, details=details)
    await session.flush()
    return copy


def require_wide(collection: Collection, entries: list[reading.Entry]) -> None:
    """Let a collection be seen only by those who see its entries.

    Raises:
        Conflict: Some entries are narrower; it names them.
    """
    narrow = [
        entry.reference
        for entry in entries
        if reading.is_narrower(collection, entry.row.team_id, entry.row.visibility)
    ]
    if narrow:
        raise too_narrow(collection, narrow)


async def _add(session: AsyncSession, collection: Collection) -> None:
    session.add(collection)
    await session.flush()
    await _hold(session, collection, collection.name)


async def _hold(session: AsyncSession, collection: Collection, name: str) -> None:
    """Keep a name for a collection, for ever; one that it had before is its own.

    Raises:
        NameTaken: Another one has it, or had.
    """
    on_postgres = session.get_bind().dialect.name == "postgresql"
    insert_into = postgresql.insert if on_postgres else sqlite.insert
    await session.exec(
        insert_into(CollectionName)
        .values(
            team_id=collection.team_id,
            name=name,
            collection_id=collection.id,
            created_at=utc_now(),
        )
        .on_conflict_do_nothing()
    )
    held = await session.exec(
        select(CollectionName.collection_id).where(
            CollectionName.team_id == collection.team_id, CollectionName.name == name
        )
    )
    if held.one() != collection.id:
        raise NameTaken(_TAKEN.detail)


async def update(
    session: AsyncSession,
    collection: Collection,
    data: CollectionUpdate,
    if_match: str | None,
    *,
    actor: Actor,
) -> None:
    """Change what is given of a collection.

    Raises:
        Forbidden: Who sees it is for owners of the team to decide.
        Conflict: It is archived, or would be wider than some of its entries.
    """
    if data.visibility is not MISSING:
        await require(session, actor, collection.team_id, Verb.manage)
    require_match(if_match, collection.version)
    require_current(collection)
    changes = {
        key: value
        for key, value in data.model_dump().items()
        if getattr(collection, key) != value
    }
    if not changes:
        return
    before = {key: getattr(collection, key) for key in changes}
    if "visibility" in changes:
        # What was narrower before is hidden already, and named to nobody anew.
        shown = await reading.entries_of(session, actor, collection)
        kept = [one for one in shown if one.state is not EntryState.hidden]
        collection.visibility = changes["visibility"]
        require_wide(collection, kept)
    collection.sqlmodel_update(changes)
    touch(collection)
    details = {"before": before, "after": changes}
    await tell(session, "collection.changed", collection, by=actor, details=details)
    await session.flush()


async def rename(
    session: AsyncSession,
    collection: Collection,
    name: str,
    if_match: str | None,
    *,
    actor: Actor,
) -> None:
    """Give it another name, or one back that it had; the old one leads here still.

    Raises:
        NameTaken: Another one has the name, or had.
    """
    require_match(if_match, collection.version)
    require_current(collection)
    if name == collection.name:
        return
    await _hold(session, collection, name)
    before, collection.name = collection.name, name
    touch(collection)
    details = {"from": before, "to": name}
    await tell(session, "collection.renamed", collection, by=actor, details=details)
    await session.flush()


async def archive(
    session: AsyncSession, collection: Collection, *, archived: bool, actor: Actor
) -> None:
    """Put it aside, or take it back; doing it twice changes nothing."""
    if (collection.archived_at is not None) is archived:
        return
    collection.archived_at = utc_now() if archived else None
    touch(collection)
    action = "collection.archived" if archived else "collection.unarchived"
    await tell(session, action, collection, by=actor)
    await session.flush()


async def delete(
    session: AsyncSession,
    collection: Collection,
    confirm: str,
    if_match: str | None,
    *,
    actor: Actor,
) -> None:
    """Hide it; everything stays, and so does its hold on the name.

    Raises:
        Invalid: The name was not typed.
    """
    require_match(if_match, collection.version)
    if confirm != collection.name:
        message = f"Type the name of the collection, {collection.name}."
        raise Invalid.field("confirm", message)
    collection.deleted_at = utc_now()
    collection.deleted_by = actor.id
    touch(collection)
    await tell(session, "collection.deleted", collection, by=actor)
    await session.flush()


async def restore(
    session: AsyncSession, collection: Collection, *, actor: Actor
) -> None:
    collection.deleted_at = collection.deleted_by = None
    touch(collection)
    await tell(session, "collection.restored", collection, by=actor)
    await session.flush()
