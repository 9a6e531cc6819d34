"""From uploaded files to the rows of an import. Blocks: call it in a worker thread."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from roster.core.errors import TooLarge
from roster.imports.archive import (
    HEAD_BYTES,
    MAX_DIRECTORY_BYTES,
    Archive,
    Incoming,
    Limits,
    is_archive,
)
from roster.imports.models import Outcome
from roster.imports.paths import is_junk, objection, shown, tidy
from roster.imports.reading import Found, read
from roster.imports.spool import Span, Spool
from roster.imports.upload import Part

IGNORED = "ignored"
"""How junk is called where the files left aside are counted."""
MAGIC_BYTES = 4


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
    sources: list[Archive | Part] = []
    reading = Reading()
    directory_bytes = 0
    for part in parts:
        start = spool.read(Span(part.span.start, min(MAGIC_BYTES, part.span.size)))
        if is_archive(part.path, start):
            archive = Archive(spool.open(part.span), part.path, limits)
            reading.ignored += archive.ignored
            sources.append(archive)
            directory_bytes += archive.directory_bytes
            if directory_bytes > MAX_DIRECTORY_BYTES:  # thousands may come at once
                raise TooLarge(
                    f"The archives hold more than {limits.files:,} files; import them "
                    f"in parts."
                )
        elif is_junk(tidy(part.path)):
            reading.ignored += 1
        else:
            sources.append(part)
    _check_whole(sources, limits)
    for incoming in _incoming(sources, spool, limits):
        reading.files.append(_keep(read(incoming, limits.file_bytes), spool))
    return reading


def read_texts(
    files: Sequence[tuple[str, bytes]], spool: Spool, limits: Limits
) -> Reading:
    """Read files that are at hand, such as the samples."""
    found = (
        read(Incoming(path, len(data), data), limits.file_bytes) for path, data in files
    )
    return Reading([_keep(one, spool) for one in found])


def _check_whole(sources: Sequence[Archive | Part], limits: Limits) -> None:
    archives = [source for source in sources if isinstance(source, Archive)]
    files = sum(map(len, archives)) + len(sources) - len(archives)
    if files > limits.files:
        raise TooLarge(
            f"These are {files:,} files; at most {limits.files:,} are taken at once."
        )
    if sum(archive.unpacked_bytes for archive in archives) > limits.unpacked_bytes:
        raise TooLarge(
            f"The archives unpack to more than the {limits.unpacked_bytes:,} bytes "
            f"that are taken at once."
        )


def _incoming(
    sources: Sequence[Archive | Part], spool: Spool, limits: Limits
) -> Iterator[Incoming]:
    for source in sources:
        if isinstance(source, Archive):
            yield from source.files()
            continue
        path, span = tidy(source.path), source.span
        if reason := objection(path):
            yield Incoming(shown(path), span.size, refusal=reason)
            continue
        fits = span.size <= limits.file_bytes
        data = spool.read(span if fits else Span(span.start, HEAD_BYTES))
        yield Incoming(path, span.size, data)


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
