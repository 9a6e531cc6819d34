from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field

from roster.core.model import Model, enum_text, utc_now
from roster.core.topics import NOTHING


class UpstreamUpdate(Model, table=True):
    """What a component can be updated to."""

    __tablename__ = "upstream_updates"
    __tells__ = NOTHING

    component_id: UUID = Field(
        foreign_key="upstreams.component_id", primary_key=True, ondelete="CASCADE"
    )
    digest: str = Field(max_length=64)
    """Of the content upstream, as in `Upstream.digest`."""
    commit: str = Field(max_length=64)
    found_at: datetime = Field(default_factory=utc_now)


class UpstreamSide(StrEnum):
    base = "base"
    """What was taken last, where no revision holds it as it was."""
    update = "update"


class UpstreamFile(Model, table=True):
    """One file as it stands upstream, the main one among them.

    Secrets that were moved out of the component are not in it either.
    """

    __tablename__ = "upstream_files"
    __tells__ = NOTHING

    component_id: UUID = Field(
        foreign_key="upstreams.component_id", primary_key=True, ondelete="CASCADE"
    )
    side: UpstreamSide = Field(primary_key=True, sa_type=enum_text(UpstreamSide))
    path: str = Field(primary_key=True, max_length=512)
    mode: str = Field(default="100644", max_length=6)
    blob_digest: str = Field(foreign_key="blobs.digest", index=True, max_length=64)
    size: int
