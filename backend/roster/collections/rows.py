"""Which collections a caller gets to see, and as what.

`visible`, `recoverable` and `once_visible` are the only ways that a statement of this
domain decides what a caller gets to see.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select

from roster.collections.models import (
    Collection,
    CollectionEntry,
    Release,
    ReleaseEntry,
)
from roster.collections.schemas import CollectionPublic
from roster.components.models import Component
from roster.components.schemas import Permissions
from roster.core.actor import Caller
from roster.core.caching import version_tag
from roster.core.errors import NotFound
from roster.instance.purges import COLLECTION, not_purged
from roster.teams.access import Verb, may, of_member, teams_of, visible_to
from roster.teams.models import Membership, Role, Team, TeamRef

_COLLECTIONS = Collection.metadata.tables["collections"].c
_COMPONENTS = Collection.metadata.tables["components"].c
NOT_FOUND = "There is no such collection, or you may not see it."


@dataclass(frozen=True, slots=True)
class Seen:
    """A collection as one caller sees it."""

    collection: Collection
    team: TeamRef
    role: Role | None

    @property
    def reference(self) -> str:
        return f"{self.team.slug}/{self.collection.name}"


@dataclass(frozen=True, slots=True)
class Counts:
    entries: int
    latest_release: int | None


def visible(caller: Caller) -> ColumnElement[bool]:
    seen = visible_to(caller, _COLLECTIONS.team_id, _COLLECTIONS.visibility)
    return and_(col(Collection.deleted_at).is_(None), seen)


def recoverable(actor: Caller) -> ColumnElement[bool]:
    """Soft-deleted collections that the actor may restore."""
    teams = teams_of(actor, Verb.manage)
    return and_(
        col(Collection.deleted_at).is_not(None),
        col(Collection.team_id).in_(teams),
        not_purged(COLLECTION, Collection.id),
    )


def once_visible(caller: Caller) -> ColumnElement[bool]:
    """Published components that the caller may see, or might if they were still there.

    The deleted are among them: an entry says that its component was deleted, and what
    a release has locked stays.
    """
    seen = visible_to(
        caller,
        _COMPONENTS.team_id,
        _COMPONENTS.visibility,
        of_deleted_teams=True,
    )
    return and_(col(Component.published_at).is_not(None), seen)


def seen_releases(caller: Caller) -> ColumnElement[bool]:
    """Releases that hold nothing that the caller may not see.

    One that holds more does not exist for them: not in lists, counts or numbers.
    """
    hidden = (
        select(ReleaseEntry.position)
        .join(Component, col(Component.id) == ReleaseEntry.component_id)
        .where(col(ReleaseEntry.release_id) == Release.id, ~once_visible(caller))
    )
    return ~hidden.exists()


def seen_rows(caller: Caller) -> Select[Collection, Team, Role]:
    mine = and_(col(Membership.team_id) == Collection.team_id, of_member(caller))
    return (
        select(Collection, Team, col(Membership.role))
        .join(Team, col(Team.id) == Collection.team_id)
        .outerjoin(Membership, mine)
    )


def as_seen(row: tuple[Collection, Team, Role | None]) -> Seen:
    collection, team, role = row
    return Seen(collection, TeamRef.model_validate(team), role)


async def find(session: AsyncSession, caller: Caller, collection_id: UUID) -> Seen:
    """Find a collection that the caller may see.

    Raises:
        NotFound: There is none.
    """
    rows = await session.exec(
        seen_rows(caller).where(Collection.id == collection_id, visible(caller))
    )
    row = rows.first()
    if row is None:
        raise NotFound(NOT_FOUND)
    return as_seen(row)


async def counts_of(
    session: AsyncSession, caller: Caller, ids: Sequence[UUID]
) -> dict[UUID, Counts]:
    """How many entries of each collection the caller sees, and its newest release."""
    entries = await session.exec(
        select(CollectionEntry.collection_id, func.count())
        .join(Component, col(Component.id) == CollectionEntry.component_id)
        .where(col(CollectionEntry.collection_id).in_(ids), once_visible(caller))
        .group_by(col(CollectionEntry.collection_id))
    )
    entry_counts = dict(entries.all())
    of = aliased(Collection)
    newest = (
        select(Release.number)
        .where(col(Release.collection_id) == of.id, seen_releases(caller))
        .order_by(col(Release.number).desc())
        .limit(1)
        .scalar_subquery()
    )
    releases = await session.exec(
        select(of.id, newest).where(col(of.id).in_(ids), of.latest_release > 0)
    )
    numbers = dict(releases.all())
    return {id_: Counts(entry_counts.get(id_, 0), numbers.get(id_)) for id_ in ids}


def public(seen: Seen, counts: Counts) -> CollectionPublic:
    one = seen.collection
    return CollectionPublic(
        id=one.id,
        team=seen.team,
        name=one.name,
        reference=seen.reference,
        title=one.title,
        description=one.description,
        visibility=one.visibility,
        etag=version_tag(one.version),
        entry_count=counts.entries,
        latest_release=counts.latest_release,
        created_at=one.created_at,
        updated_at=one.updated_at,
        archived_at=one.archived_at,
        deleted_at=one.deleted_at,
        permissions=Permissions(
            edit=may(seen.role, Verb.edit), manage=may(seen.role, Verb.manage)
        ),
    )
