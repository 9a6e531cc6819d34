"""Read lock files, also those that a later version wrote."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from roster.fetching.errors import FetchError, Reason

VERSION = 1
MAX_BYTES = 16 * 1024 * 1024
_NAME = re.compile(r"[a-z0-9-]{1,64}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Locked:
    """One entry of a lock."""

    kind: str
    team: str
    name: str
    number: int
    digest: str
    shadowed: bool = False

    @property
    def reference(self) -> str:
        return f"{self.kind}:{self.team}/{self.name}@{self.number}"


@dataclass(frozen=True, slots=True)
class Lock:
    entries: tuple[Locked, ...]
    unread: tuple[tuple[str, str], ...]
    """What stands for an entry that cannot be read, and why."""
    instance: str | None
    """Where it is from, if it says so."""


def read_lock(data: bytes) -> Lock:
    """Read what is known here, and say what is not.

    Raises:
        FetchError: It is no lock file, or one of a version that is not known.
    """
    try:
        document = json.loads(data) if len(data) <= MAX_BYTES else None
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict) or not isinstance(document.get("entries"), list):
        raise FetchError("This is no lock file of a Roster.", Reason.broken)
    version = document.get("lock")
    if version != VERSION:
        raise FetchError(
            f"This lock file is of version {version!r}; this instance reads version "
            f"{VERSION}.",
            Reason.broken,
        )
    instance = document.get("instance")
    found = list(_entries(document["entries"]))
    return Lock(
        tuple(entry for entry in found if isinstance(entry, Locked)),
        tuple(entry for entry in found if not isinstance(entry, Locked)),
        instance if isinstance(instance, str) and instance else None,
    )


def _entries(items: list[Any]) -> Iterator[Locked | tuple[str, str]]:
    for place, item in enumerate(items, 1):
        values = item if isinstance(item, dict) else {}
        team, _, name = str(values.get("name", "")).partition("/")
        kind, digest = str(values.get("kind", "")), str(values.get("digest", ""))
        number = values.get("number")
        names = all(map(_NAME.fullmatch, (kind, team, name)))
        if names and _DIGEST.fullmatch(digest) and type(number) is int and number > 0:
            shadowed = values.get("shadowed") is True
            yield Locked(kind, team, name, number, digest, shadowed)
        else:
            yield f"entry {place}", "It is no entry of a lock that can be read."
