from datetime import datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from pydantic import ConfigDict, SecretStr
from sqlmodel import Field, SQLModel

from roster.core.model import Payload, Record, enum_text
from roster.users.models import PASSWORD_MAX


class ClientKind(StrEnum):
    """Where a session's refresh token lives: a cookie, or with the client."""

    browser = "browser"
    api = "api"


class PasswordGrant(Payload):
    """The form of OAuth 2; what it names beyond these fields is ignored, as it asks."""

    model_config = ConfigDict(extra="ignore")

    grant_type: Literal["password"] = "password"
    username: str = Field(max_length=254, description="User name or e-mail address.")
    password: SecretStr = Field(max_length=PASSWORD_MAX)
    client: ClientKind = Field(
        default=ClientKind.api,
        description="`browser` keeps the refresh token in a cookie.",
    )


class Token(SQLModel):
    access_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 - the OAuth 2 scheme name
    expires_in: int = Field(description="Seconds until the access token expires.")
    refresh_token: str | None = Field(
        default=None, description="Absent for browsers, which get a cookie."
    )


class RefreshRequest(Payload):
    refresh_token: SecretStr | None = None
    """Only for clients that are no browser."""


class AuthSession(Record, table=True):
    """A signed-in browser or client: one family of rotating refresh tokens.

    Only digests of the newest token and of the one before it are kept. The one
    before is good for a few seconds more, for two tabs that refresh at once; used
    later it means that a copy is about, and the family ends.
    """

    __tablename__ = "auth_sessions"

    user_id: UUID = Field(foreign_key="users.id", index=True, ondelete="CASCADE")
    client: ClientKind = Field(sa_type=enum_text(ClientKind))
    user_agent: str = Field(default="", max_length=300)
    token_digest: str = Field(max_length=64, unique=True)
    previous_digest: str | None = Field(default=None, max_length=64, index=True)
    rotated_at: datetime
    last_used_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None
