"""From uploaded files to the rows of an import. Blocks: call it in a worker thread."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from roster.components.kinds import kind_of
from roster.imports.gathering import Gathered, TreeLimits, gather
from roster.imports.models import Outcome
from roster.imports.reading import (
    Found,
    Looked,
    counted,
    findings_in,
    looking_like_secrets,
    read,
)
from roster.lint.findings import Finding
from roster.uploads.archive import HEAD_BYTES, NESTED, Incoming, Limits
from roster.uploads.multipart import Part
from roster.uploads.spool import Span, Spool
from roster.uploads.unpacking import unpack

SCANNED_BYTES = 1024 * 1024
"""Larger files beside a main one are not looked into."""
IGNORED = "ignored"
"""How junk is called where the files left aside are counted."""


@dataclass(frozen=True, slots=True)
class Beside:
    """A file beside a main one, and what a person should see in it."""

    path: str
    mode: str
    span: Span
    findings: list[Finding]


@dataclass(frozen=True, slots=True)
class Kept:
    """The values of a row, and where its bytes stand in the spool."""

    values: dict[str, Any]
    content: Span | None
    repaired: Span | None
    others: tuple[Beside, ...] = ()
    source: Span | None = None
    """The file as its tool has it, where the content was made of that."""


@dataclass
class Reading:
    """All files of an upload, read."""

    files: list[Kept] = field(default_factory=list)
    ignored: int = 0


Watch = Callable[[str, int, int | None], None]
"""Is told what is being done, how far it is, and how much there is."""


def nobody_watches(_step: str, _done: int, _total: int | None) -> None:
    """Nobody has to know how far it is."""


def read_upload(
    parts: Sequence[Part],
    spool: Spool,
    limits: Limits,
    file_bytes: int,
    watch: Watch = nobody_watches,
) -> Reading:
    """Unpack what is an archive, and read it.

    Whoever watches may stop it by raising.

    Raises:
        TooLarge: All of it together is more than the limits allow.
        Invalid: An archive is broken.
    """
    unpacked = unpack(parts, spool, limits)
    reading = Reading(ignored=unpacked.ignored)
    files = []
    for file in unpacked.files:
        files.append(file)
        watch("Unpacking", len(files), None)

    def look(incoming: Incoming) -> Looked:
        return _look(incoming, spool, file_bytes)

    trees = TreeLimits(limits.tree_files, limits.file_bytes)
    for one in gather(files, look, trees):
        paths = {path for path, _ in one.others}
        is_tree = one.kind is not None and one.kind.is_tree
        found = read(one.looked, one.kind, file_bytes, paths if is_tree else None)
        others = () if found.content is None else _beside(one, spool)
        reading.files.append(_keep(found, spool, others))
        watch("Reading", len(reading.files), len(files))
    reading.files.sort(key=lambda kept: str(kept.values["path"]))
    return reading


def read_texts(
    files: Sequence[tuple[str, bytes]], spool: Spool, file_bytes: int
) -> Reading:
    """Read files that are at hand, such as the samples."""
    found = (
        read(Looked(path, len(data), data), kind_of(path, data), file_bytes)
        for path, data in files
    )
    return Reading([_keep(one, spool) for one in found])


def _look(incoming: Incoming, spool: Spool, file_bytes: int) -> Looked:
    path, size, span = incoming.path, incoming.size, incoming.span
    if span is None or incoming.is_nested:
        return Looked(path, size, refusal=incoming.refusal or NESTED)
    read = size if size <= file_bytes else min(HEAD_BYTES, file_bytes)
    return Looked(path, size, spool.read(Span(span.start, min(read, span.size))))


def _beside(gathered: Gathered, spool: Spool) -> tuple[Beside, ...]:
    found = []
    for path, file in gathered.others:
        span = file.span
        if span is not None:
            data = spool.read(span) if span.size <= SCANNED_BYTES else b"\0"
            found.append(Beside(path, file.mode, span, findings_in(data)))
    return tuple(found)


def _keep(found: Found, spool: Spool, others: tuple[Beside, ...] = ()) -> Kept:
    content = None if found.content is None else spool.append(found.content)
    repaired = None if found.repaired is None else spool.append(found.repaired)
    values = found.values
    beside = [finding for one in others for finding in one.findings]
    for name, more in counted(beside).items():
        if more:
            values[name] += more
    if beside:
        values["rules"] = sorted({*values["rules"], *(one.rule for one in beside)})
        values["literal_secrets"] += looking_like_secrets(beside)
    source = None if found.source is None else spool.append(found.source)
    return Kept(values, content, repaired, others, source)


def headline(reading: Reading) -> dict[str, Any]:
    """What a person should remember of this import."""
    values = [kept.values for kept in reading.files]
    taken = [
        row for row, kept in zip(values, reading.files, strict=True) if kept.content
    ]
    kinds = Counter(row["kind"] for row in taken)
    aside = Counter(
        row["kind"] for row in values if row.get("outcome") is Outcome.left_aside
    )
    if reading.ignored:
        aside[IGNORED] = reading.ignored
    return {
        "agents": kinds["agent"],
        "components": dict(kinds),
        "dropped_by_strict": sum(row["strict_yaml_ok"] is False for row in taken),
        "description_tokens": sum(row["description_tokens"] for row in taken),
        "left_aside": dict(aside.most_common()),
    }
