"""What the API takes and gives of a team's policy."""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, StringConstraints
from sqlmodel import Field, SQLModel

from roster.core.caching import version_tag
from roster.core.model import Payload
from roster.core.text import DisplayText
from roster.teams.models import LabelPolicy, Role

APPROVALS_MAX = 5
EXAMPLE_POLICY = {
    "who_may_move": "editor",
    "approvals": 2,
    "checks": ["no_errors", "licence"],
}


class Requirement(StrEnum):
    """What must be true of a revision before a protected label moves to it."""

    no_errors = "no_errors"
    no_warnings = "no_warnings"
    licence = "licence"
    not_deprecated = "not_deprecated"
    not_yanked = "not_yanked"


def _in_order(given: list[Requirement]) -> list[Requirement]:
    return [requirement for requirement in Requirement if requirement in given]


Requirements = Annotated[
    list[Requirement],
    AfterValidator(_in_order),
    Field(max_length=len(Requirement)),
]


class LabelPolicyWrite(Payload):
    """How a label is protected; what is absent is as it is by default."""

    who_may_move: Literal[Role.editor, Role.owner] = Field(
        default=Role.editor, description="The least role of who applies a promotion."
    )
    approvals: int = Field(
        default=1,
        ge=0,
        le=APPROVALS_MAX,
        description="By members who are not its author, nor the revision's.",
    )
    checks: Requirements = Field(default=[], description="They must all be green.")
    frozen: bool = Field(default=False, description="Whether it may not move at all.")
    freeze_reason: Annotated[DisplayText, StringConstraints(max_length=500)] | None = (
        Field(default=None, description="Said to whom the freeze stops.")
    )


class LabelPolicyPublic(SQLModel):
    label: str = Field(schema_extra={"examples": ["production"]})
    who_may_move: Role
    approvals: int
    checks: list[Requirement]
    frozen: bool
    freeze_reason: str | None
    etag: str = Field(
        schema_extra={"examples": ['"v3.1f0c"']}, description="Send it as `If-Match`."
    )

    @classmethod
    def of(cls, policy: LabelPolicy) -> Self:
        known = policy.model_dump(include=set(cls.model_fields) - {"etag"})
        return cls(**known, etag=version_tag(state_of(policy)))


class TeamPolicy(SQLModel):
    labels: list[LabelPolicyPublic] = Field(
        description="The protected labels; all others move at once."
    )


def state_of(policy: LabelPolicy) -> str:
    """Name its present state; one that was made anew has other ones."""
    return f"{policy.version}.{policy.id.hex[-8:]}"
