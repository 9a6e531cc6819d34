from uuid import UUID

from pydantic import BaseModel, Field

from roster.core.model import Payload
from roster.core.names import ComponentName
from roster.exports.targets.base import Note, Variable

MANY = 1000
LATEST = "latest"


class ExportRequest(Payload):
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
    notes: list[Note]
    losses: int = Field(description="Notes that say approximated or dropped.")
    variables: list[Variable]
