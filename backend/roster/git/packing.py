"""Write packs: the objects that a client lacks, each whole and squeezed a little.

There are no deltas. To find them would take longer than to send the bytes, and what
changes from one release to the next is small beside the whole.
"""

import hashlib
import zlib
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from tempfile import SpooledTemporaryFile
from typing import TypeVar

from roster.blobs import reading as blobs
from roster.collections import exporting
from roster.components.stored import StoredFile
from roster.core.errors import TooLarge, Unavailable
from roster.git.history import Commit
from roster.git.laying import Bench, trees_of
from roster.git.objects import BLOB, COMMIT, TREE, Id, all_in
from roster.git.shelf import LARGE_AT_ONCE, LENT_BYTES, Shelf

LEVEL = 1
"""Half as small again would take four times as long."""
MEMORY_BYTES = 32 * 1024 * 1024
"""What has more bytes is written into a file, and for one client alone."""
READ_BYTES = 256 * 1024
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Content:
    """What a pack holds, in its order; bytes that are stored elsewhere come last."""

    at_hand: list[tuple[int, bytes]]
    stored: list[StoredFile]

    @property
    def size(self) -> int:
        here = sum(len(data) for _, data in self.at_hand)
        return here + sum(file.size for file in self.stored)


class PackWriter:
    """Writes a pack. Uses the CPU: call it in a thread."""

    def __init__(self, count: int) -> None:
        self._file = SpooledTemporaryFile(MEMORY_BYTES)  # noqa: SIM115 - see close
        self._sum = hashlib.sha1(usedforsecurity=False)
        self._squeeze = zlib.compressobj(LEVEL)
        self._put(b"PACK" + (2).to_bytes(4, "big") + count.to_bytes(4, "big"))

    def _put(self, data: bytes) -> None:
        self._sum.update(data)
        self._file.write(data)

    def add(self, objects: Iterable[tuple[int, bytes]]) -> None:
        for kind, data in objects:
            self._put(_head(kind, len(data)) + zlib.compress(data, LEVEL))

    def begin(self, size: int) -> None:
        """Begin a file whose bytes come in pieces."""
        self._put(_head(BLOB, size))
        self._squeeze = zlib.compressobj(LEVEL)

    def go_on(self, chunk: bytes) -> None:
        self._put(self._squeeze.compress(chunk))

    def end(self) -> None:
        self._put(self._squeeze.flush())

    def finish(self) -> None:
        self._file.write(self._sum.digest())
        self._file.seek(0)

    def read(self, size: int = -1) -> bytes:
        return self._file.read(size)

    def close(self) -> None:
        self._file.close()


def _head(kind: int, size: int) -> bytes:
    """Kind and size of an object: four bits of the size, then seven at a time."""
    head = bytearray()
    byte, size = kind << 4 | size & 0x0F, size >> 4
    while size:
        head.append(byte | 0x80)
        byte, size = size & 0x7F, size >> 7
    head.append(byte)
    return bytes(head)


async def content_of(
    bench: Bench, commits: Iterable[Commit], known: Iterable[Commit]
) -> Content:
    """All that is in some commits, and not in those that are known."""
    commits, known = list(commits), list(known)
    # An id says what the bytes are: it matters not where they are found. So of what
    # several releases share, one copy is held, however many there are.
    trees: dict[Id, bytes] = {}
    files: dict[Id, bytes | StoredFile] = {}
    parts = dict.fromkeys(part for one in (*known, *commits) for part in one.parts)
    in_order = sorted(parts, key=itemgetter(0))
    for _, of_release in groupby(in_order, key=itemgetter(0)):
        for laid in (await trees_of(bench, of_release)).values():
            trees.update(_new(laid.trees, trees))
            files.update(_new(laid.files, files))
    try:
        return await bench.shelf.in_thread(_content, commits, known, trees, files)
    except KeyError as error:
        # It was told of by another version of this program.
        raise Unavailable(
            "This is laid out anew; fetch it again.", headers={"Retry-After": "1"}
        ) from error


def _new(found: Mapping[Id, T], known: Mapping[Id, T]) -> dict[Id, T]:
    return {id_: one for id_, one in found.items() if id_ not in known}


def _content(
    commits: Iterable[Commit],
    known: Iterable[Commit],
    trees: dict[Id, bytes],
    files: dict[Id, bytes | StoredFile],
) -> Content:
    for one in (*known, *commits):
        for id_, (kind, data) in one.own.items():
            (trees if kind == TREE else files)[id_] = data
    seen: set[Id] = set()
    for one in known:
        seen.update(all_in(one.tree, trees, seen))
    at_hand, stored = [], []
    for one in commits:
        at_hand.append((COMMIT, one.data))
        for id_ in all_in(one.tree, trees, seen):
            held = trees[id_] if id_ in trees else files[id_]
            if isinstance(held, bytes):
                at_hand.append((TREE if id_ in trees else BLOB, held))
            else:
                stored.append(held)
    return Content(at_hand, stored)


async def write(bench: Bench, content: Content) -> PackWriter:
    """Write a pack; whoever asked for it closes it."""
    in_thread = bench.shelf.in_thread
    count = len(content.at_hand) + len(content.stored)
    writer = PackWriter(count)
    try:
        await in_thread(writer.add, content.at_hand)
        async with bench.database.read() as session:
            for start in range(0, len(content.stored), exporting.AT_ONCE):
                batch = content.stored[start : start + exporting.AT_ONCE]
                digests = (file.digest for file in batch)
                found = await blobs.find_many(session, digests)
                for file in batch:
                    writer.begin(file.size)
                    async for chunk in blobs.stream(bench.store, found[file.digest]):
                        await in_thread(writer.go_on, chunk)
                    writer.end()
        await in_thread(writer.finish)
    except BaseException:
        writer.close()
        raise
    return writer


class Pack:
    """The bytes of a pack, for one client: close it, whatever becomes of that.

    Raises:
        Unavailable: Slow clients hold too many others.
    """

    def __init__(self, shelf: Shelf, data: bytes) -> None:
        self._shelf = shelf
        self._data = data
        self._key: int | None = id(data)
        if self._key not in shelf.lent:
            if shelf.lent_bytes + len(data) > LENT_BYTES:
                raise _busy()
            shelf.lent_bytes += len(data)
        shelf.lent[self._key] = shelf.lent.get(self._key, 0) + 1

    async def pieces(self) -> AsyncIterator[bytes]:
        for start in range(0, len(self._data), READ_BYTES):
            yield self._data[start : start + READ_BYTES]

    def close(self) -> None:
        """Nothing is held but memory, which others may hold, too."""
        if self._key is None:
            return
        self._shelf.lent[self._key] -= 1
        if not self._shelf.lent[self._key]:
            del self._shelf.lent[self._key]
            self._shelf.lent_bytes -= len(self._data)
        self._key = None


class LargePack(Pack):
    """One that lies in a file, of which there are not many at once."""

    def __init__(self, shelf: Shelf, writer: PackWriter) -> None:
        super().__init__(shelf, b"")
        self._writer: PackWriter | None = writer

    async def pieces(self) -> AsyncIterator[bytes]:
        while self._writer is not None:
            piece = await self._shelf.in_thread(self._writer.read, READ_BYTES)
            if not piece:
                break
            yield piece

    def close(self) -> None:
        super().close()
        if self._writer is not None:
            self._writer.close()
            self._writer = None
            self._shelf.large -= 1


def _busy() -> Unavailable:
    return Unavailable(
        "Several large clones are under way; try again in a minute.",
        headers={"Retry-After": "60"},
    )


async def pack(
    bench: Bench, commits: tuple[Commit, ...], known: tuple[Commit, ...], *, most: int
) -> Pack:
    """Make the pack of some commits, or take it from the shelf.

    Args:
        bench: What it is made with.
        commits: What is in it.
        known: What the client has.
        most: How many bytes it may hold, before they are squeezed.

    Raises:
        TooLarge: It holds more.
        Unavailable: Too many large ones are being sent.
    """
    shelf = bench.shelf
    key = frozenset(one.id for one in commits), frozenset(one.id for one in known)
    kept = shelf.packs.get(key)
    if kept is not None:
        return Pack(shelf, kept)
    content = await shelf.once(
        ("content", key), lambda: content_of(bench, commits, known)
    )
    if content.size > most:
        raise TooLarge(
            f"It holds more than {most:,} bytes; fetch it with --depth 1, or one "
            "branch of it with --single-branch."
        )
    if content.size > MEMORY_BYTES:
        return await _large(bench, content)
    kept = await shelf.once(("pack", key), lambda: _small(bench, content))
    if len(kept) <= shelf.packs.maxsize:
        shelf.packs[key] = kept
    return Pack(shelf, kept)


async def _small(bench: Bench, content: Content) -> bytes:
    async with bench.shelf.packing:
        writer = await write(bench, content)
        try:
            return writer.read()
        finally:
            writer.close()


async def _large(bench: Bench, content: Content) -> LargePack:
    shelf = bench.shelf
    if shelf.large >= LARGE_AT_ONCE:
        raise _busy()
    shelf.large += 1
    try:
        async with shelf.packing:
            return LargePack(shelf, await write(bench, content))
    except BaseException:
        shelf.large -= 1
        raise
