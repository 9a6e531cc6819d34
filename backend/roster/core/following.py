"""What other processes changed, read from the table that each of them writes to.

Every quarter of a second this process looks for rows that it has not seen, and at once
when a message through Redis says that there are some. While it cannot look, what it
keeps may be out of date, and is not used.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

import structlog
from pydantic import SecretStr
from sqlalchemy import make_url

from roster.core.changes import Changes
from roster.core.looks import PostgresLook, SqliteLook
from roster.core.topics import EVERYTHING

if TYPE_CHECKING:
    from roster.core.bus import Bus

log = structlog.get_logger("roster.following")

LOOK_SECONDS = 0.25
LEAST_PAUSE_SECONDS = 0.02
"""Between two looks, however many messages come."""
CURRENT_SECONDS = 0.9
"""What was seen longer ago than this is out of date."""
LONGEST_LOOK_SECONDS = 2.0
FORGOTTEN_SECONDS = 300.0
"""Who could not look for so long may have missed rows that were removed."""


class Following:
    """Keeps `changes` up to date with what other processes did."""

    def __init__(
        self,
        url: str,
        changes: Changes,
        *,
        redis_url: SecretStr | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.changes = changes
        self.look_seconds = LOOK_SECONDS
        self._clock = clock
        self.looks = 0
        """How many looks have begun."""
        self._done = 0
        """The newest look that came to its end."""
        self._seen_at = clock() - CURRENT_SECONDS
        self._seen_at_wall = 0.0
        on_sqlite = make_url(url).get_backend_name() == "sqlite"
        self._source = SqliteLook(url) if on_sqlite else PostgresLook(url)
        self._wake = asyncio.Event()
        self._looking = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None
        self._bus: Bus | None = None
        if redis_url is not None:
            # The client takes ten megabytes.
            from roster.core import bus  # noqa: PLC0415 - see above

            self._bus = bus.Bus(redis_url, self._wake.set, channel=bus.CHANGED)
            changes.on_commit = self._bus.tell

    @property
    def is_current(self) -> bool:
        """Whether all that was committed a second ago is known by now."""
        return self._clock() - self._seen_at < CURRENT_SECONDS

    def has_seen(self, looks: int, units: int) -> bool:
        """Whether all is known that was committed when these had begun.

        Args:
            looks: What `looks` was then.
            units: What `changes.units` was then.
        """
        return self._done > looks and self.changes.has_told(units)

    async def start(self) -> None:
        if self._bus is not None:
            self._bus.start()
        await self._try()
        self._task = asyncio.create_task(self._run(), name="following changes")

    async def stop(self) -> None:
        if self._bus is not None:
            await self._bus.stop()
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        await self._source.close()

    async def look(self) -> None:
        """Read what is new."""
        async with self._looking:
            self.looks = number = self.looks + 1
            at, wall = self._clock(), time.time()
            async with asyncio.timeout(LONGEST_LOOK_SECONDS):
                news = await self._source.read(self.changes.origin)
            # The clock goes on while a machine sleeps, and the other one does not.
            missed = max(at - self._seen_at, wall - self._seen_at_wall)
            if missed > FORGOTTEN_SECONDS:
                self.changes.learn([EVERYTHING])
            for topics in news:
                self.changes.learn(topics)
            self._done, self._seen_at, self._seen_at_wall = number, at, wall

    async def _try(self) -> bool:
        try:
            await self.look()
        except Exception as error:  # noqa: BLE001 - it may come back
            log.warning("changes_not_seen", error=type(error).__name__)
            return False
        return True

    async def _run(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self.look_seconds):
                    await self._wake.wait()
            self._wake.clear()
            await self._try()
            await asyncio.sleep(LEAST_PAUSE_SECONDS)
