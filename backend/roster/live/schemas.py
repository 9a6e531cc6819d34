from datetime import datetime
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from pydantic import Field
from sqlmodel import SQLModel

from roster.core.model import Payload

LONGEST_TOKEN = 4096
LONGEST_POSITION = 200
EXAMPLE: dict[str, Any] = {
    "id": "019a7c1e-3a52-7cc1-b2f4-5d3a6f0e8b11",
    "at": "2026-01-31T12:00:00Z",
    "action": "revision.published",
    "actor": {"username": "ada"},
    "target": {
        "kind": "component",
        "id": "019a7c1d-90e4-7d02-8a4b-0f5c6d7e8f90",
        "name": "agent:platform/reviewer",
    },
    "team": "platform",
    "details": {"number": 3},
}


class LiveActor(SQLModel):
    username: str = Field(description="As it was then.")


class LiveTarget(SQLModel):
    kind: str = Field(
        description="Such as `component`, `promotion`, `collection`.",
        examples=["component"],
    )
    id: UUID
    name: str = Field(description="As it is now.", examples=["agent:platform/reviewer"])


class LiveEvent(SQLModel):
    """Something happened to a thing that you may see."""

    id: UUID = Field(description="The same as in the list of audit events.")
    at: datetime
    action: str = Field(
        description="The thing, then the verb.", examples=["revision.published"]
    )
    actor: LiveActor | None = Field(
        description="Null where nobody was signed in, or Roster did it by itself."
    )
    target: LiveTarget
    team: str = Field(description="The team that the target belongs to now.")
    details: dict[str, str | int | bool | None] = Field(examples=[{"number": 3}])


class Said(StrEnum):
    """What a message of a stream says."""

    ready = "ready"
    """What happens from now on will be told."""
    event = "event"
    reset = "reset"
    """More happened than is told: load again what you show."""
    beat = "beat"
    """Nothing happened, and the line is good."""


class LiveMessage(SQLModel):
    """What is sent over a WebSocket, as one JSON text each."""

    type: Said
    position: str = Field(description="Where to go on from, after a cut.")
    event: LiveEvent | None = None


class SignIn(Payload):
    """The first message of a client."""

    token: str = Field(min_length=1, max_length=LONGEST_TOKEN)
    position: str | None = Field(default=None, max_length=LONGEST_POSITION)

    @classmethod
    def read(cls, text: str) -> Self:
        return cls.model_validate_json(text)
