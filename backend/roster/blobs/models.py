from datetime import datetime
from uuid import UUID

from sqlalchemy import LargeBinary
from sqlmodel import Field

from roster.core.model import Model, utc_now
from roster.core.topics import NOTHING


class Blob(Model, table=True):
    """Bytes, stored once under their sha256."""

    __tablename__ = "blobs"
    __tells__ = NOTHING

    digest: str = Field(primary_key=True, max_length=64)
    size: int
    content: bytes | None = Field(default=None, sa_type=LargeBinary)
    """None where they lie in the store for large ones, or were redacted."""
    created_at: datetime = Field(default_factory=utc_now)
    redacted_at: datetime | None = None
    """When the bytes went, because every team that held them redacted them. Nobody is
    told, and who brings them again stores them anew."""


class Redaction(Model, table=True):
    """A team's word that content is gone for it, and never comes back to it.

    It binds that team alone, and no other one learns of it.
    """

    __tablename__ = "redactions"

    team_id: UUID = Field(foreign_key="teams.id", primary_key=True)
    digest: str = Field(primary_key=True, index=True, max_length=64)
    redacted_by: UUID = Field(foreign_key="users.id", index=True)
    redacted_at: datetime = Field(default_factory=utc_now)
    reason: str = Field(max_length=500)
