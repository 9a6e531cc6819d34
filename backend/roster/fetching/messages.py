"""What a process that fetches and its child say to each other, a line of JSON each.

The child knows only what stands here: no setting, no key, no database.
"""

import json
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from roster.fetching.addresses import Location, Origin, Pinned
from roster.fetching.errors import FetchError, Reason


@dataclass(frozen=True, slots=True)
class Errand:
    """What a child is to do."""

    scheme: str
    host: str
    port: int
    target: str
    address: str
    ref: str | None = None
    folder: str | None = None
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    out: int | None = None
    """The descriptor to write a TAR to; none: only the commit is asked for."""
    seconds: int = 60
    received_bytes: int = 0
    files: int = 0
    file_bytes: int = 0
    unpacked_bytes: int = 0

    @property
    def pinned(self) -> Pinned:
        origin = Origin(self.scheme, self.host, self.port)
        return Pinned(Location(origin, self.target), self.address)

    def line(self) -> bytes:
        return json.dumps(asdict(self)).encode() + b"\n"

    @classmethod
    def read(cls, line: bytes) -> Self:
        return cls(**json.loads(line))


def line_of(**said: Any) -> bytes:
    return json.dumps(said).encode() + b"\n"


def failure(error: FetchError) -> bytes:
    return line_of(error=error.message, reason=error.reason)


def as_failure(said: dict[str, Any]) -> FetchError:
    return FetchError(str(said["error"]), Reason(said["reason"]))


def media_type(header: str) -> str:
    """A content type without what may stand behind it."""
    return header.partition(";")[0].strip().lower()
