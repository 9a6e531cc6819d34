"""Zip archives that depend on nothing but their files: same content, same bytes."""

import zipfile
from collections.abc import AsyncIterator
from pathlib import PurePosixPath
from tempfile import SpooledTemporaryFile
from typing import IO

from fastapi.concurrency import run_in_threadpool

from roster.components.content import FILE_MODE

MEMORY_BYTES = 1024 * 1024
CHUNK_BYTES = 256 * 1024
FIRST_DAY = (1980, 1, 1, 0, 0, 0)
UNIX = 3


class ArchiveWriter:
    """Writes on disk what outgrows memory. Add files in the order of their paths."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(MEMORY_BYTES)  # noqa: SIM115 - see close
        self._zip = zipfile.ZipFile(self._file, "w")

    def add(self, path: str, data: bytes, mode: str = FILE_MODE) -> None:
        with self._entry(path, len(data), mode) as entry:
            entry.write(data)

    async def add_stream(
        self, path: str, size: int, mode: str, chunks: AsyncIterator[bytes]
    ) -> None:
        """Add a file piece by piece: what of it is in memory does not grow with it."""
        entry = await run_in_threadpool(self._entry, path, size, mode)
        try:
            async for chunk in chunks:
                await run_in_threadpool(entry.write, chunk)
        finally:
            await run_in_threadpool(entry.close)

    def _entry(self, path: str, size: int, mode: str) -> IO[bytes]:
        info = zipfile.ZipInfo(str(PurePosixPath(path)), FIRST_DAY)
        info.create_system = UNIX
        info.external_attr = int(mode, 8) << 16
        info.compress_type = zipfile.ZIP_DEFLATED
        info.file_size = size
        return self._zip.open(info, "w")

    def finish(self) -> int:
        """Write the list of files; returns the size of the archive."""
        self._zip.close()
        size = self._file.seek(0, 2)
        self._file.seek(0)
        return size

    async def finish_in_thread(self) -> int:
        return await run_in_threadpool(self.finish)

    async def chunks(self) -> AsyncIterator[bytes]:
        try:
            while chunk := await run_in_threadpool(self._file.read, CHUNK_BYTES):
                yield chunk
        finally:
            self.close()

    def close(self) -> None:
        self._zip.close()  # else it writes its list of files when it is forgotten
        self._file.close()
