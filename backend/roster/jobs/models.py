from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index
from sqlmodel import JSON, Field

from roster.core.model import Record, enum_text, utc_now


class JobState(StrEnum):
    queued = "queued"
    running = "running"
    succeeded = "succeeded"
    failed = "failed"
    cancelled = "cancelled"


class Job(Record, table=True):
    """Background work, written in the transaction that asks for it."""

    __tablename__ = "jobs"
    __table_args__ = (Index("ix_jobs_due", "state", "due_at"),)

    kind: str = Field(max_length=64)
    payload: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    """What the job needs, never a secret."""
    state: JobState = Field(default=JobState.queued, sa_type=enum_text(JobState))
    due_at: datetime = Field(default_factory=utc_now)
    attempts: int = 0
    started_at: datetime | None = None
    finished_at: datetime | None = None
    error: str = Field(default="", max_length=1000)
    key: str | None = Field(default=None, max_length=120, unique=True)
    """What may be done only once, such as a periodic job at its time."""
