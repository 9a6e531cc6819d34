from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, Text, UniqueConstraint

from roster.core.model import Model, Record, enum_text, utc_now
from roster.core.topics import NOTHING
from roster.teams.models import Visibility

WITHOUT = {"server_default": ""}


class Collection(Record, table=True):
    """An ordered set of components.

    `version` counts every change to it, its entries and its releases; it is what
    ``If-Match`` compares.
    """

    __tablename__ = "collections"
    __tells__ = NOTHING
    __table_args__ = (
        UniqueConstraint("team_id", "name"),
        Index(None, "deleted_at", "updated_at", "id"),
        Index(None, "deleted_at", "name", "id"),
    )

    team_id: UUID = Field(foreign_key="teams.id")
    name: str = Field(max_length=64)
    title: str = Field(default="", max_length=100)
    description: str = Field(default="", sa_type=Text)
    visibility: Visibility = Field(
        default=Visibility.private, sa_type=enum_text(Visibility)
    )
    version: int = 1
    created_by: UUID = Field(foreign_key="users.id", index=True)
    archived_at: datetime | None = None
    deleted_at: datetime | None = None
    deleted_by: UUID | None = Field(default=None, foreign_key="users.id", index=True)
    latest_release: int = 0


class CollectionName(Model, table=True):
    """Every name that a collection has or had: it is never given to another one."""

    __tablename__ = "collection_names"
    __tells__ = NOTHING

    team_id: UUID = Field(foreign_key="teams.id", primary_key=True)
    name: str = Field(primary_key=True, max_length=64)
    collection_id: UUID = Field(foreign_key="collections.id", index=True)
    created_at: datetime = Field(default_factory=utc_now)


class CollectionEntry(Record, table=True):
    """A component in a collection: it follows a label, or is pinned to a revision."""

    __tablename__ = "collection_entries"
    __tells__ = NOTHING
    __table_args__ = (UniqueConstraint("collection_id", "component_id"),)

    collection_id: UUID = Field(foreign_key="collections.id", ondelete="CASCADE")
    component_id: UUID = Field(foreign_key="components.id", index=True)
    position: int
    label: str | None = Field(default=None, max_length=64)
    number: int | None = None


class Release(Record, table=True):
    """An immutable numbered snapshot of a collection."""

    __tablename__ = "releases"
    __tells__ = NOTHING
    __table_args__ = (UniqueConstraint("collection_id", "number"),)

    collection_id: UUID = Field(foreign_key="collections.id")
    number: int
    digest: str = Field(max_length=64)
    """Of the lock."""
    entry_count: int
    notes: str = Field(default="", sa_type=Text)
    author_id: UUID = Field(foreign_key="users.id", index=True)
    team: str = Field(max_length=40, sa_column_kwargs=WITHOUT)
    """As all names here: what it was called then. Exports say it for ever."""
    name: str = Field(max_length=64, sa_column_kwargs=WITHOUT)
    title: str = Field(default="", max_length=100, sa_column_kwargs=WITHOUT)
    description: str = Field(default="", sa_type=Text, sa_column_kwargs=WITHOUT)
    author: str = Field(max_length=40, sa_column_kwargs=WITHOUT)


class ReleaseEntry(Model, table=True):
    """One line of a lock, with the names as they were; as immutable as the release."""

    __tablename__ = "release_entries"
    __tells__ = NOTHING

    release_id: UUID = Field(foreign_key="releases.id", primary_key=True)
    position: int = Field(primary_key=True)
    component_id: UUID = Field(foreign_key="components.id", index=True)
    kind: str = Field(max_length=32)
    team: str = Field(max_length=40)
    name: str = Field(max_length=64)
    number: int
    digest: str = Field(max_length=64)
    shadowed: bool = False
    """An entry further up has the same kind and name, and goes first."""
