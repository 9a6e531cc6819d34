"""Who is asking, as every part of Roster sees them."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Scope(StrEnum):
    """What an API token may be used for."""

    read = "read"
    write = "write"
    publish = "publish"
    reveal_secrets = "secrets:reveal"
    report = "report"
    knowledge = "knowledge"
    admin = "admin"


ALL_SCOPES = frozenset(Scope)


@dataclass(frozen=True)
class Actor:
    """A user who is signed in, through a session or an API token of theirs."""

    id: UUID
    username: str
    is_admin: bool
    session_id: UUID | None = None
    token_id: UUID | None = None
    scopes: frozenset[Scope] = field(default=ALL_SCOPES)
    team_ids: frozenset[UUID] | None = None
    """The only teams that an API token reaches; None: all of its maker's."""
    has_second_factor: bool = False
    address: str = ""
    """Where the request comes from."""
    expires_at: datetime | None = None
    """When the session or the token ends by itself."""


@dataclass(frozen=True)
class Anonymous:
    """Nobody who is signed in, where the instance lets everybody read."""

    address: str = ""


Caller = Actor | Anonymous
