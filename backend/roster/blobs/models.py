from datetime import datetime
from uuid import UUID

from sqlalchemy import LargeBinary
from sqlmodel import Field

from roster.core.model import Model, utc_now


class Blob(Model, table=True):
    """Bytes, stored once under their sha256."""

    __tablename__ = "blobs"

    digest: str = Field(primary_key=True, max_length=64)
    size: int
    content: bytes | None = Field(default=None, sa_type=LargeBinary)
    """None where they lie in the store for large ones, or were redacted."""
    created_at: datetime = Field(default_factory=utc_now)
    redacted_at: datetime | None = None
    redacted_by: UUID | None = Field(default=None, foreign_key="users.id", index=True)
    redaction_reason: str | None = Field(default=None, max_length=500)
