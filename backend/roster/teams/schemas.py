"""What the API takes and gives of teams, their members and invitations."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import MISSING, SecretStr, StringConstraints
from sqlmodel import Field, SQLModel

from roster.core.model import Payload
from roster.core.names import Slug
from roster.core.text import DisplayText
from roster.teams.models import Role, TeamRef
from roster.users.models import Email, UserRef

INVITATION_DAYS, INVITATION_DAYS_MAX = 7, 90
SECRET_LENGTH_MAX = 200

TeamName = Annotated[
    DisplayText,
    StringConstraints(min_length=1, max_length=100, pattern=r"^[^\t\r\n]*$"),
]
Days = Annotated[
    int,
    Field(
        ge=1,
        le=INVITATION_DAYS_MAX,
        description="How long the invitation can be accepted.",
    ),
]


class TeamCreate(Payload):
    slug: Slug
    name: TeamName


class TeamUpdate(Payload):
    slug: Slug | MISSING = Field(
        default=MISSING, description="The old one leads here for ever."
    )
    name: TeamName | MISSING = MISSING
    require_second_factor: bool | MISSING = Field(
        default=MISSING,
        description="Shut out members without one; only who has one may ask for it.",
    )
    share_usage: bool | MISSING = Field(
        default=MISSING,
        description="Let everybody who sees a component see how often it is pulled.",
    )


class TeamPublic(TeamRef):
    is_personal: bool
    require_second_factor: bool
    share_usage: bool
    role: Role | None = Field(
        description="Yours; null for an administrator who is no member."
    )
    members: int
    created_at: datetime
    locked: bool = Field(
        description="You are a member, but the team requires a second factor of you."
    )


class MemberPublic(SQLModel):
    user: UserRef
    role: Role
    is_active: bool = Field(description="False: the account is deactivated.")
    joined_at: datetime
    etag: str = Field(description="Send it as If-Match to change or end this.")
    has_second_factor: bool | None = Field(
        description="Shown to owners of the team and to administrators."
    )


class MemberUpdate(Payload):
    role: Role


class TransferRequest(Payload):
    username: Slug = Field(description="The member who becomes owner in your place.")


class InvitationState(StrEnum):
    open = "open"
    accepted = "accepted"
    revoked = "revoked"
    expired = "expired"


class InstanceInvitationCreate(Payload):
    email: Email | None = Field(
        default=None, description="Who may accept it; null: whoever has the link."
    )
    expires_in_days: Days = INVITATION_DAYS


class InvitationCreate(InstanceInvitationCreate):
    role: Role


class InvitationPublic(SQLModel):
    id: UUID
    email: str | None
    role: Role
    invited_by: UserRef | None
    created_at: datetime
    expires_at: datetime
    state: InvitationState
    accepted_by: UserRef | None


class InvitationCreated(InvitationPublic):
    link: str | None = Field(
        description="Shown this once; null where the invitation goes by mail."
    )


class InvitationToken(Payload):
    token: SecretStr = Field(
        max_length=SECRET_LENGTH_MAX, description="What follows # in the link."
    )


class InvitationDetails(SQLModel):
    """What an invitation promises to whoever holds its link."""

    team: TeamRef | None = Field(description="Null: into the instance alone.")
    role: Role
    invited_by: UserRef | None
    email: str | None = Field(description="Only an account with it may accept.")
    expires_at: datetime
