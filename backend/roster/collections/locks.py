"""What a release locks: a text that is the same bytes for ever.

It says nothing that could change later, not even the collection's own name, so that
equal contents have equal locks.
"""

import hashlib
from collections.abc import Iterable

import orjson

from roster.collections.models import ReleaseEntry

VERSION = 1
OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE


def lock_of(entries: Iterable[ReleaseEntry]) -> bytes:
    """Write the lock of a release.

    Args:
        entries: Those of the release, the topmost first.
    """
    lines = [
        {
            "kind": entry.kind,
            "name": f"{entry.team}/{entry.name}",
            "number": entry.number,
            "digest": entry.digest,
            "shadowed": entry.shadowed,
        }
        for entry in entries
    ]
    return orjson.dumps({"lock": VERSION, "entries": lines}, option=OPTIONS)


def digest_of(lock: bytes) -> str:
    return hashlib.sha256(lock).hexdigest()
