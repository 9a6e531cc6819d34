"""What the API takes and gives of collections and their entries."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import MISSING, BaseModel, Field, StringConstraints, model_validator

from roster.components.schemas import Number, Permissions
from roster.core.model import Payload
from roster.core.names import ComponentName, LabelName, Slug
from roster.core.text import DisplayText
from roster.teams.models import TeamRef, Visibility

ENTRIES = 1000
LATEST = "latest"

Title = Annotated[
    DisplayText, StringConstraints(max_length=100, pattern=r"^[^\t\r\n]*$")
]
Description = Annotated[DisplayText, StringConstraints(max_length=10_000)]
Reference = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9-]+:[a-z0-9-]+/[a-z0-9-]+$",
        max_length=150,
        examples=["agent:platform/reviewer"],
    ),
]


class EntryState(StrEnum):
    ok = "ok"
    unresolved = "unresolved"
    yanked = "yanked"
    deleted = "deleted"
    hidden = "hidden"


class CollectionCreate(Payload):
    team: Slug = Field(description="Slug of the team that owns it.")
    name: ComponentName
    title: Title = ""
    description: Description = ""
    visibility: Visibility = Visibility.private


class CollectionUpdate(Payload):
    """Fields to change; those that are absent stay as they are."""

    title: Title | MISSING = MISSING
    description: Description | MISSING = MISSING
    visibility: Visibility | MISSING = MISSING


class CollectionRename(Payload):
    name: ComponentName = Field(description="The old one leads here for ever.")


class CollectionCopy(Payload):
    team: Slug = Field(description="Slug of the team that is to own the copy.")
    name: ComponentName
    title: Title = ""
    visibility: Visibility = Visibility.private


class Follow(Payload):
    """What an entry follows: a label, or one revision for good."""

    label: LabelName | None = Field(
        default=None, description="Label to follow; `latest` if nothing is given."
    )
    number: Number | None = Field(default=None, description="Revision to stay at.")

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if self.label is not None and self.number is not None:
            message = "give a label or a number, not both."
            raise ValueError(message)
        return self

    @property
    def followed(self) -> str | None:
        return self.label or (LATEST if self.number is None else None)


class EntryWrite(Follow):
    component_id: UUID | None = None
    reference: Reference | None = None

    @model_validator(mode="after")
    def _one_component(self) -> Self:
        if (self.component_id is None) is (self.reference is None):
            message = "name the component by its component_id or by its reference."
            raise ValueError(message)
        return self


class EntriesWrite(Payload):
    entries: list[EntryWrite] = Field(max_length=ENTRIES)


class EntriesAdd(Payload):
    entries: list[EntryWrite] = Field(min_length=1, max_length=ENTRIES)


class EntryMove(Payload):
    before: UUID | None = Field(
        description="Component of the entry that it goes in front of; null: the end."
    )


class EntryRevision(BaseModel):
    number: int
    digest: str


class EntryPublic(BaseModel):
    component_id: UUID
    kind: str = Field(examples=["agent"])
    team: str = Field(examples=["platform"])
    name: str
    reference: str = Field(examples=["agent:platform/reviewer"])
    description: str
    label: str | None = Field(description="The label that it follows.")
    number: int | None = Field(description="The revision that it stays at.")
    latest_number: int
    state: EntryState = Field(
        description=(
            "`unresolved`: there is no such label. `hidden`: fewer people may see it "
            "than the collection, so it is left out for them, and of releases."
        )
    )
    revision: EntryRevision | None = Field(description="What it stands for now.")
    yank_reason: str | None
    deprecated: bool
    deprecation_message: str | None
    shadowed_by: UUID | None = Field(
        description=(
            "Component of the entry further up that has the same kind and name, and "
            "goes first."
        )
    )
    description_tokens: int = Field(
        description="What its description costs in each session."
    )


class Clash(BaseModel):
    """Entries of one kind with one name: the topmost wins."""

    kind: str
    name: str
    winner: UUID
    shadowed: list[UUID]


class CollectionPublic(BaseModel):
    id: UUID
    team: TeamRef
    name: str
    reference: str = Field(examples=["platform/backend-kit"])
    title: str
    description: str
    visibility: Visibility
    etag: str = Field(examples=['"v7"'], description="Send it as `If-Match`.")
    entry_count: int
    latest_release: int | None = Field(description="Number of the newest release.")
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None
    deleted_at: datetime | None
    permissions: Permissions


class CollectionDetail(CollectionPublic):
    entries: list[EntryPublic] = Field(description="The topmost goes first.")
    clashes: list[Clash]
    description_tokens: int = Field(
        description="What the descriptions of all that is in force cost together."
    )


class EntriesAdded(BaseModel):
    added: list[UUID] = Field(description="Components that were not there before.")
    collection: CollectionDetail
