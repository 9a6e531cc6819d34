"""One limit for the clients of several processes, roughly.

Each counts in memory what its own clients ask, tells the others each second through
Redis how much that was, and counts what it hears from them as if it had been asked
here. So a client that spreads its requests gets at most what all can answer in that
second above its limit. A request never waits for Redis. While Redis is away each
process counts for itself.
"""

import asyncio
import contextlib
import json
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any, Self

import structlog
from pydantic import SecretStr
from redis.asyncio import Redis
from redis.exceptions import RedisError

from roster.core.rate_limits import Quota, RateLimiter

log = structlog.get_logger()

CHANNEL = "roster:rates"
TELL_SECONDS = 1.0
PAUSE_SECONDS = 5.0
CONNECT_SECONDS = 2.0
MOST_TOLD = 1000
"""Clients in one message: those who asked the most."""


class TellingLimiter(RateLimiter):
    """Remembers who took how much since others were told."""

    def __init__(self, per_minute: int) -> None:
        super().__init__(per_minute)
        self._taken: Counter[str] = Counter()

    def take(self, client: str) -> Quota:
        quota = super().take(client)
        if not quota.wait:
            self._taken[client] += 1
        return quota

    def to_tell(self) -> dict[str, int]:
        taken, self._taken = self._taken, Counter()
        return dict(taken.most_common(MOST_TOLD))


class Sharing:
    """Tells the other processes of an instance, and listens to them."""

    def __init__(self, limiter: TellingLimiter, redis_url: SecretStr) -> None:
        self._limiter = limiter
        self._redis = Redis.from_url(
            redis_url.get_secret_value(), socket_connect_timeout=CONNECT_SECONDS
        )
        self._own = secrets.token_hex(8)
        self._tasks: list[asyncio.Task[None]] = []
        self.listens = asyncio.Event()
        """Set while it hears of others."""

    def start(self) -> None:
        self._tasks = [
            asyncio.create_task(self._kept_up(work), name=f"rates {work.__name__}")
            for work in (self._speak, self._listen)
        ]

    async def __aenter__(self) -> Self:
        self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with contextlib.suppress(RedisError, OSError):
            await self._redis.aclose()

    async def _kept_up(self, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await work()
            except (RedisError, OSError) as error:
                self.listens.clear()
                log.warning("redis_unreachable", error=type(error).__name__)
            await asyncio.sleep(PAUSE_SECONDS)

    async def _speak(self) -> None:
        while True:
            await asyncio.sleep(TELL_SECONDS)
            if taken := self._limiter.to_tell():
                message = json.dumps({"by": self._own, "taken": taken})
                await self._redis.publish(CHANNEL, message)

    async def _listen(self) -> None:
        async with self._redis.pubsub() as subscription:
            await subscription.subscribe(CHANNEL)
            async for message in subscription.listen():
                self.listens.set()
                if message["type"] == "message":
                    self._hear(json.loads(message["data"]))

    def _hear(self, told: dict[str, Any]) -> None:
        if told["by"] != self._own:
            for client, count in told["taken"].items():
                self._limiter.spend(client, count)
