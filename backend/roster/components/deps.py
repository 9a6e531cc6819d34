"""Path ids become rows that the caller may see or change.

What the caller may not see is 404; what it may see but not do is 403. A component
that is to be changed comes locked, so that what ``If-Match`` is compared with stays
true until the transaction ends.
"""

from functools import lru_cache
from typing import Annotated
from uuid import UUID

from cachetools import LRUCache
from fastapi import Depends, Path
from sqlalchemy import Uuid
from sqlalchemy import select as select_columns
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.auth.deps import CallerDep, PublisherDep, WriterDep
from roster.auth.models import AuthSession, ClientKind
from roster.components import drafts
from roster.components.asking import Shape, shape_of, stand_in, values_of
from roster.components.content import Content, TreeFile
from roster.components.draft_files import tree_of
from roster.components.kinds import KINDS, Kind
from roster.components.lifecycle_schemas import DraftPublish
from roster.components.locking import COLUMNS
from roster.components.models import Component, RevisionSource
from roster.components.reading import read_new
from roster.components.rows import (
    AnyRow,
    AnySelect,
    recoverable,
    visible,
    visible_row,
)
from roster.components.schemas import NUMBER_MAX, RevisionCreate
from roster.components.trail import know_slug
from roster.components.trees import latest_others
from roster.core.actor import Actor
from roster.core.changing import present
from roster.core.compiled import Asking
from roster.core.db import Database, DatabaseDep, SessionDep
from roster.core.deps import SettingsDep
from roster.core.direct import slot
from roster.core.errors import Conflict, NotFound
from roster.core.names import ComponentName, LabelName
from roster.teams.access import Verb, may, of_member, refusal
from roster.teams.models import Membership, Role, Team

ComponentId = Annotated[UUID, Path(description="Id of the component.")]
NumberPath = Annotated[int, Path(ge=1, le=NUMBER_MAX, description="Of the revision.")]
LabelPath = Annotated[
    LabelName, Path(description="Name of the label.", examples=["production"])
]
OldLabelPath = Annotated[
    ComponentName, Path(description="Name of the label.", examples=["production"])
]
"""Of what may have been set when a number was still taken for a name."""

NOT_FOUND = "There is no such component, or you may not see it."


async def visible_component(
    component_id: ComponentId, session: SessionDep, actor: CallerDep
) -> AnyRow:
    row = await visible_row(session, actor, component_id)
    if row is None:
        raise NotFound(NOT_FOUND)
    return row


async def _allowed(
    session: AsyncSession, actor: Actor, component_id: UUID, verb: Verb
) -> tuple[str, str, UUID]:
    """Kind, name and team of a component that the actor may see and do this to."""
    values = {**values_of(actor), "component_id": component_id}
    rows = await _asking_allowed(shape_of(actor)).rows(session, values)
    if not rows:
        raise NotFound(NOT_FOUND)
    [row] = rows
    require_verb(row.published_at, row.role, verb)
    return row.kind, row.name, row.team_id


def require_verb(published_at: object, role: str | None, verb: Verb) -> None:
    """Refuse what a role does not allow on a component that is seen.

    Raises:
        Forbidden: The role is missing or too low.
    """
    # Before there is a revision, none but its maker and owners see it.
    needed = verb if published_at else Verb.edit
    if role is None or not may(Role(role), needed):
        raise refusal(needed)


@lru_cache(256)
def _asking_allowed(shape: Shape, *, lock: bool = False) -> Asking:
    statement = _allowing(shape)
    return Asking(statement.with_for_update() if lock else statement)


def _allowing(shape: Shape) -> AnySelect:
    """What is asked of a component that a caller may see, with their role there.

    Locked, so is what it says: who waited for others sees what they left, or nothing
    where they deleted it, or gave it to a team that the caller sees nothing of.
    """
    caller = stand_in(shape)
    role = (
        select(Membership.role)
        .join(Team)
        .where(of_member(caller), Membership.team_id == Component.team_id)
        .correlate(Component)
        .scalar_subquery()
    )
    slug = (
        select(Team.slug)
        .where(col(Team.id) == Component.team_id)
        .correlate(Component)
        .scalar_subquery()
    )
    return select_columns(*COLUMNS, role.label("role"), slug.label("team_slug")).where(
        col(Component.id) == slot("component_id", Uuid()), visible(caller)
    )


async def _locked(
    session: AsyncSession, actor: Actor, component_id: UUID, verb: Verb
) -> Component:
    values = {**values_of(actor), "component_id": component_id}
    rows = await _asking_allowed(shape_of(actor), lock=True).rows(session, values)
    if not rows:
        raise NotFound(NOT_FOUND)
    row = rows[0]._asdict()
    require_verb(row["published_at"], row.pop("role"), verb)
    know_slug(session, row["team_id"], row.pop("team_slug"))
    [found] = present(session, Component, [row])
    return found


async def editable_component(
    component_id: ComponentId, session: SessionDep, actor: PublisherDep
) -> Component:
    return await _locked(session, actor, component_id, Verb.edit)


async def managed_component(
    component_id: ComponentId, session: SessionDep, actor: WriterDep
) -> Component:
    return await _locked(session, actor, component_id, Verb.manage)


async def draftable_component(
    component_id: ComponentId, session: SessionDep, actor: WriterDep
) -> UUID:
    """One that the caller may edit; not locked, because a draft changes it not."""
    await _allowed(session, actor, component_id, Verb.edit)
    return component_id


async def restorable_component(
    component_id: ComponentId, session: SessionDep, actor: WriterDep
) -> Component:
    found = await session.exec(
        select(Component)
        .where(Component.id == component_id, recoverable(actor))
        .with_for_update()
    )
    component = found.first()
    if component is None:
        raise NotFound("There is no such deleted component that you may restore.")
    return component


_sources: LRUCache[UUID | None, RevisionSource] = LRUCache(10_000)
"""By the session: what one was begun with does not change."""


async def source_of(session: AsyncSession, actor: Actor) -> RevisionSource:
    """Whether a person at the editor sends this, or a program."""
    known = _sources.get(actor.session_id)
    if known is None:
        known = _sources[actor.session_id] = await _look_up_source(session, actor)
    return known


async def source_beside(database: Database, actor: Actor) -> RevisionSource:
    """The same, looked up on a connection of its own where it is not known yet."""
    known = _sources.get(actor.session_id)
    if known is not None:
        return known
    async with database.read() as session:
        return await source_of(session, actor)


async def _look_up_source(session: AsyncSession, actor: Actor) -> RevisionSource:
    found = await session.exec(
        select(AuthSession.client).where(AuthSession.id == actor.session_id)
    )
    browser = found.first() is ClientKind.browser
    return RevisionSource.editor if browser else RevisionSource.api


async def submitted_content(
    component_id: ComponentId,
    body: RevisionCreate,
    actor: PublisherDep,
    database: DatabaseDep,
    settings: SettingsDep,
) -> Content:
    """Read what was sent before the transaction that stores it begins.

    Reading a large file takes a while, for which no other writer should wait. The
    look at the component has a connection of its own, given back at once.
    """
    shape = shape_of(actor)
    asked = {**values_of(actor), "component_id": component_id}
    statement = database.direct.prepared(("allowed", shape), lambda: _allowing(shape))
    rows = await database.direct.fetch(statement, asked)
    if not rows:
        raise NotFound(NOT_FOUND)
    [row] = rows
    require_verb(row.published_at, row.role, Verb.edit)
    kind = KINDS[row.kind]
    source = await source_beside(database, actor)
    # What is sent is the main file alone; the others stay as they are.
    others: tuple[TreeFile, ...] = ()
    if kind.is_tree:
        async with database.read() as session:
            others = await latest_others(session, kind, component_id)
    return await read_new(
        kind,
        body.content,
        name=row.name,
        message=body.message,
        source=source,
        limit=settings.file_bytes,
        others=others,
    )


async def drafted_content(
    component_id: ComponentId,
    body: DraftPublish,
    actor: PublisherDep,
    database: DatabaseDep,
    settings: SettingsDep,
) -> tuple[Content, int]:
    """Read the caller's draft, and say which version of it that is."""
    async with database.read() as session:
        kind, name, _ = await _allowed(session, actor, component_id, Verb.edit)
        draft = await drafts.read(session, component_id, actor=actor)
        others = await tree_of(session, draft)
        source = await source_of(session, actor)
    content = await read_new(
        KINDS[kind],
        draft.content,
        name=name,
        message=body.message,
        source=source,
        limit=settings.file_bytes,
        others=others,
    )
    return content, draft.version


async def drafted_tree_kind(
    component_id: ComponentId, actor: WriterDep, database: DatabaseDep
) -> Kind:
    """The kind of a component that the caller has a draft of, and that has files.

    Looked up on a connection of its own, before files are taken in.
    """
    async with database.read() as session:
        kind, _, _ = await _allowed(session, actor, component_id, Verb.edit)
        await drafts.read(session, component_id, actor=actor)
    if not KINDS[kind].is_tree:
        raise Conflict(f"A component of the kind {kind} has one file alone.")
    return KINDS[kind]


async def source(session: SessionDep, actor: PublisherDep) -> RevisionSource:
    return await source_of(session, actor)


VisibleComponent = Annotated[AnyRow, Depends(visible_component)]
EditableComponent = Annotated[Component, Depends(editable_component)]
ManagedComponent = Annotated[Component, Depends(managed_component)]
RestorableComponent = Annotated[Component, Depends(restorable_component)]
DraftableComponent = Annotated[UUID, Depends(draftable_component)]
SubmittedContent = Annotated[Content, Depends(submitted_content)]
DraftedContent = Annotated[tuple[Content, int], Depends(drafted_content)]
DraftedTreeKind = Annotated[Kind, Depends(drafted_tree_kind)]
SourceDep = Annotated[RevisionSource, Depends(source)]
