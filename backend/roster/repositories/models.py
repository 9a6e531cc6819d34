from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Text

from roster.core.model import Record, enum_text


class Every(StrEnum):
    """How often a repository is looked at by itself."""

    never = "never"
    hour = "hour"
    day = "day"
    week = "week"


class CheckOutcome(StrEnum):
    unchanged = "unchanged"
    updates = "updates"
    """At least one component can be updated."""
    failed = "failed"


class Repository(Record, table=True):
    """A git repository that a team takes components from."""

    __tablename__ = "repositories"
    __table_args__ = (UniqueConstraint("team_id", "url", "ref", "folder"),)

    team_id: UUID = Field(foreign_key="teams.id")
    url: str = Field(max_length=500)
    """Never with a user or a password in it."""
    ref: str = Field(default="", max_length=200)
    """A branch, a tag or a commit; empty: the branch it points at itself."""
    folder: str = Field(default="", max_length=500)
    """Only what stands in it; empty: all."""
    sealed_token: str | None = Field(default=None, sa_type=Text)
    created_by: UUID = Field(foreign_key="users.id", index=True)
    every: Every = Field(default=Every.day, sa_type=enum_text(Every))
    next_check_at: datetime | None = Field(default=None, index=True)
    checked_at: datetime | None = None
    commit: str = Field(default="", max_length=64)
    """The one that was seen last."""
    outcome: CheckOutcome | None = Field(default=None, sa_type=enum_text(CheckOutcome))
    error: str = Field(default="", sa_type=Text)
    job_id: UUID | None = Field(
        default=None, foreign_key="jobs.id", index=True, ondelete="SET NULL"
    )
    """The newest check."""
    version: int = 1
