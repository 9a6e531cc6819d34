"""Bytes of many files in one file on disk, which has no name.

One descriptor and little memory for any number of files; and because the file is
never linked into a folder, nothing is left behind when the process is killed.
"""

import contextlib
import io
from dataclasses import dataclass
from tempfile import TemporaryFile
from types import TracebackType
from typing import IO, Self

from roster.core.faults import is_no_room, no_room

COPIED_AT_ONCE = 256 * 1024


@dataclass(frozen=True, slots=True)
class Span:
    """Where the bytes of one file stand in a spool."""

    start: int
    size: int


class Spool:
    """Append-only. Its methods block: call them in a worker thread."""

    def __init__(self) -> None:
        self._file: IO[bytes] = TemporaryFile()  # noqa: SIM115 - closed by __exit__
        self.size = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # Nothing of it is wanted any more, not even what could not be written.
        with contextlib.suppress(OSError):
            self._file.close()

    def append(self, data: bytes | bytearray) -> Span:
        """Write bytes at the end.

        Raises:
            InsufficientStorage: There is no room for them.
        """
        try:
            self._file.seek(self.size)
            self._file.write(data)
            self._file.flush()
        except OSError as error:
            if is_no_room(error):
                raise no_room() from error
            raise
        span = Span(self.size, len(data))
        self.size += len(data)
        return span

    def append_from(self, source: IO[bytes], most: int) -> Span:
        """Copy at most so many bytes, piece by piece."""
        start = self.size
        while (left := most - (self.size - start)) > 0:
            data = source.read(min(COPIED_AT_ONCE, left))
            if not data:
                break
            self.append(data)
        return Span(start, self.size - start)

    def read(self, span: Span) -> bytes:
        self._file.seek(span.start)
        return self._file.read(span.size)

    def open(self, span: Span) -> io.BufferedReader:
        return io.BufferedReader(_Window(self._file, span))


class _Window(io.RawIOBase):
    """A span of a file, read as if it were a file of its own."""

    def __init__(self, file: IO[bytes], span: Span) -> None:
        super().__init__()
        self._under = file
        self._span = span
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._span.size}
        place = base[whence] + offset
        if place < 0:
            raise OSError("A place before the start of the file.")
        self._at = place
        return place

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]
        left = max(0, self._span.size - self._at)
        self._under.seek(self._span.start + self._at)
        data = self._under.read(min(len(buffer), left))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)
