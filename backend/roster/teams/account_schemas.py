"""What administrators see of accounts, and what they may change."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import MISSING
from sqlmodel import Field, SQLModel

from roster.core.model import Payload
from roster.core.paging import Count, PageQuery
from roster.core.text import DisplayText
from roster.teams.models import TeamRef

UserSort = Literal["username", "-username", "created_at", "-created_at"]


class UserQuery(PageQuery):
    q: DisplayText | None = Field(
        default=None,
        max_length=100,
        description="Part of a user name, display name or e-mail address.",
    )
    active: bool | None = Field(
        default=None, description="Only accounts that are active, or that are not."
    )
    sort: UserSort = Field(default="username", description="The order of the list.")
    count: Count = False


class UserAdmin(SQLModel):
    """An account as administrators see it."""

    id: UUID
    username: str
    display_name: str
    email: str
    is_admin: bool
    is_active: bool
    created_at: datetime
    deactivated_at: datetime | None
    last_sign_in_at: datetime | None
    has_second_factor: bool
    teams: int = Field(description="In how many the account is, its own counted.")
    sole_owner_of: list[TeamRef] = Field(
        description="Teams that nobody else who is active owns, its own left out: "
        "take their ownership before you deactivate it."
    )


class UserAdminUpdate(Payload):
    is_active: bool | MISSING = Field(
        default=MISSING,
        description="False ends all sessions and API tokens at once; what the account "
        "made stays.",
    )
    is_admin: bool | MISSING = MISSING


class ResetLink(SQLModel):
    link: str = Field(description="Sets a new password, once; shown this once.")
    expires_at: datetime
