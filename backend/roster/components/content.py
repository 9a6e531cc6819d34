"""What a revision is made of: a tree of files, what they say, and their digest.

The main file has a fixed path (`Kind.main`, such as ``AGENT.md``), so that the digest
says what the files hold and not how the component is called: the same bytes have the
same digest under any name. The path that a coding tool expects is the business of the
export (`Kind.export_path`).
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

import orjson

from roster.components.kinds import Kind, Parsed
from roster.components.models import RevisionSource

FILE_MODE = "100644"
DESCRIPTION_LIMIT = 10_000
FACET_VALUE_LIMIT = 200
DISPLAY_NAME_LIMIT = 200
DEPTH_LIMIT = 50
INTEGER_LIMIT = 2**53


def file_digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def tree_digest(files: Iterable[tuple[str, str, str]]) -> str:
    """Digest of a file tree.

    Args:
        files: (path, mode, blob digest) of each file, in any order.
    """
    return hashlib.sha256(orjson.dumps(sorted(files))).hexdigest()


@dataclass(frozen=True, slots=True)
class TreeFile:
    """One file of a tree; without its data where these are stored already."""

    path: str
    digest: str
    size: int
    mode: str = FILE_MODE
    data: bytes | None = None

    @classmethod
    def of(cls, path: str, data: bytes, mode: str = FILE_MODE) -> Self:
        return cls(path, file_digest(data), len(data), mode, data)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where content comes from, as far as that is known."""

    path: str | None = None
    repository: str | None = None
    commit: str | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """A tree that is to become a revision, and what its main file says.

    `main` holds its data; the others only where they are not stored yet.
    """

    main: TreeFile
    parsed: Parsed
    message: str
    source: RevisionSource
    others: tuple[TreeFile, ...] = ()
    origin: Origin = Origin()
    licence: str | None = None
    """What it is under where neither its component nor its main file says so."""

    @property
    def files(self) -> tuple[TreeFile, ...]:
        return (self.main, *self.others)

    @property
    def digest(self) -> str:
        return tree_digest((file.path, file.mode, file.digest) for file in self.files)


def content_digest(kind: Kind, data: bytes, others: Iterable[TreeFile] = ()) -> str:
    """Digest of the revision that these bytes would make, with the other files."""
    beside = [(file.path, file.mode, file.digest) for file in others]
    return tree_digest([(kind.main, FILE_MODE, file_digest(data)), *beside])


def target_digest(parsed: Parsed) -> str:
    """Digest of what secrets are bound to; empty where there is nothing of the sort."""
    return file_digest(parsed.target.encode()) if parsed.target else ""


def clean(text: str) -> str:
    """Replace what a database or UTF-8 cannot hold: NUL and lone surrogates.

    They cannot stand in a file, but an escape in a quoted YAML value can name them.
    """
    if "\0" not in text and text.isascii():
        return text
    return (
        text.replace("\0", "\ufffd")
        .encode("utf-16", "surrogatepass")
        .decode("utf-16", "replace")
    )


def storable(value: Any, depth: int = 0) -> Any:
    """Turn any value that YAML can give into one that JSON can hold everywhere.

    Integers beyond 53 bits become text, as JavaScript would round them.
    """
    if isinstance(value, bool | float) or value is None:
        return value
    if isinstance(value, int) and abs(value) <= INTEGER_LIMIT:
        return value
    if isinstance(value, dict | list | tuple) and depth == DEPTH_LIMIT:
        return "…"
    if isinstance(value, dict):
        return {
            clean(str(key)): storable(item, depth + 1) for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [storable(item, depth + 1) for item in value]
    return clean(str(value))


def description_of(parsed: Parsed) -> str:
    """The description that lists show: the whole one stands in the manifest."""
    value = parsed.manifest.get("description")
    said = value if isinstance(value, str) and value.strip() else parsed.summary
    return clean(said)[:DESCRIPTION_LIMIT]


def facets_of(parsed: Parsed) -> dict[str, list[str]]:
    return {
        facet: list(dict.fromkeys(clean(value)[:FACET_VALUE_LIMIT] for value in values))
        for facet, values in parsed.facets.items()
    }
