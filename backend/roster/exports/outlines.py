"""What is said of components in documents that people read."""

import re
from typing import Any

from roster.components.content import clean
from roster.components.kinds.markdown import first_paragraph
from roster.exports.pages import Page, page_of
from roster.exports.served import KIND
from roster.exports.shipment import Item
from roster.exports.targets.base import Variable

LENGTH = 200
_MARKUP = re.compile(r"[\\`*_\[\]<>]")


def line(text: str, length: int = LENGTH) -> str:
    """A text on one line, cut at a word, with nothing in it that Markdown reads."""
    shown = cut(" ".join(clean(text).split()), length)
    return _MARKUP.sub(lambda match: f"\\{match.group()}", shown)


def paragraphs(text: str) -> str:
    """A text of several paragraphs, each as in `line`."""
    pieces = re.split(r"\n\s*\n", clean(text).replace("\r\n", "\n").strip())
    return "\n\n".join(line(piece, len(piece)) for piece in pieces if piece.strip())


def cut(text: str, length: int) -> str:
    """The words of a text that have room, and a sign that there are more."""
    if len(text) <= length:
        return text
    short = text[: length - 1]
    if not text[length - 1].isspace():
        head, _, tail = short.rpartition(" ")
        short = head if head and len(tail) < length // 2 else short
    return f"{short.rstrip()}…"


def description(item: Item) -> str:
    """What a component says that it is for, or what stands in for that."""
    if item.kind == KIND:
        written = item.parsed.manifest.get("description")
        return written if isinstance(written, str) else ""
    page = page_of(item)
    return said(page.values.get("description")) or instead(item, page)


def said(value: Any) -> str:
    """A description as a text; "" where it says nothing."""
    if isinstance(value, bool | int | float):
        return str(value)
    return value if isinstance(value, str) and value.strip() else ""


def instead(item: Item, page: Page) -> str:
    """What stands for a description where there is none."""
    return first_paragraph(page.body) or f"The {item.kind} {item.name}."


def entry(item: Item) -> str:
    """One line of a list."""
    shown = line(description(item))
    return f"- `{item.name}`{': ' if shown else ''}{shown}"


def variable(one: Variable) -> str:
    if one.required:
        how = "required"
    else:
        how = f"optional, else `{one.default}`" if one.default else "optional"
    return f"- `{one.name}`: {how}"
