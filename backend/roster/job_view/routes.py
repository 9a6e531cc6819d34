from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Header, Query, Request, Response, status
from fastapi.sse import format_sse_event

from roster.auth.deps import ActorDep, AdminDep, BearerDep, WriterDep
from roster.core.caching import ConditionalRoute
from roster.core.db import ReadSessionDep, SessionDep
from roster.core.errors import (
    Conflict,
    Forbidden,
    NotFound,
    NotSignedIn,
    TooManyRequests,
    problems,
)
from roster.core.paging import Page
from roster.job_view import board, changing, positions, service
from roster.job_view.deps import (
    ChangedJob,
    JobId,
    KindsDep,
    OpenJob,
    ToolsDep,
    VisibleJob,
    WatchDep,
)
from roster.job_view.schemas import (
    LAST_NUMBER,
    JobLinePublic,
    JobPublic,
    JobQuery,
    LineQuery,
    QueuesPublic,
)
from roster.job_view.stream import JobStream
from roster.job_view.watching import Wanted
from roster.jobs.models import Job

router = APIRouter(tags=["jobs"], responses=problems(NotSignedIn))
# They have no bytes that an ETag could be made of.
streams = APIRouter(prefix="/jobs")
lists = APIRouter(prefix="/jobs", route_class=ConditionalRoute)
one = APIRouter(prefix="/jobs/{job_id}", route_class=ConditionalRoute)

LINE: dict[str, Any] = {
    "job_id": "019a7c1e-3a52-7cc1-b2f4-5d3a6f0e8b11",
    "number": 7,
    "attempt": 1,
    "level": "info",
    "message": "Read 300 files.",
    "created_at": "2026-01-31T12:00:00Z",
}
AS_STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": (
            "`job`: a JobPublic, as it is now; `line`: a line of its log, with "
            "`job_id`; `end`: the one job has ended, and so does the stream."
        ),
        "content": {
            JobStream.media_type: {
                "schema": {"type": "string"},
                "example": format_sse_event(
                    event="line", data_str=orjson.dumps(LINE).decode(), id="0AZp8…"
                ).decode(),
            }
        },
    },
}
Follow = Annotated[
    bool, Query(description="Whether to go on; else it ends with how things stand.")
]
LastEventId = Annotated[
    str | None,
    Header(
        alias="Last-Event-ID",
        max_length=positions.LONGEST,
        description="The id of the last message that you got, to miss no line.",
    ),
]


@lists.get(
    "",
    summary="List jobs, newest first",
    responses=problems(Forbidden),
)
async def list_jobs(
    query: Annotated[JobQuery, Query()],
    actor: ActorDep,
    session: ReadSessionDep,
    kinds: KindsDep,
) -> Page[JobPublic]:
    return await service.list_jobs(session, query, kinds, actor=actor)


@lists.get(
    "/queues",
    summary="Read how the queues stand, and who works on them",
    responses=problems(Forbidden),
)
async def read_queues(
    request: Request, _admin: AdminDep, session: ReadSessionDep, kinds: KindsDep
) -> QueuesPublic:
    sender = request.app.state.sender
    reachable = None if sender is None else sender.is_reachable
    return await board.read(session, kinds.values(), broker_reachable=reachable)


@streams.get(
    "/events",
    summary="Watch the jobs that you asked for",
    response_class=Response,
    responses={**AS_STREAM, **problems(Forbidden, TooManyRequests)},
)
async def watch_jobs(
    _actor: ActorDep,
    token: BearerDep,
    watch: WatchDep,
    last_event_id: LastEventId = None,
    *,
    follow: Follow = True,
) -> Response:
    """Send what becomes of each that has not ended, and the new lines of its log.

    A client that comes back with `Last-Event-ID` is told what it missed.
    """
    assert token is not None  # noqa: S101 - else there is no actor
    wanted = Wanted(told=_told(last_event_id))
    return JobStream(watch, token, wanted, follow=follow)


@streams.get(
    "/{job_id}/events",
    summary="Watch a job",
    response_class=Response,
    responses={**AS_STREAM, **problems(Forbidden, NotFound, TooManyRequests)},
)
async def watch_job(
    job_id: JobId,
    _job: VisibleJob,
    token: BearerDep,
    watch: WatchDep,
    after: Annotated[
        int,
        Query(
            ge=0,
            le=LAST_NUMBER,
            description="The number of the last line that you know, without an id.",
        ),
    ] = 0,
    last_event_id: LastEventId = None,
    *,
    follow: Follow = True,
) -> Response:
    """Send what becomes of it, and its log from the beginning, until it has ended."""
    assert token is not None  # noqa: S101 - else there is no actor
    wanted = Wanted(job_id, _told(last_event_id), after)
    return JobStream(watch, token, wanted, follow=follow)


@one.get("", summary="Read a job", responses=problems(NotFound))
async def read_job(
    job: VisibleJob, actor: ActorDep, session: SessionDep, kinds: KindsDep
) -> JobPublic:
    return await _shown(job, actor, session, kinds)


@one.get(
    "/log",
    summary="Read the log of a job",
    responses=problems(Forbidden, NotFound),
)
async def read_job_log(
    query: Annotated[LineQuery, Query()], job: OpenJob, session: SessionDep
) -> Page[JobLinePublic]:
    """Give lines in their order. `next_cursor` is what `after` is for the next page."""
    return await service.list_lines(session, job, query)


@one.post(
    "/cancel",
    summary="Cancel a job",
    responses=problems(Forbidden, NotFound, Conflict),
)
async def cancel_job(
    job: ChangedJob,
    actor: WriterDep,
    session: SessionDep,
    kinds: KindsDep,
    tools: ToolsDep,
) -> JobPublic:
    """Stop it: at once if nobody works on it, else within a second."""
    await changing.cancel(session, job, kinds, tools, actor=actor)
    return await _shown(job, actor, session, kinds)


@one.post(
    "/retry",
    status_code=status.HTTP_201_CREATED,
    summary="Ask for a job again that failed or was cancelled",
    responses=problems(Forbidden, NotFound, Conflict, TooManyRequests),
)
async def retry_job(
    job: ChangedJob,
    actor: WriterDep,
    session: SessionDep,
    kinds: KindsDep,
    response: Response,
    request: Request,
) -> JobPublic:
    """Make a new job that does the same."""
    again = await changing.retry(session, job, kinds, actor=actor)
    path = request.url.path.removesuffix(f"{job.id}/retry")
    response.headers["Location"] = f"{path}{again.id}"
    return await _shown(again, actor, session, kinds)


def _told(position: str | None) -> dict[UUID, int] | None:
    return None if position is None else positions.read(position)


async def _shown(
    job: Job, actor: ActorDep, session: SessionDep, kinds: KindsDep
) -> JobPublic:
    (shown,) = await service.describe(session, [job], kinds, actor=actor)
    return shown


router.include_router(streams)
router.include_router(lists)
router.include_router(one)
