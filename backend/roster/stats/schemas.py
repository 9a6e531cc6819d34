from datetime import date, datetime
from uuid import UUID

from pydantic import Field
from sqlmodel import SQLModel

from roster.core.model import Payload
from roster.core.names import Slug
from roster.live.schemas import LiveEvent
from roster.teams.models import Role, TeamRef

MOST_DAYS = 365
DEFAULT_DAYS = 30


class StatsQuery(Payload):
    team: Slug | None = Field(
        default=None,
        description="Only what belongs to this team, of which you are a member.",
        examples=["platform"],
    )
    days: int = Field(
        default=DEFAULT_DAYS,
        ge=1,
        le=MOST_DAYS,
        description="How far back to count, today included.",
    )


class ComponentAtHand(SQLModel):
    """A component that waits for somebody."""

    id: UUID
    kind: str = Field(examples=["agent"])
    team: str
    name: str
    reference: str = Field(examples=["agent:platform/reviewer"])


class ComponentWithErrors(ComponentAtHand):
    errors: int


class OwnDraft(ComponentAtHand):
    updated_at: datetime


class ApprovalAtHand(SQLModel):
    """A promotion that waits for an approval, which you may give."""

    id: UUID
    component: ComponentAtHand
    label: str
    number: int
    author: str = Field(description="User name of who opened it.", examples=["grace"])


class Approvals(SQLModel):
    count: int
    first: list[ApprovalAtHand]


class Errors(SQLModel):
    count: int = Field(description="Components, however many errors each has.")
    first: list[ComponentWithErrors]


class Drafts(SQLModel):
    count: int
    first: list[OwnDraft]


class Updates(SQLModel):
    count: int = Field(description="Components, without those that are pinned.")
    first: list[ComponentAtHand]


class NeedsMe(SQLModel):
    """What waits for you, and the first few of each."""

    approvals: Approvals
    errors: Errors = Field(description="In what you may edit.")
    drafts: Drafts = Field(description="Your own, not published yet.")
    updates: Updates = Field(description="From repositories, for what you may edit.")


class OwnFigures(SQLModel):
    components: int = Field(description="That you made, and may still see.")
    revisions: int = Field(description="That you published in this time.")


class TeamFigures(SQLModel):
    team: TeamRef
    role: Role
    members: int
    components: int
    errors: int = Field(description="Components with errors.")
    revisions: int = Field(description="Published in this time.")


class Series(SQLModel):
    """For each day, oldest first, how many; days are those of UTC."""

    days: list[date]
    revisions: list[int] = Field(description="Revisions that were published.")
    components: list[int] = Field(description="Components that were made.")
    moves: list[int] = Field(description="Labels that were moved.")
    imports: list[int] = Field(description="Imports that were applied.")
    pulls: list[int] = Field(
        description="Of releases and components of teams that you are a member of."
    )


class Stats(SQLModel):
    """Figures of what you may see; what you may not see changes none of them."""

    needs_me: NeedsMe
    kinds: dict[str, int] = Field(
        description="Published components, by their kind.", examples=[{"agent": 3}]
    )
    mine: OwnFigures
    teams: list[TeamFigures] = Field(description="Those that you are a member of.")
    series: Series
    activity: list[LiveEvent] = Field(description="What happened last, newest first.")
