from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index
from sqlmodel import JSON, Field, SQLModel, text
from uuid_utils.compat import uuid7

from roster.core.model import Model, utc_now
from roster.core.topics import NOTHING


class AuditEvent(Model, table=True):
    """Who did what to what, when, from where. Nothing of it is ever changed.

    `seq` and `mac` are empty until the sealer has put the event into the chain; the
    database lets them be filled once.
    """

    __tablename__ = "audit_events"
    __tells__ = NOTHING
    __table_args__ = (
        Index(
            "ix_audit_events_unsealed",
            "id",
            sqlite_where=text("seq IS NULL"),
            postgresql_where=text("seq IS NULL"),
        ),
        Index("ix_audit_events_team", "team_id", "id"),
        Index("ix_audit_events_actor", "actor_id", "id"),
        Index("ix_audit_events_target", "target_id", "id"),
        Index("ix_audit_events_action", "action", "id"),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    created_at: datetime = Field(default_factory=utc_now)
    action: str = Field(max_length=64)
    actor_id: UUID | None = None
    actor_name: str = Field(default="", max_length=40)
    session_id: UUID | None = None
    token_id: UUID | None = None
    team_id: UUID | None = None
    target_kind: str = Field(default="", max_length=32)
    target_id: UUID | None = None
    target_name: str = Field(default="", max_length=300)
    address: str = Field(default="", max_length=64)
    request_id: str = Field(default="", max_length=128)
    details: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    seq: int | None = Field(default=None, unique=True, sa_type=BigInteger)
    mac: str | None = Field(default=None, max_length=100)


class AuditCheckpoint(Model, table=True):
    """The end of a segment of the chain; it stays when retention removes the events."""

    __tablename__ = "audit_checkpoints"
    __tells__ = NOTHING

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    created_at: datetime = Field(default_factory=utc_now)
    first_seq: int = Field(unique=True, sa_type=BigInteger)
    last_seq: int = Field(unique=True, sa_type=BigInteger)
    last_event_at: datetime
    last_mac: str = Field(max_length=100)
    mac: str = Field(max_length=100)
    """Over the fields above and the checkpoint before."""
    removed_at: datetime | None = None
    """When retention removed the segment's events."""


class ChainReport(SQLModel):
    """Whether the events are those that were sealed, all of them, in their order."""

    intact: bool
    sealed: int = Field(description="Events that the chain holds.")
    unsealed: int = Field(description="Events that wait to be put into the chain.")
    checkpoints: int
    first_problem: str | None = Field(
        default=None, description="What is wrong, and where it begins."
    )
