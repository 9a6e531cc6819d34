"""One making of an answer for all who ask for it at the same time.

Whoever asks while it is being made is given the same, if nothing was changed since that
was begun: it tells them what they would find themselves. Otherwise they wait for its
end, and the first of them makes it anew for all who wait. So of what takes long at most
one is being made at a time, however many ask.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Made = TypeVar("Made")

JOINED_SECONDS = 0.4
"""What other processes change is known later by so much at most, and by less than a
second with the look at what they changed."""


@dataclass(slots=True, eq=False)
class _Flight(Generic[Made]):
    number: int
    mark: int
    begun: float
    end: "asyncio.Future[Made | None]" = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )
    """What was made; None: it failed, or is for nobody else."""


class Flights(Generic[Made]):
    """What is being made, by what was asked for."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._begun = 0
        """How many have begun."""
        self._under_way: dict[Hashable, _Flight[Made]] = {}

    async def share(
        self,
        key: Hashable,
        mark: Callable[[], int],
        make: Callable[[], Awaitable[Made]],
        is_for_all: Callable[[Made], bool],
    ) -> Made:
        """Give what is made now, by this caller or by another one.

        Args:
            key: Alike for those who are to be given the same.
            mark: Gives the present moment: see `Changes.mark`.
            make: Reads what is true now.
            is_for_all: Whether others can be given what was made.
        """
        known = self._begun
        while (flight := self._under_way.get(key)) is not None:
            unchanged = flight.mark == mark()
            young = self._clock() - flight.begun < JOINED_SECONDS
            joins = flight.number > known or (unchanged and young)
            # The end of one who waits is not that of all.
            made = await asyncio.shield(flight.end)
            if joins:
                return await make() if made is None else made
        return await self._make(key, mark(), make, is_for_all)

    async def _make(
        self,
        key: Hashable,
        mark: int,
        make: Callable[[], Awaitable[Made]],
        is_for_all: Callable[[Made], bool],
    ) -> Made:
        self._begun += 1
        flight: _Flight[Made] = _Flight(self._begun, mark, self._clock())
        self._under_way[key] = flight
        made = None
        try:
            made = await make()
        finally:
            del self._under_way[key]
            shared = made is not None and is_for_all(made)
            flight.end.set_result(made if shared else None)
        return made
