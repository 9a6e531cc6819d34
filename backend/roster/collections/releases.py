"""Make releases, and read them."""

from collections.abc import Sequence
from operator import attrgetter
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, insert, or_
from sqlalchemy import select as columns
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.collections import reading
from roster.collections.locks import digest_of, lock_of
from roster.collections.models import Collection, Release, ReleaseEntry
from roster.collections.reading import Entry
from roster.collections.release_schemas import (
    ReleaseCreate,
    ReleaseDetail,
    ReleaseEntryPublic,
    ReleaseSummary,
)
from roster.collections.rows import seen_releases
from roster.collections.schemas import EntryState
from roster.collections.state import require_current, touch
from roster.collections.trail import tell
from roster.components.lookup import redacted_among
from roster.components.models import Component, Label, Yank
from roster.components.orders import by_count
from roster.components.rows import AnyRow, AnySelect, fetch
from roster.core.actor import Actor, Caller
from roster.core.caching import require_match
from roster.core.errors import Conflict, FieldError, Forbidden, NotFound, Unchanged
from roster.core.paging import Count, Page, PageQuery, cut, ordered
from roster.promotions.models import Promotion, PromotionState
from roster.teams.models import LabelPolicy, Team
from roster.users.models import User, UserRef

ORDER = "-number"
PRODUCTION = "production"
LINE = ("component_id", "kind", "team", "name", "number", "digest", "shadowed")
BY_COMPONENT = attrgetter("component_id")
UNFIT = {
    EntryState.unresolved: "It has no such label; set it, or follow another.",
    EntryState.yanked: "The revision was yanked; take another one.",
    EntryState.deleted: "The component was deleted; take it out, or restore it.",
}
REDACTED = "Something of the revision was redacted; take another one."


class ReleaseQuery(PageQuery):
    count: Count = False


async def make(
    session: AsyncSession,
    collection: Collection,
    data: ReleaseCreate,
    if_match: str | None,
    *,
    actor: Actor,
) -> Release:
    """Lock what the entries of a locked collection stand for now.

    What is narrower than the collection is left out, whoever makes the release.

    Raises:
        Conflict: It is archived or empty, or some entries cannot be released; it names
            them.
        Forbidden: The actor's API token does not reach all of it.
        Unchanged: The newest release has the same lock.
    """
    before = await _newest_digest(session, collection)
    require_match(if_match, collection.version, *before)
    require_current(collection)
    entries = await _entries(session, collection, actor=actor)
    release = Release(
        collection_id=collection.id,
        number=collection.latest_release + 1,
        digest="",
        entry_count=len(entries),
        notes=data.notes,
        author_id=actor.id,
        team=await _slug(session, collection.team_id),
        name=collection.name,
        title=collection.title,
        description=collection.description,
        author=actor.username,
    )
    lines = _lines(release, entries)
    release.digest = digest_of(lock_of(lines))
    if [release.digest] == before:
        raise Unchanged(
            f"Release {collection.latest_release} has the same lock; there is nothing "
            "to release."
        )
    await _store(session, collection, release, lines, actor=actor)
    return release


async def _entries(
    session: AsyncSession, collection: Collection, *, actor: Actor
) -> Sequence[Entry]:
    entries, whole = await reading.entries_to_release(session, actor, collection)
    if not whole:
        raise Forbidden(
            "This API token does not reach all that is in the collection; release it "
            "with one that is not limited to teams."
        )
    if not entries:
        raise Conflict("There is nothing in it to release; add entries first.")
    await _require_fit(session, collection, entries)
    return entries


async def _slug(session: AsyncSession, team_id: UUID) -> str:
    return (await session.exec(select(Team.slug).where(Team.id == team_id))).one()


async def _newest_digest(session: AsyncSession, collection: Collection) -> list[str]:
    rows = await session.exec(
        select(Release.digest).where(
            Release.collection_id == collection.id,
            Release.number == collection.latest_release,
        )
    )
    return list(rows)


async def _require_fit(
    session: AsyncSession, collection: Collection, entries: Sequence[Entry]
) -> None:
    """Let only entries be locked that stand for something usable.

    Raises:
        Conflict: Some do not; it names them.
    """
    errors = [
        FieldError(loc=entry.reference, message=UNFIT[entry.state], code=entry.state)
        for entry in entries
        if entry.state is not EntryState.ok
    ]
    if not errors:
        gone = await redacted_among(
            session, (entry.row.component_id for entry in entries)
        )
        errors = [
            FieldError(loc=entry.reference, message=REDACTED, code="redacted")
            for entry in entries
            if (entry.row.component_id, entry.row.number) in gone
        ]
    if not errors:
        errors = await _not_promoted(session, collection, entries)
    if errors:
        names = ", ".join(error.loc for error in errors)
        raise Conflict(f"These entries cannot be released: {names}.", errors=errors)


async def _not_promoted(
    session: AsyncSession, collection: Collection, entries: Sequence[Entry]
) -> list[FieldError]:
    """Entries of the team that did not pass its policy for production, if it has one.

    Passed is what a promotion of this team put there, or what the label points at now.
    """
    policy = select(LabelPolicy.id).where(
        LabelPolicy.team_id == collection.team_id, LabelPolicy.label == PRODUCTION
    )
    own = [entry for entry in entries if entry.row.team_id == collection.team_id]
    if not own or (await session.exec(policy)).first() is None:
        return []
    ids = [entry.row.component_id for entry in own]
    applied = await session.exec(
        select(Promotion.component_id, Promotion.number).where(
            col(Promotion.component_id).in_(ids),
            Promotion.team_id == collection.team_id,
            Promotion.label == PRODUCTION,
            Promotion.state == PromotionState.applied,
        )
    )
    labelled = await session.exec(
        select(Label.component_id, Label.number).where(
            col(Label.component_id).in_(ids), Label.name == PRODUCTION
        )
    )
    passed = {*applied.all(), *labelled.all()}
    return [
        FieldError(
            loc=entry.reference,
            message=f"Revision {entry.row.number} was never promoted to production.",
            code="not_promoted",
        )
        for entry in own
        if (entry.row.component_id, entry.row.number) not in passed
    ]


def _lines(release: Release, entries: Sequence[Entry]) -> list[ReleaseEntry]:
    first = reading.winners(entries)
    return [
        ReleaseEntry(
            release_id=release.id,
            position=position,
            component_id=entry.row.component_id,
            kind=entry.row.kind,
            team=entry.row.team_slug,
            name=entry.row.name,
            number=entry.row.number,
            digest=entry.row.digest,
            shadowed=reading.shadow_of(entry, first) is not None,
        )
        for position, entry in enumerate(entries)
    ]


async def _store(
    session: AsyncSession,
    collection: Collection,
    release: Release,
    lines: Sequence[ReleaseEntry],
    *,
    actor: Actor,
) -> None:
    session.add(release)
    collection.latest_release = release.number
    touch(collection)
    await session.flush()
    # In the order in which everybody locks components, which the keys point at.
    rows = [line.model_dump() for line in sorted(lines, key=BY_COMPONENT)]
    await session.exec(insert(ReleaseEntry), params=rows)
    details = {"number": release.number, "digest": release.digest}
    await tell(session, "release.made", collection, by=actor, details=details)
    await session.flush()


def _rows(caller: Caller, collection_id: UUID) -> AnySelect:
    return (
        columns(
            col(Release.id),
            col(Release.number),
            col(Release.digest),
            col(Release.entry_count),
            col(Release.notes),
            col(Release.created_at),
            col(Release.author_id),
            col(User.username),
            col(User.display_name),
        )
        .join(User, col(User.id) == Release.author_id)
        .where(col(Release.collection_id) == collection_id, seen_releases(caller))
    )


def _summary(row: AnyRow) -> dict[str, Any]:
    author = UserRef(
        id=row.author_id, username=row.username, display_name=row.display_name
    )
    return {
        "number": row.number,
        "digest": row.digest,
        "entry_count": row.entry_count,
        "notes": row.notes,
        "author": author,
        "created_at": row.created_at,
    }


async def page_of(
    session: AsyncSession, caller: Caller, collection_id: UUID, query: ReleaseQuery
) -> Page[ReleaseSummary]:
    """Newest first."""
    keys = [by_count(col(Release.number), descending=True)]
    statement = _rows(caller, collection_id)
    rows = await fetch(session, ordered(statement, ORDER, keys, query))
    kept, next_cursor = cut(rows, ORDER, query, lambda row: [row.number])
    page: Page[ReleaseSummary] = Page(
        items=[ReleaseSummary(**_summary(row)) for row in kept], next_cursor=next_cursor
    )
    if query.count:
        seen = col(Release.collection_id) == collection_id, seen_releases(caller)
        total = select(func.count()).select_from(Release).where(*seen)
        page.total = (await session.exec(total)).one()
    return page


async def find(
    session: AsyncSession, caller: Caller, collection_id: UUID, number: int
) -> AnyRow:
    """A release whose every entry the caller may see.

    Raises:
        NotFound: There is none of this number.
    """
    statement = _rows(caller, collection_id).where(col(Release.number) == number)
    rows = await fetch(session, statement)
    if not rows:
        raise NotFound(f"There is no release {number}, or you may not see all of it.")
    return rows[0]


async def find_before(
    session: AsyncSession, caller: Caller, collection_id: UUID, number: int
) -> AnyRow | None:
    """The newest release below this one that the caller may see, if there is one."""
    statement = (
        _rows(caller, collection_id)
        .where(col(Release.number) < number)
        .order_by(col(Release.number).desc())
        .limit(1)
    )
    rows = await fetch(session, statement)
    return rows[0] if rows else None


async def lines_of(session: AsyncSession, release_id: UUID) -> Sequence[ReleaseEntry]:
    """The lines of a release that the caller was found to be allowed to see."""
    rows = await session.exec(
        select(ReleaseEntry)
        .where(ReleaseEntry.release_id == release_id)
        .order_by(col(ReleaseEntry.position))
    )
    return rows.all()


async def detail_of(session: AsyncSession, release: AnyRow) -> ReleaseDetail:
    yanked = and_(
        col(Yank.component_id) == ReleaseEntry.component_id,
        col(Yank.number) == ReleaseEntry.number,
    )
    gone = or_(
        col(Component.deleted_at).is_not(None), col(Team.deleted_at).is_not(None)
    )
    rows = await fetch(
        session,
        columns(
            *(getattr(ReleaseEntry, name) for name in LINE),
            col(Team.slug),
            col(Component.name).label("present_name"),
            col(Yank.number).label("yank"),
            gone.label("gone"),
        )
        .select_from(ReleaseEntry)
        .join(Component, col(Component.id) == ReleaseEntry.component_id)
        .join(Team, col(Team.id) == Component.team_id)
        .outerjoin(Yank, yanked)
        .where(col(ReleaseEntry.release_id) == release.id)
        .order_by(col(ReleaseEntry.position)),
    )
    entries = [
        ReleaseEntryPublic(
            component_id=line.component_id,
            kind=line.kind,
            team=line.team,
            name=line.name,
            identifier=f"roster:{line.kind}:{line.team}/{line.name}@{line.number}",
            number=line.number,
            digest=line.digest,
            shadowed=line.shadowed,
            reference=f"{line.kind}:{line.slug}/{line.present_name}",
            yanked=line.yank is not None,
            deleted=bool(line.gone),
        )
        for line in rows
    ]
    return ReleaseDetail(**_summary(release), entries=entries)
