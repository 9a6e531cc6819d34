"""From the parts of an upload to its files. Blocks: call it in a worker thread."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from roster.core.errors import TooLarge
from roster.uploads.archive import (
    HEAD_BYTES,
    MAX_DIRECTORY_BYTES,
    Archive,
    Incoming,
    Limits,
    is_archive,
)
from roster.uploads.multipart import Part
from roster.uploads.paths import is_junk, objection, shown, tidy
from roster.uploads.spool import Span, Spool
from roster.uploads.tar import Tar, open_tar

MAGIC_BYTES = 4


@dataclass(frozen=True, slots=True)
class Unpacked:
    """The files of an upload, and how many of them were junk."""

    files: Iterator[Incoming]
    ignored: int


def unpack(parts: Sequence[Part], spool: Spool, limits: Limits) -> Unpacked:
    """Look into what is an archive; the files are unpacked as they are asked for.

    Raises:
        TooLarge: All of it together is more than the limits allow.
        Invalid: An archive is broken.
    """
    sources: list[Archive | Tar | Part] = []
    ignored = directory_bytes = 0
    for part in parts:
        archive = _archive(part, spool, limits)
        if archive is not None:
            ignored += archive.ignored
            sources.append(archive)
            directory_bytes += archive.directory_bytes
            if directory_bytes > MAX_DIRECTORY_BYTES:  # thousands may come at once
                raise TooLarge(
                    f"The archives hold more than {limits.files:,} files; import them "
                    f"in parts."
                )
        elif is_junk(tidy(part.path)):
            ignored += 1
        else:
            sources.append(part)
    _check_whole(sources, limits)
    return Unpacked(_incoming(sources, spool, limits), ignored)


def _archive(part: Part, spool: Spool, limits: Limits) -> Archive | Tar | None:
    start = spool.read(Span(part.span.start, min(MAGIC_BYTES, part.span.size)))
    if is_archive(part.path, start):
        return Archive(spool.open(part.span), part.path, limits)
    return open_tar(spool, part.span, part.path, limits)


def _check_whole(sources: Sequence[Archive | Tar | Part], limits: Limits) -> None:
    archives = [source for source in sources if not isinstance(source, Part)]
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
    sources: Sequence[Archive | Tar | Part], spool: Spool, limits: Limits
) -> Iterator[Incoming]:
    for source in sources:
        if isinstance(source, Part):
            yield of_part(source, limits)
        else:
            yield from source.files(spool)


def of_part(part: Part, limits: Limits) -> Incoming:
    path, span = tidy(part.path), part.span
    if reason := objection(path):
        return Incoming(shown(path), span.size, refusal=reason)
    fits = span.size <= limits.file_bytes
    return Incoming(path, span.size, span if fits else Span(span.start, HEAD_BYTES))
