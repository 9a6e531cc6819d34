from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints
from sqlmodel import SQLModel

from roster.core.names import Slug
from roster.core.paging import PageQuery
from roster.core.text import DisplayText
from roster.core.times import Time


class AuditQuery(PageQuery):
    team: Slug | None = Field(
        default=None,
        description="Only of this team; for its owners and administrators.",
    )
    actor: Slug | None = Field(
        default=None, description="Only by this person; `me` is who asks."
    )
    action: (
        Annotated[
            str, StringConstraints(max_length=64, pattern=r"^[a-z_]+(\.[a-z_]+)?$")
        ]
        | None
    ) = Field(
        default=None,
        description="`team.renamed`, or the thing alone for all that happened to such.",
    )
    target: Annotated[DisplayText, StringConstraints(max_length=300)] | None = Field(
        default=None, description="Only what happened to this id or this name."
    )
    since: Time | None = Field(default=None, description="Not before this time.")
    until: Time | None = Field(default=None, description="Before this time.")


class AuditActor(SQLModel):
    id: UUID
    username: str = Field(description="As it was then.")


class AuditTarget(SQLModel):
    kind: str
    id: UUID | None
    name: str = Field(description="As it was then.")


class AuditEventPublic(SQLModel):
    """Who did what to what, when, from where."""

    id: UUID
    created_at: datetime
    action: str
    actor: AuditActor | None = Field(
        description="Null where nobody was signed in, or Roster did it by itself."
    )
    token_id: UUID | None = Field(description="The API token that was used.")
    session_id: UUID | None
    team_id: UUID | None
    target: AuditTarget
    address: str
    request_id: str
    details: dict[str, Any]
    seq: int | None = Field(
        description="Its place in the chain; null until it was sealed."
    )
