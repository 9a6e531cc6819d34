"""Make components and revisions. All of it is written in bulk, one or many alike."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from roster.blobs.staging import insert_new, rely_on
from roster.blobs.staging import row_of as blob_row_of
from roster.components.building import Made, first_of, making_of, next_of
from roster.components.content import (
    Content,
    TreeFile,
)
from roster.components.kinds import Kind
from roster.components.latest import (
    RowsOf,
    forget,
    found_by,
    learn,
    pointed,
)
from roster.components.locking import last_numbers, lock
from roster.components.models import (
    Component,
    ComponentName,
    Revision,
    RevisionFile,
)
from roster.components.trail import Happening, tell
from roster.core.actor import Actor
from roster.core.changing import change
from roster.core.errors import NameTaken, NotFound, Unchanged
from roster.core.handlers import UNIQUE
from roster.core.inserting import insert_rows, row_of
from roster.teams.models import Visibility

_TAKEN = NameTaken(
    "The team has, or once had, a component of this kind with this name, and names "
    "are never given twice. Choose another name."
)
UNIQUE["uq_components_team_id_kind_name"] = _TAKEN
UNIQUE["pk_component_names"] = _TAKEN


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
) -> Made:
    """Make a component with its first revision.

    A name that is taken is refused by the database.

    Raises:
        Invalid: It is to be public, and has no licence.
    """
    making = await making_of(session, actor)
    first = first_of(
        name,
        content,
        making,
        team_id=team_id,
        kind=kind,
        visibility=visibility,
        licence=licence,
    )
    await _create(session, team_id, [first], actor)
    return first


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
    making = await making_of(session, actor)
    entries = [
        first_of(
            name,
            content,
            making,
            team_id=team_id,
            kind=kind,
            visibility=visibility,
            licence=licence,
        )
        for name, content in items
    ]
    await _create(session, team_id, entries, actor)
    return [entry.component for entry in entries]


async def _create(
    session: AsyncSession, team_id: UUID, entries: Sequence[Made], actor: Actor
) -> None:
    await keep_blobs(session, team_id, (entry.content for entry in entries))
    components = [entry.component for entry in entries]
    await _store(
        session,
        entries,
        (Component, [row_of(component) for component in components]),
        (ComponentName, _names(components)),
    )
    await tell(session, [_happening(entry) for entry in entries], by=actor)


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
) -> Made:
    """Add the next revision of a locked component, and move `latest` to it.

    Raises:
        Unchanged: The content is that of the newest revision.
        Invalid: It is the first revision of what is to be public without a licence.
    """
    [stored] = await _publish(session, [(component, content)], actor)
    if stored is None:
        raise Unchanged(
            f"The content equals revision {component.latest_number}, the newest one; "
            "there is nothing to publish."
        )
    return stored


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
    locked = await lock(session, [component.id for component, _ in items])
    for given, _ in items:
        if given.id not in locked:
            raise NotFound(f"{given.name} was deleted; restore it first.")
    held = [(locked[given.id], content) for given, content in items]
    stored = await _publish(session, held, actor)
    return [None if one is None else one.revision for one in stored]


async def _publish(
    session: AsyncSession, items: Sequence[tuple[Component, Content]], actor: Actor
) -> list[Made | None]:
    """Add a revision to each of several locked components where it is a new one."""
    making = await making_of(session, actor)
    ids = [component.id for component, _ in items]
    numbers = await last_numbers(session, ids)
    entries: dict[UUID, Made] = {}
    for component, content in items:
        if content.digest == component.latest_digest:
            continue
        number = numbers.get(component.id, 0) + 1
        revision, changes = next_of(component, content, number, making)
        changes["version"] = component.version + 1
        await change(session, component, changes)
        entries[component.id] = Made(component, revision, content, making.author)
    if entries:
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
        await tell(session, [_happening(entry) for entry in entries.values()], by=actor)
    return [entries.get(id_) for id_ in ids]


def _happening(entry: Made) -> Happening:
    number = entry.revision.number
    details = {"number": number, "digest": entry.revision.digest}
    action = "component.created" if number == 1 else "revision.published"
    return Happening(action, entry.component, details)


async def _store(
    session: AsyncSession, entries: Sequence[Made], *before: RowsOf
) -> None:
    """Write the revisions, their files, and what lists and search find them by.

    What has to be there before comes first.
    """
    revisions = [entry.revision for entry in entries]
    shown = [entry.shown for entry in entries]
    files = [
        _file_row(entry, file) for entry in entries for file in entry.content.files
    ]
    await insert_rows(
        session,
        *before,
        (Revision, [row_of(revision) for revision in revisions]),
        (RevisionFile, files),
        *found_by(shown),
        pointed(revisions),
    )
    await learn(session, shown)


def _file_row(entry: Made, file: TreeFile) -> dict[str, Any]:
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
