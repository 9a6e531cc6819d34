"""What a reference leads to: also under a former name, and after deletion."""

from typing import Any

from sqlalchemy import and_, func, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components.latest import LATEST
from roster.components.lifecycle_schemas import Resolved, State, Tombstone
from roster.components.models import Component, Label, Revision
from roster.components.references import Reference, named
from roster.components.revisions import summary_of
from roster.components.rows import (
    AnyRow,
    AnySelect,
    component_rows,
    fetch,
    public_of,
    reference,
    seen,
)
from roster.core.actor import Caller
from roster.core.errors import NotFound
from roster.teams.models import Team
from roster.users.models import User, UserRef

NOTHING = "Nothing of this name was ever published here, or you may not see it."


async def resolve(session: AsyncSession, text: str, *, actor: Caller) -> Resolved:
    """Find what it means to the caller.

    Raises:
        NotFound: There is no such thing, or it is hidden from the caller: which of
            these it is, nothing tells.
    """
    rows = await fetch(
        session,
        component_rows(actor, named(text))
        .add_columns(col(Team.deleted_at).label("team_deleted_at"))
        .where(seen(actor, of_deleted_teams=True)),
    )
    if not rows:
        raise NotFound(NOTHING)
    [row] = rows
    asked = Reference.read(text)
    number = await _number(session, row, asked)
    present = reference(row)
    known: dict[str, Any] = {
        "id": row.id,
        "reference": present,
        "identifier": f"roster:{present}@{number}" if number else None,
    }
    if row.deleted_at is not None or row.team_deleted_at is not None:
        stone = await _tombstone(session, row, number)
        return Resolved(
            **known,
            state=State.tombstone,
            component=None,
            revision=None,
            tombstone=stone,
        )
    revision = await summary_of(session, row.id, number) if number else None
    state = State.live
    if revision is not None and revision.yanked is not None:
        state = State.yanked
    elif (row.team_slug, row.name) != (asked.team, asked.name):
        state = State.renamed
    component = await public_of(session, row)
    return Resolved(
        **known, state=state, component=component, revision=revision, tombstone=None
    )


async def _number(session: AsyncSession, row: AnyRow, asked: Reference) -> int | None:
    statement: AnySelect
    if asked.number:
        condition = col(Revision.number) == asked.number
        statement = select(col(Revision.number)).where(
            col(Revision.component_id) == row.id, condition
        )
    elif asked.at not in {"", LATEST}:
        statement = select(col(Label.number)).where(
            col(Label.component_id) == row.id, col(Label.name) == asked.at
        )
    else:
        return row.latest_number or None
    found = await fetch(session, statement)
    if not found:
        raise NotFound(f"{reference(row)} has no such revision or label.")
    number: int = found[0].number
    return number


async def _tombstone(
    session: AsyncSession, row: AnyRow, number: int | None
) -> Tombstone:
    """Tell of its own deletion, or else of its team's, which has no reason."""
    deleted_by = func.coalesce(col(Component.deleted_by), col(Team.deleted_by))
    statement: AnySelect = (
        select(
            col(Component.deletion_reason),
            col(Component.licence),
            col(User.id),
            col(User.username),
            col(User.display_name),
            col(Revision.digest),
            col(Revision.licence).label("licence_then"),
        )
        .join(Team, col(Team.id) == Component.team_id)
        .join(User, col(User.id) == deleted_by)
        .outerjoin(
            Revision,
            and_(
                col(Revision.component_id) == Component.id,
                col(Revision.number) == (number or 0),
            ),
        )
        .where(col(Component.id) == row.id)
    )
    [found] = await fetch(session, statement)
    return Tombstone(
        deleted_at=row.deleted_at or row.team_deleted_at,
        deleted_by=UserRef(
            id=found.id, username=found.username, display_name=found.display_name
        ),
        reason=found.deletion_reason,
        digest=found.digest,
        licence=found.licence_then or found.licence,
    )
