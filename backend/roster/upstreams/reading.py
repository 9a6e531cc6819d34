"""Where a component comes from, as members of its team see it."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components.models import Component
from roster.components.rows import visible
from roster.components.trail import Happening, tell
from roster.core.actor import Actor
from roster.core.caching import version_tag
from roster.core.errors import NotFound
from roster.repositories.models import Repository, Upstream
from roster.teams.access import Verb, teams_of
from roster.upstreams.models import UpstreamUpdate
from roster.upstreams.schemas import RepositoryRef, UpstreamPublic, UpstreamUpdateFound


@dataclass(frozen=True, slots=True)
class Followed:
    """A component with its upstream, and the update of it if there is one."""

    component: Component
    upstream: Upstream
    repository: Repository
    update: UpstreamUpdate | None


async def find(
    session: AsyncSession, component_id: UUID, actor: Actor, *, lock: bool = False
) -> Followed:
    """The upstream of a component; only members of its team know of it.

    Raises:
        NotFound: It has none, or none that the actor may see.
    """
    statement = (
        select(Component, Upstream, Repository, UpstreamUpdate)
        .join(Upstream, col(Upstream.component_id) == Component.id)
        .join(Repository, col(Repository.id) == Upstream.repository_id)
        .outerjoin(
            UpstreamUpdate, col(UpstreamUpdate.component_id) == Upstream.component_id
        )
        .where(
            Component.id == component_id,
            visible(actor),
            col(Component.team_id).in_(teams_of(actor, Verb.read)),
        )
        .execution_options(populate_existing=True)
    )
    if lock:
        statement = statement.with_for_update(of=Upstream)
    found = (await session.exec(statement)).first()
    if found is None:
        raise NotFound("It has no upstream, or none that you may see.")
    return Followed(*found)


def public(followed: Followed) -> UpstreamPublic:
    component, upstream = followed.component, followed.upstream
    update = followed.update
    return UpstreamPublic(
        **upstream.model_dump(include=set(UpstreamPublic.model_fields)),
        repository=RepositoryRef.model_validate(followed.repository.model_dump()),
        has_local_changes=component.latest_digest != upstream.base_digest,
        update=None if update is None else UpstreamUpdateFound(**update.model_dump()),
        etag=version_tag(upstream.version),
    )


async def pin(
    session: AsyncSession, followed: Followed, *, is_pinned: bool, actor: Actor
) -> None:
    """Let a component stay as it is, or no more."""
    upstream = followed.upstream
    if upstream.is_pinned == is_pinned:
        return
    upstream.is_pinned = is_pinned
    upstream.version += 1
    action = "component.pinned" if is_pinned else "component.unpinned"
    await tell(session, [Happening(action, followed.component)], by=actor)
    await session.flush()


async def detach(session: AsyncSession, followed: Followed, *, actor: Actor) -> None:
    """Let a component go on without its upstream."""
    details = {"url": followed.repository.url, "path": followed.upstream.path}
    happening = Happening("component.detached", followed.component, details)
    await tell(session, [happening], by=actor)
    await session.delete(followed.upstream)
    await session.flush()
