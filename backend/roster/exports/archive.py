"""Zip archives that depend on nothing but their files: same content, same bytes."""

import zipfile
from collections.abc import AsyncIterator
from pathlib import PurePosixPath
from tempfile import SpooledTemporaryFile

from fastapi.concurrency import run_in_threadpool

MEMORY_BYTES = 1024 * 1024
CHUNK_BYTES = 256 * 1024
LEVEL = 6
FIRST_DAY = (1980, 1, 1, 0, 0, 0)
UNIX = 3
MODE = 0o100644


class ArchiveWriter:
    """Writes on disk what outgrows memory. Add files in the order of their paths."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(MEMORY_BYTES)  # noqa: SIM115 - see close
        self._zip = zipfile.ZipFile(self._file, "w")

    def add(self, path: str, data: bytes) -> None:
        info = zipfile.ZipInfo(str(PurePosixPath(path)), FIRST_DAY)
        info.create_system = UNIX
        info.external_attr = MODE << 16
        info.compress_type = zipfile.ZIP_DEFLATED
        self._zip.writestr(info, data, compresslevel=LEVEL)

    def finish(self) -> int:
        """Write the list of files; returns the size of the archive."""
        self._zip.close()
        size = self._file.seek(0, 2)
        self._file.seek(0)
        return size

    async def chunks(self) -> AsyncIterator[bytes]:
        try:
            while chunk := await run_in_threadpool(self._file.read, CHUNK_BYTES):
                yield chunk
        finally:
            self.close()

    def close(self) -> None:
        self._file.close()
