"""What is being made is made for all who ask for it at the same time."""

import asyncio
from collections.abc import Callable
from itertools import count

import pytest

from roster.core.flights import JOINED_SECONDS, Flights


class Making:
    """Something that takes as long as a test wants, and says what it saw."""

    def __init__(self) -> None:
        self.now = 0.0
        self.mark = 0
        self.begun = 0
        self.at_once = 0
        self.most_at_once = 0
        self.gate = asyncio.Event()
        self.fails = False
        self.flights: Flights[tuple[int, int]] = Flights(lambda: self.now)
        self._numbers = count(1)

    async def make(self) -> tuple[int, int]:
        self.begun += 1
        seen = next(self._numbers), self.mark
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await asyncio.sleep(0)
            await self.gate.wait()
            if self.fails:
                raise LookupError
        finally:
            self.at_once -= 1
        return seen

    def ask(
        self, key: str = "key", *, is_for_all: Callable[[object], bool] = bool
    ) -> "asyncio.Task[tuple[int, int]]":
        share = self.flights.share(key, lambda: self.mark, self.make, is_for_all)
        return asyncio.create_task(share)


async def turn() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_all_who_ask_at_once_get_the_same() -> None:
    making = Making()
    asked = [making.ask() for _ in range(20)]
    await turn()
    making.gate.set()
    assert set(await asyncio.gather(*asked)) == {(1, 0)}
    assert await making.ask() == (2, 0)


async def test_who_asks_for_something_else_waits_for_nobody() -> None:
    making = Making()
    asked = [making.ask(key) for key in "ab"]
    await turn()
    assert making.begun == 2
    making.gate.set()
    assert sorted(await asyncio.gather(*asked)) == [(1, 0), (2, 0)]


async def test_who_comes_after_a_change_gets_what_was_begun_after_it() -> None:
    making = Making()
    before = [making.ask() for _ in range(3)]
    await turn()
    making.mark = 1
    after = [making.ask() for _ in range(5)]
    await turn()
    assert making.begun == 1
    making.gate.set()
    assert set(await asyncio.gather(*before)) == {(1, 0)}
    assert set(await asyncio.gather(*after)) == {(2, 1)}
    assert making.most_at_once == 1


async def test_nobody_joins_what_began_long_ago() -> None:
    making = Making()
    first = making.ask()
    await turn()
    making.now = JOINED_SECONDS
    second = making.ask()
    await turn()
    making.gate.set()
    assert (await first, await second) == ((1, 0), (2, 0))


async def test_where_it_fails_or_is_for_one_alone_each_makes_it() -> None:
    making = Making()
    asked = [making.ask(is_for_all=lambda _: False) for _ in range(3)]
    await turn()
    making.gate.set()
    assert len(set(await asyncio.gather(*asked))) == 3
    making.gate.clear()
    making.fails = True
    asked = [making.ask() for _ in range(3)]
    await turn()
    making.gate.set()
    for one in asked:
        with pytest.raises(LookupError):
            await one


async def test_who_gives_up_takes_nothing_from_the_others() -> None:
    making = Making()
    first, second, third = (making.ask() for _ in range(3))
    await turn()
    second.cancel()
    await turn()
    making.gate.set()
    assert await first == await third == (1, 0)
    making.gate.clear()
    first, second = making.ask(), making.ask()
    await turn()
    first.cancel()
    await turn()
    making.gate.set()
    assert await second == (3, 0)
