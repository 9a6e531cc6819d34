"""What the API takes and gives about the life of a component and its drafts."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from roster.components.merging import MergeConflict
from roster.components.schemas import (
    ComponentPublic,
    FileText,
    Message,
    RevisionSummary,
)
from roster.core.model import Payload
from roster.core.names import ComponentName, Slug
from roster.core.text import DisplayText
from roster.teams.models import Visibility
from roster.users.models import UserRef

REFERENCE = r"^[a-z]{1,32}:[a-z0-9-]{1,40}/[a-z0-9-]{1,64}$"

Reason = Annotated[DisplayText, StringConstraints(min_length=1, max_length=500)]
ReferenceText = Annotated[
    str,
    StringConstraints(pattern=REFERENCE),
    Field(examples=["agent:platform/critic"]),
]


def _example(**fields: Any) -> ConfigDict:
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [fields]})


class ComponentBegin(Payload):
    """A component that is not published yet; a draft of it is yours."""

    model_config = _example(kind="agent", team="platform", name="reviewer")

    kind: str = Field(max_length=32)
    team: Slug = Field(description="Slug of the team that owns it.")
    name: ComponentName
    content: FileText | None = Field(
        default=None, description="The draft; without it, an empty file of this name."
    )
    visibility: Visibility = Visibility.private


class DraftPublish(Payload):
    model_config = _example(message="Say what to look at first")

    message: Message = ""


class DraftSummary(BaseModel):
    """One of the caller's drafts."""

    component: ComponentPublic
    base_number: int = Field(description="0 where it is based on nothing.")
    behind: int = Field(
        description="How many revisions were published since that are not yanked."
    )
    updated_at: datetime
    etag: str = Field(examples=['"d3"'])


class Side(StrEnum):
    mine = "mine"
    theirs = "theirs"


class FileMerge(BaseModel):
    """A file beside the main one that the two sides do not both have alike.

    Each digest is null where that side has no such file.
    """

    path: str = Field(examples=["scripts/check.py"])
    base: str | None
    mine: str | None
    theirs: str | None
    side: Side | None = Field(
        description="The side that changed it; null where both did: choose one."
    )


class DraftMerge(BaseModel):
    """What comes of a draft and of what was published since it was begun."""

    base_number: int
    latest_number: int
    latest_digest: str = Field(description="Save the merged draft with this base.")
    base: str
    mine: str
    theirs: str
    merged: str = Field(description="Where both changed the same lines, mine stand.")
    conflicts: list[MergeConflict]
    files: list[FileMerge]
    clean: bool = Field(description="Whether nothing is left to decide.")


class MergeWrite(Payload):
    model_config = _example(
        content="---\nname: reviewer\n---\n", latest_digest="0" * 64, theirs=[]
    )

    content: FileText = Field(description="The main file as it was merged.")
    latest_digest: Annotated[
        str,
        StringConstraints(pattern=r"^[0-9a-f]{64}$"),
        Field(description="Of the revision that was merged into it."),
    ]
    theirs: list[Annotated[str, Field(max_length=512)]] = Field(
        default=[],
        max_length=1000,
        description="Paths that both changed, and of which theirs is taken.",
    )


class YankCreate(Payload):
    model_config = _example(reason="It deletes files without asking.")

    reason: Reason


class RestoreCreate(Payload):
    model_config = _example(message="Back to what worked")

    message: Message = ""


class DeprecationWrite(Payload):
    model_config = _example(
        message="Use critic, which also reads tests.", successor="agent:platform/critic"
    )

    message: Reason
    successor: ReferenceText | None = None


class RenameCreate(Payload):
    model_config = _example(name="critic")

    name: ComponentName
    publish: bool = Field(
        default=True,
        description="Whether to publish a revision whose file says the new name too.",
    )
    message: Message = ""


class TransferCreate(Payload):
    model_config = _example(team="platform")

    team: Slug = Field(description="Slug of the team that is to own it.")


class State(StrEnum):
    live = "live"
    renamed = "renamed"
    """Under a former name of it, or of its team."""
    yanked = "yanked"
    tombstone = "tombstone"


class Tombstone(BaseModel):
    """What is left to know of something deleted."""

    deleted_at: datetime
    deleted_by: UserRef
    reason: str | None
    digest: str | None = Field(description="Of the revision that was referred to.")
    licence: str | None


class Resolved(BaseModel):
    """What a reference leads to."""

    state: State
    id: UUID
    reference: str = Field(
        description="As it is called now.", examples=["agent:platform/reviewer"]
    )
    identifier: str | None = Field(
        description="Of the revision, for ever; null where there is none.",
        examples=["roster:agent:platform/reviewer@3"],
    )
    component: ComponentPublic | None
    revision: RevisionSummary | None
    tombstone: Tombstone | None
