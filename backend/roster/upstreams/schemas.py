"""What the API takes and gives."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import (
    MISSING,
    BaseModel,
    Field,
    SecretStr,
    StringConstraints,
    model_validator,
)

from roster.components.lifecycle_schemas import FileMerge
from roster.components.merging import MergeConflict
from roster.components.schemas import Digest, FileText, Message
from roster.core.model import Payload
from roster.core.names import Slug
from roster.core.paging import Count, PageQuery
from roster.jobs.refs import JobRef
from roster.repositories.models import CheckOutcome, Every, UpstreamState
from roster.teams.models import TeamRef

TOKEN_LENGTH = 1000
URL = "https://git.example.org/platform/agents.git"
COMMIT = "3f786850e387550fdab836ed7e6dc881de23001b"

GitRef = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, max_length=200, pattern=r"^[^\s~^:?*\\]*$"
    ),
]
"""A branch, a tag or a commit; empty: the branch that the repository points at."""
Token = Annotated[SecretStr, Field(min_length=1, max_length=TOKEN_LENGTH)]


class RepositoryQuery(PageQuery):
    """The newest first."""

    team: Slug | None = Field(
        default=None, description="Of this team.", examples=["platform"]
    )
    count: Count = False


class RepositoryPublic(BaseModel):
    id: UUID
    team: TeamRef
    url: str = Field(examples=[URL])
    ref: str = Field(description="Empty: the branch that it points at itself.")
    folder: str = Field(description="Only what stands in it; empty: all.")
    has_token: bool = Field(description="Whether it is fetched with a token.")
    every: Every = Field(description="How often it is checked by itself.")
    next_check_at: datetime | None
    checked_at: datetime | None
    commit: str = Field(
        description="The one that was compared last; empty before.", examples=[COMMIT]
    )
    outcome: CheckOutcome | None = Field(description="Of the last check.")
    error: str = Field(description="Why the last check failed.")
    job: JobRef | None = Field(description="The newest check.")
    components: int = Field(description="How many come from it.")
    updates: int = Field(description="How many can be updated, and are not pinned.")
    pinned: int
    created_at: datetime
    etag: str = Field(examples=['"v7"'], description="Send it as `If-Match`.")


class RepositoryUpdate(Payload):
    """Fields to change; those that are absent stay as they are."""

    every: Every | MISSING = MISSING
    ref: GitRef | MISSING = Field(
        default=MISSING, description="Empty: the branch that it points at itself."
    )
    token: Token | MISSING | None = Field(
        default=MISSING,
        description="What it is fetched with, never shown again. Null removes it.",
    )

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.model_fields_set:
            message = "Name what is to change: every, ref or token."
            raise ValueError(message)
        return self


class RepositoryRef(BaseModel):
    id: UUID
    url: str = Field(examples=[URL])
    ref: str
    folder: str


class UpstreamUpdateFound(BaseModel):
    """What a component can be updated to."""

    commit: str = Field(examples=[COMMIT])
    digest: str
    found_at: datetime


class UpstreamPublic(BaseModel):
    """Where in a repository a component comes from."""

    repository: RepositoryRef
    path: str = Field(examples=["agents/reviewer.md"])
    commit: str = Field(description="The one it was taken from.", examples=[COMMIT])
    number: int = Field(description="The revision that this made.")
    is_pinned: bool = Field(description="Whether it stays as it is.")
    state: UpstreamState = Field(description="gone: it is not there any more.")
    checked_at: datetime
    has_local_changes: bool = Field(
        description="Whether it was changed here since it was taken."
    )
    update: UpstreamUpdateFound | None
    etag: str = Field(examples=['"v2"'], description="Send it as `If-Match`.")


class UpstreamChange(Payload):
    is_pinned: bool


class UpstreamMerge(BaseModel):
    """What comes of a component and of an update of it.

    The update is shown as it would be stored: repaired if that was taken before, under
    the name of the component, and without the secrets that were moved out of it.
    """

    number: int = Field(description="The revision that was taken last.")
    latest_number: int
    latest_digest: str = Field(description="Send both digests to update.")
    update_digest: str
    commit: str = Field(examples=[COMMIT])
    base: str
    mine: str
    theirs: str
    merged: str = Field(description="Where both changed the same lines, mine stand.")
    conflicts: list[MergeConflict]
    files: list[FileMerge]
    clean: bool = Field(description="Whether nothing is left to decide.")
    objection: str | None = Field(
        description="Why it cannot be taken as it is, such as a secret in it."
    )


class UpstreamUpdateWrite(Payload):
    latest_digest: Digest = Field(description="Of the revision that was merged.")
    update_digest: Digest = Field(description="Of the update that was merged.")
    content: FileText | None = Field(
        default=None,
        description="The main file as it was merged; needed where it is not clean.",
    )
    theirs: list[Annotated[str, Field(max_length=512)]] = Field(
        default=[],
        max_length=1000,
        description="Paths that both changed, and of which theirs is taken.",
    )
    message: Message = ""
