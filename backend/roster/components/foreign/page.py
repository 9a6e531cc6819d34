"""Changes single fields of the front matter of a file, and no other byte."""

import re
from collections.abc import Iterable
from typing import Any

from roster.components.foreign.base import Fields, UnreadableError, Values, count
from roster.components.kinds.agent_manifest import KNOWN
from roster.components.kinds.markdown import first_paragraph
from roster.lint import frontmatter, strict
from roster.lint.decoding import Decoded, NotTextError, decode, encode
from roster.lint.findings import Edit, apply_edits
from roster.lint.frontmatter import FrontMatter
from roster.lint.quoting import dump
from roster.lint.source import Source
from roster.lint.strict import Loaded, Spot

_KEYS = KNOWN | {"agent", "agents", "arguments", "handoffs", "is_background", "kind"}
_FENCE = "---"
_MOST_VALUES = 2_000  # nobody writes front matter with more
_REST_OF_LINE = re.compile(r"[ \t]*(?:\r\n|\r|\n)?")


class Page:
    """A Markdown file whose front matter a strict reader takes."""

    def __init__(self, decoded: Decoded, matter: FrontMatter, loaded: Loaded) -> None:
        self._decoded = decoded
        self._matter = matter
        self._loaded = loaded

    @property
    def values(self) -> Values:
        return self._loaded.values

    @property
    def body(self) -> str:
        return self._decoded.text[self._matter.body :]

    def written(self, fields: Fields, body: str | None = None) -> bytes:
        """The file with what was done to its fields, and with another text below."""
        text = self._decoded.text
        if body is not None:
            text = text[: self._matter.body] + body
        changed = _changed(text, self._matter, self._loaded, fields)
        if changed is None or _values(changed) != fields.values:
            # What stands on one line with other things is written anew as a whole.
            newline = Source(text).newline
            head = f"{_FENCE}{newline}{dump(fields.values, newline)}{_FENCE}{newline}"
            changed = head + text[self._matter.body :]
        return encode(changed, _encoding(self._decoded, changed))


def open_page(data: bytes) -> Page | None:
    """The file, or None where nothing can be said of its fields for certain."""
    try:
        decoded = decode(data, limit=len(data))
    except NotTextError:
        return None
    matter = frontmatter.find(Source(decoded.text), _KEYS)
    if matter is None or not matter.strict:
        return None
    try:
        loaded = strict.load(decoded.text[matter.start : matter.end])
    except strict.StrictError:
        return None
    return Page(decoded, matter, loaded)


def misread(text: str) -> bool:
    """Whether what stands within a text is taken for its front matter."""
    top = text.lstrip()[:4]
    if top.startswith((_FENCE, "<!--")) or f"\n{_FENCE}" not in text:
        return False
    return frontmatter.find(Source(text), _KEYS) is not None


def described(text: str) -> str:
    """A text that is misread, below a description of its own."""
    words = first_paragraph(text) or "A command."
    return f"{_FENCE}\n{dump({'description': words})}{_FENCE}\n{text}"


def compose(values: Values, body: str) -> bytes:
    """A file that holds these fields and this text.

    Raises:
        UnreadableError: YAML cannot say one of the fields, or there are too many.
    """
    if count(values) > _MOST_VALUES:
        raise UnreadableError(f"It has more than {_MOST_VALUES:,} values.")
    head = f"{_FENCE}\n{dump(values)}{_FENCE}\n" if values else ""
    if head and _values(head) != values:
        raise UnreadableError("One of its fields cannot be written as front matter.")
    # Without fields, what looks like front matter must not stand at the top.
    begin = "\n" if not values and body.startswith(_FENCE) else ""
    if not values and misread(body):
        return described(body).encode(errors="replace")
    return f"{head}{begin}{body}".encode(errors="replace")


def _changed(
    text: str, matter: FrontMatter, loaded: Loaded, fields: Fields
) -> str | None:
    newline = Source(text).newline
    edits = list(_at(matter.start, fields.top, newline))
    for key, new in fields.replaced.items():
        spot = loaded.spots[key]
        start = matter.start + spot.key
        end = start + len(_pair(text[start : matter.start + spot.end], spot))
        if not new and (rest := _REST_OF_LINE.match(text, end)):
            end = rest.end()
        written = dump(new, newline).removesuffix(newline)
        edits.append(Edit(start=start, end=end, text=written))
    edits += _at(matter.end, fields.bottom, newline)
    try:
        return apply_edits(text, edits)
    except ValueError:
        return None


def _pair(text: str, spot: Spot) -> str:
    """A key and its value; lists and maps end after the comments that follow."""
    trimmed = text.rstrip()
    if spot.style is not None:
        return trimmed
    lines = trimmed.splitlines(keepends=True)
    while len(lines) > 1 and lines[-1].lstrip()[:1] in {"", "#"}:
        lines.pop()
    return "".join(lines).rstrip()


def _at(place: int, values: Values, newline: str) -> Iterable[Edit]:
    if values:
        yield Edit(start=place, end=place, text=dump(values, newline))


def _values(text: str) -> Any:
    matter = frontmatter.find(Source(text), _KEYS)
    if matter is None or not matter.strict:
        return None
    try:
        return strict.load(text[matter.start : matter.end]).values
    except strict.StrictError:
        return None


def _encoding(decoded: Decoded, text: str) -> str:
    """As the file was stored, unless new text needs more than that holds."""
    try:
        encode(text, decoded.encoding)
    except UnicodeEncodeError:
        return "utf-8"
    return decoded.encoding
