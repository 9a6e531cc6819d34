"""The files of an import, as the API takes and gives them."""

from enum import StrEnum
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import MISSING, BaseModel, Field, StringConstraints, model_validator

from roster.components.kinds import Example, Place
from roster.components.schemas import Health
from roster.core.model import Payload
from roster.core.names import ComponentName
from roster.core.paging import Count, PageQuery
from roster.imports.models import Decision, Outcome, SecretsDecision
from roster.imports.schemas import MANY
from roster.lint.findings import Finding
from roster.teams.models import TeamRef

AcceptedFixes = Annotated[list[Annotated[int, Field(ge=0)]], Field(max_length=MANY)]
RuleFilter = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9-]+\.([a-z0-9-]+|\*)$", max_length=64)
]
"""The id of a rule, or of all that begin alike: `frontmatter.*`."""


class ClashWith(BaseModel):
    """The other side of a clash: a file of the import, or a deleted component."""

    path: str | None = None
    reference: str | None = Field(default=None, examples=["agent:platform/reviewer"])


class FileResult(BaseModel):
    outcome: str = Field(examples=["created"])
    component_id: UUID | None = None
    number: int | None = None


class Same(BaseModel):
    """A component of another team whose newest revision has the very same files."""

    component_id: UUID
    reference: str = Field(examples=["agent:platform/reviewer"])
    team: TeamRef


class Reused(BaseModel):
    """A component of another team that is used instead."""

    component_id: UUID
    reference: str = Field(examples=["agent:platform/reviewer"])


class Elsewhere(BaseModel):
    """The git repository that a plugin stands in."""

    url: str
    ref: str = ""
    folder: str = ""


class ImportFileBase(BaseModel):
    id: UUID
    path: str
    outcome: Outcome
    reason: str
    place: str = Field(
        default="",
        description="Of what is refused: the rule, and where in the file.",
        examples=["frontmatter.invalid 3:14"],
    )
    kind: str | None = None
    name: str | None = None
    description: str
    size: int
    tool: str = Field(
        default="",
        description="The coding tool whose file it is, where that is known.",
        examples=["codex"],
    )
    notes: list[str] = Field(
        default=[], description="What converting it renamed, mapped or only kept."
    )
    elsewhere: Elsewhere | None = Field(
        default=None, description="Where a plugin stands that is only named here."
    )
    licence: str | None = Field(
        default=None, description="SPDX expression, of the nearest licence."
    )
    rules: list[str] = Field(default=[], description="Rules that found something.")
    strict_yaml_ok: bool | None = None
    has_repair: bool
    health: Health
    description_tokens: int
    decision: Decision | None = Field(
        default=None, description="Null: a clash that nobody has decided yet."
    )
    target_name: str | None = Field(
        default=None, description="The name it gets, where that is not its own."
    )
    literal_secrets: int = Field(
        description=(
            "What looks like a secret in it and the files that come with it. It needs "
            "a decision."
        )
    )
    secrets: SecretsDecision | None = Field(
        default=None,
        description=(
            "move: out of a server into its store, with `${KEY}` in their place. "
            "keep: as they are, for everyone who may read it. Null: undecided."
        ),
    )
    clash_with: list[ClashWith] = []
    reuse: Reused | None = Field(
        default=None, description="What the decision `reuse` names."
    )
    result: FileResult | None = None


class ImportFilePublic(ImportFileBase):
    examples: int = Field(description="How many examples its description holds.")
    other_files: int = Field(description="How many files come with it.")
    same_as: list[Same] = Field(
        default=[], description="What you could use of other teams instead."
    )


class LiteralPublic(BaseModel):
    """A value that looks like a secret, but not the value."""

    path: str | None = Field(
        default=None, description="Of the file beside the main one that it stands in."
    )
    key: str | None = Field(
        default=None,
        description="Of a server: the variable that would stand in its place.",
    )
    place: Place | None = None
    label: str = Field(description="What it looks like.")
    line: int


class TreeFileStatus(StrEnum):
    """What becomes of a file of a component, next to its newest revision."""

    added = "added"
    changed = "changed"
    same = "same"
    removed = "removed"


class ImportTreeFilePublic(BaseModel):
    """A file beside the main one; nothing is known of one that goes but its path."""

    path: str
    status: TreeFileStatus
    mode: str
    size: int
    digest: str
    findings: list[Finding] = Field(
        description="Such as what looks like a secret in it."
    )


class Changed(BaseModel):
    """A component that a file would change, at its newest revision."""

    component_id: UUID
    number: int


class ImportFileDetail(ImportFileBase):
    changes: Changed | None = Field(
        default=None, description="What it would change, if it is there already."
    )
    original: str = Field(
        description=(
            "The decoded text as it came in, or as it was converted; what looks like "
            "a secret of a server is covered by dots."
        )
    )
    source: str | None = Field(
        default=None,
        description=(
            "The text of the other tool that it was converted from; null where it "
            "was not, or where it holds what looks like a secret."
        ),
    )
    literals: list[LiteralPublic]
    repaired: str | None = Field(
        default=None,
        description="The text with all safe fixes and those accepted on top.",
    )
    current: str | None = Field(
        default=None, description="The newest text of what it would change."
    )
    findings: list[Finding]
    examples: list[Example]
    accepted_fixes: list[int]
    files: list[ImportTreeFilePublic] = Field(
        description="The other files of a skill; those that go are among them."
    )


class FileQuery(PageQuery):
    outcome: list[Outcome] = Field(
        default=[], max_length=len(Outcome), description="Only these outcomes."
    )
    kind: list[Annotated[str, StringConstraints(max_length=32)]] = Field(
        default=[], max_length=20, description="Only these kinds.", examples=[["agent"]]
    )
    rule: RuleFilter | None = Field(
        default=None,
        description="With findings of this rule, or of all rules of a group.",
        examples=["frontmatter.*"],
    )
    result: Literal["applied", "open"] | None = Field(
        default=None, description="Only what something became of, or nothing yet."
    )
    secrets: Literal["undecided"] | None = Field(
        default=None, description="Only open files whose secrets nobody decided about."
    )
    q: Annotated[str, StringConstraints(max_length=200, strip_whitespace=True)] = Field(
        default="", description="Part of the path or the name."
    )
    count: Count = False


class FileDecision(Payload):
    """Fields to change; those that are absent stay as they are."""

    decision: Decision | MISSING = MISSING
    reuse_id: UUID | MISSING = Field(
        default=MISSING,
        description="With the decision `reuse`: the component of another team.",
    )
    target_name: ComponentName | MISSING | None = Field(
        default=MISSING, description="Null: its own name again."
    )
    accept_fixes: AcceptedFixes | MISSING = Field(
        default=MISSING,
        description="Indices of findings whose fix is taken on top of the repair.",
    )
    secrets: SecretsDecision | MISSING = Field(
        default=MISSING, description="What becomes of secrets that are written out."
    )

    @model_validator(mode="after")
    def _names_what_is_reused(self) -> Self:
        given = "reuse_id" in self.model_fields_set
        if given != (self.decision is Decision.reuse):
            message = "reuse_id goes with the decision reuse, and with no other."
            raise ValueError(message)
        return self


class FilesDecision(Payload):
    """One decision for many files: all open ones that match every given condition."""

    decision: Decision | None = Field(
        default=None, description="None, where only `secrets` is decided."
    )
    secrets: Literal["keep"] | None = Field(
        default=None,
        description="Keep what looks like a secret where nobody has decided yet.",
    )
    outcome: list[Outcome] | None = Field(default=None, max_length=len(Outcome))
    rule: RuleFilter | None = Field(default=None, examples=["frontmatter.*"])
    kind: list[Annotated[str, StringConstraints(max_length=32)]] | None = Field(
        default=None, max_length=20, examples=[["agent"]]
    )
    ids: list[UUID] | None = Field(default=None, max_length=MANY)

    @model_validator(mode="after")
    def _decides_something(self) -> Self:
        if self.decision is None and self.secrets is None:
            message = "Send a decision, or what becomes of secrets."
            raise ValueError(message)
        if self.decision is Decision.reuse:
            message = "Decide about each file by itself what to use instead of it."
            raise ValueError(message)
        return self


class Updated(BaseModel):
    updated: int
