"""Find the components that are to be entries, and refuse those that cannot be."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, tuple_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.collections.models import Collection, CollectionEntry
from roster.collections.reading import is_narrower
from roster.collections.schemas import EntryWrite, Follow
from roster.components.models import Component, ComponentName, Revision
from roster.components.rows import visible
from roster.core.actor import Actor
from roster.core.errors import Conflict, FieldError, Invalid
from roster.teams.models import Team, TeamSlug, Visibility

NOT_FOUND = "There is no such component, or you may not see it."


@dataclass(frozen=True, slots=True)
class Wanted:
    """A component that is to be an entry, and what the entry follows."""

    component: UUID
    follow: Follow


def too_narrow(collection: Collection, references: Iterable[str]) -> Conflict:
    who = collection.visibility.value
    errors = [
        FieldError(
            loc=reference,
            message=f"Fewer people may see it than this {who} collection.",
            code="narrower",
        )
        for reference in references
    ]
    names = ", ".join(error.loc for error in errors)
    return Conflict(
        f"A collection is never seen by more people than its entries. Show these to "
        f"more, or leave them out: {names}.",
        errors=errors,
    )


def refuse_repeated(wanted: Sequence[Wanted]) -> None:
    before: set[UUID] = set()
    for place, one in enumerate(wanted):
        if one.component in before:
            message = "It is in the list already."
            raise Invalid.field(f"entries.{place}", message, "repeated")
        before.add(one.component)


async def find_wanted(
    session: AsyncSession,
    collection: Collection,
    items: Sequence[EntryWrite],
    known: Mapping[UUID, CollectionEntry],
    actor: Actor,
) -> list[Wanted]:
    """Find what the items name; what is new must be there for all who look.

    Raises:
        Invalid: Something is not there for the actor, or has no such revision.
        Conflict: Something new is narrower than the collection.
    """
    named = await _by_reference(session, items, known, actor)
    ids = [item.component_id or named.get(item.reference or "") for item in items]
    new = [id_ for id_ in ids if id_ is not None and id_ not in known]
    found = await _seen(session, new, actor)
    errors = [
        FieldError(loc=f"entries.{place}", message=NOT_FOUND, code="not_found")
        for place, id_ in enumerate(ids)
        if id_ is None or not (id_ in known or id_ in found)
    ]
    if errors:
        raise Invalid("Not all of these components are there.", errors=errors)
    narrow = [
        one.reference
        for one in found.values()
        if is_narrower(collection, one.team_id, one.visibility)
    ]
    if narrow:
        raise too_narrow(collection, narrow)
    wanted = [
        Wanted(id_, item)
        for id_, item in zip(ids, items, strict=True)
        if id_ is not None
    ]
    await check_numbers(session, wanted)
    return wanted


async def _by_reference(
    session: AsyncSession,
    items: Sequence[EntryWrite],
    known: Mapping[UUID, CollectionEntry],
    actor: Actor,
) -> dict[str, UUID]:
    """Ids of the components that the items name by a present or former reference."""
    references = {item.reference for item in items if item.reference is not None}
    if not references:
        return {}
    parts = [tuple(one.replace("/", ":").split(":")) for one in references]
    rows = await session.exec(
        select(
            ComponentName.kind,
            TeamSlug.slug,
            ComponentName.name,
            ComponentName.component_id,
        )
        .join(TeamSlug, col(TeamSlug.team_id) == ComponentName.team_id)
        .join(Component, col(Component.id) == ComponentName.component_id)
        .where(
            tuple_(ComponentName.kind, TeamSlug.slug, ComponentName.name).in_(parts),
            or_(visible(actor), col(Component.id).in_(list(known))),
        )
    )
    return {f"{kind}:{team}/{name}": id_ for kind, team, name, id_ in rows}


@dataclass(frozen=True, slots=True)
class _Found:
    reference: str
    team_id: UUID
    visibility: Visibility


async def _seen(
    session: AsyncSession, ids: Sequence[UUID], actor: Actor
) -> dict[UUID, _Found]:
    """Those of the components that the actor sees, and that have a revision."""
    if not ids:
        return {}
    rows = await session.exec(
        select(Component, Team.slug)
        .join(Team, col(Team.id) == Component.team_id)
        .where(
            col(Component.id).in_(ids),
            col(Component.published_at).is_not(None),
            visible(actor),
        )
    )
    return {
        one.id: _Found(f"{one.kind}:{slug}/{one.name}", one.team_id, one.visibility)
        for one, slug in rows
    }


async def check_numbers(
    session: AsyncSession, wanted: Sequence[Wanted], loc: str | None = None
) -> None:
    """Let entries stay only at revisions that there are.

    Raises:
        Invalid: There is no such revision.
    """
    pinned = {(one.component, one.follow.number) for one in wanted}
    asked = {pair for pair in pinned if pair[1] is not None}
    if not asked:
        return
    rows = await session.exec(
        select(Revision.component_id, Revision.number).where(
            tuple_(Revision.component_id, Revision.number).in_(asked)
        )
    )
    missing = asked - set(rows.all())
    errors = [
        FieldError(
            loc=loc or f"entries.{place}",
            message=f"There is no revision {one.follow.number}.",
            code="not_found",
        )
        for place, one in enumerate(wanted)
        if (one.component, one.follow.number) in missing
    ]
    if errors:
        raise Invalid("Not all of these revisions are there.", errors=errors)
