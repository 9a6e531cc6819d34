from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from roster.core.model import Payload
from roster.core.names import ComponentName
from roster.exports.packing import MEDIA_TYPES, Format
from roster.exports.targets.base import Note, Variable

MANY = 1000
LATEST = "latest"
TARGET_LENGTH = 64
AS_ARCHIVE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The files, laid out as coding tools look for them.",
        "headers": {
            "Repr-Digest": {
                "description": "sha256 of the archive, as RFC 9530 writes it.",
                "schema": {"type": "string"},
            }
        },
        "content": {
            media_type: {"schema": {"type": "string", "format": "binary"}}
            for media_type in MEDIA_TYPES.values()
        },
    }
}


class ExportQuery(Payload):
    """How files are to be taken out."""

    target: str | None = Field(
        default=None,
        max_length=TARGET_LENGTH,
        description="A target from the list of targets; without one the very bytes.",
        examples=["claude-plugin"],
    )
    format: Format = Field(default=Format.zip, description="Of the archive.")
    strict: bool = Field(
        default=False,
        description="Refuse an export for the target in which something gets lost.",
    )


class ExportRequest(ExportQuery):
    components: list[UUID] = Field(min_length=1, max_length=MANY)
    label: ComponentName = Field(
        default=LATEST, description="Which revision of each to take."
    )


class TargetPublic(BaseModel):
    """A layout that components can be exported in."""

    name: str = Field(examples=["claude-code"])
    label: str = Field(examples=["Claude Code"])
    tool: str = Field(description="Who reads it.", examples=["claude-code"])
    description: str


class ExportedFile(BaseModel):
    path: str = Field(examples=[".claude/agents/reviewer.md"])
    mode: str = Field(examples=["100644"])
    size: int = Field(description="In bytes.")
    sha256: str
    component: str = Field(description="Whose it is; empty: several share it.")


class ExportSummary(BaseModel):
    """How much of a release a target holds."""

    target: str = Field(examples=["codex"])
    label: str = Field(examples=["Codex"])
    files: int
    size: int = Field(description="Of all files, in bytes.")
    losses: int = Field(description="Notes that say approximated or dropped.")
    serious: int = Field(description="Losses of the weight serious.")


class ExportPreview(BaseModel):
    """What an export holds, and what got lost on the way."""

    target: str
    number: int = Field(description="Of the release.")
    lock_digest: str = Field(description="sha256 of the lock that it follows from.")
    digest: str = Field(
        description="Of the files: sha256 over the JSON list of their sorted "
        "(path, mode, sha256)."
    )
    files: list[ExportedFile]
    notes: list[Note] = Field(description="The weightiest first.")
    losses: int = Field(description="Notes that say approximated or dropped.")
    serious: int = Field(description="Losses of the weight serious.")
    variables: list[Variable]
