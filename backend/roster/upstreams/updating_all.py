"""Update all components of a repository that merge without a question.

Each is a transaction of its own. What is left has its reason in the log.
"""

from uuid import UUID

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.auth.acting import acting
from roster.components.locking import lock
from roster.components.models import Component
from roster.core.actor import Actor, Scope
from roster.core.errors import Forbidden, NotFound, Problem
from roster.jobs.models import JobLine
from roster.jobs.registry import JobError, Run
from roster.repositories.models import Upstream, UpstreamState
from roster.teams.access import Verb, require
from roster.teams.models import Team
from roster.upstreams import reading, updating

UPDATED = "Updated "
PINNED = "it is pinned"
SCOPE = "The API token that this was asked for with may not publish."


async def update_all(run: Run) -> None:
    """Update what can be updated.

    Raises:
        JobError: Whoever asked for it may not do this any more.
    """
    waiting = await _waiting(run)
    updated = await _updated_before(run)
    left: list[str] = []
    total = len(waiting)
    for done, (component_id, name, is_pinned) in enumerate(waiting):
        run.check()
        run.progress(done, total, step=f"Updating {name}")
        reason = PINNED if is_pinned else await _update(run, component_id, name)
        if reason is None:
            updated += 1
        else:
            left.append(f"{name} was left: {reason}")
    run.progress(total, total)
    async with run.tools.database.write() as session:
        for line in left:
            await run.say(session, line, "warning")
        await run.finish(session, {"updated": updated, "left": len(left)})


async def _waiting(run: Run) -> list[tuple[UUID, str, bool]]:
    async with run.tools.database.read() as session:
        rows = await session.exec(
            select(Component, Team.slug, Upstream.is_pinned)
            .join(Upstream, col(Upstream.component_id) == Component.id)
            .join(Team, col(Team.id) == Component.team_id)
            .where(
                Upstream.repository_id == UUID(run.payload["repository_id"]),
                Upstream.state == UpstreamState.available,
                col(Component.deleted_at).is_(None),
                col(Team.deleted_at).is_(None),
            )
            .order_by(col(Component.kind), col(Component.name))
        )
        return [
            (one.id, f"{one.kind}:{slug}/{one.name}", is_pinned)
            for one, slug, is_pinned in rows
        ]


async def _updated_before(run: Run) -> int:
    """How many an attempt that was cut off had updated."""
    async with run.tools.database.read() as session:
        found = await session.exec(
            select(func.count()).where(
                col(JobLine.job_id) == run.job_id,
                col(JobLine.message).startswith(UPDATED),
            )
        )
        return found.one()


async def _update(run: Run, component_id: UUID, name: str) -> str | None:
    """Update one; if it is left, say why."""
    tools = run.tools
    try:
        async with tools.database.read() as session:
            actor = await _publisher(session, run)
            followed = await reading.find(session, component_id, actor)
            await require(session, actor, followed.component.team_id, Verb.edit)
            prepared = await updating.prepare(
                session, followed, None, settings=tools.settings
            )
        async with tools.database.write() as session:
            actor = await _publisher(session, run)
            component = (await lock(session, [component_id])).get(component_id)
            if component is None:
                raise NotFound("It was deleted.")
            await require(session, actor, component.team_id, Verb.edit)
            number = await updating.store(session, component, prepared, actor=actor)
            await run.say(session, f"{UPDATED}{name} to revision {number}.")
    except Forbidden:
        message = "Whoever asked for this may not publish in the team any more."
        raise JobError(message, final=True) from None
    except Problem as problem:
        return problem.detail
    return None


async def _publisher(session: AsyncSession, run: Run) -> Actor:
    actor = await acting(session, run.actor_id, run.payload)
    if Scope.publish not in actor.scopes:
        raise JobError(SCOPE, final=True)
    return actor
