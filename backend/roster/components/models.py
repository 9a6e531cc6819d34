from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    UniqueConstraint,
    text,
)
from sqlmodel import Field, Text

from roster.core.model import Model, Record, enum_text, utc_now
from roster.core.topics import COMPONENT, NOTHING, PERSON, Tells
from roster.teams.models import Visibility


class RevisionSource(StrEnum):
    """How the content of a revision came in."""

    editor = "editor"
    api = "api"
    upload = "import"
    sample = "sample"


_LISTED = text("deleted_at IS NULL AND published_at IS NOT NULL")
"""What lists show. Each order of theirs has an index over these alone."""
_DELETED = text("deleted_at IS NOT NULL")
_UNPUBLISHED = text("published_at IS NULL")


class Component(Record, table=True):
    """One building block. What lists show of its newest revision stands here too.

    `version` counts every change to the component or what hangs on it (revisions,
    labels, visibility, deletion); it is what ``If-Match`` compares.

    "Newest" leaves out what was yanked. Where nothing is left, or nothing was ever
    published, `latest_number` is 0 and the other columns about it are empty.
    """

    __tablename__ = "components"
    __tells__ = (
        Tells({COMPONENT: "id"}),
        # What is not published, its maker sees alone: see views.py.
        Tells(
            {PERSON: "created_by"},
            updates=frozenset({"created_by", "published_at"}),
            empty="published_at",
        ),
    )
    __table_args__ = (
        UniqueConstraint("team_id", "kind", "name"),
        *(
            Index(None, *columns, "id", sqlite_where=_LISTED, postgresql_where=_LISTED)
            for columns in (
                ("updated_at",),
                ("kind", "updated_at"),
                ("kind", "created_at"),
                ("kind", "name"),
                ("kind", "description_tokens"),
                ("kind", "errors"),
                ("team_id", "kind", "updated_at"),
                ("latest_digest",),
            )
        ),
        # Few are deleted: they are sorted when somebody asks.
        Index(
            None,
            "team_id",
            "deleted_at",
            sqlite_where=_DELETED,
            postgresql_where=_DELETED,
        ),
        # Few are not published: who has some is asked for each caller.
        Index(
            "ix_components_unpublished",
            "created_by",
            sqlite_where=_UNPUBLISHED,
            postgresql_where=_UNPUBLISHED,
        ),
    )

    kind: str = Field(max_length=32)
    team_id: UUID = Field(foreign_key="teams.id")
    name: str = Field(max_length=64)
    display_name: str | None = None
    visibility: Visibility = Field(
        default=Visibility.private,
        sa_type=enum_text(Visibility),
    )
    version: int = 1
    created_by: UUID = Field(foreign_key="users.id", index=True)
    licence: str | None = Field(default=None, max_length=200)
    """An SPDX expression."""
    deleted_at: datetime | None = None
    deleted_by: UUID | None = Field(default=None, foreign_key="users.id", index=True)
    deletion_reason: str | None = Field(default=None, max_length=500)
    deprecated_at: datetime | None = None
    deprecation_message: str | None = Field(default=None, max_length=500)
    successor_id: UUID | None = Field(
        default=None, foreign_key="components.id", index=True
    )

    latest_number: int = 0
    latest_digest: str = Field(default="", max_length=64)
    latest_author_id: UUID | None = Field(
        default=None, foreign_key="users.id", index=True
    )
    published_at: datetime | None = None
    """When the newest revision was made; None until there is a first one."""
    target_digest: str = Field(default="", max_length=64)
    """What the secrets of a server are bound to: its command, or its URL."""
    description: str = Field(default="", sa_type=Text)
    facets: dict[str, list[str]] = Field(default_factory=dict, sa_type=JSON)
    description_tokens: int = 0
    body_tokens: int = 0
    errors: int = 0
    warnings: int = 0
    infos: int = 0


class ComponentName(Model, table=True):
    """Every name that a component has or had: it is never given to another one."""

    __tablename__ = "component_names"
    __tells__ = (Tells({COMPONENT: "component_id"}),)

    team_id: UUID = Field(foreign_key="teams.id", primary_key=True)
    kind: str = Field(primary_key=True, max_length=32)
    name: str = Field(primary_key=True, max_length=64)
    component_id: UUID = Field(
        foreign_key="components.id", index=True, ondelete="CASCADE"
    )
    created_at: datetime = Field(default_factory=utc_now)


class ComponentFacet(Model, table=True):
    """One value that lists filter by, such as facet ``tool`` with value ``Read``."""

    __tablename__ = "component_facets"
    __tells__ = (Tells({COMPONENT: "component_id"}),)
    __table_args__ = (Index(None, "facet", "value", "component_id"),)

    component_id: UUID = Field(
        foreign_key="components.id", primary_key=True, ondelete="CASCADE"
    )
    facet: str = Field(primary_key=True, max_length=32)
    value: str = Field(primary_key=True, max_length=200)


class Revision(Record, table=True):
    """One immutable state of a component; the database refuses any change to it."""

    __tablename__ = "revisions"
    __tells__ = (Tells({COMPONENT: "component_id"}),)
    __table_args__ = (UniqueConstraint("component_id", "number"),)

    component_id: UUID = Field(foreign_key="components.id")
    number: int
    digest: str = Field(max_length=64, index=True)
    manifest: dict[str, Any] = Field(sa_type=JSON)
    message: str = Field(default="", sa_type=Text)
    author_id: UUID = Field(foreign_key="users.id", index=True)
    source: RevisionSource = Field(
        sa_type=enum_text(RevisionSource),
    )
    origin_path: str | None = None
    """The path it had when it came in, for example in an import."""
    origin_repository: str | None = Field(default=None, max_length=500)
    origin_commit: str | None = Field(default=None, max_length=64)
    client: str | None = Field(default=None, max_length=100)
    """Name that the API token had which it was sent with, if it was one."""
    file_count: int = 1
    licence: str | None = Field(default=None, max_length=200)
    description_tokens: int = 0
    body_tokens: int = 0
    errors: int = 0
    warnings: int = 0
    infos: int = 0


class Yank(Model, table=True):
    """Why a revision is no longer to be used; it stays where it is."""

    __tablename__ = "yanks"
    __tells__ = (Tells({COMPONENT: "component_id"}),)
    __table_args__ = (
        ForeignKeyConstraint(
            ["component_id", "number"],
            ["revisions.component_id", "revisions.number"],
        ),
    )

    component_id: UUID = Field(primary_key=True)
    number: int = Field(primary_key=True)
    reason: str = Field(max_length=500)
    yanked_by: UUID = Field(foreign_key="users.id", index=True)
    yanked_at: datetime = Field(default_factory=utc_now)


class RevisionFile(Model, table=True):
    """One file of a revision's tree; as immutable as the revision."""

    __tablename__ = "revision_files"
    __tells__ = NOTHING

    revision_id: UUID = Field(foreign_key="revisions.id", primary_key=True)
    path: str = Field(primary_key=True, max_length=512)
    mode: str = Field(default="100644", max_length=6)
    blob_digest: str = Field(foreign_key="blobs.digest", index=True, max_length=64)
    size: int


class Reading(Model, table=True):
    """What the main file of a revision says, as the API shows it.

    It follows from what is stored elsewhere, and may be missing: see readings.py.
    """

    __tablename__ = "readings"
    __tells__ = NOTHING

    revision_id: UUID = Field(
        foreign_key="revisions.id", primary_key=True, ondelete="CASCADE"
    )
    rules: str = Field(max_length=64)
    """The version of Roster's rules that it was read by."""
    name: str = Field(max_length=64)
    """That the component had."""
    digest: str = Field(max_length=64)
    """Of the file."""
    said: bytes = Field(sa_type=LargeBinary)
    """JSON."""


class Label(Model, table=True):
    """A movable name on a revision. ``latest`` moves by itself."""

    __tablename__ = "labels"
    __tells__ = (Tells({COMPONENT: "component_id"}),)
    __table_args__ = (
        # Of this very component: a label cannot point at another one's revision.
        ForeignKeyConstraint(
            ["component_id", "number"],
            ["revisions.component_id", "revisions.number"],
        ),
        Index(None, "name", "component_id"),
    )

    component_id: UUID = Field(foreign_key="components.id", primary_key=True)
    name: str = Field(primary_key=True, max_length=64)
    number: int
    moved_by: UUID = Field(foreign_key="users.id", index=True)
    moved_at: datetime


class Draft(Record, table=True):
    """A person's unpublished edit of a component, autosaved."""

    __tablename__ = "drafts"
    __tells__ = (
        Tells({COMPONENT: "component_id", PERSON: "user_id"}, updates=frozenset()),
    )
    __table_args__ = (UniqueConstraint("component_id", "user_id"),)

    component_id: UUID = Field(foreign_key="components.id", ondelete="CASCADE")
    user_id: UUID = Field(foreign_key="users.id", index=True, ondelete="CASCADE")
    content: str = Field(sa_type=Text)
    base_number: int = 0
    base_digest: str = Field(default="", max_length=64)
    """Of the revision it began from; empty where there was none."""
    version: int = 1


class DraftFile(Model, table=True):
    """One file of a draft's tree, beside the main one."""

    __tablename__ = "draft_files"
    __tells__ = NOTHING

    draft_id: UUID = Field(
        foreign_key="drafts.id", primary_key=True, ondelete="CASCADE"
    )
    path: str = Field(primary_key=True, max_length=512)
    mode: str = Field(default="100644", max_length=6)
    blob_digest: str = Field(foreign_key="blobs.digest", index=True, max_length=64)
    size: int
