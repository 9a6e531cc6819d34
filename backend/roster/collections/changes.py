"""What is different between two releases, as a changelog."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func
from sqlalchemy import select as columns
from sqlalchemy.orm import aliased
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.collections.models import ReleaseEntry
from roster.collections.release_schemas import (
    AddedEntry,
    Changelog,
    MovedEntry,
    RevisionNote,
    UpdatedEntry,
)
from roster.collections.releases import lines_of
from roster.components.models import Revision
from roster.components.rows import AnyRow, fetch
from roster.users.models import User, UserRef

NOTES = 20


async def between(session: AsyncSession, old: AnyRow | None, new: AnyRow) -> Changelog:
    """Compare two releases that the caller was found to be allowed to see.

    Args:
        session: A transaction.
        old: The older one, or whichever it is compared with; None: with nothing.
        new: The newer one.
    """
    before = {line.component_id: line for line in await _lines(session, old)}
    after = {line.component_id: line for line in await _lines(session, new)}
    notes = await _notes(session, old, new) if old is not None else {}
    updated = [
        UpdatedEntry(
            **_place(line),
            before=before[id_].number,
            after=line.number,
            revisions=notes.get(id_, []),
        )
        for id_, line in after.items()
        if id_ in before and before[id_].number != line.number
    ]
    return Changelog(
        against=old.number if old is not None else 0,
        number=new.number,
        added=[_added(line) for id_, line in after.items() if id_ not in before],
        removed=[_added(line) for id_, line in before.items() if id_ not in after],
        updated=updated,
        moved=[
            MovedEntry(
                **_place(after[id_]),
                before=before[id_].position + 1,
                after=after[id_].position + 1,
            )
            for id_ in moved(list(before), list(after))
        ],
    )


async def _lines(
    session: AsyncSession, release: AnyRow | None
) -> Sequence[ReleaseEntry]:
    return await lines_of(session, release.id) if release is not None else ()


def _place(line: ReleaseEntry) -> dict[str, Any]:
    return line.model_dump(include={"component_id", "kind", "team", "name"})


def _added(line: ReleaseEntry) -> AddedEntry:
    return AddedEntry(**_place(line), number=line.number)


def moved(before: Sequence[UUID], after: Sequence[UUID]) -> list[UUID]:
    """Find the fewest of what is in both whose moving gives the new order.

    The others form the longest run that is in the same order in both.
    """
    places = {id_: place for place, id_ in enumerate(before)}
    common = [id_ for id_ in after if id_ in places]
    ends: list[int] = []  # the lowest place that a run of each length ends with
    at: list[int] = []  # whose place that is, in `common`
    previous: list[int] = []
    for index, id_ in enumerate(common):
        length = bisect_left(ends, places[id_])
        previous.append(at[length - 1] if length else -1)
        ends[length : length + 1] = [places[id_]]
        at[length : length + 1] = [index]
    kept: set[int] = set()
    index = at[-1] if at else -1
    while index >= 0:
        kept.add(index)
        index = previous[index]
    return [id_ for index, id_ in enumerate(common) if index not in kept]


async def _notes(
    session: AsyncSession, old: AnyRow, new: AnyRow
) -> dict[UUID, list[RevisionNote]]:
    """The newest revisions between the two, of each component that went ahead."""
    earlier, later = aliased(ReleaseEntry), aliased(ReleaseEntry)
    between_them = and_(
        col(Revision.component_id) == later.component_id,
        col(Revision.number) > earlier.number,
        col(Revision.number) <= later.number,
    )
    rank = func.row_number().over(
        partition_by=col(Revision.component_id),
        order_by=col(Revision.number).desc(),
    )
    ranked = (
        columns(
            col(Revision.component_id),
            col(Revision.number),
            col(Revision.message),
            col(Revision.created_at),
            col(Revision.author_id),
            rank.label("rank"),
        )
        .select_from(later)
        .join(earlier, col(earlier.component_id) == later.component_id)
        .join(Revision, between_them)
        .where(col(later.release_id) == new.id, col(earlier.release_id) == old.id)
        .subquery()
    )
    rows = await fetch(
        session,
        columns(ranked, col(User.username), col(User.display_name))
        .join(User, col(User.id) == ranked.c.author_id)
        .where(ranked.c.rank <= NOTES)
        .order_by(ranked.c.component_id, ranked.c.rank),
    )
    found: dict[UUID, list[RevisionNote]] = defaultdict(list)
    for row in rows:
        author = UserRef(
            id=row.author_id, username=row.username, display_name=row.display_name
        )
        found[row.component_id].append(
            RevisionNote(
                number=row.number,
                message=row.message,
                author=author,
                created_at=row.created_at,
            )
        )
    return found
