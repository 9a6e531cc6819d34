"""What the API takes and gives of releases."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from roster.core.model import Payload
from roster.core.text import DisplayText
from roster.users.models import UserRef

Notes = Annotated[DisplayText, StringConstraints(max_length=10_000)]


class ReleaseCreate(Payload):
    notes: Notes = ""


class ReleaseSummary(BaseModel):
    number: int
    digest: str = Field(description="Of the lock: sha256 over its bytes.")
    entry_count: int
    notes: str
    author: UserRef
    created_at: datetime


class ReleaseEntryPublic(BaseModel):
    """One line of a lock, and what became of its component since."""

    component_id: UUID
    kind: str = Field(examples=["agent"])
    team: str = Field(description="As it was called then.", examples=["platform"])
    name: str = Field(description="As it was called then.")
    identifier: str = Field(examples=["roster:agent:platform/reviewer@3"])
    number: int
    digest: str
    shadowed: bool = Field(
        description="An entry further up has the same kind and name, and goes first."
    )
    reference: str = Field(
        description="What the component is called now.",
        examples=["agent:platform/code-reviewer"],
    )
    yanked: bool
    deleted: bool


class ReleaseDetail(ReleaseSummary):
    entries: list[ReleaseEntryPublic]


class LockEntry(BaseModel):
    kind: str = Field(examples=["agent"])
    name: str = Field(examples=["platform/reviewer"])
    number: int
    digest: str
    shadowed: bool


class Lock(BaseModel):
    """What a lock holds; its bytes never change."""

    lock: int = Field(description="Version of this format.", examples=[1])
    entries: list[LockEntry]


class ChangedEntry(BaseModel):
    component_id: UUID
    kind: str
    team: str
    name: str


class AddedEntry(ChangedEntry):
    number: int


class RevisionNote(BaseModel):
    number: int
    message: str
    author: UserRef
    created_at: datetime


class UpdatedEntry(ChangedEntry):
    before: int = Field(description="Number of the revision in the older release.")
    after: int = Field(description="Number of the revision in the newer release.")
    revisions: list[RevisionNote] = Field(
        description="Those between, newest first, up to 20; none where it went back."
    )


class MovedEntry(ChangedEntry):
    before: int = Field(description="Its place in the older release, from 1.")
    after: int = Field(description="Its place in the newer release, from 1.")


class Changelog(BaseModel):
    against: int = Field(description="The older release; 0: everything is new.")
    number: int
    added: list[AddedEntry]
    removed: list[AddedEntry]
    updated: list[UpdatedEntry]
    moved: list[MovedEntry] = Field(
        description="The fewest entries whose moving explains the new order."
    )
