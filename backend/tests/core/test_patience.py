"""Who waits for others waits so long, and not while nothing is done here at all."""

import asyncio
import time

import pytest

from roster.core.patience import STOOD_STILL_SECONDS, within


async def test_waiting_ends() -> None:
    with pytest.raises(TimeoutError):
        async with within(0.05):
            await asyncio.Event().wait()


async def test_what_raises_by_itself_is_left_as_it_is() -> None:
    with pytest.raises(ZeroDivisionError):
        async with within(0.05):
            raise ZeroDivisionError


async def test_a_process_that_stood_still_has_not_waited() -> None:
    async with within(0.2):
        time.sleep(2 * STOOD_STILL_SECONDS)  # noqa: ASYNC251 - as if it were stopped
        await asyncio.sleep(0.01)


async def test_it_waits_as_long_as_before_once_it_goes_on() -> None:
    async def wait() -> None:
        async with within(0.1):
            time.sleep(2 * STOOD_STILL_SECONDS)  # noqa: ASYNC251 - as if it were stopped
            await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        await wait()
