"""Take an update of a component: what was changed here is never written over."""

from dataclasses import dataclass, replace
from uuid import UUID

from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components.content import Content, Origin
from roster.components.draft_trees import chosen, taken
from roster.components.kinds import KINDS
from roster.components.models import Component, RevisionSource
from roster.components.publish import publish_many
from roster.components.reading import read_new
from roster.components.tree_upload import check_tree
from roster.core.actor import Actor
from roster.core.errors import Conflict
from roster.repositories.models import Upstream, UpstreamState
from roster.settings import Settings
from roster.upstreams.merging import Meeting, meet
from roster.upstreams.models import UpstreamFile, UpstreamSide, UpstreamUpdate
from roster.upstreams.reading import Followed
from roster.upstreams.schemas import UpstreamUpdateWrite

MESSAGE = "Update from {url} at {commit:.12}"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A revision to be, and what it was made from."""

    meeting: Meeting
    content: Content


async def prepare(
    session: AsyncSession,
    followed: Followed,
    data: UpstreamUpdateWrite | None,
    *,
    settings: Settings,
) -> Prepared:
    """Read what is to be stored; without data, what merges without a question.

    Raises:
        NotFound: There is no update of it.
        Conflict: It is not as the caller saw it, or something is left to decide.
        Invalid: What comes out is no such component.
    """
    meeting = await meet(session, followed, settings=settings)
    component, kind = followed.component, KINDS[followed.component.kind]
    if data is not None:
        _require_seen(meeting, data)
    if meeting.objection is not None:
        raise Conflict(meeting.objection)
    text = meeting.merged.text
    theirs: list[str] = []
    if data is not None and data.content is not None:
        text, theirs = data.content, data.theirs
    elif not meeting.is_clean:
        raise Conflict(
            "Both sides changed the same: look at the merge, decide, and send what "
            "comes of it."
        )
    paths = chosen(meeting.files, theirs)
    others = taken(meeting.mine.others, meeting.theirs.others, paths)
    check_tree(others, settings)
    repository = followed.repository
    commit = meeting.update.commit
    content = await read_new(
        kind,
        _bytes(text, meeting),
        name=component.name,
        message=(data.message if data is not None else "")
        or MESSAGE.format(url=repository.url, commit=commit),
        source=RevisionSource.upload,
        limit=settings.file_bytes,
        others=tuple(others),
    )
    origin = Origin(followed.upstream.path, repository.url, commit)
    return Prepared(meeting, replace(content, origin=origin))


def _bytes(text: str, meeting: Meeting) -> bytes:
    """The very bytes that came in, where nothing was merged into them."""
    for version in (meeting.theirs, meeting.mine):
        if text == version.text:
            return version.main
    return text.encode()


def _require_seen(meeting: Meeting, data: UpstreamUpdateWrite) -> None:
    latest = meeting.followed.component.latest_digest
    if (data.latest_digest, data.update_digest) != (latest, meeting.update.digest):
        raise Conflict(
            "It was published again, or checked again, since you looked: look at the "
            "update again."
        )


async def store(
    session: AsyncSession, component: Component, prepared: Prepared, *, actor: Actor
) -> int:
    """Publish what was prepared, of a component that is locked, and give its number.

    Where the newest revision holds it all already, no other one is made.

    Raises:
        Conflict: It is not any more what it was when this was prepared.
    """
    meeting, content = prepared.meeting, prepared.content
    upstream = await _present(session, component, meeting)
    await publish_many(session, [(component, content)], actor=actor)
    stored = meeting.stored_digest
    await _keep_base(session, component.id, by_revision=content.digest == stored)
    upstream.number = component.latest_number
    upstream.digest, upstream.commit = meeting.update.digest, meeting.update.commit
    upstream.base_digest = stored
    upstream.state = UpstreamState.current
    upstream.version += 1
    await session.flush()
    return component.latest_number


async def _present(
    session: AsyncSession, component: Component, meeting: Meeting
) -> Upstream:
    found = await session.exec(
        select(Upstream, UpstreamUpdate.digest)
        .join(UpstreamUpdate, col(UpstreamUpdate.component_id) == Upstream.component_id)
        .where(Upstream.component_id == component.id)
        .with_for_update(of=Upstream)
    )
    row = found.first()
    seen = meeting.followed
    if row is not None:
        upstream, digest = row
        now = (upstream.version, digest, component.latest_digest, component.name)
        was = seen.upstream.version, meeting.update.digest
        if now == (*was, seen.component.latest_digest, seen.component.name):
            return upstream
    raise Conflict("It was changed while this was prepared: look at the update again.")


async def _keep_base(
    session: AsyncSession, component_id: UUID, *, by_revision: bool
) -> None:
    """Keep what was taken, for the next merge to begin from."""
    mine = col(UpstreamFile.component_id) == component_id
    is_update = col(UpstreamFile.side) == UpstreamSide.update
    await session.exec(delete(UpstreamFile).where(mine, ~is_update))
    if by_revision:
        await session.exec(delete(UpstreamFile).where(mine))
    else:
        await session.exec(
            update(UpstreamFile).where(mine, is_update).values(side=UpstreamSide.base)
        )
    await session.exec(
        delete(UpstreamUpdate).where(col(UpstreamUpdate.component_id) == component_id)
    )
