"""Whether Redis answers; imported where there is one, for its client is large."""

from contextlib import suppress

from pydantic import SecretStr
from redis.asyncio import Redis
from redis.exceptions import RedisError


class RedisHealth:
    def __init__(self, url: SecretStr, *, seconds: float) -> None:
        self._redis = Redis.from_url(
            url.get_secret_value(),
            socket_connect_timeout=seconds,
            socket_timeout=seconds,
        )

    async def answers(self) -> bool:
        try:
            await self._redis.ping()
        except (RedisError, OSError):
            return False
        return True

    async def close(self) -> None:
        with suppress(RedisError, OSError):
            await self._redis.aclose()
