"""Unpublished edits: one for each person and component, saved as they type."""

from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components.content import Content
from roster.components.draft_files import start_from
from roster.components.draft_trees import follow
from roster.components.models import Component, Draft, Revision
from roster.components.publish import publish
from roster.components.schemas import DraftPublic, DraftWrite
from roster.components.tree_upload import check_together
from roster.core.actor import Actor
from roster.core.caching import tags_in
from roster.core.changing import Changing
from roster.core.direct import slot
from roster.core.errors import (
    DraftBehind,
    Invalid,
    NotFound,
    PreconditionRequired,
    Stale,
    TooLarge,
)
from roster.core.handlers import UNIQUE
from roster.core.model import utc_now
from roster.settings import Settings
from roster.teams.access import Verb, teams_of

NONE = "You have no draft of this component."
STALE = (
    "The draft was changed elsewhere, perhaps in another tab. Read it, merge your "
    "text, and save it with the new ETag."
)
UNIQUE["uq_drafts_component_id_user_id"] = Stale(STALE)


def require_size(content: str, limit: int) -> None:
    if len(content.encode()) > limit:
        raise TooLarge(f"A draft may have {limit:,} bytes.")


def draft_tag(version: int) -> str:
    return f'"d{version}"'


async def find(
    session: AsyncSession, component_id: UUID, *, actor: Actor, lock: bool = False
) -> Draft | None:
    """The draft of somebody who is still in the component's team."""
    member = select(Component.id).where(
        Component.id == component_id,
        col(Component.team_id).in_(teams_of(actor, Verb.read)),
    )
    statement = select(Draft).where(
        col(Draft.component_id).in_(member), Draft.user_id == actor.id
    )
    if lock:
        statement = statement.with_for_update()
    return (await session.exec(statement)).first()


async def read(session: AsyncSession, component_id: UUID, *, actor: Actor) -> Draft:
    draft = await find(session, component_id, actor=actor)
    if draft is None:
        raise NotFound(NONE)
    return draft


async def save(  # noqa: PLR0913 - one for each part of the request
    session: AsyncSession,
    component_id: UUID,
    data: DraftWrite,
    *,
    actor: Actor,
    if_match: str | None,
    if_none_match: str | None,
    settings: Settings,
) -> Draft:
    """Make the caller's draft, or change it.

    Raises:
        TooLarge: The text is over the limit, in bytes.
        Stale: It is not the draft that the change is based on.
        Invalid: The base is no revision of the component.
    """
    require_size(data.content, settings.file_bytes)
    draft = await find(session, component_id, actor=actor, lock=True)
    if draft is None:
        _require_new(if_match, if_none_match)
    else:
        _require_match(if_match, if_none_match, draft)
    changes: dict[str, Any] = {
        "content": data.content,
        "base_number": await _base_number(session, component_id, data, draft),
        "base_digest": data.base_digest,
    }
    component = await session.get_one(Component, component_id)
    if draft is not None:
        if changes["base_number"] != draft.base_number:
            number = changes["base_number"]
            await follow(session, component.kind, draft, number, settings)
        return await change(session, draft, **changes)
    draft = Draft(component_id=component_id, user_id=actor.id, **changes)
    session.add(draft)
    await start_from(session, draft, component, draft.base_number)
    await session.flush()
    return draft


async def change(session: AsyncSession, draft: Draft, **changes: Any) -> Draft:
    """Change a locked draft, so that edits based on an older state are refused."""
    draft.sqlmodel_update(changes)
    draft.version += 1
    draft.updated_at = utc_now()
    session.add(draft)
    await session.flush()
    return draft


async def matching(
    session: AsyncSession, component_id: UUID, if_match: str | None, *, actor: Actor
) -> Draft:
    """The caller's draft, locked, if it is the one that their request is based on.

    Raises:
        NotFound: They have none.
        Stale: It was changed since.
    """
    draft = await find(session, component_id, actor=actor, lock=True)
    if draft is None:
        raise NotFound(NONE)
    _require_match(if_match, None, draft)
    return draft


async def publish_draft(  # noqa: PLR0913 - one for each part of the request
    session: AsyncSession,
    component: Component,
    content: Content,
    version: int,
    if_match: str | None,
    *,
    actor: Actor,
) -> Revision:
    """Publish what was read from the caller's draft, which then is gone.

    Args:
        session: The caller's transaction.
        component: Locked.
        content: What the draft held when it was read.
        version: Of the draft, when it was read.
        if_match: The request's header.
        actor: Who publishes.

    Raises:
        Stale: The draft was changed since.
        DraftBehind: It is not based on the newest revision.
        Unchanged: It holds what the newest revision holds.
    """
    draft = await matching(session, component.id, if_match, actor=actor)
    if draft.version != version:
        raise Stale(STALE, headers={"ETag": draft_tag(draft.version)})
    if draft.base_digest != component.latest_digest:
        raise DraftBehind(
            f"Your draft is based on revision {draft.base_number}, and the newest is "
            f"{component.latest_number}. Merge that one into it first."
        )
    check_together(file.path for file in content.files)
    stored = await publish(session, component, content, actor=actor)
    await session.delete(draft)
    await session.flush()
    return stored.revision


async def remove(
    session: AsyncSession, component_id: UUID, if_match: str | None, *, actor: Actor
) -> None:
    draft = await matching(session, component_id, if_match, actor=actor)
    await session.delete(draft)
    await session.flush()


async def discard(session: AsyncSession, component_id: UUID, *, actor: Actor) -> None:
    row = {"component_id": component_id, "user_id": actor.id}
    await _DISCARDING.run(session, row, [row])


_DISCARDING = Changing(
    # Mostly there is none, and then nobody sees anything else than before.
    delete(Draft)
    .where(
        col(Draft.component_id) == slot("component_id", Uuid()),
        col(Draft.user_id) == slot("user_id", Uuid()),
    )
    .returning(col(Draft.id)),
    Draft,
)


def public(draft: Draft) -> DraftPublic:
    known = draft.model_dump(include=set(DraftPublic.model_fields) - {"etag"})
    return DraftPublic(**known, etag=draft_tag(draft.version))


async def _base_number(
    session: AsyncSession, component_id: UUID, data: DraftWrite, draft: Draft | None
) -> int:
    """The newest revision with a digest: a component may return to older content."""
    digest = data.base_digest
    if draft is not None and digest == draft.base_digest:
        return draft.base_number
    if not digest:
        component = await session.get_one(Component, component_id)
        if not component.latest_number:
            return 0
    found = await session.exec(
        select(Revision.number)
        .where(Revision.component_id == component_id, Revision.digest == digest)
        .order_by(col(Revision.number).desc())
        .limit(1)
    )
    number = found.first()
    if number is None:
        message = "This is the digest of no revision of the component."
        raise Invalid.field("base_digest", message, "unknown_digest")
    return number


def _require_new(if_match: str | None, if_none_match: str | None) -> None:
    if if_match is not None:
        raise Stale("The draft is gone; it was published or discarded elsewhere.")
    if if_none_match is None:
        raise PreconditionRequired("Send If-None-Match: * to make a new draft.")


def _require_match(
    if_match: str | None, if_none_match: str | None, draft: Draft
) -> None:
    current = draft_tag(draft.version)
    if if_match is None and if_none_match is None:
        raise PreconditionRequired("Read the draft and send its ETag as If-Match.")
    tag = current.strip('"')
    for given in tags_in(if_match or ""):
        if given in {"*", tag} or given.startswith(f"{tag}-"):
            return
    raise Stale(STALE, headers={"ETag": current})
