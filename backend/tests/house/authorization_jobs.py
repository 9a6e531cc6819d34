"""A job in the small world."""

from sqlmodel.ext.asyncio.session import AsyncSession

from roster.core.model import utc_now
from roster.jobs.models import Job, JobState
from roster.jobs.performing import Kinds
from roster.jobs.registry import JobKind, Run
from roster.jobs.service import enqueue
from tests.house.authorization_world import World


async def _work(_run: Run) -> None:
    """Do nothing."""


async def _again(_session: AsyncSession, _job: Job, _new: Job) -> None:
    """Nothing has to know."""


async def add_job(world: World, *, ended: bool) -> None:
    """Let the owner ask for work in the name of the team."""
    world.app.state.runner.kinds = Kinds([JobKind("task", _work, retried=_again)])
    async with world.app.state.database.write() as session:
        owner, team = world.owner.user.id, world.team.id
        job = enqueue(session, "task", {}, actor_id=owner, team_id=team)
        if ended:
            job.state, job.finished_at = JobState.failed, utc_now()
    world.ids["job_id"] = str(job.id)
