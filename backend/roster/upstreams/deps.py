"""From ids in paths to repositories and upstreams that the caller may see or change."""

from typing import Annotated
from uuid import UUID

from fastapi import Body, Depends, Path

from roster.auth.deps import ActorDep, PublisherDep, WriterDep
from roster.components.deps import ComponentId
from roster.core.caching import IfMatch, require_match
from roster.core.db import DatabaseDep, SessionDep
from roster.core.deps import SettingsDep
from roster.repositories.models import Repository
from roster.teams.access import Verb, require
from roster.upstreams import reading, repositories, updating
from roster.upstreams.reading import Followed
from roster.upstreams.schemas import UpstreamUpdateWrite
from roster.upstreams.updating import Prepared

SEEN = {"latest_digest": "0" * 64, "update_digest": "1" * 64}
RepositoryId = Annotated[UUID, Path(description="Id of the repository.")]


async def get_repository(
    repository_id: RepositoryId, actor: ActorDep, session: SessionDep
) -> Repository:
    return await repositories.find(session, repository_id, actor)


async def get_worked_repository(
    repository_id: RepositoryId, actor: WriterDep, session: SessionDep
) -> Repository:
    """One of a team where the caller may edit, locked."""
    found = await repositories.find(session, repository_id, actor, lock=True)
    await require(session, actor, found.team_id, Verb.edit)
    return found


async def get_changed_repository(
    repository_id: RepositoryId,
    actor: WriterDep,
    session: SessionDep,
    if_match: IfMatch = None,
) -> Repository:
    found = await repositories.find(session, repository_id, actor, lock=True)
    await require(session, actor, found.team_id, Verb.edit)
    require_match(if_match, found.version)
    return found


async def get_removed_repository(
    repository_id: RepositoryId,
    actor: WriterDep,
    session: SessionDep,
    if_match: IfMatch = None,
) -> Repository:
    found = await repositories.find(session, repository_id, actor, lock=True)
    await require(session, actor, found.team_id, Verb.manage)
    require_match(if_match, found.version)
    return found


async def get_followed(
    component_id: ComponentId, actor: ActorDep, session: SessionDep
) -> Followed:
    return await reading.find(session, component_id, actor)


async def get_changed_upstream(
    component_id: ComponentId,
    actor: WriterDep,
    session: SessionDep,
    if_match: IfMatch = None,
) -> Followed:
    """The upstream of a component that the caller may edit, locked."""
    followed = await reading.find(session, component_id, actor, lock=True)
    await require(session, actor, followed.component.team_id, Verb.edit)
    require_match(if_match, followed.upstream.version)
    return followed


async def get_prepared_update(
    component_id: ComponentId,
    body: Annotated[UpstreamUpdateWrite, Body(examples=[SEEN])],
    actor: PublisherDep,
    database: DatabaseDep,
    settings: SettingsDep,
) -> Prepared:
    """Read and merge what is to be stored before the transaction that stores it.

    The look at the component has a connection of its own, given back at once.
    """
    async with database.read() as session:
        followed = await reading.find(session, component_id, actor)
        await require(session, actor, followed.component.team_id, Verb.edit)
        return await updating.prepare(session, followed, body, settings=settings)


SeenRepository = Annotated[Repository, Depends(get_repository)]
WorkedRepository = Annotated[Repository, Depends(get_worked_repository)]
ChangedRepository = Annotated[Repository, Depends(get_changed_repository)]
RemovedRepository = Annotated[Repository, Depends(get_removed_repository)]
FollowedComponent = Annotated[Followed, Depends(get_followed)]
ChangedUpstream = Annotated[Followed, Depends(get_changed_upstream)]
PreparedUpdate = Annotated[Prepared, Depends(get_prepared_update)]
