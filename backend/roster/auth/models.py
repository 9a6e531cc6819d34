from datetime import datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID, uuid4

from pydantic import ConfigDict, SecretStr
from sqlalchemy import BigInteger
from sqlmodel import JSON, Field, SQLModel

from roster.core.model import Payload, Record, enum_text
from roster.core.topics import NOTHING, PERSON, SESSION, TOKEN, Tells
from roster.users.models import PASSWORD_MAX

UNKNOWN_DEVICE = "Unknown device"


class ClientKind(StrEnum):
    """Where a session's refresh token lives: a cookie, or with the client."""

    browser = "browser"
    api = "api"


class EndReason(StrEnum):
    """Why a session ended."""

    signed_out = "signed_out"
    revoked = "revoked"
    reused = "reused"
    password = "password"  # noqa: S105 - it was changed
    deactivated = "deactivated"


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
    otp: SecretStr | None = Field(
        default=None,
        max_length=64,
        description="A code of the second factor, or a recovery code.",
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


ENDS = frozenset({"ended_at", "expires_at"})
VALIDITY = frozenset({"jti", "scopes", "team_ids", "expires_at", "revoked_at"})
COUNTS = frozenset({"confirmed_at"})


class AuthSession(Record, table=True):
    """A signed-in browser or client: one family of rotating refresh tokens.

    Only digests of the newest token and of the one before it are kept. The one
    before is good for a few seconds more, for two tabs that refresh at once; used
    later it means that a copy is about, and the family ends.
    """

    __tablename__ = "auth_sessions"
    __tells__ = (Tells({SESSION: "id"}, inserts=False, updates=ENDS, deletes=False),)

    user_id: UUID = Field(foreign_key="users.id", index=True, ondelete="CASCADE")
    client: ClientKind = Field(sa_type=enum_text(ClientKind))
    user_agent: str = Field(default="", max_length=300)
    device: str = Field(default=UNKNOWN_DEVICE, max_length=100)
    """What it is called, after the user agent."""
    address: str = Field(default="", max_length=64)
    token_digest: str = Field(max_length=64, unique=True)
    previous_digest: str | None = Field(default=None, max_length=64, index=True)
    rotated_at: datetime
    last_used_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None
    end_reason: EndReason | None = Field(default=None, sa_type=enum_text(EndReason))


class ApiToken(Record, table=True):
    """A JWT that a person made for a client. Of the token only its id is kept."""

    __tablename__ = "api_tokens"
    __tells__ = (Tells({TOKEN: "id"}, inserts=False, updates=VALIDITY),)

    user_id: UUID = Field(foreign_key="users.id", index=True, ondelete="CASCADE")
    name: str = Field(max_length=100)
    scopes: list[str] = Field(sa_type=JSON)
    team_ids: list[str] | None = Field(default=None, sa_type=JSON(none_as_null=True))
    """The only teams that it reaches; None: all of its maker's."""
    jti: UUID = Field(default_factory=uuid4, unique=True)
    """Id of the JWT that works; another one after it was rotated."""
    ending: str = Field(default="", max_length=4)
    """How that JWT ends, for people to know it by."""
    lifetime_days: int | None = None
    """How long it lasts from when it was made or rotated; None: without end."""
    expires_at: datetime | None = None
    last_used_at: datetime | None = None
    """Exact to an hour."""
    warned_at: datetime | None = None
    """When its maker was told that it expires soon."""
    revoked_at: datetime | None = None


class DeviceState(StrEnum):
    """What became of a wish to be signed in; that its time is over, its row tells."""

    pending = "pending"
    approved = "approved"
    denied = "denied"
    used = "used"


class DeviceGrant(Record, table=True):
    """A client without a browser that waits for a person to let it in: RFC 8628."""

    __tablename__ = "device_grants"
    __tells__ = NOTHING

    device_digest: str = Field(max_length=64, unique=True)
    user_digest: str = Field(max_length=64, unique=True)
    """Of the short code, with a key: without one it could be searched for."""
    state: DeviceState = Field(
        default=DeviceState.pending, sa_type=enum_text(DeviceState)
    )
    scopes: list[str] = Field(sa_type=JSON)
    """Those that it asks for; once it is approved, those that it gets."""
    client_name: str = Field(max_length=100)
    """What it says that it is."""
    user_agent: str = Field(default="", max_length=300)
    device: str = Field(default=UNKNOWN_DEVICE, max_length=100)
    address: str = Field(default="", max_length=64)
    interval: int
    """Seconds that it has to wait before it asks again."""
    polled_at: datetime | None = None
    expires_at: datetime = Field(index=True)
    user_id: UUID | None = Field(
        default=None, foreign_key="users.id", index=True, ondelete="CASCADE"
    )
    """Who decided."""
    team_ids: list[str] | None = Field(default=None, sa_type=JSON(none_as_null=True))
    """The only teams that its token will reach; None: all of that person's."""
    lifetime_days: int | None = None
    """How long its token will last; None: without end."""


class MailPurpose(StrEnum):
    """What a link in a mail is good for."""

    verify_email = "verify_email"
    reset_password = "reset_password"  # noqa: S105 - a purpose, no password
    register = "register"


class MailToken(Record, table=True):
    """The one-time secret of a link in a mail, as a digest."""

    __tablename__ = "mail_tokens"
    __tells__ = NOTHING

    user_id: UUID | None = Field(
        default=None, foreign_key="users.id", index=True, ondelete="CASCADE"
    )
    purpose: MailPurpose = Field(sa_type=enum_text(MailPurpose))
    email: str = Field(max_length=254)
    """The address that it was sent to."""
    digest: str = Field(max_length=64, unique=True)
    expires_at: datetime
    used_at: datetime | None = None


class PendingRegistration(Record, table=True):
    """An account that waits until its address is proved, where mail is set up."""

    __tablename__ = "pending_registrations"
    __tells__ = NOTHING

    username: str = Field(max_length=40, unique=True)
    email: str = Field(max_length=254, index=True)
    display_name: str = ""
    password_hash: str
    invitation_id: UUID | None = None
    token_id: UUID | None = Field(
        default=None, foreign_key="mail_tokens.id", index=True, ondelete="SET NULL"
    )
    expires_at: datetime = Field(index=True)


class TotpFactor(Record, table=True):
    """A person's second factor; it counts once it was confirmed with a code."""

    __tablename__ = "totp_factors"
    __tells__ = (Tells({PERSON: "user_id"}, updates=COUNTS),)

    user_id: UUID = Field(foreign_key="users.id", unique=True, ondelete="CASCADE")
    secret: str = Field(max_length=300)
    """Encrypted."""
    confirmed_at: datetime | None = None
    last_step: int | None = Field(default=None, sa_type=BigInteger)
    """Time step of the newest code that was used: none is good twice."""


class RecoveryCode(Record, table=True):
    """Stands in for the second factor once. Kept as a digest."""

    __tablename__ = "recovery_codes"
    __tells__ = NOTHING

    user_id: UUID = Field(foreign_key="users.id", index=True, ondelete="CASCADE")
    digest: str = Field(max_length=64)
    used_at: datetime | None = None
