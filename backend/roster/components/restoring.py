"""Publish anew what a revision holds, under the name that the component has now."""

import anyio.to_thread
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.blobs.reading import redacted
from roster.components.content import Content
from roster.components.kinds import KINDS, Kind
from roster.components.lookup import file_of
from roster.components.models import Component, Revision, RevisionSource, Yank
from roster.components.publish import publish
from roster.components.reading import read_new
from roster.components.trees import files_of
from roster.core.actor import Actor
from roster.core.caching import require_match
from roster.core.errors import Conflict, Invalid


async def restore(  # noqa: PLR0913 - one for each part of the request
    session: AsyncSession,
    component: Component,
    number: int,
    message: str,
    if_match: str | None,
    *,
    actor: Actor,
    source: RevisionSource,
) -> Revision:
    """Publish what an older revision holds, as a new one.

    Raises:
        NotFound: There is no such revision.
        Conflict: It was yanked, or redacted.
        Unchanged: The newest revision holds the same.
    """
    base = [component.latest_digest] if component.latest_number else []
    require_match(if_match, component.version, *base)
    if await session.get(Yank, (component.id, number)) is not None:
        raise Conflict(f"Revision {number} is yanked; take that back first.")
    message = message or f"Restore revision {number}"
    content = await again(session, component, number, message=message, source=source)
    return (await publish(session, component, content, actor=actor)).revision


async def again(
    session: AsyncSession,
    component: Component,
    number: int,
    *,
    message: str,
    source: RevisionSource,
) -> Content:
    """What a revision holds, its file saying the present name of the component.

    Raises:
        NotFound: There is no such revision.
        Conflict: Something of it was redacted.
        Invalid: The file can carry no name.
    """
    kind = KINDS[component.kind]
    data = await file_of(session, component.id, number)
    files = await files_of(session, component.id, number)
    if await redacted(session, component.team_id, (file.digest for file in files)):
        raise Conflict(f"Revision {number} was redacted: its content is gone.")
    named = await anyio.to_thread.run_sync(_named, kind, data, component.name)
    return await read_new(
        kind,
        named,
        name=component.name,
        message=message,
        source=source,
        limit=len(named),
        others=tuple(file for file in files if file.path != kind.main),
    )


def _named(kind: Kind, data: bytes, name: str) -> bytes:
    parsed = kind.parse(data, kind.export_path(name), limit=len(data))
    if parsed.name == name:
        return data
    try:
        return kind.rename(parsed, data, name)
    except ValueError as error:
        raise Invalid.field("name", str(error), "cannot_carry") from None
