"""From uploaded files to the rows of an import. Blocks: call it in a worker thread."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from roster.imports.models import Outcome
from roster.imports.reading import Found, Looked, read
from roster.uploads.archive import HEAD_BYTES, NESTED, Incoming, Limits
from roster.uploads.multipart import Part
from roster.uploads.spool import Span, Spool
from roster.uploads.unpacking import unpack

IGNORED = "ignored"
"""How junk is called where the files left aside are counted."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The values of a row, and where its bytes stand in the spool."""

    values: dict[str, Any]
    content: Span | None
    repaired: Span | None


@dataclass
class Reading:
    """All files of an upload, read."""

    files: list[Kept] = field(default_factory=list)
    ignored: int = 0


def read_upload(parts: Sequence[Part], spool: Spool, limits: Limits) -> Reading:
    """Unpack what is an archive, and read file by file.

    Raises:
        TooLarge: All of it together is more than the limits allow.
        Invalid: An archive is broken.
    """
    unpacked = unpack(parts, spool, limits)
    reading = Reading(ignored=unpacked.ignored)
    for incoming in unpacked.files:
        found = read(_look(incoming, spool, limits), limits.file_bytes)
        reading.files.append(_keep(found, spool))
    return reading


def read_texts(
    files: Sequence[tuple[str, bytes]], spool: Spool, limits: Limits
) -> Reading:
    """Read files that are at hand, such as the samples."""
    found = (
        read(Looked(path, len(data), data), limits.file_bytes) for path, data in files
    )
    return Reading([_keep(one, spool) for one in found])


def _look(incoming: Incoming, spool: Spool, limits: Limits) -> Looked:
    path, size, span = incoming.path, incoming.size, incoming.span
    if span is None or incoming.is_nested:
        return Looked(path, size, refusal=incoming.refusal or NESTED)
    fits = size <= limits.file_bytes
    return Looked(
        path, size, spool.read(span if fits else Span(span.start, HEAD_BYTES))
    )


def _keep(found: Found, spool: Spool) -> Kept:
    content = None if found.content is None else spool.append(found.content)
    repaired = None if found.repaired is None else spool.append(found.repaired)
    return Kept(found.values, content, repaired)


def headline(reading: Reading) -> dict[str, Any]:
    """What a person should remember of this import."""
    values = [kept.values for kept in reading.files]
    agents = [
        row for row, kept in zip(values, reading.files, strict=True) if kept.content
    ]
    aside = Counter(
        row["kind"] for row in values if row.get("outcome") is Outcome.left_aside
    )
    if reading.ignored:
        aside[IGNORED] = reading.ignored
    return {
        "agents": len(agents),
        "dropped_by_strict": sum(row["strict_yaml_ok"] is False for row in agents),
        "description_tokens": sum(row["description_tokens"] for row in agents),
        "left_aside": dict(aside.most_common()),
    }
