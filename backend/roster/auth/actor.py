from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Actor:
    """Who is asking: a signed-in user, through one of their sessions."""

    id: UUID
    username: str
    is_admin: bool
    session_id: UUID
