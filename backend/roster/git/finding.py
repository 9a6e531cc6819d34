"""Which releases of which collections a caller is shown as commits."""

from collections.abc import Sequence
from functools import lru_cache
from operator import attrgetter
from typing import cast
from uuid import UUID

from sqlalchemy import ColumnElement, String, Uuid, and_
from sqlalchemy import select as columns
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.blobs.models import Redaction
from roster.collections.models import (
    Collection,
    CollectionName,
    Release,
    ReleaseEntry,
)
from roster.collections.rows import (
    NOT_FOUND,
    seen_releases,
    visible,
)
from roster.components.asking import Shape, shape_of, stand_in, values_of
from roster.components.models import Component, Revision, RevisionFile
from roster.components.rows import AnyRow
from roster.core.actor import Caller
from roster.core.compiled import Asking, in_slots, slots
from roster.core.direct import slot
from roster.core.errors import Gone, NotFound
from roster.teams.models import Team, TeamSlug
from roster.teams.names import known_as

BY_NUMBER = attrgetter("number")


async def find_collection(
    session: AsyncSession, caller: Caller, team: str, name: str
) -> UUID:
    """A collection by a name that it has or had, of a team likewise.

    Raises:
        NotFound: There is none that the caller may see.
    """
    values = {**values_of(caller), "team": team, "name": name}
    rows = await _asking_collection(shape_of(caller)).rows(session, values)
    if not rows:
        raise NotFound(NOT_FOUND)
    found: UUID = rows[0].id
    return found


@lru_cache(64)
def _asking_collection(shape: Shape) -> Asking:
    ids = (
        select(CollectionName.collection_id)
        .join(TeamSlug, col(TeamSlug.team_id) == CollectionName.team_id)
        .where(
            TeamSlug.slug == slot("team", String()),
            CollectionName.name == slot("name", String()),
        )
    )
    return Asking(
        columns(col(Collection.id)).where(
            col(Collection.id).in_(ids), visible(stand_in(shape))
        )
    )


async def find_team(session: AsyncSession, caller: Caller, name: str) -> list[UUID]:
    """The released collections of a team that the caller may see.

    Raises:
        NotFound: There are none, or it does not exist: it is not told which.
    """
    values = {**values_of(caller), "team": name}
    rows = await _asking_team(shape_of(caller)).rows(session, values)
    if not rows:
        raise NotFound(
            "There is no such team, or it has no released collection that you may see."
        )
    return [row.id for row in rows]


@lru_cache(64)
def _asking_team(shape: Shape) -> Asking:
    name = cast("str", slot("team", String()))
    return Asking(
        columns(col(Collection.id))
        .where(
            col(Collection.team_id).in_(select(Team.id).where(known_as([name]))),
            visible(stand_in(shape)),
            col(Collection.latest_release) > 0,
        )
        .order_by(col(Collection.id))
    )


async def releases_of(
    session: AsyncSession, caller: Caller, collections: Sequence[UUID]
) -> list[AnyRow]:
    """The releases that the caller may see all of, oldest first.

    Those of which something was redacted are left out, as if they had never been. A
    collection whose newest one it is has none: an older one would pass for that.
    """
    rows = await _rows(session, caller, collections)
    newest = {row.collection_id: row for row in sorted(rows, key=BY_NUMBER)}
    gone = {id_ for id_, row in newest.items() if row.is_redacted}
    return [
        row for row in rows if not row.is_redacted and row.collection_id not in gone
    ]


async def releases_of_one(
    session: AsyncSession, caller: Caller, collection: UUID
) -> list[AnyRow]:
    """The same of one collection.

    Raises:
        Gone: Something of its newest release was redacted.
    """
    rows = await _rows(session, caller, [collection])
    newest = max(rows, key=BY_NUMBER, default=None)
    if newest is not None and newest.is_redacted:
        raise Gone(
            f"Release {newest.number} holds something that was redacted since. Make a "
            "new release without it; then this can be cloned again."
        )
    return [row for row in rows if not row.is_redacted]


async def _rows(
    session: AsyncSession, caller: Caller, collections: Sequence[UUID]
) -> Sequence[AnyRow]:
    wanted = in_slots("collection", collections)
    asking = _asking_releases(shape_of(caller), len(wanted))
    return await asking.rows(session, {**values_of(caller), **wanted})


@lru_cache(64)
def _asking_releases(shape: Shape, count: int) -> Asking:
    return Asking(
        columns(
            col(Release.id),
            col(Release.collection_id),
            col(Release.number),
            col(Release.notes),
            col(Release.author),
            col(Release.created_at),
            col(Release.team),
            col(Release.name),
            col(Release.title),
            col(Release.description),
            _is_redacted().label("is_redacted"),
        )
        .where(
            col(Release.collection_id).in_(slots("collection", count, Uuid())),
            seen_releases(stand_in(shape)),
        )
        .order_by(col(Release.created_at), col(Release.id))
    )


def _is_redacted() -> ColumnElement[bool]:
    """Releases that lock something that its team redacted; of these there are few."""
    of_team = and_(
        col(Component.team_id) == Redaction.team_id,
        col(Component.id) == Revision.component_id,
    )
    locked = and_(
        col(ReleaseEntry.component_id) == Revision.component_id,
        col(ReleaseEntry.number) == Revision.number,
        col(ReleaseEntry.shadowed).is_(False),
    )
    ids = (
        select(ReleaseEntry.release_id)
        .select_from(Redaction)
        .join(RevisionFile, col(RevisionFile.blob_digest) == Redaction.digest)
        .join(Revision, col(Revision.id) == RevisionFile.revision_id)
        .join(Component, of_team)
        .join(ReleaseEntry, locked)
    )
    return col(Release.id).in_(ids)
