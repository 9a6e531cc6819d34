"""Make components and revisions. All of it is written in bulk, one or many alike."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, func
from sqlalchemy import select as select_columns
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from roster.auth.models import ApiToken
from roster.blobs.staging import insert_new, rely_on
from roster.blobs.staging import row_of as blob_row_of
from roster.components.content import (
    Content,
    TreeFile,
    clean,
    storable,
)
from roster.components.kinds import Kind
from roster.components.latest import (
    Shown,
    find_by,
    forget,
    point,
    show,
)
from roster.components.licences import licence_in, require_licence
from roster.components.lookup import batches
from roster.components.models import (
    Component,
    ComponentName,
    Revision,
    RevisionFile,
)
from roster.components.trail import Happening, tell
from roster.core.actor import Actor
from roster.core.changing import present
from roster.core.compiled import Asking, in_slots, slots
from roster.core.direct import slot
from roster.core.errors import NameTaken, NotFound, Unchanged
from roster.core.handlers import UNIQUE
from roster.core.inserting import insert_rows, row_of
from roster.core.model import utc_now
from roster.lint.findings import Severity
from roster.teams.models import Visibility

_TAKEN = NameTaken(
    "The team has, or once had, a component of this kind with this name, and names "
    "are never given twice. Choose another name."
)
UNIQUE["uq_components_team_id_kind_name"] = _TAKEN
UNIQUE["pk_component_names"] = _TAKEN


@dataclass(frozen=True, slots=True)
class _Entry:
    """A revision about to be stored, and its component, already locked or new."""

    component: Component
    revision: Revision
    content: Content

    @property
    def shown(self) -> Shown:
        return Shown(self.component, self.revision, self.content.parsed)


@dataclass(frozen=True, slots=True)
class _Making:
    """Who makes revisions, through which API token if any, and when."""

    author_id: UUID
    client: str | None
    now: datetime


async def create(  # noqa: PLR0913 - a component is made of these
    session: AsyncSession,
    *,
    team_id: UUID,
    kind: Kind,
    name: str,
    content: Content,
    visibility: Visibility,
    actor: Actor,
    licence: str | None = None,
) -> Component:
    """Make a component with its first revision.

    A name that is taken is refused by the database when this is flushed.
    """
    [component] = await create_many(
        session,
        [(name, content)],
        team_id=team_id,
        kind=kind,
        visibility=visibility,
        actor=actor,
        licence=licence,
    )
    return component


async def create_many(  # noqa: PLR0913 - a component is made of these
    session: AsyncSession,
    items: Sequence[tuple[str, Content]],
    *,
    team_id: UUID,
    kind: Kind,
    visibility: Visibility,
    actor: Actor,
    licence: str | None = None,
) -> list[Component]:
    """Make components of (name, content), each with its first revision.

    Raises:
        Invalid: They are to be public, and one has no licence.
    """
    making = await _making(session, actor)
    entries = []
    for name, content in items:
        component = Component(
            id=uuid7(),
            team_id=team_id,
            kind=kind.name,
            name=name,
            visibility=visibility,
            licence=licence,
            created_by=actor.id,
            created_at=making.now,
            updated_at=making.now,
            facets={},
        )
        entries.append(_entry(component, content, 1, making))
    await keep_blobs(session, team_id, (entry.content for entry in entries))
    components = [entry.component for entry in entries]
    await insert_rows(
        session,
        (Component, [row_of(component) for component in components]),
        (ComponentName, _names(components)),
    )
    await _store(session, entries)
    await point(session, [entry.revision for entry in entries])
    await tell(session, [_happening(entry) for entry in entries], by=actor)
    return components


async def hold_names(session: AsyncSession, components: Iterable[Component]) -> None:
    """Keep the present names for these components, for ever.

    A name that another one has, or had, is refused by the database.
    """
    await insert_rows(session, (ComponentName, _names(components)))


def _names(components: Iterable[Component]) -> list[dict[str, Any]]:
    return [
        {
            "team_id": component.team_id,
            "kind": component.kind,
            "name": component.name,
            "component_id": component.id,
            "created_at": component.updated_at,
        }
        for component in components
    ]


async def publish(
    session: AsyncSession, component: Component, content: Content, *, actor: Actor
) -> Revision:
    """Add the next revision and move `latest` to it.

    Raises:
        Unchanged: The content is that of the newest revision.
        NotFound: The component was deleted in the meantime.
    """
    [revision] = await publish_many(session, [(component, content)], actor=actor)
    if revision is None:
        raise Unchanged(
            f"The content equals revision {component.latest_number}, the newest one; "
            "there is nothing to publish."
        )
    return revision


async def publish_many(
    session: AsyncSession,
    items: Sequence[tuple[Component, Content]],
    *,
    actor: Actor,
) -> list[Revision | None]:
    """Add a revision to each of several components, all of them different.

    Returns:
        In the order of the items: the revision, or None where nothing changed.

    Raises:
        NotFound: A component was deleted in the meantime.
        Invalid: It is the first revision of what is to be public without a licence.
    """
    making = await _making(session, actor)
    ids = [component.id for component, _ in items]
    locked = await lock(session, ids)
    numbers = await _last_numbers(session, ids)
    entries: dict[UUID, _Entry] = {}
    for given, content in items:
        component = locked.get(given.id)
        if component is None:
            raise NotFound(f"{given.name} was deleted; restore it first.")
        if content.digest == component.latest_digest:
            continue
        number = numbers.get(component.id, 0) + 1
        entries[component.id] = _entry(component, content, number, making)
        component.version += 1
    if entries:
        await session.flush()
        for team_id in sorted({one.component.team_id for one in entries.values()}):
            await keep_blobs(
                session,
                team_id,
                (
                    one.content
                    for one in entries.values()
                    if one.component.team_id == team_id
                ),
            )
        await forget(session, list(entries))
        await _store(session, list(entries.values()))
        await point(session, [entry.revision for entry in entries.values()])
        await tell(session, [_happening(entry) for entry in entries.values()], by=actor)
    return [entries[id_].revision if id_ in entries else None for id_ in ids]


COLUMNS = tuple(Component.metadata.tables["components"].c)


@cache
def _asking_locked(count: int) -> Asking:
    return Asking(
        select_columns(*COLUMNS)
        .where(
            col(Component.id).in_(slots("id", count, Uuid())),
            col(Component.deleted_at).is_(None),
        )
        .order_by(col(Component.id))
        .with_for_update()
    )


async def lock(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, Component]:
    """Lock components against other writers and read their present state.

    On SQLite there is one writer anyway. Deleted ones are left out.
    """
    found: dict[UUID, Component] = {}
    for batch in batches(sorted(ids)):
        values = in_slots("id", batch)
        rows = await _asking_locked(len(values)).rows(session, values)
        components = present(session, Component, (row._asdict() for row in rows))
        found.update({component.id: component for component in components})
    return found


@cache
def _asking_numbers(count: int) -> Asking:
    return Asking(
        select_columns(
            col(Revision.component_id), func.max(Revision.number).label("last")
        )
        .where(col(Revision.component_id).in_(slots("id", count, Uuid())))
        .group_by(col(Revision.component_id))
    )


async def _last_numbers(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, int]:
    found: dict[UUID, int] = {}
    for batch in batches(ids):
        values = in_slots("id", batch)
        rows = await _asking_numbers(len(values)).rows(session, values)
        found.update(dict(rows))
    return found


_ASKING_NAME = Asking(
    select(ApiToken.name).where(col(ApiToken.id) == slot("token_id", Uuid()))
)


async def _making(session: AsyncSession, actor: Actor) -> _Making:
    client = None
    if actor.token_id is not None:
        [row] = await _ASKING_NAME.rows(session, {"token_id": actor.token_id})
        client = row.name
    return _Making(actor.id, client, utc_now())


def _entry(
    component: Component, content: Content, number: int, making: _Making
) -> _Entry:
    """Build a revision, and set on its component what lists show of it."""
    parsed, origin, now = content.parsed, content.origin, making.now
    if component.licence is None:
        component.licence = licence_in(parsed) or content.licence
    if number == 1:
        require_licence(component)
    worst = Counter(finding.severity for finding in parsed.findings)
    # What has a factory is given, here and above: to find out how to call one costs
    # more than all the rest of a row, and an import makes thousands.
    revision = Revision(
        id=uuid7(),
        component_id=component.id,
        number=number,
        digest=content.digest,
        manifest=storable(parsed.manifest),
        message=clean(content.message),
        author_id=making.author_id,
        source=content.source,
        origin_path=clean(origin.path) if origin.path else None,
        origin_repository=clean(origin.repository) if origin.repository else None,
        origin_commit=origin.commit,
        client=making.client,
        file_count=len(content.files),
        licence=component.licence,
        description_tokens=parsed.description_tokens,
        body_tokens=parsed.body_tokens,
        errors=worst[Severity.error],
        warnings=worst[Severity.warning],
        infos=worst[Severity.info],
        created_at=now,
        updated_at=now,
    )
    component.updated_at = now
    entry = _Entry(component, revision, content)
    show(entry.shown)
    return entry


def _happening(entry: _Entry) -> Happening:
    number = entry.revision.number
    details = {"number": number, "digest": entry.revision.digest}
    action = "component.created" if number == 1 else "revision.published"
    return Happening(action, entry.component, details)


async def _store(session: AsyncSession, entries: Sequence[_Entry]) -> None:
    """Write the revisions, their files, and what lists and search find them by."""
    files = [
        _file_row(entry, file) for entry in entries for file in entry.content.files
    ]
    await insert_rows(
        session,
        (Revision, [row_of(entry.revision) for entry in entries]),
        (RevisionFile, files),
    )
    await find_by(session, (entry.shown for entry in entries))


def _file_row(entry: _Entry, file: TreeFile) -> dict[str, Any]:
    return {
        "revision_id": entry.revision.id,
        "path": file.path,
        "mode": file.mode,
        "blob_digest": file.digest,
        "size": file.size,
    }


async def keep_blobs(
    session: AsyncSession, team_id: UUID, contents: Iterable[Content]
) -> None:
    """Store bytes that are not stored yet, and keep the others from being collected.

    Everybody locks in one order, so that nobody deadlocks: components that exist,
    then blobs by digest, then the names of new components. Who stores in batches
    calls this for all of them first.

    Raises:
        Redacted: The team redacted one of the files.
    """
    files = [file for content in contents for file in content.files]
    rows = [
        blob_row_of(file.digest, file.size, file.data)
        for file in files
        if file.data is not None
    ]
    await insert_new(session, rows)
    await rely_on(session, (file.digest for file in files), team_id, rows)
