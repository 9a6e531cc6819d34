"""What the account pages send and get: sessions, password, second factor."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import SecretStr, StringConstraints
from sqlmodel import Field, SQLModel

from roster.auth.models import ClientKind
from roster.core.model import Payload
from roster.users.models import PASSWORD_MAX, Password

AnyPassword = Annotated[SecretStr, Field(max_length=PASSWORD_MAX)]
Code = Annotated[str, StringConstraints(max_length=64)]


class SessionPublic(SQLModel):
    id: UUID
    current: bool = Field(description="Whether this request belongs to it.")
    client: ClientKind
    device: str = Field(description="Named after the user agent: `Firefox on Linux`.")
    user_agent: str
    address: str = Field(description="Where it was signed in from.")
    created_at: datetime
    last_used_at: datetime = Field(description="When its tokens were last renewed.")
    expires_at: datetime


class PasswordChange(Payload):
    current_password: AnyPassword
    new_password: Password


class PasswordReentry(Payload):
    """The password once more, before something that a stolen token must not do."""

    password: AnyPassword


class CodeEntry(Payload):
    code: Code = Field(description="Six digits, as the app of the phone shows them.")


class FactorsPublic(SQLModel):
    totp_confirmed_at: datetime | None = Field(
        description="Since when signing in needs a code; null: it does not."
    )
    recovery_codes_left: int


class TotpSetup(SQLModel):
    secret: str = Field(description="For typing it into an app by hand.")
    uri: str = Field(description="What the picture says, as an `otpauth:` address.")
    qr_svg: str = Field(description="An `<svg>` element for an app to look at.")


class RecoveryCodes(SQLModel):
    recovery_codes: list[str] = Field(
        description="Each stands in for the second factor once. Shown only now."
    )
