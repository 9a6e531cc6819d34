"""Change which components are in a collection, in which order, and at what."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.collections.models import Collection, CollectionEntry
from roster.collections.rows import once_visible
from roster.collections.schemas import ENTRIES, EntryMove, EntryWrite, Follow
from roster.collections.state import require_current, touch
from roster.collections.trail import tell
from roster.collections.wanted import (
    Wanted,
    check_numbers,
    find_wanted,
    refuse_repeated,
)
from roster.components.models import Component
from roster.core.actor import Actor
from roster.core.caching import require_match
from roster.core.errors import Invalid, NotFound


@dataclass(frozen=True, slots=True)
class Present:
    """The entries of a collection, the topmost first."""

    shown: list[CollectionEntry]
    all: list[CollectionEntry]

    def by_component(self) -> dict[UUID, CollectionEntry]:
        return {entry.component_id: entry for entry in self.shown}


async def present(
    session: AsyncSession, actor: Actor, collection: Collection
) -> Present:
    rows = await session.exec(
        select(CollectionEntry, once_visible(actor))
        .join(Component, col(Component.id) == CollectionEntry.component_id)
        .where(CollectionEntry.collection_id == collection.id)
        .order_by(col(CollectionEntry.position), col(CollectionEntry.id))
    )
    found = rows.all()
    shown = [entry for entry, seen in found if seen]
    return Present(shown, [entry for entry, _ in found])


async def replace(
    session: AsyncSession,
    collection: Collection,
    items: Sequence[EntryWrite],
    if_match: str | None,
    *,
    actor: Actor,
) -> None:
    """Set the whole list. Entries that the actor does not see stay where they are.

    Raises:
        Conflict: It is archived, or something new is narrower than the collection.
        Invalid: A component or revision is not there, or is in the list twice.
    """
    require_match(if_match, collection.version)
    require_current(collection)
    there = await present(session, actor, collection)
    known = there.by_component()
    wanted = await find_wanted(session, collection, items, known, actor)
    refuse_repeated(wanted)
    order = [_entry(collection, known, one) for one in wanted]
    kept = {entry.component_id for entry in order}
    for entry in there.shown:
        if entry.component_id not in kept:
            await session.delete(entry)
    if _arrange(session, there, order):
        await _changed(session, collection, actor, {"entries": len(order)})


async def add(
    session: AsyncSession,
    collection: Collection,
    items: Sequence[EntryWrite],
    *,
    actor: Actor,
) -> list[UUID]:
    """Append entries; those whose component is there already stay as they are.

    Returns:
        The components that were added.

    Raises:
        Conflict: It is archived, or something new is narrower than the collection.
        Invalid: A component or revision is not there, or the list would be too long.
    """
    require_current(collection)
    there = await present(session, actor, collection)
    known = there.by_component()
    wanted = await find_wanted(session, collection, items, known, actor)
    new = {one.component: one for one in wanted if one.component not in known}
    if len(there.shown) + len(new) > ENTRIES:
        raise Invalid.field("entries", f"A collection has at most {ENTRIES} entries.")
    order = [*there.shown, *(_entry(collection, {}, one) for one in new.values())]
    if new:
        _arrange(session, there, order)
        details = {"added": [str(id_) for id_ in new]}
        await _changed(session, collection, actor, details)
    return list(new)


async def change(  # noqa: PLR0913 - one for each part of the request
    session: AsyncSession,
    collection: Collection,
    component_id: UUID,
    data: Follow,
    if_match: str | None,
    *,
    actor: Actor,
) -> None:
    require_match(if_match, collection.version)
    require_current(collection)
    entry = _one(await present(session, actor, collection), component_id)
    await check_numbers(session, [Wanted(component_id, data)], "number")
    before = entry.label, entry.number
    _follow(entry, data)
    if (entry.label, entry.number) != before:
        session.add(entry)
        details = {"entry": str(component_id), "follows": data.followed or data.number}
        await _changed(session, collection, actor, details)


async def move(  # noqa: PLR0913 - one for each part of the request
    session: AsyncSession,
    collection: Collection,
    component_id: UUID,
    data: EntryMove,
    if_match: str | None,
    *,
    actor: Actor,
) -> None:
    """Put an entry in front of another one, or at the end.

    Raises:
        Invalid: There is no such other one.
    """
    require_match(if_match, collection.version)
    require_current(collection)
    there = await present(session, actor, collection)
    entry = _one(there, component_id)
    order = [other for other in there.shown if other is not entry]
    place = len(order)
    if data.before is not None:
        target = there.by_component().get(data.before)
        if target is None or target is entry:
            message = "There is no other entry of this component."
            raise Invalid.field("before", message, "not_found")
        place = order.index(target)
    order.insert(place, entry)
    if _arrange(session, there, order):
        details = {"entry": str(component_id), "place": place + 1}
        await _changed(session, collection, actor, details)


async def remove(
    session: AsyncSession,
    collection: Collection,
    component_id: UUID,
    if_match: str | None,
    *,
    actor: Actor,
) -> None:
    require_match(if_match, collection.version)
    require_current(collection)
    there = await present(session, actor, collection)
    entry = _one(there, component_id)
    await session.delete(entry)
    _arrange(session, there, [other for other in there.shown if other is not entry])
    await _changed(session, collection, actor, {"removed": [str(component_id)]})


async def _changed(
    session: AsyncSession, collection: Collection, actor: Actor, details: dict[str, Any]
) -> None:
    touch(collection)
    await tell(session, "collection.changed", collection, by=actor, details=details)
    await session.flush()


def _one(there: Present, component_id: UUID) -> CollectionEntry:
    entry = there.by_component().get(component_id)
    if entry is None:
        raise NotFound("There is no such entry in this collection.")
    return entry


def _follow(entry: CollectionEntry, follow: Follow) -> None:
    entry.label, entry.number = follow.followed, follow.number


def _entry(
    collection: Collection, known: dict[UUID, CollectionEntry], wanted: Wanted
) -> CollectionEntry:
    entry = known.get(wanted.component) or CollectionEntry(
        collection_id=collection.id, component_id=wanted.component, position=-1
    )
    _follow(entry, wanted.follow)
    return entry


def _arrange(
    session: AsyncSession, there: Present, order: Sequence[CollectionEntry]
) -> bool:
    """Number the entries anew, each hidden one behind what it stood behind before.

    Returns:
        Whether that changed anything.
    """
    shown = {entry.component_id for entry in there.shown}
    behind: dict[UUID | None, list[CollectionEntry]] = defaultdict(list)
    last: UUID | None = None
    for entry in there.all:
        if entry.component_id in shown:
            last = entry.component_id
        else:
            behind[last].append(entry)
    arranged = behind.pop(None, [])
    for entry in order:
        arranged += [entry, *behind.pop(entry.component_id, [])]
    for left in behind.values():  # what they stood behind is gone
        arranged += left
    changed = len(arranged) != len(there.all)
    for position, entry in enumerate(arranged):
        changed = changed or entry.position != position or session.is_modified(entry)
        entry.position = position
    # In the order in which everybody locks components, which the keys point at.
    session.add_all(sorted(arranged, key=attrgetter("component_id")))
    return changed
