"""Take a TAR in that nobody vouches for, packed with gzip or not.

Its files are not copied: they stand in the spool one after the other as they are.
"""

import zlib
from collections.abc import Iterator

from roster.core.errors import Invalid, TooLarge
from roster.uploads.archive import (
    EXECUTABLE,
    MAX_RATIO,
    PLAIN,
    Incoming,
    Limits,
)
from roster.uploads.paths import is_junk, objection, shown, tidy
from roster.uploads.spool import COPIED_AT_ONCE, Span, Spool
from roster.uploads.tar_form import CUT, HEAD_BYTES, SUBMODULE
from roster.uploads.tar_headers import (
    BLOCK,
    DEVICES,
    LINKS,
    REGULAR,
    Member,
    TarError,
    TooManyError,
    is_header,
    members,
)

SUFFIXES = (".tar", ".tar.gz", ".tgz")
GZIP = b"\x1f\x8b\x08"
RATIO_FREE_BYTES = 16 * 1024 * 1024
"""Below this much a ratio says nothing: headers and padding compress very well."""
HEADERS_PER_FILE = 10
"""Folders, long names and what systems leave behind have headers too."""
BYTES_PER_FILE = 2048
"""What headers and padding add to a file."""
DIRECTORY_BYTES = 46
"""What an entry costs beside its path, as in the list of entries of a zip."""


class Tar:
    """The entries of one TAR, checked by their headers before any is read."""

    def __init__(self, spool: Spool, span: Span, label: str, limits: Limits) -> None:
        self._label = shown(label)
        self._limits = limits
        self._span = span
        self._members: list[tuple[Member, str]] = []
        self.ignored = self.unpacked_bytes = self.directory_bytes = 0
        file = spool.open(span)
        try:
            for member in members(file, span.size, limits.files * HEADERS_PER_FILE):
                self._add(member)
        except TooManyError as error:
            raise self._too_many() from error
        except TarError as error:
            raise broken(self._label) from error

    def __len__(self) -> int:
        return len(self._members)

    def _add(self, member: Member) -> None:
        path = tidy(member.name)
        if member.is_folder:
            return
        if is_junk(path):
            self.ignored += 1
            return
        self._members.append((member, path))
        self.directory_bytes += DIRECTORY_BYTES + len(path)
        if member.size <= self._limits.file_bytes:
            self.unpacked_bytes += member.size
        if len(self._members) > self._limits.files:
            raise self._too_many()
        if self.unpacked_bytes > self._limits.unpacked_bytes:
            raise too_large(self._label, self._limits)

    def _too_many(self) -> TooLarge:
        return TooLarge(
            f"{self._label} holds more than {self._limits.files:,} files; "
            f"import it in parts."
        )

    def files(self, spool: Spool) -> Iterator[Incoming]:
        seen: set[str] = set()
        for member, path in self._members:
            reason = _objection(member) or objection(path)
            if reason is None and path in seen:
                reason = "The archive holds this path twice; only the first is taken."
            seen.add(path)
            if reason is not None:
                yield Incoming(shown(path), member.size, refusal=reason)
            else:
                yield self._taken(member, path, spool)

    def _taken(self, member: Member, path: str, spool: Spool) -> Incoming:
        size = max(member.size, _number(member.extended.get(CUT, "")))
        there = member.size
        if size > self._limits.file_bytes:
            there = min(there, HEAD_BYTES)
        span = Span(self._span.start + member.start, there)
        mode = EXECUTABLE if member.mode & 0o100 else PLAIN
        return Incoming(path, size, span, mode, is_nested=_is_nested(path, spool, span))


def open_tar(spool: Spool, span: Span, label: str, limits: Limits) -> Tar | None:
    """Look into a file if it is a TAR, by its content; None if it is none.

    Raises:
        TooLarge: It is more than the limits allow.
        Invalid: It is broken, or none although its name says so.
    """
    start = spool.read(Span(span.start, min(BLOCK, span.size)))
    is_named = label.lower().endswith(SUFFIXES)
    is_empty = len(start) == BLOCK and not start.strip(b"\0")
    if is_header(start) or (is_empty and is_named):
        return Tar(spool, span, label, limits)
    if start.startswith(GZIP) and is_header(_first_block(spool, span)):
        return Tar(spool, _gunzip(spool, span, label, limits), label, limits)
    if is_named:
        raise broken(shown(label))
    return None


def _first_block(spool: Spool, span: Span) -> bytes:
    unpacking = zlib.decompressobj(wbits=31)
    packed = spool.read(Span(span.start, min(COPIED_AT_ONCE, span.size)))
    try:
        return unpacking.decompress(packed, BLOCK)
    except zlib.error:
        return b""


def _gunzip(spool: Spool, span: Span, label: str, limits: Limits) -> Span:
    """Unpack to the end of the spool, and stop when it is too much."""
    most = limits.unpacked_bytes + limits.files * BYTES_PER_FILE
    start, read = spool.size, 0
    unpacking, packed = zlib.decompressobj(wbits=31), b""
    while packed or read < span.size:
        if not packed:
            packed = spool.read(
                Span(span.start + read, min(COPIED_AT_ONCE, span.size - read))
            )
            read += len(packed)
        if unpacking.eof:  # there may be several, one after the other
            packed = packed.lstrip(b"\0")
            if not packed:
                continue
            unpacking = zlib.decompressobj(wbits=31)
        try:
            spool.append(unpacking.decompress(packed, COPIED_AT_ONCE))
        except zlib.error as error:
            raise broken(shown(label)) from error
        packed = unpacking.unused_data if unpacking.eof else unpacking.unconsumed_tail
        size = spool.size - start
        if size > most:
            raise too_large(shown(label), limits)
        if size > max(RATIO_FREE_BYTES, MAX_RATIO * read):
            raise TooLarge(
                f"{shown(label)} unpacks to more than {MAX_RATIO} times its packed "
                f"size."
            )
    if not unpacking.eof:
        raise broken(shown(label))
    return Span(start, spool.size - start)


def _objection(member: Member) -> str | None:
    if SUBMODULE in member.extended:
        return "It is a submodule, which is a repository of its own; import that."
    if member.is_sparse:
        return "It is stored with holes (sparse); pack it as a plain file."
    if member.type in LINKS:
        return f"It is {LINKS[member.type]}; links are not followed."
    if member.type in DEVICES:
        return "It is no plain file but a device, pipe or socket."
    if member.type not in REGULAR:
        return "It is no plain file but of a sort that is not known here."
    return None


def _is_nested(path: str, spool: Spool, span: Span) -> bool:
    """Whether it is an archive itself, by name and content."""
    name = path.lower()
    if not name.endswith((".zip", *SUFFIXES)):
        return False
    start = spool.read(Span(span.start, min(BLOCK, span.size)))
    return start.startswith((GZIP, b"PK\x03\x04")) or is_header(start)


def _number(said: str) -> int:
    return int(said) if said.isascii() and said.isdigit() and len(said) < BLOCK else 0


def broken(label: str) -> Invalid:
    message = (
        f"{label} is not a tar archive that can be read: it is damaged, cut off, or "
        f"something else. Pack it again."
    )
    return Invalid.field("files", message, "tar_broken")


def too_large(label: str, limits: Limits) -> TooLarge:
    return TooLarge(
        f"{label} unpacks to more than the {limits.unpacked_bytes:,} bytes that are "
        f"taken at once."
    )
