"""YAML as other people's tools understand it.

The grammar is libyaml's. Scalars are resolved as in the YAML 1.2 core schema, so that
`on`, `yes` and dates stay strings. Like js-yaml, it refuses duplicate keys and tags
that nobody knows; unlike a plain loader it cannot be made to run away: nesting and
the size of expanded aliases are bounded.
"""

import math
import re
from dataclasses import dataclass
from typing import Any

import yaml

MAX_DEPTH = 64
MAX_EXPANDED = 10_000

_NULLS = {"", "~", "null", "Null", "NULL"}
_TRUTHS = {"true": True, "True": True, "TRUE": True}
_TRUTHS |= {"false": False, "False": False, "FALSE": False}
_INT = re.compile(r"[-+]?[0-9]{1,19}\Z|0o[0-7]{1,21}\Z|0x[0-9a-fA-F]{1,16}\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_INT64 = range(-(2**63), 2**63)
_FLOAT_LENGTH = 40
_TAG = "tag:yaml.org,2002:"
_REFUSED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]",
)


class StrictError(Exception):
    """A strict loader refuses the text; `offset` is where it noticed."""

    def __init__(self, problem: str, offset: int, rule: str = "yaml.invalid") -> None:
        super().__init__(problem)
        self.problem = problem
        self.offset = offset
        self.rule = rule


@dataclass(frozen=True)
class Spot:
    """Where a top-level key and its value stand; `style` as in libyaml's events."""

    key: int
    start: int
    end: int
    style: str | None
    raw: str | None


@dataclass(frozen=True)
class Loaded:
    """The mapping of a document, in order, and where its top-level values stand."""

    values: dict[str, Any]
    spots: dict[str, Spot]


@dataclass
class _Frame:
    """A collection that is being filled."""

    node: list[Any] | dict[str, Any]
    anchor: str | None
    size: int = 1
    key: str | None = None
    key_start: int = 0


class _Builder:
    """Builds plain values from parser events, without recursion."""

    def __init__(self) -> None:
        self.frames: list[_Frame] = []
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.spots: dict[str, Spot] = {}
        self.expanded = 0
        self.root: Any = None

    def take(self, event: yaml.Event) -> None:
        match event:
            case yaml.ScalarEvent():
                self._scalar(event)
            case yaml.AliasEvent():
                self._alias(event)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._open(event)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._close(event)
            case _:
                pass

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        frame = self.frames[-1] if self.frames else None
        if frame and isinstance(frame.node, dict) and frame.key is None:
            key = _text(event.value)
            if key in frame.node:
                raise StrictError(
                    f"the key {key} appears twice",
                    _at(event),
                    "yaml.duplicate-key",
                )
            frame.key, frame.key_start = key, _at(event)
            if event.anchor:
                self.anchors[event.anchor] = (key, 1)
            return
        value = _resolve(event)
        self._put(value, 1, event)
        if event.anchor:
            self.anchors[event.anchor] = (value, 1)

    def _alias(self, event: yaml.AliasEvent) -> None:
        if event.anchor not in self.anchors:
            raise StrictError("an alias names no anchor", _at(event))
        value, size = self.anchors[event.anchor]
        self.expanded += size
        if self.expanded > MAX_EXPANDED:
            raise StrictError("aliases expand too far", _at(event))
        self._put(value, size, event)

    def _open(self, event: yaml.CollectionStartEvent) -> None:
        if len(self.frames) >= MAX_DEPTH:
            raise StrictError("values are nested too deep", _at(event))
        is_map = isinstance(event, yaml.MappingStartEvent)
        if event.tag and event.tag != _TAG + ("map" if is_map else "seq"):
            raise StrictError(f"the tag {event.tag} is unknown", _at(event))
        frame = self.frames[-1] if self.frames else None
        if frame and isinstance(frame.node, dict) and frame.key is None:
            raise StrictError("a key must be a word", _at(event))
        node: list[Any] | dict[str, Any] = {} if is_map else []
        self._put(node, 0, event)
        self.frames.append(_Frame(node, event.anchor))

    def _close(self, event: yaml.CollectionEndEvent) -> None:
        frame = self.frames.pop()
        if frame.anchor:
            self.anchors[frame.anchor] = (frame.node, frame.size)
        if self.frames:
            self.frames[-1].size += frame.size
        if len(self.frames) == 1 and isinstance(self.root, dict):
            key = next(reversed(self.root))
            spot = self.spots[key]
            end = _end(event)
            self.spots[key] = Spot(spot.key, spot.start, end, spot.style, None)

    def _put(self, value: Any, size: int, event: yaml.Event) -> None:
        if not self.frames:
            self.root = value
            return
        frame = self.frames[-1]
        frame.size += size
        if isinstance(frame.node, list):
            frame.node.append(value)
            return
        if frame.key is None:
            raise StrictError("a key must be a word", _at(event))
        frame.node[frame.key] = value
        if len(self.frames) == 1:
            self.spots[frame.key] = _spot(frame.key_start, event)
        frame.key = None


def load(text: str) -> Loaded:
    """Read a YAML document whose root is a mapping (an empty one is an empty mapping).

    Offsets count code points of `text`.

    Raises:
        StrictError: a strict loader would refuse the text.
    """
    refused = _REFUSED.search(text)
    if refused:
        raise StrictError(
            f"the control character U+{ord(refused.group()):04X} is not allowed",
            refused.start(),
        )
    builder = _Builder()
    documents = 0
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise StrictError(
                        "a second document begins",
                        _at(event),
                    )
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise StrictError(
            (error.problem or error.context or "it cannot be read").strip(),
            mark.index if mark else 0,
        ) from None
    except yaml.YAMLError as error:  # pragma: no cover: libyaml marks all we know of
        raise StrictError(str(error), 0) from None
    if builder.root is None:
        return Loaded({}, {})
    if not isinstance(builder.root, dict):
        raise StrictError("the front matter holds no keys", 0)
    return Loaded(builder.root, builder.spots)


def _at(event: yaml.Event) -> int:
    """Where an event begins; libyaml marks every event, its stubs say it may not."""
    return event.start_mark.index if event.start_mark else 0


def _end(event: yaml.Event) -> int:
    return event.end_mark.index if event.end_mark else 0


def _spot(key_start: int, event: yaml.Event) -> Spot:
    style = raw = None
    if isinstance(event, yaml.ScalarEvent):
        style, raw = event.style or "", event.value
    return Spot(key_start, _at(event), _end(event), style, raw)


def _resolve(event: yaml.ScalarEvent) -> Any:
    tag = event.tag or ""
    value: str = event.value
    if tag in {"!", _TAG + "str"} or (not tag and not event.implicit[0]):
        return _text(value)
    if tag and tag not in {_TAG + name for name in ("null", "bool", "int", "float")}:
        raise StrictError(f"the tag {tag} is unknown", _at(event))
    return resolve_plain(value)


def resolve_plain(value: str) -> Any:
    """The value of a plain scalar in the YAML 1.2 core schema, as far as JSON has it.

    Numbers that JSON readers would change (too large, infinite, not a number) stay
    text.
    """
    if value in _NULLS:
        return None
    if value in _TRUTHS:
        return _TRUTHS[value]
    if _INT.match(value):
        number = int(value, 0 if value[:2] in {"0o", "0x"} else 10)
        return number if number in _INT64 else value
    is_short = len(value) <= _FLOAT_LENGTH and not value.lstrip("+-").isdigit()
    if is_short and _FLOAT.match(value):
        real = float(value)
        return real if math.isfinite(real) else value
    return _text(value)


def _text(value: str) -> str:
    """PostgreSQL stores no NUL, and YAML can spell one."""
    return value.replace("\0", "\ufffd")
