"""Where large blobs lie. Another place than a folder is another `BlobStore`."""

import contextlib
import os
import secrets
import shutil
import time
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import IO, Annotated, Protocol

from fastapi import Depends
from fastapi.concurrency import run_in_threadpool

from roster.core.deps import SettingsDep
from roster.settings import Settings

CHUNK_BYTES = 256 * 1024
SHARD = 2
"""How many digits of a digest name the folder that it lies in."""
_DRAFT = "."


class BlobStore(Protocol):
    """Keeps bytes under their digest; knows nothing of who refers to them."""

    async def put(self, digest: str, source: IO[bytes]) -> None:
        """Keep bytes: all of them or none. Those that are there count as new."""

    def open(self, digest: str) -> AsyncIterator[bytes]:
        """Give the bytes in pieces; raises FileNotFoundError if there are none."""

    async def delete(self, digest: str, *, unused_for: timedelta | None = None) -> bool:
        """Remove bytes, if they were not put for a while; says whether they are gone.

        Bytes that are not there are gone already.
        """

    async def exists(self, digest: str) -> bool:
        """Say whether there are bytes of that digest."""

    async def unused_for(self, age: timedelta) -> list[str]:
        """Digests that nobody put for a while."""


class FolderStore:
    """Files in a folder, ``ab/abcd…``, which appear as a whole and are only read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _place(self, digest: str) -> Path:
        return self._folder / digest[:SHARD] / digest

    async def put(self, digest: str, source: IO[bytes]) -> None:
        await run_in_threadpool(self._put, self._place(digest), source)

    def _put(self, place: Path, source: IO[bytes]) -> None:
        with contextlib.suppress(FileNotFoundError):
            os.utime(place)
            return
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = place.with_name(f"{_DRAFT}{place.name}.{secrets.token_hex(8)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                shutil.copyfileobj(source, file, CHUNK_BYTES)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(place)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        _sync(place.parent)
        _sync(self._folder)

    async def open(self, digest: str) -> AsyncIterator[bytes]:
        file = await run_in_threadpool(self._place(digest).open, "rb")
        try:
            while chunk := await run_in_threadpool(file.read, CHUNK_BYTES):
                yield chunk
        finally:
            file.close()

    async def delete(self, digest: str, *, unused_for: timedelta | None = None) -> bool:
        return await run_in_threadpool(self._delete, self._place(digest), unused_for)

    def _delete(self, place: Path, unused_for: timedelta | None) -> bool:
        try:
            if unused_for is not None and not _is_old(place.stat(), unused_for):
                return False
            place.unlink()
        except FileNotFoundError:
            return True
        return True

    async def exists(self, digest: str) -> bool:
        return await run_in_threadpool(self._place(digest).is_file)

    async def unused_for(self, age: timedelta) -> list[str]:
        return await run_in_threadpool(lambda: list(self._unused_for(age)))

    def _unused_for(self, age: timedelta) -> Iterator[str]:
        for shard in _entries(self._folder):
            for entry in _entries(shard.path):
                if not _is_old(entry.stat(), age):
                    continue
                if entry.name.startswith(_DRAFT):  # of a process that was killed
                    Path(entry.path).unlink(missing_ok=True)
                else:
                    yield entry.name


def _entries(folder: Path | str) -> Iterator["os.DirEntry[str]"]:
    with contextlib.suppress(FileNotFoundError), os.scandir(folder) as entries:
        yield from entries


def _is_old(status: os.stat_result, age: timedelta) -> bool:
    return time.time() - status.st_mtime > age.total_seconds()


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def store_of(settings: Settings) -> BlobStore:
    return FolderStore(settings.blobs)


async def get_store(settings: SettingsDep) -> BlobStore:
    return store_of(settings)


StoreDep = Annotated[BlobStore, Depends(get_store)]
