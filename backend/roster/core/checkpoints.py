"""Bring what the write-ahead log of SQLite holds into its file, beside the writer.

SQLite would do it inside a COMMIT, which then takes as long as a hundred others. Done
passively on a connection of its own, it waits for nobody and nobody waits for it. Only
where writers are quicker than it for long, they wait once until it has come to the end
of the log, so that this begins anew.
"""

import asyncio
import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import structlog

WAL_BYTES = 4 * 1024 * 1024
"""How much the log grows from one to the next."""
MOST_WAL_BYTES = 4 * WAL_BYTES
"""From here on writers wait."""

log = structlog.get_logger()


class Checkpoints:
    def __init__(self, file: str, options: dict[str, Any]) -> None:
        self._file = file
        self._options = options
        self._log = f"{file}-wal"
        self._done_at = 0
        self._thread: ThreadPoolExecutor | None = None
        self._running: asyncio.Future[None] | None = None
        self._connection: sqlite3.Connection | None = None

    async def committed(self) -> None:
        """Look whether it is time, after a COMMIT; nobody writes meanwhile."""
        try:
            size = os.stat(self._log).st_size  # noqa: PTH116 - a Path takes five times as long
        except OSError:
            return
        if size < self._done_at:
            self._done_at = 0  # all of it was brought over: it began anew
        if size - self._done_at < WAL_BYTES:
            return
        if size >= MOST_WAL_BYTES:
            await self._start()
        elif self._running is None or self._running.done():
            self._start()
        else:
            return
        self._done_at = size

    def _start(self) -> "asyncio.Future[None]":
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, "checkpoints")
        loop = asyncio.get_running_loop()
        running = self._running = loop.run_in_executor(self._thread, self._run)
        return running

    def _run(self) -> None:
        try:
            if self._connection is None:
                self._connection = sqlite3.connect(
                    self._file,
                    isolation_level=None,
                    check_same_thread=False,
                    uri=self._options.get("uri", False),
                )
            self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        except sqlite3.Error as error:
            # It stays in the log, and the next one tries again.
            log.warning("checkpoint_failed", error=str(error))

    async def close(self) -> None:
        if self._running is not None:
            await self._running
        if self._thread is not None:
            self._thread.shutdown()
        if self._connection is not None:
            self._connection.close()
