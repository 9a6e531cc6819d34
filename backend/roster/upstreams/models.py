from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field, Text

from roster.core.model import Model, enum_text, utc_now


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
    """The revision that this made, which a merge begins from."""
    commit: str = Field(max_length=64)
    is_pinned: bool = False
    state: UpstreamState = Field(
        default=UpstreamState.current, sa_type=enum_text(UpstreamState)
    )
    checked_at: datetime = Field(default_factory=utc_now)
    version: int = 1


class UpstreamUpdate(Model, table=True):
    """What a component can be updated to."""

    __tablename__ = "upstream_updates"

    component_id: UUID = Field(
        foreign_key="upstreams.component_id", primary_key=True, ondelete="CASCADE"
    )
    digest: str = Field(max_length=64)
    """Of the content upstream, as in `Upstream.digest`."""
    commit: str = Field(max_length=64)
    found_at: datetime = Field(default_factory=utc_now)


class UpstreamUpdateFile(Model, table=True):
    """One file of an update, the main one among them, as it stands upstream."""

    __tablename__ = "upstream_update_files"

    component_id: UUID = Field(
        foreign_key="upstream_updates.component_id",
        primary_key=True,
        ondelete="CASCADE",
    )
    path: str = Field(primary_key=True, max_length=512)
    mode: str = Field(default="100644", max_length=6)
    blob_digest: str = Field(foreign_key="blobs.digest", index=True, max_length=64)
    size: int
