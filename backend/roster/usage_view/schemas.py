"""What the API gives of pulls."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from roster.core.model import Payload

MOST_DAYS = 365
DEFAULT_DAYS = 30
MANY = 100
Days = Annotated[
    int,
    Field(ge=1, le=MOST_DAYS, description="How far back to count, today included."),
]


class UsageQuery(Payload):
    days: Days = DEFAULT_DAYS


class ManyUsagesQuery(UsageQuery):
    id: list[UUID] = Field(
        min_length=1, max_length=MANY, description="Ids of components."
    )


class UsageLine(BaseModel):
    """Pulls by one kind of client, or for one target."""

    name: str = Field(examples=["git"])
    total: int
    pulls: list[int] = Field(description="For each day.")


class ReleaseUsage(BaseModel):
    collection_id: UUID
    collection: str = Field(examples=["platform/kit"])
    number: int = Field(description="Of the release.")
    total: int


class RevisionUsage(BaseModel):
    number: int
    total: int = Field(description="Alone, and in releases that you may see.")


class Usage(BaseModel):
    """How often something was pulled; days are those of UTC, oldest first."""

    days: list[date]
    pulls: list[int] = Field(description="For each day.")
    total: int
    clients: list[UsageLine] = Field(description="The most frequent first.")
    targets: list[UsageLine] = Field(
        description="Of whole releases; without a name: as they are stored."
    )
    releases: list[ReleaseUsage] = Field(
        description="The most frequent first; those alone that you may see."
    )


class ComponentUsage(Usage):
    revisions: list[RevisionUsage] = Field(description="The newest first.")


class ComponentPulls(BaseModel):
    component_id: UUID
    total: int
    pulls: list[int] = Field(description="For each day.")


class ManyUsages(BaseModel):
    days: list[date]
    items: list[ComponentPulls] = Field(
        description="Without those whose pulls you may not see."
    )
