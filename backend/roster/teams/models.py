from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, false
from sqlmodel import Field, SQLModel, UniqueConstraint

from roster.core.model import Model, Record, enum_text, utc_now
from roster.core.topics import NOTHING, PERSON, Tells
from roster.users.models import UserRef


class Role(StrEnum):
    """What a member of a team may do; each role includes the ones below it."""

    owner = "owner"
    editor = "editor"
    viewer = "viewer"


class Visibility(StrEnum):
    private = "private"
    internal = "internal"
    public = "public"


class Team(Record, table=True):
    """A namespace with members. A personal team carries its user's name as slug."""

    __tablename__ = "teams"
    __tells__ = (Tells(everyone=True, inserts=False),)

    slug: str = Field(unique=True, max_length=40)
    name: str = Field(max_length=100)
    is_personal: bool = False
    require_second_factor: bool = False
    """Only members with a second factor reach what is in it."""
    share_usage: bool = Field(
        default=False, sa_column_kwargs={"server_default": false()}
    )
    """Whoever sees what is in it sees how often it is pulled, too."""
    deleted_at: datetime | None = None
    deleted_by: UUID | None = None


class TeamSlug(Model, table=True):
    """Every name that a team has or had: it is never given to another one.

    Without a team it is kept for an account whose registration waits.
    """

    __tablename__ = "team_slugs"
    __tells__ = (Tells(everyone=True, inserts=False),)

    slug: str = Field(primary_key=True, max_length=40)
    team_id: UUID | None = Field(
        default=None, foreign_key="teams.id", index=True, ondelete="CASCADE"
    )
    created_at: datetime = Field(default_factory=utc_now)


class Invitation(Record, table=True):
    """A way into a team, or just into the instance: one person, once, for a while."""

    __tablename__ = "invitations"
    __tells__ = NOTHING

    team_id: UUID | None = Field(
        default=None, foreign_key="teams.id", index=True, ondelete="CASCADE"
    )
    role: Role = Field(default=Role.viewer, sa_type=enum_text(Role))
    email: str | None = Field(default=None, max_length=254, index=True)
    """Who it was mailed to; None: whoever holds the link."""
    digest: str = Field(max_length=64, unique=True)
    invited_by: UUID | None = Field(
        default=None, foreign_key="users.id", index=True, ondelete="SET NULL"
    )
    expires_at: datetime
    accepted_at: datetime | None = None
    accepted_by: UUID | None = None
    revoked_at: datetime | None = None


class LabelPolicy(Record, table=True):
    """How a team protects a label of its components."""

    __tablename__ = "label_policies"
    __table_args__ = (UniqueConstraint("team_id", "label"),)

    team_id: UUID = Field(foreign_key="teams.id", ondelete="CASCADE")
    label: str = Field(max_length=64)
    who_may_move: Role = Field(default=Role.editor, sa_type=enum_text(Role))
    approvals: int = 1
    """By members who did not open the promotion."""
    checks: list[str] = Field(default_factory=list, sa_type=JSON)
    frozen: bool = False
    freeze_reason: str | None = Field(default=None, max_length=500)
    version: int = 1


class Membership(Record, table=True):
    __tablename__ = "memberships"
    __tells__ = (Tells({PERSON: "user_id"}),)
    __table_args__ = (UniqueConstraint("user_id", "team_id"),)

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    team_id: UUID = Field(foreign_key="teams.id", index=True, ondelete="CASCADE")
    role: Role = Field(sa_type=enum_text(Role))


class TeamRef(SQLModel):
    id: UUID
    slug: str
    name: str


class TeamMembership(TeamRef):
    """A team as one of its members sees it."""

    is_personal: bool
    role: Role
    locked: bool = Field(
        description="It requires a second factor, and the account has none."
    )


class UserMe(UserRef):
    """A person's own account."""

    email: str
    email_verified: bool
    pending_email: str | None = Field(
        description="The address that replaces the present one once it is proved."
    )
    is_admin: bool
    created_at: datetime
    teams: list[TeamMembership]
