"""What the API takes and gives."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import MISSING, BaseModel, Field

from roster.components.kinds import Example, Place
from roster.components.schemas import Health
from roster.core.model import Payload
from roster.core.names import ComponentName, Slug
from roster.core.paging import Count, PageQuery
from roster.imports.models import (
    Decision,
    ImportSource,
    ImportState,
    Outcome,
    SecretsDecision,
)
from roster.lint.findings import Finding
from roster.teams.models import TeamRef
from roster.users.models import UserRef

MANY = 5000

AcceptedFixes = Annotated[list[Annotated[int, Field(ge=0)]], Field(max_length=MANY)]


class Headline(BaseModel):
    """What a person should remember of an import."""

    agents: int
    components: dict[str, int] = Field(
        default={}, description="How many of each kind.", examples=[{"skill": 2}]
    )
    dropped_by_strict: int = Field(
        description="Those that a strict loader drops without a word."
    )
    description_tokens: int = Field(
        description="What their descriptions cost in every session."
    )
    left_aside: dict[str, int] = Field(examples=[{"skill": 12, "command": 3}])


class Counts(BaseModel):
    """Files by outcome."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    clash: int = 0
    needs_repair: int = 0
    left_aside: int = 0
    refused: int = 0


class Results(BaseModel):
    """What applying did."""

    created: int = 0
    published: int = 0
    unchanged: int = 0
    skipped: int = 0


class ImportPublic(BaseModel):
    id: UUID
    team: TeamRef
    state: ImportState
    created_at: datetime
    applied_at: datetime | None = None
    author: UserRef
    source: ImportSource
    headline: Headline
    counts: Counts
    results: Results | None = None
    etag: str = Field(examples=['"v7"'], description="Send it as `If-Match`.")


class SamplesImport(Payload):
    team: Slug = Field(description="Slug of the team they go into.")


class ClashWith(BaseModel):
    """The other side of a clash: a file of the import, or a deleted component."""

    path: str | None = None
    reference: str | None = Field(default=None, examples=["agent:platform/reviewer"])


class FileResult(BaseModel):
    outcome: str = Field(examples=["created"])
    component_id: UUID | None = None
    number: int | None = None


class ImportFileBase(BaseModel):
    id: UUID
    path: str
    outcome: Outcome
    reason: str
    kind: str | None = None
    name: str | None = None
    description: str
    size: int
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
        description="Values in it that look like secrets. They need a decision."
    )
    secrets: SecretsDecision | None = Field(
        default=None,
        description=(
            "move: into the store of the server, with `${KEY}` in their place. keep: "
            "as they are, for everyone who may read it. Null: undecided."
        ),
    )
    clash_with: list[ClashWith] = []
    result: FileResult | None = None


class ImportFilePublic(ImportFileBase):
    examples: int = Field(description="How many examples its description holds.")
    other_files: int = Field(description="How many files come with it.")


class LiteralPublic(BaseModel):
    """A value that looks like a secret, but not the value."""

    key: str = Field(description="The variable that would stand in its place.")
    place: Place
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
            "The decoded text as it came in; what looks like a secret of a server "
            "is covered by dots."
        )
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
    count: Count = False


class FileDecision(Payload):
    """Fields to change; those that are absent stay as they are."""

    decision: Decision | MISSING = MISSING
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


class FilesDecision(Payload):
    """One decision for many files: all that match every given condition."""

    decision: Decision
    outcome: list[Outcome] | None = Field(default=None, max_length=len(Outcome))
    ids: list[UUID] | None = Field(default=None, max_length=MANY)


class Updated(BaseModel):
    updated: int
