from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, LargeBinary, false
from sqlmodel import Field, Text

from roster.core.model import Model, Record, enum_text
from roster.core.topics import NOTHING


class ImportState(StrEnum):
    reading = "reading"
    """Its files are being fetched or read by a job."""
    failed = "failed"
    """They could not be; `error` says why, and it can be tried again."""
    preview = "preview"
    """To be decided; parts of it may have been applied."""
    applying = "applying"
    """A job stores what was decided."""
    applied = "applied"
    discarded = "discarded"


class ImportSource(StrEnum):
    upload = "upload"
    samples = "samples"
    repository = "repository"
    lock = "lock"
    """What a lock file of another instance lists."""


class Outcome(StrEnum):
    """What an import found one file to be, seen from the team it goes into."""

    new = "new"
    changed = "changed"
    unchanged = "unchanged"
    clash = "clash"
    needs_repair = "needs_repair"
    left_aside = "left_aside"
    refused = "refused"


class Decision(StrEnum):
    """What the person wants done with a file."""

    original = "original"
    repaired = "repaired"
    skip = "skip"
    reuse = "reuse"
    """Use the same component of another team instead."""


class SecretsDecision(StrEnum):
    """What the person wants done with the secrets that a server has written out."""

    move = "move"
    """Into the store of the server, with references in their place."""
    keep = "keep"


class Import(Record, table=True):
    """Files that came in together: looked at first, then applied as a whole."""

    __tablename__ = "imports"
    __tells__ = NOTHING
    __table_args__ = (Index(None, "author_id", "created_at"),)

    team_id: UUID = Field(foreign_key="teams.id", index=True)
    author_id: UUID = Field(foreign_key="users.id")
    source: ImportSource = Field(sa_type=enum_text(ImportSource))
    state: ImportState = Field(
        default=ImportState.preview,
        sa_type=enum_text(ImportState),
    )
    version: int = 1
    applied_at: datetime | None = None
    headline: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    results: dict[str, int] | None = Field(default=None, sa_type=JSON)
    """What was applied so far."""
    job_id: UUID | None = Field(
        default=None, foreign_key="jobs.id", index=True, ondelete="SET NULL"
    )
    """The newest job that works on it."""
    error: str = Field(default="", sa_type=Text)
    """Why the newest job did not succeed."""
    repository_id: UUID | None = Field(
        default=None, foreign_key="repositories.id", index=True
    )
    origin: str = Field(default="", max_length=500)
    """Where its files came from: address of a repository or of an instance."""
    commit: str | None = Field(default=None, max_length=64)


class ImportInput(Model, table=True):
    """What a job is to read, kept until it has been read or the import is given up."""

    __tablename__ = "import_inputs"
    __tells__ = NOTHING

    import_id: UUID = Field(
        foreign_key="imports.id", primary_key=True, ondelete="CASCADE"
    )
    blob_digest: str | None = Field(
        default=None, foreign_key="blobs.digest", index=True, max_length=64
    )
    """The bytes of all parts, one after the other; none where they are fetched."""
    parts: list[tuple[str, int, int]] = Field(default_factory=list, sa_type=JSON)
    """(path, start, size) of each file of an upload."""
    sealed_token: str | None = Field(default=None, sa_type=Text)
    """For the instance that a lock file is from."""


class ImportFile(Record, table=True):
    """One file of an import, with what was found and what was decided."""

    __tablename__ = "import_files"
    __tells__ = NOTHING
    __table_args__ = (Index(None, "import_id", "outcome", "result", "id"),)

    import_id: UUID = Field(foreign_key="imports.id", ondelete="CASCADE")
    path: str = Field(sa_type=Text)
    size: int
    content: bytes | None = Field(default=None, sa_type=LargeBinary)
    """The bytes as they came in; none for files that are left aside. Of a file in the
    format of another tool: what it is in ours."""
    source: bytes | None = Field(default=None, sa_type=LargeBinary)
    """The bytes of a file that was converted, as they came in."""
    found_digest: str | None = Field(default=None, max_length=64)
    """What `digest` was when it was found: before any repair, another name or moved
    secrets."""
    tool: str = Field(default="", max_length=32)
    """The tool whose format it came in; empty: that of the kind."""
    notes: list[str] = Field(default_factory=list, sa_type=JSON)
    """What converting it renamed, mapped or only kept, and what it belongs to."""
    elsewhere: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    """`url`, `ref` and `folder` of a plugin that stands in another repository."""
    rules: list[str] = Field(default_factory=list, sa_type=JSON)
    """Ids of the rules with a finding, each once."""
    licence: str | None = Field(default=None, max_length=200)
    """An SPDX expression, of the nearest licence file."""
    place: str = Field(default="", max_length=200)
    """Rule, line and column of the worst finding of what was refused."""
    repaired: bytes | None = Field(default=None, sa_type=LargeBinary)
    digest: str | None = Field(default=None, max_length=64)
    """Digest of the revision that the original would make, under its target name."""
    repaired_digest: str | None = Field(default=None, max_length=64)
    """The same for the repaired file, with the accepted fixes."""
    has_repair: bool = Field(
        default=False, sa_column_kwargs={"server_default": false()}
    )
    needs_repair: bool = Field(
        default=False, sa_column_kwargs={"server_default": false()}
    )
    """Whether what the repair mends is an error."""
    kind: str | None = Field(default=None, max_length=32)
    name: str | None = Field(default=None, max_length=64)
    description: str = Field(default="", sa_type=Text)
    outcome: Outcome = Field(sa_type=enum_text(Outcome))
    reason: str = Field(default="", sa_type=Text)
    strict_yaml_ok: bool | None = None
    errors: int = 0
    warnings: int = 0
    infos: int = 0
    examples: int = 0
    description_tokens: int = 0
    decision: Decision | None = Field(
        default=None,
        sa_type=enum_text(Decision),
    )
    """None: a clash that the person has not decided yet."""
    literal_secrets: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """How many values that look like secrets the decision would store."""
    secrets: SecretsDecision | None = Field(
        default=None, sa_type=enum_text(SecretsDecision)
    )
    """None: not decided yet, where there are any."""
    target_name: str | None = Field(default=None, max_length=64)
    accepted_fixes: list[int] = Field(default_factory=list, sa_type=JSON)
    component_id: UUID | None = Field(
        default=None, foreign_key="components.id", index=True
    )
    """The component it would change, and after applying the one it made."""
    reuse_id: UUID | None = Field(default=None, foreign_key="components.id", index=True)
    """The component of another team to use instead."""
    seen_digest: str | None = Field(default=None, max_length=64)
    """Digest of that component's newest revision when the person decided."""
    result: str | None = Field(default=None, max_length=16)
    result_number: int | None = None


class ImportTreeFile(Model, table=True):
    """One file beside the main one, of what an import found to be a tree."""

    __tablename__ = "import_tree_files"
    __tells__ = NOTHING

    file_id: UUID = Field(
        foreign_key="import_files.id", primary_key=True, ondelete="CASCADE"
    )
    path: str = Field(primary_key=True, max_length=512)
    mode: str = Field(max_length=6)
    blob_digest: str = Field(foreign_key="blobs.digest", index=True, max_length=64)
    size: int
    findings: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
