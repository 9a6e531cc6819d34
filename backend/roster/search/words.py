"""Fold text to the plain words that are indexed and asked for.

Both engines get words folded here, so that accents, hyphens, dots and underscores
mean the same to each of them, and nothing that a person types is an operator.
"""

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")
_ACCENT = re.compile("[\u0300-\u036f]")


def fold(text: str) -> str:
    """Lower-case words without accents, with single spaces between them."""
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text)
        text = unicodedata.normalize("NFC", _ACCENT.sub("", decomposed))
    return " ".join(_WORD.findall(text.casefold()))


def shortened(text: str, size: int) -> str:
    """The beginning of a text, in at most so many bytes of UTF-8."""
    if len(text) <= size // 4:
        return text
    return text.encode("utf-8", "replace")[:size].decode("utf-8", "ignore")
