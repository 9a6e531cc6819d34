"""Where a component comes from, and what it can be updated to."""

from typing import Annotated

from fastapi import APIRouter, Body, Request, Response, status

from roster.auth.deps import PublisherDep, WriterDep
from roster.components import revisions
from roster.components.deps import EditableComponent
from roster.components.rows import component_row
from roster.components.schemas import RevisionPublic
from roster.core.caching import ConditionalRoute, version_tag
from roster.core.db import SessionDep
from roster.core.deps import SettingsDep
from roster.core.errors import (
    Conflict,
    Forbidden,
    NotFound,
    NotSignedIn,
    PreconditionRequired,
    Stale,
    TooLarge,
    problems,
)
from roster.upstreams import merging, reading, updating
from roster.upstreams.deps import ChangedUpstream, FollowedComponent, PreparedUpdate
from roster.upstreams.schemas import (
    UpstreamChange,
    UpstreamMerge,
    UpstreamPublic,
)

router = APIRouter(
    prefix="/components/{component_id}/upstream",
    route_class=ConditionalRoute,
    tags=["upstreams"],
    responses=problems(NotSignedIn, NotFound),
)
CHANGING = problems(Forbidden, PreconditionRequired, Stale)


@router.get("", summary="Read where in a repository a component comes from")
async def read_upstream(
    followed: FollowedComponent, response: Response
) -> UpstreamPublic:
    """Members of its team see it."""
    response.headers["ETag"] = version_tag(followed.upstream.version)
    return reading.public(followed)


@router.patch(
    "",
    summary="Pin a component, so that it stays as it is, or let it go on",
    responses=CHANGING,
)
async def change_upstream(
    data: Annotated[UpstreamChange, Body(examples=[{"is_pinned": True}])],
    followed: ChangedUpstream,
    actor: WriterDep,
    session: SessionDep,
    response: Response,
) -> UpstreamPublic:
    await reading.pin(session, followed, is_pinned=data.is_pinned, actor=actor)
    response.headers["ETag"] = version_tag(followed.upstream.version)
    return reading.public(followed)


@router.delete(
    "",
    summary="Detach a component from its upstream",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=CHANGING,
)
async def detach_component(
    followed: ChangedUpstream, actor: WriterDep, session: SessionDep
) -> None:
    """It stays as it is; importing the repository again attaches it anew."""
    await reading.detach(session, followed, actor=actor)


@router.get(
    "/update",
    summary="Merge the update of a component into it, to look at",
    responses=problems(Conflict),
)
async def read_update(
    followed: FollowedComponent,
    session: SessionDep,
    settings: SettingsDep,
) -> UpstreamMerge:
    """Nothing is stored: send what you make of it to `POST`."""
    return merging.public(await merging.meet(session, followed, settings=settings))


@router.post(
    "/update",
    summary="Update a component from its upstream",
    status_code=status.HTTP_201_CREATED,
    responses=problems(Forbidden, Conflict, TooLarge),
)
async def take_update(
    prepared: PreparedUpdate,
    component: EditableComponent,
    actor: PublisherDep,
    session: SessionDep,
    request: Request,
    response: Response,
) -> RevisionPublic:
    """Without `content` only where nothing is left to decide.

    What was changed here is never written over.
    """
    number = await updating.store(session, component, prepared, actor=actor)
    address = request.url_for("read_revision", component_id=component.id, number=number)
    response.headers["ETag"] = version_tag(component.version)
    response.headers["Location"] = address.path
    row = await component_row(session, actor, component.id)
    stored = await revisions.load(session, row, number)
    return await revisions.public(session, row, stored)
