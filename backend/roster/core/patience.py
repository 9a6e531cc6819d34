"""How long to wait for others, by a clock that stands still when this process does."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

PARTS = 5
STOOD_STILL_SECONDS = 0.5
"""Too late by more than this: nothing was done here meanwhile."""


@asynccontextmanager
async def within(seconds: float) -> AsyncGenerator[None]:
    """Wait for what others do, so long at most.

    A process that was stopped, or had no processor, has waited for nobody meanwhile:
    whoever was about to be served when it went on would be refused else. So the time is
    counted in parts, and one that ends much too late counts for nothing.

    Raises:
        TimeoutError: It took longer.
    """
    loop = asyncio.get_running_loop()
    part = seconds / PARTS
    left = PARTS
    timer: asyncio.TimerHandle

    def pass_by() -> None:
        nonlocal left, timer
        if loop.time() < timer.when() + STOOD_STILL_SECONDS:
            left -= 1
        if left:
            timer = loop.call_later(part, pass_by)
        else:
            deadline.reschedule(loop.time())

    async with asyncio.timeout(None) as deadline:
        timer = loop.call_later(part, pass_by)
        try:
            yield
        finally:
            timer.cancel()
