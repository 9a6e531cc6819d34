from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Text

from roster.core.model import Model, Record, enum_text, utc_now
from roster.core.topics import COMPONENT, NOTHING, Tells


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
    __tells__ = NOTHING
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
    failures: int = 0
    """How many checks failed since one did not."""
    job_id: UUID | None = Field(
        default=None, foreign_key="jobs.id", index=True, ondelete="SET NULL"
    )
    """The newest check."""
    version: int = 1


class Taken(StrEnum):
    """Which text of the upstream file the component holds."""

    original = "original"
    repaired = "repaired"


class UpstreamState(StrEnum):
    current = "current"
    available = "available"
    """There is an update."""
    gone = "gone"
    """The repository does not have it any more."""


class Upstream(Model, table=True):
    """Where in a repository a component comes from, and what of it was taken."""

    __tablename__ = "upstreams"
    __tells__ = (Tells({COMPONENT: "component_id"}),)

    component_id: UUID = Field(
        foreign_key="components.id", primary_key=True, ondelete="CASCADE"
    )
    repository_id: UUID = Field(foreign_key="repositories.id", index=True)
    path: str = Field(sa_type=Text)
    """As an import shows it: below the folder of the repository."""
    taken: Taken = Field(sa_type=enum_text(Taken))
    digest: str = Field(max_length=64)
    """Of the content upstream when it was taken, before repair or another name."""
    number: int
    """The revision that this made."""
    base_digest: str = Field(max_length=64)
    """Of what was taken as it would be stored: where the newest revision has another
    one, somebody changed it here. Where that is not revision `number`, because changes
    of both sides were merged into it, it stands in files of its own."""
    moved_secrets: bool = False
    """What was written out in it stands in the store of secrets instead."""
    commit: str = Field(max_length=64)
    is_pinned: bool = False
    state: UpstreamState = Field(
        default=UpstreamState.current, sa_type=enum_text(UpstreamState)
    )
    checked_at: datetime = Field(default_factory=utc_now)
    version: int = 1
