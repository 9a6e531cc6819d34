"""What registering, proving an address and resetting a password send and get."""

from typing import Annotated, Literal

from pydantic import SecretStr
from sqlmodel import Field, SQLModel

from roster.core.model import Payload
from roster.users.models import TOKEN_MAX, Email, Password

MailSecret = Annotated[SecretStr, Field(min_length=1, max_length=TOKEN_MAX)]


class Registered(SQLModel):
    username: str
    next: Literal["sign_in", "verify_email"] = Field(
        description="`verify_email`: the account is made when the link in the mail, "
        "which is on its way to the address, was opened."
    )


class EmailVerification(Payload):
    token: MailSecret = Field(description="What stands behind the `#` of the link.")


class EmailVerified(SQLModel):
    username: str


class PasswordResetRequest(Payload):
    email: Email


class PasswordResetAsked(SQLModel):
    email: str = Field(description="Where the link goes, if an account has it.")


class PasswordResetConfirmation(Payload):
    token: MailSecret = Field(description="What stands behind the `#` of the link.")
    new_password: Password
