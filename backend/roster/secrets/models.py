from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import SecretStr, StringConstraints
from sqlmodel import Field, SQLModel, Text, UniqueConstraint

from roster.core.model import Payload, Record
from roster.core.topics import COMPONENT, Tells
from roster.users.models import UserRef

KEY_PATTERN = r"^[A-Za-z_][A-Za-z0-9_]*$"
KEY_LENGTH = 128
VALUE_LENGTH = 10_000


class Secret(Record, table=True):
    """A value of a server's configuration that no answer shows.

    It is good only as long as the server's target is the one it was given for.
    """

    __tablename__ = "secrets"
    __tells__ = (Tells({COMPONENT: "component_id"}),)
    __table_args__ = (UniqueConstraint("component_id", "key"),)

    component_id: UUID = Field(foreign_key="components.id", ondelete="CASCADE")
    key: str = Field(max_length=200)
    """Name of the variable that the configuration refers to."""
    sealed: str = Field(sa_type=Text)
    target_digest: str = Field(max_length=64)
    """Of the target it was given for, within its team: see `sealing.bound_to`."""
    written_by: UUID = Field(foreign_key="users.id", index=True)
    version: int = 1


class SecretState(StrEnum):
    """Whether a secret is for what its server starts, or calls, now."""

    attached = "attached"
    detached = "detached"


class SecretPublic(SQLModel):
    key: str = Field(description="The variable: `${KEY}` in the configuration.")
    state: SecretState = Field(
        description=(
            "detached: the command or address of the server was changed since, so "
            "that nothing gets the value until an owner writes it again."
        )
    )
    etag: str = Field(description="Send it as If-Match to replace or remove it.")
    written_by: UserRef
    created_at: datetime
    updated_at: datetime = Field(description="When the value was last written.")


class SecretList(SQLModel):
    items: list[SecretPublic]


class SecretWrite(Payload):
    value: Annotated[SecretStr, Field(min_length=1, max_length=VALUE_LENGTH)]


Reason = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=3, max_length=500)
]


class RevealRequest(Payload):
    reason: Reason = Field(
        description="What you need it for; owners read it in the audit."
    )


class SecretRevealed(SQLModel):
    key: str
    value: str
