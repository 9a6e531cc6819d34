"""What the API takes and gives of promotions."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import MISSING, BaseModel, Field, StringConstraints, model_validator

from roster.components.schemas import LabelPublic, Message, Number
from roster.core.errors import Problem
from roster.core.model import Payload
from roster.core.names import ComponentName, LabelName, Slug
from roster.core.paging import Count, PageQuery
from roster.core.text import DisplayText
from roster.promotions.models import PromotionState, Verdict
from roster.teams.models import TeamRef
from roster.teams.policy_schemas import LabelPolicyPublic, Requirement
from roster.users.models import UserRef

COMMENT_LENGTH = 10_000
COMMENTS = 200
"""The most that one promotion takes."""

CommentBody = Annotated[
    DisplayText, StringConstraints(min_length=1, max_length=COMMENT_LENGTH)
]


class PromotionCreate(Payload):
    label: LabelName = Field(examples=["production"])
    number: Number = Field(description="The revision that it is to point at.")
    message: Message = ""


class PromotionUpdate(Payload):
    """Fields to change; those that are absent stay as they are."""

    number: Number | MISSING = Field(
        default=MISSING, description="Another revision; all approvals lapse."
    )
    message: Message | MISSING = MISSING

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.model_fields_set:
            message = "Name the number or the message that is to change."
            raise ValueError(message)
        return self


class CommentCreate(Payload):
    body: CommentBody = Field(description="Markdown.")


class Rollback(Payload):
    message: Message = Field(default="", description="Why.")


class PromotionQuery(PageQuery):
    """Newest first."""

    state: PromotionState | None = Field(default=None, description="Its state.")
    team: Slug | None = Field(
        default=None, description="Of components of this team.", examples=["platform"]
    )
    component: UUID | None = Field(default=None, description="Of this component.")
    label: ComponentName | None = Field(
        default=None, description="Of this label.", examples=["production"]
    )
    mine: bool = Field(default=False, description="Only those that you opened.")
    needs_me: bool = Field(
        default=False,
        description="Only those that still need an approval, which you may give.",
    )
    count: Count = False


class CheckState(StrEnum):
    passed = "passed"
    failed = "failed"


class Check(BaseModel):
    name: Requirement
    state: CheckState
    detail: str = Field(examples=["The checks of the file found 2 errors."])


class Obstacle(StrEnum):
    """Why a label cannot move yet."""

    frozen = "frozen"
    check_failed = "check_failed"
    approvals_missing = "approvals_missing"
    objection = "objection"
    already_there = "already_there"


class Blocker(BaseModel):
    code: Obstacle
    detail: str


class Voice(BaseModel):
    """What a member said about moving the label from one revision to another."""

    user: UserRef
    verdict: Verdict
    number: int
    from_number: int | None
    at: datetime
    lapsed: str | None = Field(
        description="Why it does not count any more; null while it does."
    )


class CommentPublic(BaseModel):
    id: UUID
    author: UserRef
    body: str = Field(description="Markdown.")
    created_at: datetime


class Permission(BaseModel):
    """Whether the caller may do something, and if not, why."""

    allowed: bool
    reason: str | None = None

    @classmethod
    def of(cls, problem: Problem | None) -> Self:
        return cls(allowed=problem is None, reason=problem.detail if problem else None)


class PromotionPermissions(BaseModel):
    approve: Permission
    object: Permission
    comment: Permission
    change: Permission
    apply: Permission
    withdraw: Permission


class ComponentRef(BaseModel):
    id: UUID
    kind: str = Field(examples=["agent"])
    team: TeamRef
    name: str
    reference: str = Field(examples=["agent:platform/reviewer"])


class PromotionPublic(BaseModel):
    id: UUID
    component: ComponentRef
    label: str = Field(examples=["production"])
    number: int = Field(description="Where the label is to point.")
    from_number: int | None = Field(
        description="Where it points now, or pointed when this ended; null: nowhere."
    )
    is_rollback: bool
    state: PromotionState
    message: str
    author: UserRef
    created_at: datetime
    ended_at: datetime | None
    ended_by: UserRef | None
    approvals: int = Field(description="Those that count.")
    approvals_needed: int
    objections: int = Field(description="Those that stand.")
    etag: str = Field(examples=['"v2.1"'], description="Send it as `If-Match`.")


class PromotionDetail(PromotionPublic):
    diff: str | None = Field(
        description="Where the two revisions are compared; null without a first one.",
        examples=["/api/v1/components/{id}/revisions/3/diff?against=2"],
    )
    policy: LabelPolicyPublic | None = Field(
        description="How the label is protected; null: it is not."
    )
    checks: list[Check]
    member: bool = Field(
        description="Whether you are a member of the team: only members see the "
        "discussion."
    )
    voices: list[Voice] = Field(
        description="Who approved and who objected; for members of the team. It is "
        "empty for others, who see how many."
    )
    comments: list[CommentPublic] = Field(
        description="For members of the team; empty for others."
    )
    blockers: list[Blocker] = Field(
        description="What stands in the way of applying it, for the caller."
    )
    permissions: PromotionPermissions


class RollbackResult(BaseModel):
    label: LabelPublic | None = Field(
        description="The label as it points now; null: it points nowhere."
    )
    promotion: PromotionPublic | None = Field(
        description="What was opened for it, if the label is protected."
    )
