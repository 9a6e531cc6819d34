"""Whether files can be written where this instance keeps them."""

import asyncio
import errno
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from roster.ops.models import PartStatus
from roster.settings import Settings

TRIED_BYTES = 4096
MANY_BYTES = 128 * 1024 * 1024
"""With less than this the next large upload may fill the disk."""
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
PREFIX = ".health-"


class Storage:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        # One thread of its own: a disk that hangs must not take those of others.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="storage")

    def close(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def look(self) -> tuple[PartStatus, str]:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._look)

    def free_bytes(self) -> int:
        return min(shutil.disk_usage(place).free for place in self._places())

    def _places(self) -> Iterator[Path]:
        yield self._settings.data_dir
        # It is made when the first large file comes, unless somebody named it.
        if self._settings.blob_dir is not None:
            yield self._settings.blob_dir

    def _look(self) -> tuple[PartStatus, str]:
        try:
            for place in self._places():
                _try_to_write(place)
            free = self.free_bytes()
        except OSError as error:
            if error.errno in FULL:
                return "degraded", "The disk is full: nothing can be stored."
            return "failed", "Files cannot be written where this instance keeps them."
        if free < MANY_BYTES:
            mib = free // (1024 * 1024)
            return "degraded", f"The disk is nearly full: {mib} MiB are left."
        return "ok", ""


def _try_to_write(place: Path) -> None:
    with tempfile.TemporaryFile(prefix=PREFIX, dir=place) as file:
        file.write(b"\0" * TRIED_BYTES)
        file.flush()
