from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index
from sqlmodel import Field, Text

from roster.core.model import Model, Record, enum_text, utc_now
from roster.core.topics import NOTHING


class PromotionState(StrEnum):
    open = "open"
    applied = "applied"
    withdrawn = "withdrawn"


class Verdict(StrEnum):
    approve = "approve"
    object = "object"


class Promotion(Record, table=True):
    """A request to move a protected label. An applied one never changes again."""

    __tablename__ = "promotions"
    __tells__ = NOTHING
    __table_args__ = (
        ForeignKeyConstraint(
            ["component_id", "number"],
            ["revisions.component_id", "revisions.number"],
        ),
        Index(None, "component_id", "label", "id"),
        Index(None, "state", "id"),
    )

    component_id: UUID = Field(foreign_key="components.id")
    team_id: UUID = Field(foreign_key="teams.id", index=True)
    """Whose it was when this was opened: that team's approval, and no other's."""
    label: str = Field(max_length=64)
    number: int
    """The revision that the label is to point at."""
    from_number: int | None = None
    """Where the label pointed when this was opened, or changed last."""
    is_rollback: bool = False
    state: PromotionState = Field(
        default=PromotionState.open, sa_type=enum_text(PromotionState)
    )
    message: str = Field(default="", sa_type=Text)
    author_id: UUID = Field(foreign_key="users.id", index=True)
    ended_at: datetime | None = None
    ended_by: UUID | None = Field(default=None, foreign_key="users.id", index=True)
    version: int = 1


class PromotionApproval(Model, table=True):
    """What somebody said about moving the label from one revision to another.

    It counts only as long as the promotion is still about these two.
    """

    __tablename__ = "promotion_approvals"
    __tells__ = NOTHING

    promotion_id: UUID = Field(foreign_key="promotions.id", primary_key=True)
    user_id: UUID = Field(foreign_key="users.id", primary_key=True, index=True)
    verdict: Verdict = Field(sa_type=enum_text(Verdict))
    number: int
    from_number: int | None = None
    created_at: datetime = Field(default_factory=utc_now)


class PromotionComment(Record, table=True):
    __tablename__ = "promotion_comments"
    __tells__ = NOTHING

    promotion_id: UUID = Field(foreign_key="promotions.id", index=True)
    author_id: UUID = Field(foreign_key="users.id", index=True)
    body: str = Field(sa_type=Text)
