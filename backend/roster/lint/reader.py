"""Reads front matter as a person does, line by line, where YAML gives up.

It knows the names of the keys. So a line such as `user: "…"` inside a description
stays in the description, although it stands at the left edge like a key.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from roster.lint.source import FRONT_MATTER_LINES, lines_of

# Keys whose value is one word or one line: text below them is not theirs.
SINGLE = frozenset({"name", "model", "color", "version", "permissionMode", "maxTurns"})
# Labels of dialogue and prose, which look like keys.
_SPEECH = re.compile(
    r"(?i)(?:user|assistant|human|context|commentary|examples?|note|notes|result|"
    r"system|input|output|trigger|triggers|scenario|important|usage|when|response)\Z",
)
_KEY = re.compile(
    r"(?P<quote>[\"']?)(?P<key>[A-Za-z_][\w.-]{0,63})(?P=quote)(?P<before>[ \t]*)"
    r"(?P<colon>[:\uff1a])(?P<gap>[ \t\xa0]*)(?P<rest>[^\r\n]*)",
)
_BLOCK = re.compile(r"[|>][-+0-9]*(?:[ \t]+#.*)?\s*\Z")
_OPEN_TAG = re.compile(r"(?i)<(example|commentary)>")
_CLOSE_TAG = re.compile(r"(?i)</(example|commentary)>")
_WORDS = re.compile(r"[\w.:/@-]+\s*\Z|\[[^\]]*\]\s*\Z|['\"][^'\"]*['\"]\s*\Z")
# What may stand after a known key with a stray indentation: no prose.
_STRAY_VALUE = re.compile(r"(?:[\w.:/@*()\"'-]+)(?:\s*,\s*[\w.:/@*()\"'-]+)*\s*\Z")
_STRAY_INDENT = 4
_ONE_WORD = SINGLE | {"memory", "effort", "isolation", "background"}


@dataclass
class Entry:
    """A key with all the lines that belong to it; offsets into the whole text."""

    key: str
    start: int
    key_end: int
    before: str  # blanks between the key and its colon
    value: int
    end: int
    indent: int = 0
    prose: bool = False
    single: bool = True
    lines: list[tuple[int, str]] = field(default_factory=list)

    def extend(self, line: tuple[int, str]) -> None:
        self.lines.append(line)
        self.end = line[0] + len(line[1])


@dataclass
class Reading:
    """The entries of a front matter in order, and the lines that belong to none."""

    entries: list[Entry] = field(default_factory=list)
    strays: list[tuple[int, str]] = field(default_factory=list)


class _Reader:
    def __init__(self, text: str, start: int, end: int, known: frozenset[str]) -> None:
        self.text = text
        self.end = end
        self.lines = list(lines_of(text, start, end))
        self.known = known
        self.base = self._base_indent()
        self.seen: set[str] = set()
        self.reading = Reading()
        self.waiting: list[tuple[int, str]] = []  # blank lines and comments
        self.open_tags = 0
        self.straying = False  # below a line that belongs to no key
        self.last_close = max(
            (match.start() for match in _CLOSE_TAG.finditer(text, start, end)),
            default=-1,
        )

    def _base_indent(self) -> int:
        for _, line in self.lines:
            match = _KEY.match(line.lstrip(" \t"))
            if match and match["key"] in self.known:
                return len(line) - len(line.lstrip(" \t"))
        return 0

    @property
    def current(self) -> Entry | None:
        return self.reading.entries[-1] if self.reading.entries else None

    def read(self) -> Reading:
        for line in self.lines:
            self._take(line)
        return self.reading

    def _take(self, line: tuple[int, str]) -> None:
        content = line[1].strip()
        if not content:
            self.waiting.append(line)
            return
        match = self._key_at(*line)
        if match:
            self._begin(line, match)
            return
        entry = self.current
        indent = len(line[1]) - len(line[1].lstrip(" \t"))
        outside = entry is None or not (entry.prose or self.open_tags)
        if outside and indent <= self.base and content.startswith("#"):
            self.waiting.append(line)
            return
        is_stray = indent <= self.base and (
            entry is None or entry.key in SINGLE or (outside and content == "...")
        )
        if entry is None or is_stray or self.straying:
            self.straying = True
            self.reading.strays.append(line)
            return
        self._continue(entry, line, indent)

    def _continue(self, entry: Entry, line: tuple[int, str], indent: int) -> None:
        content = line[1].strip()
        for waiting in self.waiting:
            entry.extend(waiting)
        self.waiting.clear()
        value = self.text[entry.value : entry.lines[0][0] + len(entry.lines[0][1])]
        belongs = (not value.strip() and content.startswith("-")) or (
            value[:1] in {"[", "{"} and content[:1] in {"]", "}"}
        )
        if indent <= self.base and not belongs:
            entry.prose = True
        entry.extend(line)
        entry.single = False
        self._count_tags(line[1])

    def _begin(self, line: tuple[int, str], match: re.Match[str]) -> None:
        self.waiting.clear()
        self.straying = False
        entry = Entry(
            key=match["key"],
            start=line[0],
            key_end=line[0] + match.start("before"),
            before=match["before"],
            value=line[0] + match.start("rest"),
            end=line[0],
            indent=match.start(),
        )
        entry.extend(line)
        self.reading.entries.append(entry)
        self.seen.add(entry.key)
        self.open_tags = 0
        self._count_tags(line[1])

    def _count_tags(self, line: str) -> None:
        opened, closed = len(_OPEN_TAG.findall(line)), len(_CLOSE_TAG.findall(line))
        self.open_tags = max(0, self.open_tags + opened - closed)

    def _key_at(self, offset: int, line: str) -> re.Match[str] | None:
        """The key that begins on this line, if one does."""
        indent = len(line) - len(line.lstrip(" \t"))
        match = _KEY.match(line, indent)
        if not match:
            return None
        if indent > self.base:
            is_key = self._is_displaced(match, indent)
        else:
            entry = self.current
            if self.open_tags and offset < self.last_close:
                return None
            inside = entry is not None and entry.prose
            known = match["key"] in self.known
            is_key = (
                self._is_known(match, inside=inside)
                if known
                else (not inside and self._is_unknown(match))
            )
        return match if is_key else None

    def _is_known(self, match: re.Match[str], *, inside: bool) -> bool:
        """A known key, unless the text around it makes it a part of that text."""
        key, rest = match["key"], match["rest"]
        if not match["gap"] and rest.startswith("//"):
            return False
        if not inside:
            return True
        if key in self.seen:
            return False
        return key not in _ONE_WORD or bool(_WORDS.match(rest))

    def _is_unknown(self, match: re.Match[str]) -> bool:
        """A key that nobody knows, written as a key and not as a line of speech."""
        entry = self.current
        if match["colon"] != ":" or (match["rest"] and not match["gap"]):
            return False
        if entry is None:
            return True
        if entry.key == "description" and match["key"][:1].isupper():
            return False
        return not _SPEECH.match(match["key"])

    def _is_displaced(self, match: re.Match[str], indent: int) -> bool:
        """A known key that was indented by mistake after a value on one line."""
        entry = self.current
        if (
            entry is None
            or indent - self.base > _STRAY_INDENT
            or match["key"] not in self.known
            or match["key"] in self.seen
            or not entry.single
            or self.open_tags
            or not match["gap"]
        ):
            return False
        value = self.text[entry.value : entry.end].strip()
        if not value or _BLOCK.match(value) or value[0] in "[{":
            return False
        if match["key"] == "description":
            return entry.key == "name"
        return bool(_STRAY_VALUE.match(match["rest"]))


def read(text: str, start: int, end: int, known: frozenset[str]) -> Reading:
    """Read text[start:end] as front matter."""
    return _Reader(text, start, end, known).read()


def key_lines(
    text: str,
    start: int,
    end: int,
    known: frozenset[str],
    indent: int = 0,
) -> Iterator[tuple[int, str]]:
    """The lines that begin with a known key, not further in than `indent`."""
    for offset, line in lines_of(text, start, end):
        lead = len(line) - len(line.lstrip(" \t"))
        match = _KEY.match(line, min(lead, indent))
        if match and match["key"] in known and not match["rest"].startswith("//"):
            yield offset, match["key"]


def natural_end(text: str, start: int, known: frozenset[str]) -> int:
    """Where front matter without a closing fence stops: before its body's first line.

    That is the first blank line after which neither a known key nor an indented line
    follows, or the first line after a value that cannot belong to it.
    """
    end, after_blank = start, False
    for offset, line in islice(lines_of(text, start), FRONT_MATTER_LINES):
        content = line.strip()
        if not content:
            after_blank = True
            continue
        match = _KEY.match(line)
        is_key = match is not None and (match["key"] in known or not after_blank)
        indented = line[:1] in {" ", "\t"} or content.startswith("- ")
        if not is_key and (after_blank or not indented) and content[0] != "#":
            return end
        if content[0] == "#" and (after_blank or line.startswith("##")):
            return end
        end = offset + len(line)
        after_blank = False
    return end
