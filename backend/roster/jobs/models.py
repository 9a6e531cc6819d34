from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import JSON, Field, Text

from roster.core.model import Model, Record, enum_text, utc_now
from roster.core.topics import NOTHING

CHANGED = "jobs.changed"
"""Wakes who watches jobs in this process."""


class JobState(StrEnum):
    queued = "queued"
    running = "running"
    succeeded = "succeeded"
    failed = "failed"
    cancelled = "cancelled"


class Queue(StrEnum):
    """Kinds of work that do not wait for each other."""

    default = "default"
    """Short work that somebody waits for, such as mail."""
    imports = "imports"
    """Long work with many files."""
    upkeep = "upkeep"
    """What comes by the clock and nobody waits for."""


class Job(Record, table=True):
    """Background work, written in the transaction that asks for it.

    `updated_at` is when its owner last said that it is alive; `version` counts what a
    person would see change.
    """

    __tablename__ = "jobs"
    __tells__ = NOTHING
    __table_args__ = (
        Index("ix_jobs_due", "state", "due_at"),
        Index(None, "actor_id", "created_at"),
        Index(None, "team_id", "created_at"),
        Index(None, "subject_id", "created_at"),
    )

    kind: str = Field(max_length=64)
    queue: Queue = Field(default=Queue.default, sa_type=enum_text(Queue))
    priority: int = 0
    """Of those that are due the highest comes first."""
    payload: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    """What the job needs, never a secret."""
    state: JobState = Field(default=JobState.queued, sa_type=enum_text(JobState))
    version: int = 1
    actor_id: UUID | None = Field(default=None, foreign_key="users.id")
    """Who asked for it; None: the instance itself."""
    team_id: UUID | None = Field(default=None, foreign_key="teams.id")
    """Whose editors may see it and stop it, too."""
    subject_kind: str = Field(default="", max_length=32)
    subject_id: UUID | None = None
    """What it works on, such as an import or a repository."""
    title: str = Field(default="", max_length=300)
    """What a person calls it, for those who may see it."""
    due_at: datetime = Field(default_factory=utc_now)
    attempts: int = 0
    started_at: datetime | None = None
    finished_at: datetime | None = None
    step: str = Field(default="", max_length=200)
    """What it is doing, or what it did last."""
    done: int = 0
    total: int | None = None
    lines: int = 0
    """How many lines its log has."""
    result: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    error: str = Field(default="", max_length=1000)
    cancel_requested_at: datetime | None = None
    cancelled_by: UUID | None = Field(default=None, foreign_key="users.id", index=True)
    worker: str = Field(default="", max_length=120)
    """Name of the process that took it last."""
    sent_at: datetime | None = None
    """When a message about it was last given to the workers of a queue."""
    key: str | None = Field(default=None, max_length=120, unique=True)
    """What may be done only once, such as a periodic job at its time."""


class JobLine(Model, table=True):
    """One line of a job's log."""

    __tablename__ = "job_lines"
    __tells__ = NOTHING

    job_id: UUID = Field(foreign_key="jobs.id", primary_key=True, ondelete="CASCADE")
    number: int = Field(primary_key=True)
    """1, 2, 3 … over all attempts."""
    attempt: int
    level: str = Field(max_length=8)
    message: str = Field(sa_type=Text)
    created_at: datetime = Field(default_factory=utc_now)


class Worker(Record, table=True):
    """A process that does jobs; `updated_at` is when it last said so."""

    __tablename__ = "workers"
    __tells__ = NOTHING

    name: str = Field(max_length=120, unique=True)
    queues: list[str] = Field(default_factory=list, sa_type=JSON)
    slots: int = 1
    """How many jobs it does at once."""
    is_embedded: bool = True
    """In a process that serves requests; otherwise a worker of its own."""
