from uuid import UUID

from sqlmodel import Field, Text, UniqueConstraint

from roster.core.model import Record


class Secret(Record, table=True):
    """A value of a server's configuration that no answer shows.

    It is good only as long as the server's target is the one it was given for.
    """

    __tablename__ = "secrets"
    __table_args__ = (UniqueConstraint("component_id", "key"),)

    component_id: UUID = Field(foreign_key="components.id", ondelete="CASCADE")
    key: str = Field(max_length=200)
    """Name of the variable that the configuration refers to."""
    sealed: str = Field(sa_type=Text)
    target_digest: str = Field(max_length=64)
    written_by: UUID = Field(foreign_key="users.id", index=True)
    version: int = 1
