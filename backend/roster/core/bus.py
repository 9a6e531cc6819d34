"""Wakes the other processes of an instance, through Redis.

A message says nothing but that there is something to read. Where one is lost, or Redis
is away, each process still looks by itself.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import structlog
from pydantic import SecretStr
from redis.asyncio import Redis
from redis.exceptions import RedisError

log = structlog.get_logger()

SEALED = "roster:sealed"
"""Channel: events were sealed."""
CHANGED = "roster:changes"
"""Channel: a unit of work was committed that others may have kept answers about."""
CONNECT_SECONDS = 2.0
PAUSE_SECONDS = 5.0


class Bus:
    def __init__(
        self, redis_url: SecretStr, heard: Callable[[], None], *, channel: str
    ) -> None:
        """Call `heard` for each message, those of this process among them."""
        self._redis = Redis.from_url(
            redis_url.get_secret_value(), socket_connect_timeout=CONNECT_SECONDS
        )
        self._heard = heard
        self._channel = channel
        self._news = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self._tasks = [
            asyncio.create_task(
                self._kept_up(work), name=f"{self._channel} {work.__name__}"
            )
            for work in (self._speak, self._listen)
        ]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with contextlib.suppress(RedisError, OSError):
            await self._redis.aclose()

    def tell(self) -> None:
        self._news.set()

    async def _kept_up(self, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await work()
            except (RedisError, OSError) as error:
                log.warning("redis_unreachable", error=type(error).__name__)
            await asyncio.sleep(PAUSE_SECONDS)

    async def _speak(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            await self._redis.publish(self._channel, b"")

    async def _listen(self) -> None:
        async with self._redis.pubsub() as subscription:
            await subscription.subscribe(self._channel)
            # The first message is that this began: what was missed is looked for.
            async for _ in subscription.listen():
                self._heard()
