"""Fold text to the plain words that are indexed and asked for.

Both engines get words folded here, so that accents, hyphens, dots and underscores
mean the same to each of them, and nothing that a person types is an operator.
"""

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")
_ACCENT = re.compile("[\u0300-\u036f]")
_ENDINGS = re.compile(r"(?:ations?|ments?|ings?|ions?|ies|ied|ers?|ed|es|ly|s|y|e)$")
_ROOT_LENGTH = 3

COMMON = frozenset(
    re.findall(
        r"\w+",
        """
        a an and are as at be by for from has have if in into is it its of on or that
        the their then there these this to was will with
        """,
    )
)
"""Words that say nothing of what they stand in; PostgreSQL does not index them."""


def fold(text: str) -> str:
    """Lower-case words without accents, with single spaces between them."""
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text)
        text = unicodedata.normalize("NFC", _ACCENT.sub("", decomposed))
    return " ".join(_WORD.findall(text.casefold()))


def root(word: str) -> str:
    """The beginning that the forms of a folded English word share, about."""
    while found := _ENDINGS.search(word, _ROOT_LENGTH):
        word = word[: found.start()]
    return word


def shortened(text: str, size: int) -> str:
    """The beginning of a text, in at most so many bytes of UTF-8."""
    if len(text) <= size // 4:
        return text
    return text.encode("utf-8", "replace")[:size].decode("utf-8", "ignore")
