from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from roster.core.model import Payload
from roster.core.names import ComponentName

MANY = 500
SHOWN = 5
"""Components are named of each file at most."""


class Standing(StrEnum):
    """How a file stands to what is published and can be seen."""

    identical = "identical"
    """It is the newest revision."""
    behind = "behind"
    """It is an older one."""
    yanked = "yanked"
    """It is one that is not to be used any more."""
    modified = "modified"
    """It is no revision, and there is a component of its kind and name."""
    unknown = "unknown"


class DriftFile(Payload):
    """A main file, by its digest; its content stays where it is."""

    path: Annotated[str, StringConstraints(min_length=1, max_length=1000)] = Field(
        description="Given back as it is.", examples=[".claude/agents/reviewer.md"]
    )
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    kind: Annotated[str, StringConstraints(max_length=32)] | None = Field(
        default=None, description="What it seems to be.", examples=["agent"]
    )
    name: ComponentName | None = Field(
        default=None, description="What it calls itself.", examples=["reviewer"]
    )


class DriftRequest(Payload):
    files: list[DriftFile] = Field(min_length=1, max_length=MANY)


class DriftMatch(BaseModel):
    """A component that the file is of, or seems to be."""

    component_id: UUID
    reference: str = Field(examples=["agent:platform/reviewer"])
    number: int | None = Field(
        description="The revision that has these very bytes; null: none has."
    )
    latest: int = Field(description="The newest; 0: none is left.")
    behind: int = Field(
        description="How many were published after it that are not yanked."
    )
    yank_reason: str | None = Field(
        default=None, description="Why it is not to be used; null: it may be."
    )
    deprecated: bool


class FileDrift(BaseModel):
    path: str
    standing: Standing
    matches: list[DriftMatch] = Field(
        description=f"The likeliest first, {SHOWN} at most."
    )


class Drift(BaseModel):
    files: list[FileDrift] = Field(description="In the order of the request.")
