import codecs
import re
from dataclasses import dataclass

FILE_LIMIT = 1024 * 1024

# Marks are tried in this order: UTF-32 LE begins with the mark of UTF-16 LE.
_MARKS = {
    "utf-32-le-sig": codecs.BOM_UTF32_LE,
    "utf-32-be-sig": codecs.BOM_UTF32_BE,
    "utf-8-sig": codecs.BOM_UTF8,
    "utf-16-le-sig": codecs.BOM_UTF16_LE,
    "utf-16-be-sig": codecs.BOM_UTF16_BE,
}
_GUESSES = ("utf-8", "cp1252", "latin-1")
_CONTROLS = re.compile(r"[\x01-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f-\x9f]")
_CONTROL_SHARE = 100  # more than one control character in so many: not a text
_SAMPLE = 4096
_NUL_SHARE = 3  # a text in UTF-16 has a NUL in at least every third pair


class NotTextError(Exception):
    """The bytes cannot be read as a text; `code` is stable, the message for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Decoded:
    """A text without its mark; `encode` with the same encoding gives back the bytes."""

    text: str
    encoding: str


def decode(data: bytes, *, limit: int = FILE_LIMIT) -> Decoded:
    """Find out how a text is stored, and read it.

    The encoding is a Python codec name, with `-sig` where a byte order mark stands
    first.

    Raises:
        NotTextError: empty, larger than `limit` bytes, or not a text.
    """
    if len(data) > limit:
        raise NotTextError(
            "too-large",
            f"The file has {len(data):,} bytes; at most {limit:,} are read.",
        )
    decoded = _decode(data)
    if not decoded.text.strip():
        raise NotTextError("empty", "The file is empty: there is nothing to read.")
    if "\0" in decoded.text:
        raise NotTextError("binary", "The file holds NUL bytes: it is not a text.")
    controls = len(_CONTROLS.findall(decoded.text))
    # Bytes that UTF-8 cannot explain are guessed at: be stricter with the guess.
    if controls > 1 and controls * _CONTROL_SHARE > len(decoded.text):
        raise NotTextError(
            "binary",
            f"The file holds {controls:,} control characters: it is not a text.",
        )
    return decoded


def encode(text: str, encoding: str) -> bytes:
    """Store a text as `decode` found it, mark included."""
    mark = _MARKS.get(encoding, b"")
    return mark + text.encode(encoding.removesuffix("-sig"))


def _decode(data: bytes) -> Decoded:
    for encoding, mark in _MARKS.items():
        if data.startswith(mark):
            text = _try(data[len(mark) :], encoding.removesuffix("-sig"))
            if text is not None:
                return Decoded(text, encoding)
    wide = _wide(data)
    guesses = (wide, *_GUESSES) if wide else _GUESSES
    for encoding in guesses:
        text = _try(data, encoding)
        if text is not None:
            return Decoded(text, encoding)
    raise AssertionError("latin-1 reads any bytes")  # pragma: no cover


def _try(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    return text if text.encode(encoding) == data else None


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark: every second byte of Western text is NUL."""
    if len(data) % 2:
        return None
    sample = data[:_SAMPLE]
    high, low = sample[0::2].count(0), sample[1::2].count(0)
    pairs = len(sample) // 2
    if low * _NUL_SHARE > pairs and not high:
        return "utf-16-le"
    if high * _NUL_SHARE > pairs and not low:
        return "utf-16-be"
    return None
