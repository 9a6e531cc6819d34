"""What a git client sends to be given objects: read, and held to limits.

It is version 0 of the protocol, in the form for HTTP: each request says all of it
again. A client that asks for version 2 is answered in this one, which all speak.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from roster.core.errors import Malformed, TooLarge
from roster.git.objects import Id

MOST_BYTES = 4 * 1024 * 1024
"""Of a request, unpacked: some 80,000 commits that a client has."""
MOST_WANTS = 10_000
INFINITE = 0x7FFFFFFF
"""The depth that ``git fetch --unshallow`` asks for."""
_LENGTH = re.compile(rb"[0-9a-fA-F]{4}")
_ID = re.compile(rb"[0-9a-f]{40}")
_LONGEST = 65_520
_HEAD = 4


@dataclass(frozen=True, slots=True)
class Asked:
    """What a client wants, and what it has.

    Attributes:
        wants: Ids of commits.
        capabilities: What it switches on.
        shallow: Commits that it has without what stands before them.
        depth: How many commits it wants of each branch; 0: it does not say.
        haves: Commits that it has, in its order.
        done: Whether it names no more of them, and waits for objects.
    """

    wants: tuple[Id, ...]
    capabilities: frozenset[str]
    shallow: frozenset[Id]
    depth: int
    haves: tuple[Id, ...]
    done: bool


def unpacked(data: bytes, coding: str) -> bytes:
    """Undo what git does with long requests.

    Raises:
        Malformed: It is not packed as it says.
        TooLarge: There is more in it than is taken.
    """
    if coding in {"", "identity"}:
        return data
    if coding not in {"gzip", "x-gzip"}:
        raise Malformed("Send the request as it is, or packed with gzip.")
    inflating = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        found = inflating.decompress(data, MOST_BYTES)
    except zlib.error as error:
        raise Malformed("The request is not packed with gzip, as it says.") from error
    if inflating.unconsumed_tail:
        raise TooLarge(f"The request holds more than {MOST_BYTES:,} bytes.")
    if not inflating.eof:
        raise Malformed("The packed request has no end.")
    return found


def read(data: bytes) -> Asked:
    """Read a request for objects.

    Raises:
        Malformed: It is none, or asks for what is not offered.
        TooLarge: It wants too much at once.
    """
    lines = _lines(data)
    wants: dict[Id, None] = {}
    shallow: set[Id] = set()
    capabilities: frozenset[str] = frozenset()
    depth = 0
    for line in lines:
        if line is None:
            break
        word, _, rest = line.partition(b" ")
        if word == b"want":
            name, _, said = rest.partition(b" ")
            if not wants:
                capabilities = _capabilities(said)
            wants[_id(name)] = None
        elif word == b"shallow":
            shallow.add(_id(rest))
        elif word == b"deepen" and not depth:
            depth = _depth(rest)
        else:
            raise _unknown(line)
    if len(wants) > MOST_WANTS:
        raise TooLarge(f"The request wants more than {MOST_WANTS:,} commits.")
    haves, done = _haves(lines)
    return Asked(
        tuple(wants), capabilities, frozenset(shallow), depth, tuple(haves), done
    )


def _haves(lines: Iterator[bytes | None]) -> tuple[dict[Id, None], bool]:
    haves: dict[Id, None] = {}
    for line in lines:
        if line == b"done":
            return haves, True
        if line is None:
            continue
        word, _, rest = line.partition(b" ")
        if word != b"have":
            raise _unknown(line)
        haves[_id(rest)] = None
    return haves, False


def _lines(data: bytes) -> Iterator[bytes | None]:
    """The lines of a request; None where it has a pause."""
    at = 0
    while at < len(data):
        head = data[at : at + _HEAD]
        if not _LENGTH.fullmatch(head):
            raise Malformed("This is no request of a git client.")
        length = int(head, 16)
        if length == 0:
            at += _HEAD
            yield None
            continue
        if not _HEAD < length <= _LONGEST or at + length > len(data):
            raise Malformed("A line of the request is not as long as it says.")
        yield data[at + _HEAD : at + length].removesuffix(b"\n")
        at += length


def _id(text: bytes) -> Id:
    if not _ID.fullmatch(text):
        raise Malformed("The request names a commit by something that is no id.")
    return bytes.fromhex(text.decode())


def _depth(text: bytes) -> int:
    if not text.isdigit() or not 0 < int(text[:12]) <= INFINITE:
        raise Malformed("The depth of the request is no number above zero.")
    return int(text[:12])


def _capabilities(said: bytes) -> frozenset[str]:
    """What a client switches on; what is not offered has no effect."""
    return frozenset(said.decode(errors="replace").split())


def _unknown(line: bytes) -> Malformed:
    word = line.partition(b" ")[0][:20].decode(errors="replace")
    return Malformed(f"The server does not understand {word!r} at this place.")
