"""Read zip archives that nobody vouches for.

What is wrong with the archive as a whole refuses it; what is wrong with one entry
refuses that entry, with its reason.
"""

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from roster.core.errors import Invalid, TooLarge
from roster.uploads import tar_form
from roster.uploads.paths import is_junk, objection, shown, tidy
from roster.uploads.spool import Span, Spool

PLAIN, EXECUTABLE = "100644", "100755"
HEAD_BYTES = tar_form.HEAD_BYTES
MAX_RATIO = 100
RATIO_FREE_BYTES = 64 * 1024
"""Below this much a ratio says nothing: a few repeated lines compress well."""
MAX_DIRECTORY_BYTES = 8 * 1024 * 1024
"""Of the lists of entries of one upload, which are held in memory as a whole."""

UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
)
_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
_END = struct.Struct("<4s4H2LH")
_END_MAGIC = b"PK\x05\x06"
_LOCATOR = struct.Struct("<4sLQL")
_LOCATOR_MAGIC = b"PK\x06\x07"
_END64 = struct.Struct("<4sQ2H2L4Q")
_MAX_COMMENT = 65535
_ENCRYPTED = 0x1
_UTF8 = 0x800
_UNSET = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Limits:
    files: int
    file_bytes: int
    """The largest file that is unpacked as a whole."""
    unpacked_bytes: int
    tree_files: int = 0
    """The most files that one component of them may have."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One file as it came in."""

    path: str
    size: int
    span: Span | None = None
    """Its place in the spool; None if it is refused. Of what is larger than is taken,
    only the beginning."""
    mode: str = PLAIN
    refusal: str | None = None
    is_nested: bool = False
    """It is an archive inside an archive, of use as a part of something else only."""

    @property
    def is_whole(self) -> bool:
        return self.span is not None and self.span.size == self.size


def is_archive(path: str, start: bytes) -> bool:
    return start.startswith(_MAGIC) or path.lower().endswith(".zip")


class Archive:
    """The entries of one zip, checked by their list before any is unpacked."""

    def __init__(self, file: IO[bytes], label: str, limits: Limits) -> None:
        self._label = shown(label)
        self._limits = limits
        try:
            self.directory_bytes = _directory_bytes(file)
            if self.directory_bytes > MAX_DIRECTORY_BYTES:
                raise self._too_many()
            self._zip = zipfile.ZipFile(file)
        except UNREADABLE as error:
            raise self._broken() from error
        self._entries: list[tuple[zipfile.ZipInfo, str]] = []
        self.ignored = 0
        for info in self._zip.infolist():
            path = tidy(_name_of(info))
            if _is_folder(info):
                continue
            if is_junk(path):
                self.ignored += 1
            else:
                self._entries.append((info, path))
        self._check_whole()

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def unpacked_bytes(self) -> int:
        limit = self._limits.file_bytes
        sizes = (info.file_size for info, _ in self._entries)
        return sum(size for size in sizes if size <= limit)

    def _check_whole(self) -> None:
        if len(self._entries) > self._limits.files:
            raise self._too_many()
        if self.unpacked_bytes > self._limits.unpacked_bytes:
            raise TooLarge(
                f"{self._label} unpacks to more than the "
                f"{self._limits.unpacked_bytes:,} bytes that are taken at once."
            )
        if not self._entries and not self.ignored:
            raise Invalid.field("files", f"{self._label} holds no files.", "empty")

    def _too_many(self) -> TooLarge:
        return TooLarge(
            f"{self._label} holds more than {self._limits.files:,} files; "
            f"import it in parts."
        )

    def _broken(self) -> Invalid:
        message = (
            f"{self._label} is not a zip archive that can be read: it is damaged, "
            f"cut off, or something else. Pack it again."
        )
        return Invalid.field("files", message, "zip_broken")

    def files(self, spool: Spool) -> Iterator[Incoming]:
        """Unpack entry by entry, piece by piece, into the spool."""
        seen: set[str] = set()
        for info, path in self._entries:
            reason = _objection(info, path)
            if reason is None and path in seen:
                reason = "The archive holds this path twice; only the first is taken."
            seen.add(path)
            yield self._read(info, path, reason, spool)

    def _read(
        self, info: zipfile.ZipInfo, path: str, reason: str | None, spool: Spool
    ) -> Incoming:
        label, size = shown(path), info.file_size
        if reason is not None:
            return Incoming(label, size, refusal=reason)
        fits = size <= self._limits.file_bytes
        try:
            with self._zip.open(info) as entry:
                # It never gives more than the size that the list of entries says.
                span = spool.append_from(entry, size if fits else HEAD_BYTES)
                entry.read(fits)  # at its end it compares the checksum
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError):
            reason = "It is damaged inside the archive; pack it again."
        except (NotImplementedError, RuntimeError):
            reason = "It is packed in a way that cannot be unpacked here."
        else:
            start = spool.read(Span(span.start, min(span.size, len(_MAGIC[0]))))
            nested = start == _MAGIC[0] and path.lower().endswith(".zip")
            mode = EXECUTABLE if (info.external_attr >> 16) & stat.S_IXUSR else PLAIN
            return Incoming(label, size, span, mode, is_nested=nested)
        return Incoming(label, size, refusal=reason)


NESTED = "It is an archive inside an archive; upload it on its own."


def _directory_bytes(file: IO[bytes]) -> int:
    """How long the archive says its list of entries is, before it is read."""
    length = file.seek(0, 2)
    tail_start = max(0, length - _MAX_COMMENT - _END.size - _LOCATOR.size)
    file.seek(tail_start)
    tail = file.read()
    at = len(tail) - _END.size
    if at < 0 or tail[at : at + 4] != _END_MAGIC:
        at = tail.rfind(_END_MAGIC)
    if at < 0:
        raise zipfile.BadZipFile("no end record")
    size: int = _END.unpack_from(tail, at)[5]
    locator = at - _LOCATOR.size
    if locator >= 0 and tail[locator : locator + 4] == _LOCATOR_MAGIC:
        place = tail_start + locator - _END64.size
        file.seek(max(0, place))
        wide: int = _END64.unpack(file.read(_END64.size))[8]
        size = wide if size == _UNSET else max(size, wide)
    if size > length:
        raise zipfile.BadZipFile("its list of entries is longer than the file")
    return size


def _name_of(info: zipfile.ZipInfo) -> str:
    """The entry's name; without the UTF-8 flag it is often UTF-8 all the same."""
    name = info.orig_filename
    if info.flag_bits & _UTF8:
        return name
    try:
        return name.encode("cp437").decode()
    except (UnicodeEncodeError, UnicodeDecodeError):
        return name


def _is_folder(info: zipfile.ZipInfo) -> bool:
    mode = info.external_attr >> 16
    named = info.orig_filename.endswith(("/", "\\"))
    return (named and info.file_size == 0) or stat.S_ISDIR(mode)


def _objection(info: zipfile.ZipInfo, path: str) -> str | None:
    mode = info.external_attr >> 16
    kind = stat.S_IFMT(mode)
    if stat.S_ISLNK(mode):
        return "It is a symbolic link; links are not followed."
    if kind and not stat.S_ISREG(mode):
        return "It is no plain file but a device, pipe or socket."
    if info.flag_bits & _ENCRYPTED:
        return "It is encrypted; pack it without a password."
    if reason := objection(path):
        return reason
    packed = max(1, info.compress_size)
    if info.file_size > RATIO_FREE_BYTES and info.file_size > MAX_RATIO * packed:
        return f"It unpacks to more than {MAX_RATIO} times its packed size."
    return None
