import asyncio

from pydantic import SecretStr

from roster.core.rate_sharing import Sharing, TellingLimiter
from tests.services.valkey import ValkeyServer


async def heard_of(client: str, limiter: TellingLimiter) -> None:
    async with asyncio.timeout(30):
        while client not in limiter._whole_at:  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0.05)


async def test_what_one_process_let_in_counts_in_the_other(
    valkey: ValkeyServer,
) -> None:
    first, second = TellingLimiter(10), TellingLimiter(10)
    pair = [Sharing(limiter, valkey.url) for limiter in (first, second)]
    for sharing in pair:
        sharing.start()
        await sharing.listens.wait()
    for _ in range(10):
        assert first.take("a").wait == 0
    assert first.take("a").wait
    await heard_of("a", second)
    assert second.take("a").wait
    # Of others it heard nothing, nor did the first hear itself.
    assert second.take("b").wait == 0
    for sharing in pair:
        await sharing.stop()


async def test_without_redis_each_counts_for_itself() -> None:
    limiter = TellingLimiter(2)
    sharing = Sharing(limiter, SecretStr("redis://127.0.0.1:1/0"))
    sharing.start()
    assert [bool(limiter.take("a").wait) for _ in range(3)] == [False, False, True]
    await sharing.stop()


def test_what_was_answered_elsewhere_makes_nobody_wait_longer_than_a_minute() -> None:
    limiter = TellingLimiter(60)
    limiter.spend("a", 1000)
    assert limiter.take("a").wait == 1
