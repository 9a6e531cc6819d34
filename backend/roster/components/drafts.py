"""Unpublished edits: one for each person and component, saved as they type."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components.models import Draft, Revision
from roster.components.schemas import DraftPublic, DraftWrite
from roster.core.actor import Actor
from roster.core.caching import tags_in
from roster.core.errors import Invalid, NotFound, PreconditionRequired, Stale, TooLarge
from roster.core.handlers import UNIQUE
from roster.core.model import utc_now

STALE = (
    "The draft was changed elsewhere, perhaps in another tab. Read it, merge your "
    "text, and save it with the new ETag."
)
UNIQUE["uq_drafts_component_id_user_id"] = Stale(STALE)


def draft_tag(version: int) -> str:
    return f'"d{version}"'


async def find(
    session: AsyncSession, component_id: UUID, *, actor: Actor, lock: bool = False
) -> Draft | None:
    statement = select(Draft).where(
        Draft.component_id == component_id, Draft.user_id == actor.id
    )
    if lock:
        statement = statement.with_for_update()
    return (await session.exec(statement)).first()


async def read(session: AsyncSession, component_id: UUID, *, actor: Actor) -> Draft:
    draft = await find(session, component_id, actor=actor)
    if draft is None:
        raise NotFound("You have no draft of this component.")
    return draft


async def save(  # noqa: PLR0913 - one for each part of the request
    session: AsyncSession,
    component_id: UUID,
    data: DraftWrite,
    *,
    actor: Actor,
    if_match: str | None,
    if_none_match: str | None,
    limit: int,
) -> Draft:
    """Make the caller's draft, or change it.

    Raises:
        TooLarge: The text is over the limit, in bytes.
        Stale: It is not the draft that the change is based on.
        Invalid: The base is no revision of the component.
    """
    if len(data.content.encode()) > limit:
        raise TooLarge(f"A draft may have {limit:,} bytes.")
    draft = await find(session, component_id, actor=actor, lock=True)
    if draft is None:
        _require_new(if_match, if_none_match)
    else:
        _require_match(if_match, if_none_match, draft)
    changes: dict[str, Any] = {
        "content": data.content,
        "base_number": await _number_of(session, component_id, data.base_digest),
        "base_digest": data.base_digest,
    }
    if draft is None:
        draft = Draft(component_id=component_id, user_id=actor.id, **changes)
    else:
        draft.sqlmodel_update(changes)
        draft.version += 1
        draft.updated_at = utc_now()
    session.add(draft)
    await session.flush()
    return draft


async def remove(
    session: AsyncSession, component_id: UUID, if_match: str | None, *, actor: Actor
) -> None:
    draft = await find(session, component_id, actor=actor, lock=True)
    if draft is None:
        raise NotFound("You have no draft of this component.")
    _require_match(if_match, None, draft)
    await session.delete(draft)
    await session.flush()


async def discard(session: AsyncSession, component_id: UUID, *, actor: Actor) -> None:
    await session.exec(
        delete(Draft).where(
            col(Draft.component_id) == component_id, col(Draft.user_id) == actor.id
        )
    )


def public(draft: Draft) -> DraftPublic:
    known = draft.model_dump(include=set(DraftPublic.model_fields) - {"etag"})
    return DraftPublic(**known, etag=draft_tag(draft.version))


async def _number_of(session: AsyncSession, component_id: UUID, digest: str) -> int:
    """The newest revision with a digest: a component may return to older content."""
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
