"""What comes from a repository, and how each component stands to it."""

from uuid import UUID

from pydantic import BaseModel, Field
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components.models import Component
from roster.components.rows import visible
from roster.core.actor import Actor
from roster.core.paging import Page, PageQuery, by_id, by_text, cut, ordered
from roster.repositories.models import Repository, Upstream, UpstreamState
from roster.teams.models import Team, TeamRef
from roster.upstreams.schemas import COMMIT

ORDER = "path"
KEYS = [by_text(col(Upstream.path)), by_id(col(Upstream.component_id))]


class BelongingRef(BaseModel):
    id: UUID
    kind: str = Field(examples=["agent"])
    team: TeamRef
    name: str = Field(examples=["reviewer"])


class Belonging(BaseModel):
    """A component that comes from a repository."""

    component: BelongingRef
    path: str = Field(examples=["agents/reviewer.md"])
    commit: str = Field(description="The one it was taken from.", examples=[COMMIT])
    number: int = Field(description="The revision that this made.")
    is_pinned: bool
    state: UpstreamState
    has_local_changes: bool


async def page_of(
    session: AsyncSession, repository: Repository, query: PageQuery, *, actor: Actor
) -> Page[Belonging]:
    """Components that come from a repository, by their path in it."""
    statement = (
        select(Upstream, Component)
        .join(Component, col(Component.id) == Upstream.component_id)
        .where(Upstream.repository_id == repository.id, visible(actor))
    )
    rows = await session.exec(ordered(statement, ORDER, KEYS, query))
    kept, cursor = cut(
        rows.all(), ORDER, query, lambda row: [row[0].path, row[0].component_id]
    )
    team = TeamRef.model_validate(await session.get_one(Team, repository.team_id))
    items = [_describe(upstream, component, team) for upstream, component in kept]
    return Page(items=items, next_cursor=cursor)


def _describe(upstream: Upstream, component: Component, team: TeamRef) -> Belonging:
    return Belonging(
        component=BelongingRef(
            id=component.id, kind=component.kind, team=team, name=component.name
        ),
        **upstream.model_dump(include=set(Belonging.model_fields)),
        has_local_changes=component.latest_digest != upstream.base_digest,
    )
