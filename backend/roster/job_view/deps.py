"""From the id in a path to a job that the caller may see."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Request

from roster.auth.deps import ActorDep, WriterDep
from roster.core.db import SessionDep
from roster.core.errors import Forbidden
from roster.job_view import service, sight
from roster.job_view.service import Kinds
from roster.job_view.watching import Watch
from roster.jobs.models import Job
from roster.jobs.registry import Tools

JobId = Annotated[UUID, Path(description="Id of the job.")]


async def get_kinds(request: Request) -> Kinds:
    kinds: Kinds = request.app.state.runner.kinds.by_name
    return kinds


async def get_tools(request: Request) -> Tools:
    tools: Tools = request.app.state.runner.tools
    return tools


async def get_watch(request: Request) -> Watch:
    watch: Watch = request.app.state.watch
    return watch


async def get_job(job_id: JobId, actor: ActorDep, session: SessionDep) -> Job:
    return await service.find(session, job_id, actor=actor)


async def get_open_job(job: "VisibleJob", actor: ActorDep, session: SessionDep) -> Job:
    """A job that the caller may see what it is about."""
    seen = await sight.sight_of(session, actor, [job])
    if not seen.is_full(job):
        raise Forbidden("What this job is about is for its team, and who asked for it.")
    return job


async def get_changed_job(job_id: JobId, actor: WriterDep, session: SessionDep) -> Job:
    """Lock a job for a change."""
    return await service.find(session, job_id, actor=actor, lock=True)


KindsDep = Annotated[Kinds, Depends(get_kinds)]
ToolsDep = Annotated[Tools, Depends(get_tools)]
WatchDep = Annotated[Watch, Depends(get_watch)]
VisibleJob = Annotated[Job, Depends(get_job)]
OpenJob = Annotated[Job, Depends(get_open_job)]
ChangedJob = Annotated[Job, Depends(get_changed_job)]
