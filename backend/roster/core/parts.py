"""Pieces that many answers are joined from, kept as bytes.

Where answers differ by caller, or are asked for once, most of what they say does not:
that is kept here, for all. Who may see it is asked of the database each time.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from roster.core.changes import Kept
from roster.core.following import Following

MOST_BYTES = 24 * 1024 * 1024
OVERHEAD_BYTES = 400
"""What a part takes beside its content."""


@dataclass(slots=True, eq=False)
class _Part(Kept):
    version: int
    content: bytes


class Parts:
    """They count while their version is the present one, and nothing told of them.

    Bounded by the bytes that they hold: those that came first are let go.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._following: Following | None = None
        self._kept: dict[object, _Part] = {}
        self._bytes = 0

    def follow(self, following: Following) -> None:
        """Begin to keep parts: from now on it is known what changes."""
        self._following = following

    @property
    def mark(self) -> int:
        """The present moment; to be noted before a part is read."""
        return 0 if self._following is None else self._following.changes.mark

    @property
    def is_current(self) -> bool:
        """Whether what was kept can be used at all."""
        return self._following is not None and self._following.is_current

    def find(self, key: object, version: int) -> bytes | None:
        """Give a part of this version; only while `is_current`."""
        part = self._kept.get(key)
        if part is None or part.version != version or self._following is None:
            return None
        return part.content if self._following.changes.unchanged(part) else None

    def store(
        self,
        key: object,
        version: int,
        content: bytes,
        *,
        topics: Sequence[str],
        mark: int,
    ) -> None:
        """Keep a part that was read after this mark."""
        if self._following is None:
            return
        self._forget(key)
        self._bytes += len(content) + OVERHEAD_BYTES
        self._kept[key] = _Part(mark, topics, version, content)
        while self._bytes > self._most_bytes:
            self._forget(next(iter(self._kept)))

    def _forget(self, key: object) -> None:
        part = self._kept.pop(key, None)
        if part is not None:
            self._bytes -= len(part.content) + OVERHEAD_BYTES
