"""What lists, search and labels show of a component's newest revision."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, delete
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components.content import (
    DISPLAY_NAME_LIMIT,
    clean,
    description_of,
    facets_of,
    target_digest,
)
from roster.components.kinds import Parsed
from roster.components.lookup import batches
from roster.components.models import Component, ComponentFacet, Label, Revision
from roster.core.changing import Changing
from roster.core.compiled import Inserting, in_slots, slots
from roster.core.inserting import insert_rows
from roster.core.model import Model, utc_now
from roster.search import index
from roster.search.models import SearchDocument
from roster.search.scopes import words_of

LATEST = "latest"
COUNTED = ("description_tokens", "body_tokens", "errors", "warnings", "infos")
_MOVED = ("number", "moved_by", "moved_at")
RowsOf = tuple[type[Model] | Inserting, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Shown:
    """A component, the revision that is its newest, and what that one says."""

    component: Component
    revision: Revision
    parsed: Parsed


def show(shown: Shown) -> None:
    """Set on the component what lists show of the revision."""
    for name, value in shown_of(shown.revision, shown.parsed).items():
        setattr(shown.component, name, value)


def shown_of(revision: Revision, parsed: Parsed) -> dict[str, Any]:
    """What lists show of a component whose newest revision this is, by columns."""
    return {
        "display_name": (
            clean(parsed.display_name)[:DISPLAY_NAME_LIMIT]
            if parsed.display_name
            else None
        ),
        "latest_number": revision.number,
        "latest_digest": revision.digest,
        "latest_author_id": revision.author_id,
        "published_at": revision.created_at,
        "description": description_of(parsed),
        "facets": facets_of(parsed),
        "target_digest": target_digest(parsed),
        **{name: getattr(revision, name) for name in COUNTED},
    }


def show_nothing(component: Component) -> None:
    """Show that no revision is left; when there was one stays."""
    component.display_name = component.latest_author_id = None
    component.latest_number = 0
    component.latest_digest = component.description = component.target_digest = ""
    component.facets = {}
    for name in COUNTED:
        setattr(component, name, 0)


async def find_by(session: AsyncSession, shown: Sequence[Shown]) -> None:
    """Write what lists filter by and what search finds; nothing may be there yet."""
    await insert_rows(session, *found_by(shown))
    await learn(session, shown)


def found_by(shown: Iterable[Shown]) -> tuple[RowsOf, RowsOf]:
    """The rows that lists filter by, and those that search finds."""
    rows, documents = [], []
    for one in shown:
        component = one.component
        rows += [
            {"component_id": component.id, "facet": facet, "value": value}
            for facet, values in component.facets.items()
            for value in values
        ]
        documents.append(
            index.Document(
                component.id,
                component.name,
                component.description,
                one.parsed.body,
                words_of(component.visibility, component.kind, component.team_id),
            )
        )
    return (ComponentFacet, rows), (SearchDocument, index.rows_of(documents))


async def learn(session: AsyncSession, shown: Iterable[Shown]) -> None:
    """Add the words that search proposes, once they can be found."""
    components = (one.component for one in shown)
    await index.learn(session, ((one.name, one.description) for one in components))


async def forget(session: AsyncSession, ids: Sequence[UUID]) -> None:
    for batch in batches(ids):
        values = in_slots("id", batch)
        about = [{"component_id": id_} for id_ in batch]
        await _forgetting(len(values)).run(session, values, about)
        await index.remove(session, *batch)


@cache
def _forgetting(count: int) -> Changing:
    ids = slots("id", count, Uuid())
    return Changing(
        delete(ComponentFacet).where(col(ComponentFacet.component_id).in_(ids)),
        ComponentFacet,
    )


async def point(
    session: AsyncSession, revisions: Sequence[Revision], by: UUID | None = None
) -> None:
    """Set `latest` of the components of these revisions; `by` is who made it move."""
    await insert_rows(session, pointed(revisions, by))


def pointed(revisions: Iterable[Revision], by: UUID | None = None) -> RowsOf:
    """The rows that set it."""
    return POINTING, [_label(revision, by) for revision in revisions]


def _or_move(insert: Any) -> Any:
    moved = {name: insert.excluded[name] for name in _MOVED}
    return insert.on_conflict_do_update(
        index_elements=["component_id", "name"], set_=moved
    )


POINTING = Inserting(Label, _or_move)
"""Sets labels, or moves them."""


def _label(revision: Revision, by: UUID | None) -> dict[str, Any]:
    return {
        "component_id": revision.component_id,
        "name": LATEST,
        "number": revision.number,
        "moved_by": by or revision.author_id,
        "moved_at": revision.created_at if by is None else utc_now(),
    }
