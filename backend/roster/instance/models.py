from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import MISSING
from sqlmodel import JSON, Field, SQLModel

from roster.core.model import Model, Payload
from roster.core.topics import NOTHING


class Registration(StrEnum):
    """Who may make an account."""

    open = "open"
    invitation = "invitation"
    closed = "closed"


class PolicyEntry(Model, table=True):
    """One value that an administrator chose over that of the environment."""

    __tablename__ = "instance_policy"

    name: str = Field(primary_key=True, max_length=40)
    value: Any = Field(sa_type=JSON)
    updated_at: datetime
    updated_by: UUID | None = None


class Purge(Model, table=True):
    """That something was deleted so long ago that its content went."""

    __tablename__ = "purges"
    __tells__ = NOTHING

    kind: str = Field(primary_key=True, max_length=16)
    """Of the thing, such as ``component``."""
    id: UUID = Field(primary_key=True)
    purged_at: datetime


class InstancePolicy(SQLModel):
    """What the administrators of an instance decide while it runs."""

    registration: Registration
    public_read: bool = Field(description="Everybody may read what is public.")
    token_max_days: int | None = Field(
        description="Longest life of an API token; null: it may be unlimited."
    )
    audit_retention_days: int | None = Field(
        description="How long audit events are kept; null: for ever."
    )
    deleted_retention_days: int | None = Field(
        description="How long what was deleted can be restored; null: for ever."
    )


class InstancePolicyUpdate(Payload):
    registration: Registration | MISSING = MISSING
    public_read: bool | MISSING = MISSING
    token_max_days: int | MISSING | None = Field(default=MISSING, ge=1, le=3650)
    audit_retention_days: int | MISSING | None = Field(default=MISSING, ge=1, le=36500)
    deleted_retention_days: int | MISSING | None = Field(
        default=MISSING, ge=1, le=36500
    )
