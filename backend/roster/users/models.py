from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import MISSING, AfterValidator, EmailStr, SecretStr, StringConstraints
from sqlmodel import Field, SQLModel

from roster.core.model import Model, Payload, Record
from roster.core.names import Slug
from roster.core.text import DisplayText
from roster.core.topics import ALL, PERSON, Tells

PASSWORD_MIN, PASSWORD_MAX = 12, 1024
TOKEN_MAX = 200

# The part before the @ is case-sensitive by the letter of the standard and nowhere
# in practice; one person must not get two accounts by it.
Email = Annotated[
    EmailStr, StringConstraints(max_length=254), AfterValidator(str.lower)
]
Password = Annotated[SecretStr, Field(min_length=PASSWORD_MIN, max_length=PASSWORD_MAX)]
DisplayName = Annotated[
    DisplayText, StringConstraints(max_length=100, pattern=r"^[^\t\r\n]*$")
]


RIGHTS = frozenset({"is_active", "is_admin"})
NAMES = frozenset({"username", "display_name"})


class UserBase(SQLModel):
    username: str
    display_name: str = ""
    email: str


class UserCreate(Payload):
    username: Slug
    email: Email
    password: Password
    display_name: DisplayName = ""
    setup_code: SecretStr | None = None
    """Needed for the first account of an instance, which administers it."""
    invitation: SecretStr | None = Field(default=None, max_length=TOKEN_MAX)
    """The secret of an invitation's link, needed where only they let people in."""


class UserUpdate(Payload):
    display_name: DisplayName | MISSING = MISSING
    email: Email | MISSING = MISSING
    current_password: SecretStr | MISSING = Field(
        default=MISSING,
        max_length=PASSWORD_MAX,
        description="Needed together with `email`: who has it can reset the password.",
    )


class UserRef(SQLModel):
    """A person as others see them."""

    id: UUID
    username: str
    display_name: str


class User(Record, UserBase, table=True):
    __tablename__ = "users"
    __tells__ = (
        Tells({PERSON: "id"}, inserts=False, updates=RIGHTS),
        Tells(everyone=True, inserts=False, updates=NAMES),
    )

    username: str = Field(unique=True, max_length=40)
    email: str = Field(unique=True, max_length=254)
    password_hash: str
    is_admin: bool = False
    is_active: bool = True
    email_verified_at: datetime | None = None
    last_sign_in_at: datetime | None = None
    deactivated_at: datetime | None = None


class InstanceSetup(Model, table=True):
    """At most one row: who set the instance up. Its key decides a race."""

    __tablename__ = "instance_setup"
    __tells__ = ALL

    id: int = Field(
        default=1, primary_key=True, sa_column_kwargs={"autoincrement": False}
    )
    user_id: UUID = Field(foreign_key="users.id")
    created_at: datetime
