"""What the converters of other tools' files share."""

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from roster.lint.naming import slug, stem

Values = dict[str, Any]
DEPTH_LIMIT = 30
LISTED = 12
"""More keys than this are counted in a note, not named."""
_SHOWN = 120
UNSAFE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff"
    r"\ud800-\udfff]"
)
"""What people do not see, and what no database holds."""


@dataclass(frozen=True, slots=True)
class Converted:
    """One component that a file of a tool holds, in the form of our own kinds.

    Attributes:
        name: What the tool calls it, if that is said anywhere.
        kind: Of the component.
        data: The file as the kind reads it; the very bytes if nothing is changed.
        tool: Whose file it was; "" if it is written as ours are.
        notes: What was renamed, mapped or only kept, a sentence each.
        refusal: Why it is not taken, with line and column; then there is no data.
        source: The part of the file that it was made of, where that holds others or
            other things too; None if it is the whole, or if nobody can cut it out.
    """

    name: str | None
    kind: str
    data: bytes
    tool: str
    notes: tuple[str, ...] = ()
    refusal: str = ""
    source: bytes | None = None


Cut = Callable[[tuple[str, ...]], bytes | None]
"""Gives what a document says below a path of keys, as it is written there."""
Convert = Callable[[str, bytes], list[Converted]]
"""From a path and the bytes to what they hold; raises `UnreadableError` only."""


@dataclass(frozen=True, slots=True)
class Format:
    """How a class of files is read.

    Attributes:
        tool: Whose files they are; "" for more than one.
        kind: What they hold, or most of them do.
        convert: Reads one.
        holds_many: Whether other things stand in it too, such as settings.
    """

    tool: str
    kind: str
    convert: Convert
    holds_many: bool = False


class UnreadableError(Exception):
    """A file that its tool could not read either; the message says where."""


@dataclass
class Fields:
    """The fields of a definition while they are mapped, in their order.

    What is done to them is remembered, so that a text can be changed in these places
    alone.
    """

    values: Values
    notes: list[str] = field(default_factory=list)
    replaced: dict[str, Values] = field(default_factory=dict)
    top: Values = field(default_factory=dict)
    bottom: Values = field(default_factory=dict)

    @property
    def is_changed(self) -> bool:
        return bool(self.replaced or self.top or self.bottom)

    def note(self, text: str) -> None:
        self.notes.append(text)

    def put(self, key: str, new: Values) -> None:
        """Replace one field by others, in its place."""
        self.replaced[key] = new
        pairs: list[tuple[str, Any]] = []
        for old, value in self.values.items():
            pairs += new.items() if old == key else [(old, value)]
        self.values = dict(pairs)

    def rename(self, key: str, new: str, value: Any = None) -> None:
        """Call a field as the manifest calls it, unless that one is there already."""
        if key not in self.values or new in self.values:
            return
        self.put(key, {new: self.values[key] if value is None else value})
        self.note(f"{key} is written as {new}.")

    def first(self, key: str, value: Any) -> None:
        self.top[key] = value
        self.values = {key: value, **self.values}

    def last(self, key: str, value: Any) -> None:
        self.bottom[key] = value
        self.values = {**self.values, key: value}

    def named(self, path: str) -> None:
        """Write the name that the tool takes from the name of the file."""
        name = slug(stem(path))
        if "name" not in self.values and name:
            self.first("name", name)
            self.note("name is that of the file, as the tool calls it.")

    def say_kept(self, documented: Iterable[str], also: Iterable[str] = ()) -> None:
        """Note which fields stay that no field of the manifest stands for."""
        kept = [key for key in self.values if key not in {*documented, *also}]
        if kept:
            self.note(f"Kept as it stands: {listed(kept)}.")


def listed(names: Iterable[str]) -> str:
    """Names for a note."""
    names = [shown(" ".join(name.split()), _SHOWN) or "“”" for name in names]
    more = len(names) - LISTED
    return ", ".join(names[:LISTED]) + (f" and {more:,} more" if more > 0 else "")


def shown(text: str, length: int) -> str:
    """A text that may stand in a row and a page, whatever came in."""
    return UNSAFE.sub("\N{REPLACEMENT CHARACTER}", text[:length])


def plain(value: Any, depth: int = 0) -> Any:
    """A value as YAML and JSON both hold it: dates and odd numbers become text.

    Raises:
        UnreadableError: It is deeper than anybody writes.
    """
    if depth > DEPTH_LIMIT:
        raise UnreadableError(f"It is nested more than {DEPTH_LIMIT} levels deep.")
    if isinstance(value, dict):
        return {_text(str(key)): plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item, depth + 1) for item in value]
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if -(2**63) <= value < 2**63 else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    return _text(str(value))


def count(value: Any) -> int:
    """How many values stand in one, itself included."""
    inner = value.values() if isinstance(value, dict) else value
    return 1 + (sum(map(count, inner)) if isinstance(value, dict | list) else 0)


def _text(value: str) -> str:
    """Without what no database and no UTF-8 holds."""
    whole = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\0", "\ufffd")
