"""Jobs as the things that they work on show them."""

from collections.abc import Iterable
from uuid import UUID

from pydantic import Field
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.jobs.models import Job, JobState

ACTIVE = (JobState.queued, JobState.running)


class JobRef(SQLModel):
    """A job, and how far it is."""

    id: UUID
    state: JobState
    step: str = Field(description="What it does, or did last.", examples=["Fetching"])
    done: int
    total: int | None


async def refs_of(
    session: AsyncSession, ids: Iterable[UUID | None]
) -> dict[UUID, JobRef]:
    """Describe jobs; those that were cleared away are left out."""
    wanted = {id_ for id_ in ids if id_ is not None}
    if not wanted:
        return {}
    rows = await session.exec(select(Job).where(col(Job.id).in_(wanted)))
    return {job.id: JobRef.model_validate(job) for job in rows}
