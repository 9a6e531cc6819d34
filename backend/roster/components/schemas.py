"""What the API takes and gives."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    Field,
    StringConstraints,
)

from roster.components.kinds import KINDS, Example, Parsed, Reference, Refusal
from roster.components.licences import Licence
from roster.components.models import RevisionSource
from roster.components.search_schemas import SearchAnswer
from roster.core.model import Payload
from roster.core.names import ComponentName, Slug
from roster.core.paging import COUNTED, Page
from roster.core.text import DisplayText
from roster.lint.findings import Finding
from roster.lint.rules import Rule
from roster.repositories.models import UpstreamState
from roster.teams.models import TeamRef, Visibility
from roster.users.models import UserRef

NUMBER_MAX = 2**31 - 1
EXAMPLE_FILE = (
    "---\nname: reviewer\ndescription: Reviews a change before it is merged.\n"
    "tools: Read, Grep\nmodel: sonnet\n---\nYou review changes.\n"
)


def _encodable(value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError as error:
        message = f"holds half of a character at offset {error.start}; remove it."
        raise ValueError(message) from None
    return value


def _known_kind(value: str) -> str:
    if value not in KINDS:
        message = f"is no kind of component; there are {', '.join(KINDS)}."
        raise ValueError(message)
    return value


FileText = Annotated[
    str, AfterValidator(_encodable), Field(examples=[EXAMPLE_FILE], min_length=1)
]
Message = Annotated[
    DisplayText, StringConstraints(max_length=2000), AfterValidator(_encodable)
]
KindName = Annotated[
    str,
    AfterValidator(_known_kind),
    Field(json_schema_extra={"enum": list(KINDS)}, examples=list(KINDS)),
]
"""One of the kinds there are."""
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Number = Annotated[int, Field(ge=1, le=NUMBER_MAX)]


class HealthLevel(StrEnum):
    """The worst finding of a revision."""

    error = "error"
    warning = "warning"
    info = "info"
    fine = "fine"


class Health(BaseModel):
    worst: HealthLevel
    errors: int
    warnings: int
    infos: int

    @classmethod
    def of(cls, counts: Any) -> Self:
        """Build it from anything that has the three counts."""
        for level, count in (
            (HealthLevel.error, counts.errors),
            (HealthLevel.warning, counts.warnings),
            (HealthLevel.info, counts.infos),
        ):
            if count:
                worst = level
                break
        else:
            worst = HealthLevel.fine
        return cls(
            worst=worst,
            errors=counts.errors,
            warnings=counts.warnings,
            infos=counts.infos,
        )


class LatestRevision(BaseModel):
    number: int
    digest: str
    published_at: datetime
    author: UserRef


class LabelRef(BaseModel):
    name: str
    number: int
    yanked: bool = Field(
        default=False, description="Whether the revision that it is on was yanked."
    )


class Permissions(BaseModel):
    """What the caller may do with it."""

    edit: bool
    manage: bool


class Successor(BaseModel):
    """What to take instead; left out for those who may not see it."""

    id: UUID
    reference: str = Field(examples=["agent:platform/critic"])


class Deprecation(BaseModel):
    at: datetime
    message: str = Field(examples=["Use critic, which also reads tests."])
    successor: Successor | None


class Yanked(BaseModel):
    """Why a revision is no longer to be used."""

    by: UserRef
    at: datetime
    reason: str = Field(examples=["It deletes files without asking."])


class OriginPublic(BaseModel):
    """Where content came from, as far as that is known."""

    path: str | None = Field(examples=[".claude/agents/reviewer.md"])
    repository: str | None = None
    commit: str | None = None


class ComponentPublic(BaseModel):
    id: UUID
    kind: str = Field(examples=["agent"])
    team: TeamRef
    name: str
    display_name: str | None = Field(
        default=None, description="The name as it was written, where it differs."
    )
    reference: str = Field(examples=["agent:platform/reviewer"])
    description: str
    visibility: Visibility
    licence: str | None = Field(description="SPDX expression.", examples=["MIT"])
    etag: str = Field(examples=['"v7"'], description="Send it as `If-Match`.")
    latest: LatestRevision | None = Field(
        description="The newest revision that is not yanked, if there is one."
    )
    labels: list[LabelRef]
    model: str | None = None
    tools: list[str] | None = None
    health: Health
    description_tokens: int
    body_tokens: int
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None
    deletion_reason: str | None = None
    deprecation: Deprecation | None = None
    published: bool = Field(
        description="Whether it ever had a revision; before that, it is a draft."
    )
    permissions: Permissions
    draft: bool = Field(description="Whether the caller has a draft of it.")
    upstream_state: UpstreamState | None = Field(
        default=None,
        description=(
            "Whether the repository that it comes from has an update, for members of "
            "the team; what is pinned counts as current."
        ),
    )


class RevisionRef(BaseModel):
    number: int
    digest: str


class ComponentListed(ComponentPublic):
    revision: RevisionRef | None = Field(
        default=None,
        description="The revision that a reference of the query asked for by `@`.",
    )


class ComponentPage(Page[ComponentListed]):
    at_least: bool = Field(
        default=False,
        description=f"Whether there are more: counting stops at {COUNTED}.",
    )
    search: SearchAnswer | None = Field(default=None, description="Where `q` asked.")


class ComponentDetail(ComponentPublic):
    """A component with what its newest revision says."""

    manifest: dict[str, Any] = Field(
        description="The front matter, in its order, unknown keys included."
    )
    body: str
    findings: list[Finding]
    examples: list[Example]
    content: str = Field(description="The decoded text of the file.")


class ComponentCreate(Payload):
    team: Slug = Field(description="Slug of the team that owns it.")
    content: FileText
    name: ComponentName | None = Field(
        default=None, description="Needed when the file does not say its name."
    )
    message: Message = ""
    visibility: Visibility = Visibility.private
    licence: Licence | None = Field(
        default=None, description="SPDX expression; else what the file says counts."
    )


class ComponentUpdate(Payload):
    """Fields to change; those that are absent stay as they are."""

    # A default of a factory is in no schema: the field is optional, but never null.
    visibility: Visibility = Field(default_factory=lambda: Visibility.private)
    licence: Licence | None = Field(
        default=None, description="SPDX expression; needed by what is public."
    )


class RevisionCreate(Payload):
    content: FileText
    message: Message = ""


class RevisionSummary(BaseModel):
    number: int
    digest: str
    message: str
    author: UserRef
    created_at: datetime
    labels: list[str]
    source: RevisionSource
    origin: OriginPublic | None = None
    client: str | None = Field(
        default=None, description="Name of the API token that it was sent with."
    )
    licence: str | None = Field(default=None, description="That of its moment.")
    yanked: Yanked | None = None
    health: Health
    description_tokens: int
    body_tokens: int


class Redaction(BaseModel):
    """Why there is no content any more."""

    at: datetime
    by: str | None = Field(description="User name of who did it.")
    reason: str


class RevisionFilePublic(BaseModel):
    path: str
    mode: str = Field(examples=["100644"])
    size: int
    digest: str
    redaction: Redaction | None = None


class RevisionPublic(RevisionSummary):
    identifier: str = Field(examples=["roster:agent:platform/reviewer@3"])
    manifest: dict[str, Any]
    body: str
    content: str
    encoding: str = Field(examples=["utf-8"])
    findings: list[Finding]
    examples: list[Example]
    arguments: list[str] = Field(
        default=[],
        description="Where a command puts its arguments.",
        examples=[["$1", "$ARGUMENTS"]],
    )
    references: list[Reference] = Field(
        default=[], description="Environment variables that a server names."
    )
    files: list[RevisionFilePublic]
    repaired: str | None = Field(
        default=None, description="The text with all safe fixes, where there are any."
    )


class LabelPublic(LabelRef):
    protected: bool = Field(description="Whether it moves by promotion alone.")
    moved_by: UserRef
    moved_at: datetime


class LabelList(BaseModel):
    items: list[LabelPublic]


class LabelWrite(Payload):
    number: Number


class LabelMove(BaseModel):
    """One change of where a label points."""

    id: UUID
    at: datetime
    by: str = Field(description="User name, as it was then.", examples=["ada"])
    number: int | None = Field(description="Null: it was taken away.")
    before: int | None = Field(description="Null: it was not there before.")
    promotion: UUID | None = Field(description="The promotion that moved it.")
    is_rollback: bool


class DraftWrite(Payload):
    content: FileText
    base_digest: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")] = (
        Field(
            description="Digest of the revision it is based on; empty for none.",
        )
    )


class DraftPublic(BaseModel):
    content: str
    base_number: int
    base_digest: str
    updated_at: datetime
    etag: str = Field(examples=['"d3"'])


class LintRequest(Payload):
    content: FileText
    kind: KindName | None = Field(
        default=None, description="What it is; else its place and its text say so."
    )
    path: Annotated[str, AfterValidator(_encodable)] | None = Field(
        default=None, max_length=1000, examples=[".claude/agents/reviewer.md"]
    )


class LintResult(BaseModel):
    ok: bool = Field(description="Whether it can be published as it is.")
    refused: Refusal | None = None
    name: str | None
    display_name: str | None
    manifest: dict[str, Any]
    body: str
    findings: list[Finding]
    repaired: str | None
    examples: list[Example]
    description_tokens: int
    body_tokens: int
    strict_yaml_ok: bool | None

    @classmethod
    def of(cls, parsed: Parsed, manifest: dict[str, Any]) -> Self:
        known = parsed.model_dump(
            include=set(cls.model_fields) - {"repaired", "manifest"}
        )
        repaired = parsed.repaired.decode() if parsed.repaired is not None else None
        return cls(**known, manifest=manifest, repaired=repaired)


class FacetValue(BaseModel):
    value: str
    count: int


class RuleList(BaseModel):
    items: list[Rule]
