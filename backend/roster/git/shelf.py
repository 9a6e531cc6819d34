"""What a process keeps of what it made for git clients, and how much it does at once.

Nothing here decides who may see something: it is found by the ids of releases and
commits, which are looked up for the caller each time.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from pathlib import Path
from typing import Any, Self, TypeVar
from uuid import UUID

from anyio import CapacityLimiter, to_thread
from cachetools import LRUCache

from roster.git.history import History, Part
from roster.git.objects import Id
from roster.git.remembering import Memory
from roster.git.trees import Laid

THREADS = 2
"""So many threads work for git clients; others wait, and nobody else does."""
LAID_BYTES = 64 * 1024 * 1024
PACK_BYTES = 64 * 1024 * 1024
DOCUMENT_BYTES = 16 * 1024 * 1024
HISTORIES = 500
ROOTS = 100_000
LARGE_AT_ONCE = 8
"""Packs that lie in files while slow clients take them."""
LENT_BYTES = 256 * 1024 * 1024
"""Of packs that lie in memory meanwhile; what several take is one."""


R = TypeVar("R")


class Shelf:
    def __init__(self, folder: Path) -> None:
        """Take a folder for what is to outlive this process."""
        self.memory = Memory(folder)
        self.threads = CapacityLimiter(THREADS)
        self.laying = asyncio.Semaphore(1)
        self.turns = asyncio.Semaphore(THREADS)
        """So few look things up at once: who uses the API meanwhile waits for them."""
        self.packing = asyncio.Semaphore(THREADS)
        self.large = 0
        self.laid: LRUCache[Part, Laid]
        self.laid = LRUCache(LAID_BYTES, getsizeof=lambda laid: laid.size)
        self.roots: LRUCache[Part, Id] = LRUCache(ROOTS)
        """Of what is no longer kept, too: names need no more than these."""
        self.blob_ids: LRUCache[str, Id] = LRUCache(ROOTS)
        """What git calls stored bytes, by their sha256."""
        self.histories: LRUCache[Hashable, History] = LRUCache(HISTORIES)
        self.documents: LRUCache[Hashable, bytes]
        self.documents = LRUCache(DOCUMENT_BYTES, getsizeof=len)
        """Indexes of skills, which say the digests of their archives."""
        self.digests: LRUCache[tuple[UUID, str], str] = LRUCache(ROOTS)
        self.told: LRUCache[Hashable, dict[UUID, list[str]]] = LRUCache(HISTORIES)
        """What releases lock, as the audit says it: by the teams that it is of."""
        self.lent: dict[int, int] = {}
        """Bytes that clients are being sent, by what they are, and to how many."""
        self.lent_bytes = 0
        self.packs: LRUCache[Hashable, bytes] = LRUCache(PACK_BYTES, getsizeof=len)
        self._made: dict[Hashable, asyncio.Task[Any]] = {}

    async def in_thread(self, work: Callable[..., R], *arguments: Any) -> R:
        return await to_thread.run_sync(work, *arguments, limiter=self.threads)

    async def once(self, key: Hashable, make: Callable[[], Awaitable[R]]) -> R:
        """Make something for all who ask for it meanwhile; it outlives each of them."""
        task = self._made.get(key)
        if task is None:
            task = self._made[key] = asyncio.ensure_future(make())
            task.add_done_callback(lambda done: self._forget(key, done))
        result: R = await asyncio.shield(task)
        return result

    def _forget(self, key: Hashable, done: asyncio.Task[Any]) -> None:
        del self._made[key]
        if not done.cancelled():
            done.exception()  # whoever waits is told; nobody may be left

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        """Give up what nobody waits for any more."""
        under_way = list(self._made.values())
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
