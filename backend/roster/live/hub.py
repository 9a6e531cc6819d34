"""Who listens to events in this process.

The hub reads what was sealed once for all of them, and looks once a second whether
they are still who they were. Each then reads by itself what it may be told of: nothing
is kept for a listener but how far it got, so a slow one costs no memory.
"""

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import structlog

from roster.auth.api_tokens import Use
from roster.auth.tokens import Tokens
from roster.core.actor import Actor
from roster.core.db import Database
from roster.core.flights import Flights
from roster.live import reading
from roster.live.listeners import Claims, End, Listener, Listeners, within
from roster.live.positions import Positions
from roster.live.reading import Happened
from roster.live.schemas import LiveEvent, Said

if TYPE_CHECKING:
    from roster.core.bus import Bus

log = structlog.get_logger()

KEPT = 1000
"""Events that are kept for all listeners together; who is further behind reads."""
PAGE = 200
MOST_TOLD = 1000
"""Whoever missed more does better to load again what it shows."""
MOST_READING = 2
"""Listeners that read at once: requests need the database too."""

Told = tuple[list[tuple[int, LiveEvent]], int]
"""Events under their numbers, and the number up to which there are no others."""


@dataclass(frozen=True)
class Pace:
    poll_seconds: float = 1.0
    beat_seconds: float = 15.0
    send_seconds: float = 10.0
    """How long a client may take to take a message."""
    sign_in_seconds: float = 5.0
    remember_seconds: float = 3600.0
    """How old a position may be that a client comes back with."""


@dataclass(frozen=True)
class Message:
    said: Said
    seq: int
    event: LiveEvent | None = None


class Follower(Listener):
    """Somebody who follows the events."""

    def __init__(self, hub: "Hub", claims: Claims, use: Use) -> None:
        super().__init__(claims, use)
        self.seq = hub.newest
        self._hub = hub

    async def messages(
        self, *, begin: Said = Said.ready, follow: bool = True
    ) -> AsyncGenerator[Message]:
        """Give what there is to say, until the listener leaves.

        Args:
            begin: What is said first: that it is `ready`, or a `reset`.
            follow: Whether to wait for what happens from now on.
        """
        yield Message(begin, self.seq)
        while self.end is None:
            self.news.clear()
            async for message in self._catch_up():
                yield message
            if not follow:
                return
            if not await within(self._hub.pace.beat_seconds, self.news):
                yield Message(Said.beat, self.seq)

    async def _catch_up(self) -> AsyncGenerator[Message]:
        told = 0
        while self.end is None and self.seq < self._hub.newest:
            try:
                events, upto = await self._hub.events_after(self.seq, self.actor)
            except Exception as error:  # noqa: BLE001 - the client may come back
                log.warning("live_events_failed", error=type(error).__name__)
                self.leave(End.failed)
                return
            told += len(events)
            if told > MOST_TOLD:
                self.seq = self._hub.newest
                yield Message(Said.reset, self.seq)
                return
            for seq, event in events:
                self.seq = seq
                yield Message(Said.event, seq, event)
            self.seq = upto


class Hub:
    def __init__(
        self, database: Database, tokens: Tokens, positions: Positions
    ) -> None:
        self.pace = Pace()
        self.positions = positions
        self.newest = 0
        """Number of the newest event that was looked at."""
        self.bus: Bus | None = None
        self.listeners = Listeners(database, tokens)
        self._database = database
        self._kept: deque[Happened] = deque()
        self._kept_from = 0
        self._looking = asyncio.Lock()
        self._flights: Flights[Told] = Flights()
        self._reading = asyncio.Semaphore(MOST_READING)
        self._wake = asyncio.Event()
        self._closed = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="live hub")
        if self.bus is not None:
            self.bus.start()

    async def stop(self) -> None:
        self.close()
        if self._task is not None:
            await self._task
        if self.bus is not None:
            await self.bus.stop()

    def close(self) -> None:
        """End all streams, and let none begin."""
        self._closed = True
        self.listeners.close()
        self.wake()

    def wake(self) -> None:
        self._wake.set()

    def sealed(self) -> None:
        """Take note that this process has sealed events."""
        self.wake()
        if self.bus is not None:
            self.bus.tell()

    @asynccontextmanager
    async def joined(
        self, token: str, position: str | None
    ) -> AsyncGenerator[tuple[Follower, Said]]:
        """Let a client listen, from where it was or from now on; see `admitted`."""
        admitted = self.listeners.admitted(
            token, lambda claims, use: Follower(self, claims, use)
        )
        async with admitted as follower:
            await self._look()
            follower.seq, begin = self._begin_at(position)
            # From now on it looks every second.
            self.wake()
            yield follower, begin

    async def events_after(self, seq: int, actor: Actor) -> Told:
        """Give the next events that somebody may be told of, and how far that goes.

        Several streams of one person, all at the same place, have it read once.
        """
        who = replace(
            actor, session_id=None, token_id=None, address="", expires_at=None
        )
        return await self._flights.share(
            (seq, self.newest, who),
            lambda: self._database.changes.mark,
            lambda: self._read_after(seq, actor),
            lambda _read: True,
        )

    async def _read_after(self, seq: int, actor: Actor) -> Told:
        async with self._reading, self._database.read() as session:
            upto = self.newest
            if seq >= self._kept_from:
                happened = [one for one in self._kept if one.seq > seq][:PAGE]
            else:
                happened = await reading.between(session, seq, upto, PAGE)
            if len(happened) == PAGE:
                upto = happened[-1].seq
            if not happened:
                return [], upto
            return await reading.visible(session, actor, happened), upto

    def _begin_at(self, position: str | None) -> tuple[int, Said]:
        if position is None:
            return self.newest, Said.ready
        found = self.positions.read(position)
        if found is None or found.seq > self.newest:
            return self.newest, Said.reset
        if time.time() - found.told_at > self.pace.remember_seconds:
            return self.newest, Said.reset
        return found.seq, Said.ready

    async def _look(self) -> bool:
        """Read which events were sealed; tell whether any concerns a listener."""
        async with self._looking, self._database.read() as session:
            upto = await reading.newest(session)
            if upto <= self.newest:
                return False
            new = await reading.between(session, self.newest, upto, KEPT + 1)
            if len(new) > KEPT:
                self._kept.clear()
                self._kept_from = upto
            else:
                self._kept.extend(new)
                while len(self._kept) > KEPT:
                    self._kept_from = self._kept.popleft().seq
            self.newest = upto
            return bool(new)

    async def _run(self) -> None:
        while not self._closed:
            self._wake.clear()
            if self.listeners:
                try:
                    new = await self._look()
                    await self.listeners.look()
                except Exception as error:  # noqa: BLE001 - it may come back
                    log.warning("live_events_failed", error=type(error).__name__)
                else:
                    self._call(new=new)
            seconds = self.pace.poll_seconds if self.listeners else None
            await within(seconds, self._wake)

    def _call(self, *, new: bool) -> None:
        for listener in self.listeners.all() if new else ():
            if isinstance(listener, Follower):
                listener.news.set()
