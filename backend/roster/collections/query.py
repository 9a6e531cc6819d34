"""Pages of collections."""

from collections.abc import Callable
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field
from sqlalchemy import ColumnElement, func, or_, tuple_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.collections.models import Collection, CollectionEntry, CollectionName
from roster.collections.rows import (
    NOT_FOUND,
    as_seen,
    counts_of,
    once_visible,
    public,
    recoverable,
    seen_rows,
    visible,
)
from roster.collections.schemas import CollectionPublic
from roster.components.models import Component
from roster.components.orders import by_name
from roster.core.actor import Caller
from roster.core.errors import NotFound
from roster.core.paging import (
    Count,
    Page,
    PageQuery,
    SortKey,
    by_id,
    by_time,
    cut,
    ordered,
)
from roster.teams.access import Verb, teams_of
from roster.teams.models import Team, TeamSlug
from roster.teams.names import known_as

MANY = 100
Sort = Literal["name", "-name", "updated_at", "-updated_at"]
_ORDERS: dict[str, Callable[..., SortKey]] = {"name": by_name, "updated_at": by_time}


def _asked(q: str | None) -> str | None:
    """A search box that was cleared asks for nothing."""
    return q if q and q.strip() else None


class CollectionQuery(PageQuery):
    """Repeat a filter for "or"; different filters mean "and"."""

    team: Annotated[
        list[Annotated[str, Field(max_length=200)]], Field(max_length=MANY)
    ] = Field(default=[], description="Slug of a team.")
    q: Annotated[
        Annotated[str, Field(max_length=200)] | None, AfterValidator(_asked)
    ] = Field(default=None, description="Part of the name or the title.")
    ref: Annotated[
        list[Annotated[str, Field(pattern=r"^[a-z0-9-]+/[a-z0-9-]+$", max_length=110)]],
        Field(max_length=MANY),
    ] = Field(
        default=[],
        description="These alone, by their references, present or former.",
        examples=[["platform/backend-kit"]],
    )
    component: UUID | None = Field(
        default=None, description="Only those that this component is in."
    )
    editable: bool = Field(default=False, description="Only those that you may change.")
    archived: bool | None = Field(
        default=None,
        description="Whether archived; without it the others, and of `ref` both.",
    )
    deleted: bool = Field(
        default=False, description="Only what was deleted and you may restore."
    )
    sort: Sort = Field(default="-updated_at", description="What to sort by.")
    count: Count = False


def _conditions(query: CollectionQuery, caller: Caller) -> list[ColumnElement[bool]]:
    found = [recoverable(caller) if query.deleted else visible(caller)]
    archived = query.archived
    if archived is None and not query.ref and not query.deleted:
        archived = False
    if archived is not None:
        is_archived = col(Collection.archived_at).is_not(None)
        found.append(is_archived if archived else ~is_archived)
    if query.team:
        teams = select(Team.id).where(known_as(query.team))
        found.append(col(Collection.team_id).in_(teams))
    if query.q is not None:
        words = query.q.strip()
        found.append(
            or_(
                col(Collection.name).icontains(words, autoescape=True),
                col(Collection.title).icontains(words, autoescape=True),
            )
        )
    if query.ref:
        found.append(_referred(query.ref))
    if query.component is not None:
        found.append(_holding(query.component, caller))
    if query.editable:
        teams = teams_of(caller, Verb.edit)
        found.append(col(Collection.team_id).in_(teams))
    return found


def _referred(references: list[str]) -> ColumnElement[bool]:
    """Under former names too, of the collection and of its team."""
    pairs = [tuple(reference.split("/")) for reference in references]
    ids = (
        select(CollectionName.collection_id)
        .join(TeamSlug, col(TeamSlug.team_id) == CollectionName.team_id)
        .where(tuple_(TeamSlug.slug, CollectionName.name).in_(pairs))
    )
    return col(Collection.id).in_(ids)


def _holding(component_id: UUID, caller: Caller) -> ColumnElement[bool]:
    ids = (
        select(CollectionEntry.collection_id)
        .join(Component, col(Component.id) == CollectionEntry.component_id)
        .where(CollectionEntry.component_id == component_id, once_visible(caller))
    )
    return col(Collection.id).in_(ids)


async def by_reference(
    session: AsyncSession, caller: Caller, team: str, name: str
) -> CollectionPublic:
    """A collection by its present names, or former ones.

    Raises:
        NotFound: There is none that the caller may see.
    """
    wanted = (visible(caller), _referred([f"{team}/{name}"]))
    row = (await session.exec(seen_rows(caller).where(*wanted))).first()
    if row is None:
        raise NotFound(NOT_FOUND)
    seen = as_seen(row)
    counts = await counts_of(session, caller, [seen.collection.id])
    return public(seen, counts[seen.collection.id])


async def page_of(
    session: AsyncSession, caller: Caller, query: CollectionQuery
) -> Page[CollectionPublic]:
    name, descending = query.sort.removeprefix("-"), query.sort.startswith("-")
    column = getattr(Collection, name)
    keys = [
        _ORDERS[name](column, descending=descending),
        by_id(col(Collection.id), descending=descending),
    ]
    wanted = _conditions(query, caller)
    statement = ordered(seen_rows(caller).where(*wanted), query.sort, keys, query)
    rows = (await session.exec(statement)).all()
    kept, next_cursor = cut(
        [as_seen(row) for row in rows],
        query.sort,
        query,
        lambda seen: [getattr(seen.collection, name), seen.collection.id],
    )
    counts = await counts_of(session, caller, [one.collection.id for one in kept])
    page: Page[CollectionPublic] = Page(
        items=[public(one, counts[one.collection.id]) for one in kept],
        next_cursor=next_cursor,
    )
    if query.count:
        total = select(func.count()).select_from(Collection).where(*wanted)
        page.total = (await session.exec(total)).one()
    return page
