"""Do one action to many components: each wholly or not at all, all in one unit."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.bulk.permitted import Permitted, to_change, to_restore, to_see
from roster.bulk.schemas import (
    Bulk,
    CollectMany,
    DeleteMany,
    LabelMany,
    MoveMany,
    RestoreMany,
    UnlabelMany,
)
from roster.collections import entries
from roster.collections.models import Collection
from roster.collections.schemas import EntryWrite
from roster.components import labels, naming, service
from roster.components.models import Component
from roster.core.actor import Actor
from roster.core.caching import require_match, version_tag
from roster.core.errors import Conflict, Problem
from roster.core.handlers import problem_of
from roster.teams.access import Verb

ANY_STATE = "*"
Change = Callable[[Component, str], Awaitable[HTTPStatus]]


class Outcome(NamedTuple):
    id: UUID
    status: int
    etag: str | None = None
    problem: Problem | None = None


async def carry_out(
    session: AsyncSession, data: Bulk, collection: Collection | None, *, actor: Actor
) -> list[Outcome]:
    """Do it to each that the actor may do it to; the others are left as they are.

    Args:
        session: The caller's transaction.
        data: The action, and what it is to be done to.
        collection: The one to collect into, locked.
        actor: Who asks.
    """
    found = await _permitted(session, data, actor)
    if collection is not None and isinstance(data, CollectMany):
        return await _collect(session, data, collection, found, actor=actor)
    change = _change(session, data, actor)
    return [
        await _one(session, item.id, item.etag, found[item.id], change)
        for item in data.items
    ]


async def _permitted(session: AsyncSession, data: Bulk, actor: Actor) -> Permitted:
    ids = [item.id for item in data.items]
    match data:
        case RestoreMany():
            return await to_restore(session, actor, ids)
        case CollectMany():
            return await to_see(session, actor, ids)
        case LabelMany() | UnlabelMany():
            return await to_change(session, actor, ids, Verb.edit)
        case _:
            return await to_change(session, actor, ids, Verb.manage)


async def _one(
    session: AsyncSession,
    id_: UUID,
    etag: str | None,
    found: Component | Problem,
    change: Change,
) -> Outcome:
    if isinstance(found, Problem):
        return Outcome(id_, found.status, problem=found)
    version = found.version
    try:
        async with session.begin_nested():
            status = await change(found, etag or ANY_STATE)
            await session.flush()
    except IntegrityError as error:
        problem = problem_of(error)
    except Problem as error:
        problem = error
    else:
        gone = status is HTTPStatus.NO_CONTENT and found.published_at is None
        return Outcome(id_, status, None if gone else version_tag(found.version))
    return Outcome(id_, problem.status, version_tag(version), problem)


def _change(session: AsyncSession, data: Bulk, actor: Actor) -> Change:
    async def change(component: Component, etag: str) -> HTTPStatus:
        match data:
            case LabelMany():
                number = data.number or component.latest_number
                if not number:
                    raise Conflict("It has no revision that a label could be set on.")
                await labels.move(
                    session, component, data.label, number, etag, actor=actor
                )
            case UnlabelMany():
                await labels.remove(session, component, data.label, etag, actor=actor)
            case MoveMany():
                await naming.transfer(session, component, data.team, etag, actor=actor)
            case DeleteMany():
                await service.delete(
                    session, component, etag, actor=actor, reason=data.reason
                )
                return HTTPStatus.NO_CONTENT
            case RestoreMany():
                require_match(etag, component.version)
                await service.restore(session, component, actor=actor)
        return HTTPStatus.OK

    return change


async def _collect(
    session: AsyncSession,
    data: CollectMany,
    collection: Collection,
    found: Permitted,
    *,
    actor: Actor,
) -> list[Outcome]:
    """Add all at once; one by one only if that is refused."""

    async def add(*components: Component) -> None:
        wanted = [
            EntryWrite(component_id=component.id, label=data.label)
            for component in components
        ]
        await entries.add(session, collection, wanted, actor=actor)

    async def add_one(component: Component, etag: str) -> HTTPStatus:
        require_match(etag, component.version)
        if not together:
            await add(component)
        return HTTPStatus.OK

    etags = {item.id: item.etag or ANY_STATE for item in data.items}
    together = True
    try:
        async with session.begin_nested():
            fit = [one for one in found.values() if isinstance(one, Component)]
            for one in fit:
                require_match(etags[one.id], one.version)
            await add(*fit)
    except Problem:
        together = False
    return [
        await _one(session, item.id, item.etag, found[item.id], add_one)
        for item in data.items
    ]
