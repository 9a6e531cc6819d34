"""References to components and to their revisions, many at once."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple, Self
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    String,
    Subquery,
    and_,
    column,
    func,
    or_,
    select,
    tuple_,
    values,
)
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components.models import Component, ComponentName, Label, Revision
from roster.components.rows import AnySelect, fetch
from roster.components.schemas import NUMBER_MAX, RevisionRef
from roster.teams.models import TeamSlug

REFERENCES = 100
_NAME = r"[a-z0-9-]{1,64}"
REFERENCE = rf"^(roster:)?{_NAME}:{_NAME}/{_NAME}(@{_NAME})?$"


class Reference(NamedTuple):
    """One reference: `kind:team/name`, with `@` and a number or label or without."""

    kind: str
    team: str
    name: str
    at: str = ""

    @classmethod
    def read(cls, text: str) -> Self:
        """Split what `REFERENCE` matches."""
        return cls(*re.split("[:/@]", text.removeprefix("roster:")))

    @property
    def number(self) -> int:
        """The number of the revision that it names; 0 where it names none."""
        number = int(self.at) if self.at.isascii() and self.at.isdigit() else 0
        return number if number <= NUMBER_MAX else 0


def referred(references: Iterable[str]) -> ColumnElement[bool]:
    """Components that are called, or were called, like one of these."""
    names = {Reference.read(text)[:3] for text in references}
    ids = (
        select(col(ComponentName.component_id))  # under former names too
        .join(TeamSlug, col(TeamSlug.team_id) == ComponentName.team_id)
        .where(
            tuple_(
                col(ComponentName.kind), col(TeamSlug.slug), col(ComponentName.name)
            ).in_(sorted(names))
        )
    )
    return col(Component.id).in_(ids)


def named(text: str) -> Subquery:
    """The id of the component that a reference leads to, for `component_rows`."""
    found = select(col(Component.id)).where(referred([text]))
    return found.subquery("named")


Asked = dict[UUID, list[RevisionRef | None]]


async def revisions_of(
    session: AsyncSession, texts: Iterable[str], ids: Sequence[UUID]
) -> Asked:
    """For each of these components, what was asked for of it.

    That is a revision, in the order of the references, or None for the component as
    such. What does not exist is left out.
    """
    references = list(dict.fromkeys(Reference.read(text) for text in texts))
    found: Asked = defaultdict(list)
    for row in await fetch(session, _asked(references, ids)):
        at = row.at and RevisionRef(number=row.number, digest=row.digest)
        found[row.component_id].append(at or None)
    return found


def _asked(references: Sequence[Reference], ids: Sequence[UUID]) -> AnySelect:
    rows = [
        (position, *reference, reference.number)
        for position, reference in enumerate(references)
    ]
    texts = (column(name, String) for name in Reference._fields)
    place, number = column("place", Integer), column("number", Integer)
    asked = values(place, *texts, number, name="asked").data(rows).cte("asked")
    wanted = func.coalesce(func.nullif(asked.c.number, 0), col(Label.number))
    return (
        select(
            asked.c.at,
            col(ComponentName.component_id),
            col(Revision.number),
            col(Revision.digest),
        )
        .select_from(asked)
        .join(TeamSlug, col(TeamSlug.slug) == asked.c.team)
        .join(
            ComponentName,
            and_(
                col(ComponentName.team_id) == TeamSlug.team_id,
                col(ComponentName.kind) == asked.c.kind,
                col(ComponentName.name) == asked.c.name,
            ),
        )
        .outerjoin(
            Label,
            and_(
                col(Label.component_id) == ComponentName.component_id,
                col(Label.name) == asked.c.at,
            ),
        )
        .outerjoin(
            Revision,
            and_(
                col(Revision.component_id) == ComponentName.component_id,
                col(Revision.number) == wanted,
            ),
        )
        .where(
            col(ComponentName.component_id).in_(ids),
            or_(asked.c.at == "", col(Revision.number).is_not(None)),
        )
        .order_by(asked.c.place)
    )
