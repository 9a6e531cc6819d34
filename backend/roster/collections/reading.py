"""What the entries of a collection stand for now."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, literal
from sqlalchemy import select as columns
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.collections.models import Collection, CollectionEntry
from roster.collections.rows import Counts, Seen, counts_of, once_visible, public
from roster.collections.schemas import (
    Clash,
    CollectionDetail,
    EntryPublic,
    EntryRevision,
    EntryState,
)
from roster.components.models import Component, Label, Revision, Yank
from roster.components.rows import AnyRow, AnySelect, fetch
from roster.core.actor import Caller
from roster.teams.models import Team, Visibility

RESOLVED = frozenset({EntryState.ok, EntryState.yanked})


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry with its component and the revision that it stands for now."""

    row: AnyRow
    state: EntryState

    @property
    def reference(self) -> str:
        return f"{self.row.kind}:{self.row.team_slug}/{self.row.name}"

    @property
    def place(self) -> tuple[str, str]:
        """What two entries of a collection clash by."""
        return self.row.kind, self.row.name


def is_narrower(
    collection: Collection, component_team: UUID, component: Visibility
) -> bool:
    """Tell whether somebody who sees the collection may not see the component."""
    if component is Visibility.public:
        return False
    if component is Visibility.internal:
        return collection.visibility is Visibility.public
    shared = collection.visibility is not Visibility.private
    return shared or component_team != collection.team_id


def _statement(collection_id: UUID, seen: ColumnElement[bool]) -> AnySelect:
    number = func.coalesce(CollectionEntry.number, Label.number)
    followed = and_(
        col(Label.component_id) == Component.id,
        col(Label.name) == CollectionEntry.label,
    )
    meant = and_(
        col(Revision.component_id) == Component.id, col(Revision.number) == number
    )
    yanked = and_(
        col(Yank.component_id) == Component.id, col(Yank.number) == Revision.number
    )
    return (
        columns(
            col(CollectionEntry.component_id),
            col(CollectionEntry.position),
            col(CollectionEntry.label),
            col(CollectionEntry.number).label("pinned"),
            col(Component.kind),
            col(Component.team_id),
            col(Component.name),
            col(Component.description),
            col(Component.visibility),
            col(Component.latest_number),
            col(Component.deleted_at),
            col(Component.deprecated_at),
            col(Component.deprecation_message),
            col(Team.slug).label("team_slug"),
            col(Team.deleted_at).label("team_deleted_at"),
            col(Revision.number),
            col(Revision.digest),
            col(Revision.description_tokens),
            col(Yank.reason).label("yank_reason"),
            seen.label("seen"),
        )
        .select_from(CollectionEntry)
        .join(Component, col(Component.id) == CollectionEntry.component_id)
        .join(Team, col(Team.id) == Component.team_id)
        .outerjoin(Label, followed)
        .outerjoin(Revision, meant)
        .outerjoin(Yank, yanked)
        .where(col(CollectionEntry.collection_id) == collection_id)
        .order_by(col(CollectionEntry.position), col(CollectionEntry.id))
    )


def _state(collection: Collection, row: AnyRow) -> EntryState:
    if is_narrower(collection, row.team_id, Visibility(row.visibility)):
        return EntryState.hidden
    if row.deleted_at is not None or row.team_deleted_at is not None:
        return EntryState.deleted
    if row.digest is None:
        return EntryState.unresolved
    return EntryState.ok if row.yank_reason is None else EntryState.yanked


async def entries_of(
    session: AsyncSession, caller: Caller, collection: Collection
) -> list[Entry]:
    """The entries that the caller sees, the topmost first; always one statement."""
    statement = _statement(collection.id, literal(value=True))
    rows = await fetch(session, statement.where(once_visible(caller)))
    return [Entry(row, _state(collection, row)) for row in rows]


async def entries_to_release(
    session: AsyncSession, caller: Caller, collection: Collection
) -> tuple[list[Entry], bool]:
    """The entries that all who see the collection see; and if the caller does, too."""
    rows = await fetch(session, _statement(collection.id, once_visible(caller)))
    found = [Entry(row, _state(collection, row)) for row in rows]
    shared = [entry for entry in found if entry.state is not EntryState.hidden]
    return shared, all(entry.row.seen for entry in shared)


def winners(entries: Iterable[Entry]) -> dict[tuple[str, str], UUID]:
    """The topmost of each kind and name, of those that stand for a revision."""
    found: dict[tuple[str, str], UUID] = {}
    for entry in entries:
        if entry.state in RESOLVED:
            found.setdefault(entry.place, entry.row.component_id)
    return found


def shadow_of(entry: Entry, first: Mapping[tuple[str, str], UUID]) -> UUID | None:
    """The entry that goes before this one, if there is any."""
    if entry.state not in RESOLVED:
        return None
    winner = first[entry.place]
    return winner if winner != entry.row.component_id else None


def _entry(entry: Entry, first: Mapping[tuple[str, str], UUID]) -> EntryPublic:
    row, gone = entry.row, entry.state is EntryState.deleted
    revision = None
    if row.digest is not None and not gone:
        revision = EntryRevision(number=row.number, digest=row.digest)
    return EntryPublic(
        component_id=row.component_id,
        kind=row.kind,
        team=row.team_slug,
        name=row.name,
        reference=entry.reference,
        description="" if gone else row.description,
        label=row.label,
        number=row.pinned,
        latest_number=row.latest_number,
        state=entry.state,
        revision=revision,
        yank_reason=row.yank_reason,
        deprecated=row.deprecated_at is not None,
        deprecation_message=row.deprecation_message,
        shadowed_by=shadow_of(entry, first),
        description_tokens=0 if revision is None else row.description_tokens,
    )


def _clashes(entries: Sequence[EntryPublic]) -> list[Clash]:
    found: dict[UUID, Clash] = {}
    for entry in entries:
        if entry.shadowed_by is not None:
            nothing = Clash(
                kind=entry.kind, name=entry.name, winner=entry.shadowed_by, shadowed=[]
            )
            clash = found.setdefault(entry.shadowed_by, nothing)
            clash.shadowed.append(entry.component_id)
    return list(found.values())


async def describe(
    session: AsyncSession, caller: Caller, seen: Seen
) -> CollectionDetail:
    """A collection with its entries; always the same number of statements."""
    found = await entries_of(session, caller, seen.collection)
    first = winners(found)
    entries = [_entry(entry, first) for entry in found]
    counts = await counts_of(session, caller, [seen.collection.id])
    newest = counts[seen.collection.id].latest_release
    in_force = (
        entry.description_tokens
        for entry in entries
        if entry.state in RESOLVED and entry.shadowed_by is None
    )
    return CollectionDetail(
        **dict(public(seen, Counts(len(entries), newest))),
        entries=entries,
        clashes=_clashes(entries),
        description_tokens=sum(in_force),
    )
