"""Give a component another name, or another team. What it was called leads to it."""

from uuid import UUID

import anyio.to_thread
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.blobs.models import Redaction
from roster.components import drafts
from roster.components.kinds import KINDS
from roster.components.lifecycle_schemas import RenameCreate
from roster.components.models import (
    Component,
    ComponentName,
    Label,
    Revision,
    RevisionFile,
    RevisionSource,
)
from roster.components.publish import hold_names, publish_many
from roster.components.restoring import again
from roster.components.service import team_to_write, touch
from roster.components.trail import Happening, tell
from roster.core.actor import Actor
from roster.core.caching import require_match
from roster.core.errors import Conflict, Invalid
from roster.core.model import utc_now
from roster.repositories.models import Upstream
from roster.search import index
from roster.teams.access import Verb
from roster.teams.models import LabelPolicy, Team

PROTECTED = "The new team protects this label; there it is set by promotion."


async def rename(  # noqa: PLR0913 - one for each part of the request
    session: AsyncSession,
    component: Component,
    data: RenameCreate,
    if_match: str | None,
    *,
    actor: Actor,
    source: RevisionSource,
) -> None:
    """Rename it, and publish its newest revision with a file that says so.

    Raises:
        Invalid: It is called so, or the file can carry no name.
    """
    require_match(if_match, component.version)
    before = component.name
    if data.name == before:
        raise Invalid.field("name", "It is called so already.", "same")
    component.name = data.name
    touch(component)
    await session.flush()
    await _hold(session, component)
    details = {"from": before, "to": data.name}
    await tell(session, [Happening("component.renamed", component, details)], by=actor)
    if component.published_at is None:
        await _free(session, component)
        await _rename_draft(session, component, actor)
        return
    await index.rename(session, component.id, data.name)
    if data.publish and component.latest_number:
        message = data.message or f"Rename from {before} to {data.name}"
        content = await again(
            session, component, component.latest_number, message=message, source=source
        )
        await publish_many(session, [(component, content)], actor=actor)


async def transfer(
    session: AsyncSession,
    component: Component,
    team: str,
    if_match: str | None,
    *,
    actor: Actor,
) -> None:
    """Give it to another team that the actor owns; both are told.

    Labels that the new team protects are taken away: they are set by promotion there.
    It has no upstream any more.

    Raises:
        NotFound: The actor is not in such a team.
        Forbidden: The actor is no owner of it.
        Invalid: It belongs to that team.
        Conflict: One of the teams redacted something that it holds.
    """
    require_match(if_match, component.version)
    team_id = await team_to_write(session, team, actor, Verb.manage)
    if team_id == component.team_id:
        raise Invalid.field("team", "It belongs to this team already.", "same")
    await _require_kept(session, component, [component.team_id, team_id])
    found = await session.exec(
        select(Team.id, Team.slug).where(col(Team.id).in_([component.team_id, team_id]))
    )
    slugs = dict(found.all())
    details = {"from": slugs[component.team_id], "to": slugs[team_id]}
    happening = Happening("component.transferred", component, details)
    await tell(session, [happening], by=actor)
    await _drop_protected(session, component, team_id, actor)
    # Its repository, and the token for that, belong to the team that gives it away.
    await session.exec(
        delete(Upstream).where(col(Upstream.component_id) == component.id)
    )
    component.team_id = team_id
    touch(component)
    await session.flush()
    await _hold(session, component)
    if component.published_at is None:
        await _free(session, component)
    await tell(session, [happening], by=actor)


async def _require_kept(
    session: AsyncSession, component: Component, team_ids: list[UUID]
) -> None:
    """Markers bind teams: what one of them took away must not come back in another."""
    found = await session.exec(
        select(Redaction.digest)
        .join(RevisionFile, col(RevisionFile.blob_digest) == Redaction.digest)
        .join(Revision, col(Revision.id) == RevisionFile.revision_id)
        .where(
            Revision.component_id == component.id,
            col(Redaction.team_id).in_(team_ids),
        )
        .limit(1)
    )
    if found.first() is not None:
        raise Conflict(
            "Something of it was redacted in one of these teams; it stays where it is."
        )


async def _drop_protected(
    session: AsyncSession, component: Component, team_id: UUID, actor: Actor
) -> None:
    """Let no label come in that nobody of its new team approved.

    The team that gives it away is told: of the history of labels in the new one, what
    they were set to elsewhere is no part.
    """
    policies = select(LabelPolicy.label).where(LabelPolicy.team_id == team_id)
    found = await session.exec(
        select(Label).where(
            Label.component_id == component.id, col(Label.name).in_(policies)
        )
    )
    happenings = []
    for label in found.all():
        details = {"label": label.name, "number": label.number, "reason": PROTECTED}
        happenings.append(Happening("label.removed", component, details))
        await session.delete(label)
    await tell(session, happenings, by=actor)


async def _hold(session: AsyncSession, component: Component) -> None:
    """Keep its present name for it, unless that was its own already."""
    key = (component.team_id, component.kind, component.name)
    held = await session.get(ComponentName, key)
    if held is None or held.component_id != component.id:
        await hold_names(session, [component])


async def _free(session: AsyncSession, component: Component) -> None:
    """Let go of what an unpublished component was called: nobody refers to it."""
    await session.exec(
        delete(ComponentName).where(
            col(ComponentName.component_id) == component.id,
            (col(ComponentName.team_id) != component.team_id)
            | (col(ComponentName.name) != component.name),
        )
    )


async def _rename_draft(
    session: AsyncSession, component: Component, actor: Actor
) -> None:
    """Let the draft say the new name, if it can be read that far."""
    draft = await drafts.find(session, component.id, actor=actor, lock=True)
    if draft is None:
        return
    kind, data = KINDS[component.kind], draft.content.encode()

    def renamed() -> str:
        parsed = kind.parse(data, None, limit=len(data) or 1)
        try:
            return kind.rename(parsed, data, component.name).decode()
        except ValueError:
            return draft.content

    draft.content = await anyio.to_thread.run_sync(renamed)
    draft.version += 1
    draft.updated_at = utc_now()
    await session.flush()
