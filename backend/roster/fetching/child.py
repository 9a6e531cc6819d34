"""The process that talks to a git server and reads what it sends.

    python -m roster.fetching.child

It knows nothing of the instance but its errand, which comes as one line on standard
input, and writes to no file that has a name: however it ends, nothing is left behind.
When its parent ends it ends too, because standard input does.
"""

import contextlib
import os
import resource
import sys
import threading
import zlib
from collections.abc import Callable, Mapping
from tempfile import TemporaryFile
from typing import IO, NoReturn

from dulwich.errors import (
    ApplyDeltaError,
    ChecksumMismatch,
    GitProtocolError,
    NotGitRepository,
    ObjectFormatException,
)
from dulwich.object_format import get_object_format
from dulwich.object_store import ObjectStoreGraphWalker
from dulwich.objects import ObjectID
from dulwich.pack import UnresolvedDeltas
from dulwich.refs import Ref

from roster.fetching.choosing import Choice, choose, is_commit, prefixes
from roster.fetching.errors import FetchError, Reason
from roster.fetching.messages import Errand, failure, line_of
from roster.fetching.packs import Most, Packed, write_tar
from roster.fetching.pinned import PinnedGit

MEMORY_BYTES = 1024**3
"""Beside the pack, which is mapped."""
MAX_OPEN_FILES = 64
MAX_OBJECTS = 500_000
TOLD_EVERY = 1024 * 1024
PACK_HEAD = 12
UNREADABLE = (
    ApplyDeltaError,
    AssertionError,
    ChecksumMismatch,
    GitProtocolError,
    KeyError,
    NotGitRepository,
    ObjectFormatException,
    UnresolvedDeltas,
    ValueError,
    zlib.error,
)


def tell(line: bytes) -> None:
    sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()


class Received:
    """Counts what comes, and ends it when it is too much."""

    def __init__(self, most: int) -> None:
        self.bytes = self.objects = 0
        self._most = most
        self._told = 0

    def count(self, size: int) -> None:
        self.bytes += size
        if self.bytes > self._most:
            raise FetchError(
                f"It is larger than the {self._most:,} bytes that are taken at once.",
                Reason.too_large,
            )
        if self.bytes - self._told >= TOLD_EVERY:
            self.tell()

    def tell(self) -> None:
        self._told = self.bytes
        tell(line_of(received=self.bytes, objects=self.objects))

    def written(self, entries: int) -> None:
        self.objects = entries
        self.tell()


def guard(errand: Errand) -> None:
    """Take from this process what it does not need."""
    sizes = {
        resource.RLIMIT_AS: MEMORY_BYTES + errand.received_bytes,
        resource.RLIMIT_CPU: errand.seconds + 1,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 2 * max(errand.received_bytes, errand.unpacked_bytes),
        resource.RLIMIT_NOFILE: MAX_OPEN_FILES,
    }
    for limit, size in sizes.items():
        hard = resource.getrlimit(limit)[1]
        value = size if hard == resource.RLIM_INFINITY else min(size, hard)
        with contextlib.suppress(OSError, ValueError):  # not every system has each
            resource.setrlimit(limit, (value, value))


def end_with_parent() -> None:
    def wait() -> NoReturn:
        while os.read(0, 1):
            pass
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def ask(git: PinnedGit, errand: Errand) -> Choice:
    found = git.get_refs("", ref_prefix=prefixes(errand.ref))
    return choose(found.refs, found.symrefs, errand.ref)


def fetch(
    git: PinnedGit, errand: Errand, pack: IO[bytes], received: Received
) -> tuple[Choice, str]:
    """Receive the pack of one commit alone; give what was chosen, and the format."""
    choices: list[Choice] = []
    head = bytearray()

    def wants(refs: Mapping[Ref, ObjectID], depth: int | None = None) -> list[ObjectID]:
        del depth  # as it is asked for below
        choices.append(choose(refs, {}, errand.ref))
        return [choices[0].id]

    def take(data: bytes) -> int:
        if len(head) < PACK_HEAD:
            head.extend(data[: PACK_HEAD - len(head)])
            if int.from_bytes(head[8:PACK_HEAD]) > MAX_OBJECTS:
                raise FetchError(
                    f"It holds more than {MAX_OBJECTS:,} files and folders.",
                    Reason.too_large,
                )
        return pack.write(data)

    try:
        result = git.fetch_pack(
            "",
            wants,
            ObjectStoreGraphWalker([], lambda _: []),
            take,
            depth=1,
            ref_prefix=prefixes(errand.ref),
            filter_spec=b"blob:limit=%d" % (errand.file_bytes + 1),
        )
    except GitProtocolError as error:
        if head or not is_commit(errand.ref):
            raise
        raise FetchError(
            f"The server has no commit {errand.ref}, or gives none by its id.",
            Reason.no_such_ref,
        ) from error
    received.tell()
    return choices[0].named(result.symrefs), result.object_format or "sha1"


def run(errand: Errand) -> bytes:
    received = Received(errand.received_bytes)
    with contextlib.closing(
        PinnedGit(errand.pinned, errand.headers, received.count)
    ) as git:
        if errand.out is None:
            chosen = ask(git, errand)
            return line_of(commit=chosen.commit, ref=chosen.name)
        with TemporaryFile() as pack, os.fdopen(errand.out, "wb") as out:
            chosen, form = fetch(git, errand, pack, received)
            with contextlib.closing(Packed(pack, get_object_format(form))) as packed:
                commit = packed.commit(chosen.id)
                root = packed.folder(commit, errand.folder)
                most = Most(errand.files, errand.file_bytes, errand.unpacked_bytes)
                write_tar(packed, root, out, most, received.written)
            size = out.tell()
        return line_of(commit=commit.id.decode(), ref=chosen.name, size=size)


def attempt(work: Callable[[], bytes]) -> bytes:
    """Do it, or say in one sentence why it could not be done."""
    try:
        return work()
    except FetchError as error:
        return failure(error)
    except (MemoryError, OSError):
        large = (
            "It needs more memory or space to be unpacked than is given to it; a file "
            "in it may be huge."
        )
        return failure(FetchError(large, Reason.too_large))
    except UNREADABLE:
        wrong = "What the server sends is no git repository that can be read."
        return failure(FetchError(wrong, Reason.broken))


def main() -> None:
    errand = Errand.read(sys.stdin.buffer.readline())
    guard(errand)
    end_with_parent()
    tell(attempt(lambda: run(errand)))


if __name__ == "__main__":
    main()
