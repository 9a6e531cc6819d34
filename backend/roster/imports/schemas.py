"""Imports as a whole, as the API takes and gives them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, SecretStr, StringConstraints

from roster.core.model import Payload
from roster.core.names import Slug
from roster.core.paging import PageQuery
from roster.imports.models import ImportSource, ImportState, Outcome
from roster.jobs.refs import JobRef
from roster.teams.models import TeamRef
from roster.users.models import UserRef

MANY = 5000
TOKEN_LENGTH = 1000
ADDRESS_LENGTH = 500
URL = "https://git.example.org/platform/agents.git"

GitRef = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, max_length=200, pattern=r"^[^\s~^:?*\\]*$"
    ),
]


class Headline(BaseModel):
    """What a person should remember of an import."""

    agents: int = 0
    components: dict[str, int] = Field(
        default={}, description="How many of each kind.", examples=[{"skill": 2}]
    )
    dropped_by_strict: int = Field(
        default=0, description="Those that a strict loader drops without a word."
    )
    description_tokens: int = Field(
        default=0, description="What their descriptions cost in every session."
    )
    left_aside: dict[str, int] = Field(
        default={}, examples=[{"documentation": 12, "script": 3}]
    )


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
    reused: int = Field(
        default=0, description="Those of another team that are used instead."
    )


class RuleCount(BaseModel):
    """How many files a rule has findings in."""

    rule: str = Field(examples=["frontmatter.unquoted-colon"])
    files: int
    repairable: int = Field(description="Those of them that have a repair.")


class ImportPublic(BaseModel):
    id: UUID
    team: TeamRef
    state: ImportState
    created_at: datetime
    applied_at: datetime | None = None
    author: UserRef
    source: ImportSource
    origin: str = Field(
        default="",
        description="The address of the repository or instance it comes from.",
    )
    commit: str | None = Field(default=None, description="Of that repository.")
    repository_id: UUID | None = None
    job: JobRef | None = Field(
        default=None, description="What reads or applies it, or did so last."
    )
    error: str = Field(
        default="", description="Why that job did not do all that it should."
    )
    headline: Headline
    looked_in: list[str] = Field(
        default=[],
        description="Where tools keep building blocks; given if none was found.",
        examples=[[".claude/agents", "skills"]],
    )
    counts: Counts = Field(description="All files.")
    open: Counts = Field(description="Files that nothing has become of yet.")
    rules: list[RuleCount] = Field(default=[], description="Of open files.")
    leaks: int = Field(
        description=(
            "Open files with what looks like a secret, of which nobody has said what "
            "becomes of it."
        )
    )
    results: Results | None = None
    etag: str = Field(examples=['"v7"'], description="Send it as `If-Match`.")


class ImportQuery(PageQuery):
    """The newest first."""

    team: Slug | None = Field(
        default=None,
        description="All of this team; without it: those that you began.",
        examples=["platform"],
    )
    state: list[ImportState] = Field(
        default=[], max_length=len(ImportState), description="Only these states."
    )


class SamplesImport(Payload):
    team: Slug = Field(description="Slug of the team they go into.")


class RepositoryImport(Payload):
    """A git repository, and who takes what stands in it."""

    team: Slug = Field(description="Slug of the team that it goes into.")
    url: Annotated[str, StringConstraints(max_length=ADDRESS_LENGTH)] = Field(
        description="Its https address, without a user or password in it.",
        examples=[URL],
    )
    ref: GitRef = Field(
        default="",
        description="A branch, a tag or a commit; empty: where it points itself.",
    )
    folder: Annotated[str, StringConstraints(max_length=ADDRESS_LENGTH)] = Field(
        default="", description="Only what stands in it; empty: all."
    )
    token: Annotated[SecretStr, Field(min_length=1, max_length=TOKEN_LENGTH)] | None = (
        Field(
            default=None,
            description=(
                "For a private repository; kept encrypted and never shown. Absent: "
                "the one that is kept for it, if there is one."
            ),
        )
    )


class ApplyRequest(Payload):
    """Which files to store: all that match every given condition."""

    ids: list[UUID] | None = Field(default=None, min_length=1, max_length=MANY)
    outcome: list[Outcome] | None = Field(
        default=None, min_length=1, max_length=len(Outcome)
    )
    kind: list[Annotated[str, StringConstraints(max_length=32)]] | None = Field(
        default=None, min_length=1, max_length=20, examples=[["agent", "skill"]]
    )
