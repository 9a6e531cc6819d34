from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field, SQLModel, UniqueConstraint

from roster.core.model import Record, enum_text
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

    slug: str = Field(unique=True, max_length=40)
    name: str = Field(max_length=100)
    is_personal: bool = False


class Membership(Record, table=True):
    __tablename__ = "memberships"
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


class UserMe(UserRef):
    """A person's own account."""

    email: str
    is_admin: bool
    created_at: datetime
    teams: list[TeamMembership]
