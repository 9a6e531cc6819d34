"""The lines in which git speaks: each begins with its length."""

from collections.abc import Iterator

FLUSH = b"0000"
_HEAD = 4
BAND = 1
"""Of several channels in one answer, that of the objects."""


def line(text: str) -> bytes:
    data = text.encode() + b"\n"
    return b"%04x%s" % (len(data) + _HEAD, data)


def in_band(data: bytes, most: int) -> Iterator[bytes]:
    """Put bytes into lines of the channel for objects.

    Args:
        data: Any bytes.
        most: How long a line may be; 0: they go as they are.
    """
    if not most:
        yield data
        return
    step = most - _HEAD - 1
    for start in range(0, len(data), step):
        piece = data[start : start + step]
        yield b"%04x%c%s" % (len(piece) + _HEAD + 1, BAND, piece)
