"""Read the headers of a TAR, where every field may lie.

Of the standard library's reader, the one in Python 3.11 loops on negative sizes and
takes headers of any length into memory; this one takes neither.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO

BLOCK = 512
MAX_HEADER_BYTES = 1024 * 1024
"""Of one long name, or of the extended header of one entry."""
REGULAR, FOLDER = frozenset({"\0", "0", "7"}), frozenset("5")
LINKS = {"1": "a hard link", "2": "a symbolic link"}
DEVICES = frozenset("346")
SPARSE = "GNU.sparse."
_EXTENDED, _GLOBAL, _LONG_NAME, _LONG_LINK, _LABEL = "x", "g", "L", "K", "V"
_OLD_SPARSE = "S"
_WITHOUT_DATA = frozenset("12346") | FOLDER
_MAX_DIGITS = 20


class TarError(Exception):
    """It is no TAR, or is cut off."""


class TooManyError(Exception):
    """It has more entries than are looked at."""


@dataclass(frozen=True, slots=True)
class Member:
    name: str
    type: str
    mode: int
    start: int
    """Where its data begins."""
    size: int
    extended: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_folder(self) -> bool:
        ends = self.type in REGULAR and self.name.endswith("/") and not self.size
        return self.type in FOLDER or ends

    @property
    def is_sparse(self) -> bool:
        return self.type == _OLD_SPARSE or any(
            key.startswith(SPARSE) for key in self.extended
        )


def is_header(block: bytes) -> bool:
    """Whether a TAR begins with it."""
    if len(block) < BLOCK or not block.strip(b"\0"):
        return False
    try:
        return _number(block[148:156]) == _checksum(block)
    except TarError:
        return False


def members(file: IO[bytes], length: int, most: int) -> Iterator[Member]:
    """Give the entries in order; their data is not read.

    Args:
        file: That can be sought in.
        length: Of the file.
        most: How many headers of any sort are looked at.

    Raises:
        TarError: It is broken, or ends too early.
        TooManyError: It has more headers.
    """
    at = 0
    extended: dict[str, str] = {}
    for _ in range(most):
        block = _read(file, at, BLOCK, length)
        if not block.strip(b"\0"):
            return
        if not is_header(block):
            raise TarError("a header with a wrong checksum")
        type_ = block[156:157].decode("latin-1")
        size = _number(block[124:136])
        at += BLOCK
        if type_ in {_EXTENDED, _GLOBAL, _LONG_NAME, _LONG_LINK, _LABEL}:
            extended |= _special(file, at, size, length, type_)
            at += _padded(size)
            continue
        if type_ == _OLD_SPARSE:
            at = _after_map(file, block, at, length, most)
        size = _size(extended, size)
        if type_ in _WITHOUT_DATA:
            size = 0
        name = extended.get("path") or _name(block)
        if size > length - at:
            raise TarError("the data ends too early")
        mode = _number(block[100:108])
        yield Member(name, type_, mode, at, size, extended)
        at += _padded(size)
        extended = {}
    raise TooManyError


def _special(
    file: IO[bytes], at: int, size: int, length: int, type_: str
) -> dict[str, str]:
    """What a header says of the entry after it."""
    if size > MAX_HEADER_BYTES:
        raise TarError("a header that is too large")
    data = _read(file, at, size, length)
    if type_ == _EXTENDED:
        return _records(data)
    if type_ == _LONG_NAME:
        return {"path": _text(data.partition(b"\0")[0])}
    return {}  # of all entries, or of no use


def _records(data: bytes) -> dict[str, str]:
    """Read lines of the form ``length key=value``."""
    found: dict[str, str] = {}
    at = 0
    while at < len(data):
        space = data.find(b" ", at, at + _MAX_DIGITS)
        digits = data[at:space] if space > 0 else b""
        if not digits.isdigit():
            raise TarError("an extended header that cannot be read")
        end = at + int(digits)
        if end <= space or end > len(data):
            raise TarError("an extended header that cannot be read")
        key, _, value = data[space + 1 : end - 1].partition(b"=")
        found[_text(key)] = _text(value)
        at = end
    return found


def _after_map(file: IO[bytes], block: bytes, at: int, length: int, most: int) -> int:
    """Skip the blocks that continue the map of a sparse file."""
    goes_on = block[482]
    for _ in range(most):
        if not goes_on:
            return at
        goes_on = _read(file, at, BLOCK, length)[504]
        at += BLOCK
    raise TooManyError


def _size(extended: Mapping[str, str], size: int) -> int:
    said = extended.get("size")
    if said is None:
        return size
    if not (said.isascii() and said.isdigit() and len(said) <= _MAX_DIGITS):
        raise TarError("a size that is no number")
    return int(said)


def _read(file: IO[bytes], at: int, size: int, length: int) -> bytes:
    if at + size > length:
        raise TarError("it ends too early")
    file.seek(at)
    data = file.read(size)
    if len(data) < size:
        raise TarError("it ends too early")
    return data


def _padded(size: int) -> int:
    return size + -size % BLOCK


def _checksum(block: bytes) -> int:
    return sum(block) - sum(block[148:156]) + 8 * ord(" ")


def _number(raw: bytes) -> int:
    """Octal digits, or a large number in binary."""
    if raw[0] & 0x80:
        if raw[0] & 0x7F:
            raise TarError("a number below zero")
        return int.from_bytes(raw[1:])
    digits = raw.partition(b"\0")[0].strip(b" ")
    if not digits:
        return 0
    if digits.strip(b"01234567"):
        raise TarError("a number that is none")
    return int(digits, 8)


def _name(block: bytes) -> str:
    name = block[:100].partition(b"\0")[0]
    # Only what has this mark has a prefix; others keep times there.
    is_posix = block[257:263] == b"ustar\0"
    prefix = block[345:500].partition(b"\0")[0] if is_posix else b""
    return _text(prefix + b"/" + name if prefix else name)


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")
