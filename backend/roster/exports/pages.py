"""What the Markdown file of a component says, read the quick way where it is valid."""

import re
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

import yaml

from roster.exports import writing
from roster.exports.shipment import Item
from roster.lint import strict
from roster.lint.strict import Loaded, StrictError

Values = dict[str, Any]
Reader = Callable[[str], Values]
BOM = b"\xef\xbb\xbf"
_FENCED = re.compile(
    r"---[ \t]*\r?\n(?P<block>.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE
)
_FIRST = ("name", "description")
_BEFORE = ""
"""Stands for the comments before the first key."""
READ = 1000
"""So much front matter is not read again by the exporter of the next target."""
_SHORT = 8 * 1024
_LONE_RETURN = re.compile(r"\r(?!\n)")


class State(StrEnum):
    """How far tools read a file as people do."""

    valid = "valid"
    """All of them find the values in the very bytes."""
    bare = "bare"
    """There is no front matter, and nothing that looks like it."""
    encoded = "encoded"
    """The values are sure, but the file is not in UTF-8."""
    broken = "broken"
    """The front matter is not valid YAML, or does not stand at the top."""
    unread = "unread"
    """It is no text. Nothing of the sort can be published."""


@dataclass(frozen=True, slots=True)
class Page:
    """A Markdown file.

    Attributes:
        values: Of the front matter, as a person reads it; for the caller to change.
        body: What stands below it.
        data: The very bytes.
        state: Whether tools read the same in them.
        dashes: Whether three hyphens stand inside the front matter.
        block: Where the front matter stands in the text, which is without its mark.
    """

    values: Values
    body: str
    data: bytes
    state: State
    dashes: bool = False
    block: tuple[int, int] = (0, 0)

    @property
    def has_mark(self) -> bool:
        return self.data.startswith(BOM)

    @property
    def text(self) -> str:
        return self.data.decode("utf-8-sig")

    @property
    def front_matter(self) -> str:
        return self.text[slice(*self.block)]


def page_of(item: Item) -> Page:
    """Read the main file of an agent, a skill or a command."""
    try:
        text = item.main.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _as_parsed(item, State.encoded)
    if "\0" in text:  # of UTF-16, or of no text at all
        return _as_parsed(item, State.encoded)
    if not text.lstrip().startswith("---") and "\n---" not in text:
        return Page({}, text, item.main, State.bare)
    matter = _FENCED.match(text)
    if matter is None or _LONE_RETURN.search(matter["block"]):
        return _as_parsed(item, State.broken)
    try:
        values = _copied(_loaded(matter["block"]).values)
    except StrictError:
        values = {}
    if not values:
        return _as_parsed(item, State.broken)
    dashes = "---" in matter["block"]
    body, block = text[matter.end() :], matter.span("block")
    return Page(values, body, item.main, State.valid, dashes, block)


def _as_parsed(item: Item, state: State) -> Page:
    parsed = item.parsed
    if parsed.refused:
        return Page({}, item.main.decode(errors="replace"), item.main, State.unread)
    if state is State.encoded and parsed.strict_yaml_ok is False:
        state = State.broken
    if state is State.broken and parsed.strict_yaml_ok is None and not parsed.manifest:
        text = parsed.text
        state = State.broken if text.startswith("---") else State.bare
    return Page(deepcopy(parsed.manifest), parsed.body, item.main, state)


def _loaded(block: str) -> Loaded:
    """What front matter says, for nobody to change; only what is short is kept."""
    return _kept(block) if len(block) <= _SHORT else strict.load(block)


_kept = lru_cache(READ)(strict.load)


def _copied(value: Any) -> Any:
    """Like `deepcopy`, for maps and lists of values that nobody can change."""
    if isinstance(value, dict):
        return {key: _copied(one) for key, one in value.items()}
    return [_copied(one) for one in value] if isinstance(value, list) else value


def strict_values(block: str) -> Values:
    """What a strict reader finds in front matter."""
    return strict.load(block).values


def edited(
    page: Page, values: Values, *, anew: bool = False, read: Reader = strict_values
) -> bytes:
    """The file with these values, in which all else stays as it is where it can.

    A byte order mark never does: behind it, some readers find no front matter.

    Args:
        page: What was read.
        values: What is to stand in the front matter.
        anew: Whether the front matter must be written anew in any case.
        read: How the values of the page were read.
    """
    if not anew and page.state is State.valid:
        if page.values == values:
            return page.data.removeprefix(BOM)
        changed = _patched(page, values, read)
        if changed is not None:
            return changed
    if not anew and page.state is State.bare and not values:
        return page.data.removeprefix(BOM)
    return writing.page(values, page.body)


def _patched(page: Page, values: Values, read: Reader) -> bytes | None:
    """The file with single values replaced; None where that gives something else."""
    block = page.front_matter
    loaded = _loaded(block)
    pieces = []
    for key, (start, end) in _places(block, loaded):
        piece = block[start:end]
        if key in values and values[key] != page.values.get(key):
            piece = _line(piece, page.values.get(key), values[key], key)
        if key == _BEFORE or key in values:
            pieces.append(piece)
    added = [key for key in values if key not in loaded.spots]
    first = [writing.line(key, values[key]) for key in added if key in _FIRST]
    last = [writing.line(key, values[key]) for key in added if key not in _FIRST]
    newline = "\r\n" if "\r\n" in block else "\n"
    new = "".join((*first, *pieces, *last)).replace("\r\n", "\n")
    new = new.replace("\n", newline)
    try:
        if read(new) != values or "---" in new:
            return None
    except (StrictError, yaml.YAMLError):
        return None
    text = page.text
    return (text[: page.block[0]] + new + text[page.block[1] :]).encode()


def _places(block: str, loaded: Loaded) -> list[tuple[str, tuple[int, int]]]:
    """The pieces of a block that begin with a key each, and what stands before them."""
    starts = [(block.rfind("\n", 0, s.key) + 1, key) for key, s in loaded.spots.items()]
    ends = [start for start, _ in starts[1:]] + [len(block)]
    places: list[tuple[str, tuple[int, int]]] = []
    if starts and starts[0][0]:
        places.append((_BEFORE, (0, starts[0][0])))
    for (start, key), end in zip(starts, ends, strict=True):
        places.append((key, (start, end)))
    return places


def _line(piece: str, old: Any, new: Any, key: str) -> str:
    """One key with another value: its items alone changed where it is a list."""
    olds, news = (old, new) if isinstance(old, list) else ([old], [new])
    if isinstance(news, list) and len(olds) == len(news) > 1:
        changed = piece
        for before, after in zip(olds, news, strict=True):
            if before != after:
                changed = changed.replace(str(before), str(after), 1)
        return changed
    return writing.line(key, new)
