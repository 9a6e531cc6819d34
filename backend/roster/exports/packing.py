"""Archives that depend on nothing but their files: same content, same bytes.

Small files are packed in runs, one thread for many, as a hop between threads costs more
than most files do. Large ones are streamed. What outgrows memory is written on disk.
"""

import base64
import hashlib
import tarfile
import zlib
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from struct import Struct
from tempfile import SpooledTemporaryFile
from typing import IO, Protocol

from fastapi.concurrency import run_in_threadpool
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.blobs import reading as blobs
from roster.blobs.storage import BlobStore
from roster.core.errors import Gone, TooLarge
from roster.exports.targets.base import ExportFile

MEMORY_BYTES = 1024 * 1024
CHUNK_BYTES = 256 * 1024
AT_ONCE = 100
LEVEL = 6
_RAW = -15
_MOST_FILES = 2**16 - 2
_MOST_BYTES = 2**32 - 2**24


class Format(StrEnum):
    """How the files of an export are put together."""

    zip = "zip"
    tar_gz = "tar.gz"


MEDIA_TYPES = {Format.zip: "application/zip", Format.tar_gz: "application/gzip"}


@dataclass(frozen=True, slots=True)
class Packed:
    """A finished archive.

    Attributes:
        size: In bytes.
        digest: Its sha256, in Base64.
    """

    size: int
    digest: str
    _file: IO[bytes]

    def headers(self, filename: str) -> dict[str, str]:
        """What an answer says of it."""
        return {
            "Content-Length": str(self.size),
            "Content-Disposition": f'attachment; filename="{filename}"',
            "Repr-Digest": f"sha-256=:{self.digest}:",  # RFC 9530
        }

    async def chunks(self) -> AsyncIterator[bytes]:
        try:
            while chunk := await run_in_threadpool(self._file.read, CHUNK_BYTES):
                yield chunk
        finally:
            self.close()

    def whole(self) -> bytes:
        """All bytes, of one that is small; it can be read again."""
        data = self._file.read()
        self._file.seek(0)
        return data

    def close(self) -> None:
        self._file.close()


class _Writer(Protocol):
    def begin(self, path: str, mode: str, size: int) -> None: ...
    def feed(self, data: bytes) -> None: ...
    def end(self) -> None: ...
    def finish(self) -> None: ...


async def pack(
    session: AsyncSession,
    store: BlobStore,
    files: Sequence[ExportFile],
    form: Format,
    *,
    most: int,
) -> Packed:
    """Write the files into an archive, in the order of their paths.

    Args:
        session: Where small files are.
        store: Where large ones are.
        files: None of them redacted.
        form: Of the archive.
        most: How many bytes they may have together.

    Raises:
        TooLarge: They have more, or are too many for an archive.
        Gone: One was redacted meanwhile.
    """
    if sum(file.size for file in files) > min(most, _MOST_BYTES):
        allowed = f"{min(most, _MOST_BYTES):,} bytes"
        raise TooLarge(f"All of it has more than {allowed}; export it in parts.")
    if len(files) > _MOST_FILES:
        raise TooLarge(f"It has more than {_MOST_FILES:,} files; export it in parts.")
    spool = SpooledTemporaryFile(MEMORY_BYTES)  # noqa: SIM115 - closed with the archive
    try:
        writer = _WRITERS[form](spool)
        placed = sorted(files, key=lambda file: file.path)
        for batch in _batches(placed):
            await _add(session, store, writer, batch)
        return await run_in_threadpool(_finish, writer, spool)
    except BaseException:
        spool.close()
        raise


def pack_bytes(files: Iterable[tuple[str, str, bytes]], form: Format) -> bytes:
    """The archive of (path, mode, bytes), in memory."""
    with SpooledTemporaryFile() as spool:
        writer = _WRITERS[form](spool)
        _write(writer, sorted(files))
        writer.finish()
        spool.seek(0)
        return spool.read()


def kept(data: bytes, digest: str) -> Packed:
    """An archive that was packed before."""
    # All who take it at once read the very same bytes: none has a copy.
    return Packed(len(data), digest, BytesIO(data))


def _batches(placed: Sequence[ExportFile]) -> Iterator[list[ExportFile]]:
    """What is looked up together: so much of it is in memory."""
    batch: list[ExportFile] = []
    size = 0
    for file in placed:
        if batch and (len(batch) == AT_ONCE or size + file.size > MEMORY_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(file)
        size += file.size
    if batch:
        yield batch


async def _add(
    session: AsyncSession,
    store: BlobStore,
    writer: _Writer,
    files: Sequence[ExportFile],
) -> None:
    digests = {file.stored.digest for file in files if file.stored}
    found = await blobs.find_many(session, digests) if digests else {}
    run: list[tuple[str, str, bytes]] = []
    for file in files:
        blob = found[file.stored.digest] if file.stored else None
        if blob is None:
            run.append((file.path, file.mode, file.data or b""))
        elif blob.content is not None:
            if blob.redacted_at is not None:
                raise Gone("This content was redacted.")
            content = blobs.verified(blob.digest, blob.content)
            run.append((file.path, file.mode, content))
        else:
            await run_in_threadpool(_write, writer, run)
            run = []
            await run_in_threadpool(writer.begin, file.path, file.mode, blob.size)
            async for chunk in blobs.stream(store, blob):
                await run_in_threadpool(writer.feed, chunk)
            await run_in_threadpool(writer.end)
    await run_in_threadpool(_write, writer, run)


def _write(writer: _Writer, run: Iterable[tuple[str, str, bytes]]) -> None:
    for path, mode, data in run:
        writer.begin(path, mode, len(data))
        writer.feed(data)
        writer.end()


def _finish(writer: _Writer, spool: IO[bytes]) -> Packed:
    writer.finish()
    size = spool.tell()
    spool.seek(0)
    digest = hashlib.sha256()
    while chunk := spool.read(CHUNK_BYTES):
        digest.update(chunk)
    spool.seek(0)
    return Packed(size, base64.b64encode(digest.digest()).decode(), spool)


class _Zip:
    """Every file has its sizes in front, so that it can be read as a stream."""

    _LOCAL = Struct("<4s5H3L2H")
    _CENTRAL = Struct("<4s4B4H3L5H2L")
    _END = Struct("<4s4H2LH")
    _VERSION = 20
    _UNIX = 3
    _UTF8 = 0x800
    _FIRST_DAY = 0x21  # 1980-01-01

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._entries: list[bytes] = []
        self._at = 0
        self._path = b""
        self._attributes = 0
        self._size = self._crc = self._packed = 0
        self._deflate = zlib.compressobj(LEVEL, zlib.DEFLATED, _RAW)

    def begin(self, path: str, mode: str, size: int) -> None:
        self._path = path.encode()
        self._attributes = int(mode, 8) << 16
        self._at = self._file.tell()
        self._size, self._crc, self._packed = size, 0, 0
        self._deflate = zlib.compressobj(LEVEL, zlib.DEFLATED, _RAW)
        self._file.write(self._local())

    def feed(self, data: bytes) -> None:
        self._crc = zlib.crc32(data, self._crc)
        self._put(self._deflate.compress(data))

    def end(self) -> None:
        self._put(self._deflate.flush())
        end = self._file.tell()
        self._file.seek(self._at)
        self._file.write(self._local())  # now its sizes are known
        self._file.seek(end)
        self._entries.append(self._central())

    def finish(self) -> None:
        start = self._file.tell()
        listed = b"".join(self._entries)
        self._file.write(listed)
        count = len(self._entries)
        end = (b"PK\5\6", 0, 0, count, count, len(listed), start, 0)
        self._file.write(self._END.pack(*end))

    def _put(self, packed: bytes) -> None:
        self._packed += len(packed)
        self._file.write(packed)

    def _facts(self) -> tuple[int, ...]:
        flags = 0 if self._path.isascii() else self._UTF8
        day, sizes = (0, self._FIRST_DAY), (self._crc, self._packed, self._size)
        return (flags, zlib.DEFLATED, *day, *sizes, len(self._path), 0)

    def _local(self) -> bytes:
        head = self._LOCAL.pack(b"PK\3\4", self._VERSION, *self._facts())
        return head + self._path

    def _central(self) -> bytes:
        versions = (self._VERSION, self._UNIX, self._VERSION, 0)
        place = (0, 0, 0, self._attributes, self._at)
        return (
            self._CENTRAL.pack(b"PK\1\2", *versions, *self._facts(), *place)
            + self._path
        )


class _TarGz:
    """One stream, whose header tells neither a time nor a name nor a system."""

    _HEADER = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
    _TRAILER = Struct("<2L")
    _PERMISSIONS = 0o777

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._crc = self._size = self._left = 0
        self._deflate = zlib.compressobj(LEVEL, zlib.DEFLATED, _RAW)
        file.write(self._HEADER)

    def begin(self, path: str, mode: str, size: int) -> None:
        info = tarfile.TarInfo(path)
        info.size = size
        info.mode = int(mode, 8) & self._PERMISSIONS
        self._put(info.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape"))
        self._left = -size % tarfile.BLOCKSIZE

    def feed(self, data: bytes) -> None:
        self._put(data)

    def end(self) -> None:
        self._put(bytes(self._left))

    def finish(self) -> None:
        end = self._size + 2 * tarfile.BLOCKSIZE
        self._put(bytes(2 * tarfile.BLOCKSIZE + -end % tarfile.RECORDSIZE))
        self._file.write(self._deflate.flush())
        self._file.write(self._TRAILER.pack(self._crc, self._size % 2**32))

    def _put(self, data: bytes) -> None:
        self._crc = zlib.crc32(data, self._crc)
        self._size += len(data)
        self._file.write(self._deflate.compress(data))


_WRITERS: dict[Format, Callable[[IO[bytes]], _Writer]] = {
    Format.zip: _Zip,
    Format.tar_gz: _TarGz,
}
