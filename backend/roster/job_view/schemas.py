"""What the API shows of jobs."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from roster.core.paging import Count, PageQuery
from roster.jobs.models import JobState, Queue
from roster.teams.models import TeamRef
from roster.users.models import UserRef

MOST_LINES = 500
LAST_NUMBER = 2**31 - 1


class JobScope(StrEnum):
    mine = "mine"
    """Those that you asked for."""
    teams = "teams"
    """Those of teams that you may edit, too."""
    instance = "instance"
    """All, for administrators."""


class JobQuery(PageQuery):
    scope: JobScope = Field(
        default=JobScope.mine,
        description="`mine`, also those of your teams, or all of the instance.",
    )
    state: list[JobState] = Field(
        default=[], max_length=len(JobState), description="Only in one of these states."
    )
    kind: str | None = Field(
        default=None,
        max_length=64,
        description="Only of this kind.",
        examples=["imports.read"],
    )
    queue: Queue | None = Field(default=None, description="Only of this queue.")
    subject: UUID | None = Field(
        default=None, description="Only those that work on the thing with this id."
    )
    count: Count = False


class LineQuery(BaseModel):
    model_config = {"extra": "forbid"}

    after: int = Field(
        default=0,
        ge=0,
        le=LAST_NUMBER,
        description="Only lines behind the one with this number.",
    )
    limit: int = Field(
        default=200, ge=1, le=MOST_LINES, description="The most lines to give."
    )


class JobSubject(BaseModel):
    kind: str = Field(examples=["import"])
    id: UUID


class Waiting(BaseModel):
    """Why a job has not begun."""

    ahead: int = Field(description="How many of its queue come first.")
    reason: Literal["later", "turn", "no_worker", "overloaded"] = Field(
        description=(
            "`later`: it is not due yet; `turn`: others come first; `no_worker`: "
            "nobody takes jobs of its queue; `overloaded`: more comes than is done."
        )
    )


class JobPublic(BaseModel):
    """Background work, as far as you may see it."""

    id: UUID
    kind: str = Field(examples=["imports.read"])
    queue: Queue
    state: JobState
    title: str = Field(examples=["Import of agents.zip"])
    subject: JobSubject | None = Field(description="What it works on.")
    team: TeamRef | None
    actor: UserRef | None = Field(
        description="Who asked for it; null: the instance itself."
    )
    created_at: datetime
    due_at: datetime = Field(description="It does not begin before this.")
    started_at: datetime | None = Field(description="When its last attempt began.")
    finished_at: datetime | None
    attempts: int = Field(examples=[1])
    most_attempts: int = Field(examples=[5])
    step: str = Field(
        description="What it is doing, or did last.", examples=["Reading files"]
    )
    done: int = Field(examples=[120])
    total: int | None = Field(examples=[300])
    lines: int = Field(description="How many lines its log has.", examples=[12])
    result: dict[str, Any] | None = Field(examples=[{"files": 300}])
    error: str = Field(description="Why it failed, as one sentence.", examples=[""])
    priority: int = Field(
        description="Of those that are due the highest comes first.", examples=[0]
    )
    cancel_requested_at: datetime | None
    cancelled_by: UserRef | None
    worker: str = Field(
        description="The process that took it last.", examples=["host-4711-9f3c"]
    )
    waiting: Waiting | None = Field(description="Why it has not begun, if it has not.")
    is_private: bool = Field(
        description=(
            "You see it as an administrator, and not what it is about: title, subject, "
            "team, step, error and result are empty."
        )
    )
    can_cancel: bool
    can_retry: bool


class JobLinePublic(BaseModel):
    """A line of a job's log."""

    number: int = Field(description="1, 2, 3 … over all attempts.", examples=[7])
    attempt: int = Field(examples=[1])
    level: Literal["info", "warning", "error"]
    message: str = Field(examples=["Read 300 files."])
    created_at: datetime


class JobLineEvent(JobLinePublic):
    """A line, as a stream of several jobs tells it."""

    job_id: UUID


class JobEnd(BaseModel):
    """The last that a stream says of its job."""

    job_id: UUID
    state: JobState


class QueuePublic(BaseModel):
    name: Queue
    waiting: int = Field(description="Jobs that are due.")
    running: int
    oldest_waiting_seconds: float = Field(
        description="How long the one has waited that is due for longest."
    )
    succeeded_last_hour: int
    failed_last_hour: int
    is_overloaded: bool = Field(
        description="One waits for more than a minute, or nobody takes its jobs."
    )


class WorkerPublic(BaseModel):
    """A process that does jobs."""

    name: str = Field(examples=["host-4711-9f3c"])
    queues: list[Queue]
    slots: int = Field(description="How many it does at once.", examples=[6])
    is_embedded: bool = Field(description="Whether it serves requests, too.")
    started_at: datetime
    seen_at: datetime = Field(description="When it was last heard of.")
    is_alive: bool


class SchedulePublic(BaseModel):
    """What is done again and again."""

    kind: str = Field(examples=["blobs.collect"])
    every_seconds: float = Field(examples=[3600])
    last_at: datetime | None
    last_state: JobState | None
    next_at: datetime


class QueuesPublic(BaseModel):
    executor: Literal["embedded", "celery"] = Field(
        description="Who does jobs: processes that serve requests, or workers."
    )
    broker_reachable: bool | None = Field(
        description="Whether jobs can be sent to workers; null where there are none."
    )
    queues: list[QueuePublic]
    workers: list[WorkerPublic]
    schedules: list[SchedulePublic]
