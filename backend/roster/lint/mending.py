"""Ways to make one key of a front matter readable, the smallest change first."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from roster.lint import strict
from roster.lint.findings import Edit, apply_edits
from roster.lint.quoting import INDENT, block, double_quoted, quote_edits, quoted
from roster.lint.reader import Entry
from roster.lint.source import Source

# What stands below these keys is text, also where it looks like more keys.
TEXT_KEYS = frozenset({"name", "description", "initialPrompt"})
QUOTE = "Put the value of {key} in quotes"
_BLOCK = re.compile(r"(?P<style>[|>])(?P<hint>[-+0-9]*)(?:[ \t]+#.*)?\s*\Z")
_ITEM = re.compile(r"[ \t]*(?:-[ \t]+)*(?:[\w.-]+:[ \t]+)?(?P<value>[^\r\n]*)")
_INNER_DOUBLE = re.compile(r'\\(?P<escape>.)|(?P<quote>")', re.DOTALL)
_HEX = "[0-9A-Fa-f]"
_ESCAPE = re.compile(
    rf"\\(?:[0abtnvfre \"/\\N_LP\t\n\r]|x{_HEX}{{2}}|u{_HEX}{{4}}|U{_HEX}{{8}})",
)
_MAX_ROUNDS = 40
_MAX_EDITS = 2_000  # past that, one edit replaces the whole value
_SPECIAL = "*&!%@`|>?-,[]{}#"


@dataclass(frozen=True)
class Attempt:
    """Edits that may mend a key; `expected` is the value that they must give."""

    edits: list[Edit]
    title: str = QUOTE
    message: str = "The value of {key} is not valid YAML: {problem}."
    rule: str = "yaml.invalid"
    expected: Any = None
    at: int | None = None


def value_span(text: str, entry: Entry) -> tuple[int, int]:
    """Where the value of an entry stands, without the blanks after it."""
    value = text[entry.value : entry.end].rstrip()
    return entry.value, entry.value + len(value)


def attempts(source: Source, entry: Entry, base: int) -> Iterator[Attempt]:
    """Attempts in the order in which they should be tried; the last one always works.

    `base` is the indentation of the keys of this front matter.
    """
    edge = _edge(source.text, entry, base)
    if edge:
        yield edge
    first = edge.edits if edge else []
    for attempt in _candidates(source, entry, base):
        yield Attempt(
            [*first, *attempt.edits],
            attempt.title,
            attempt.message,
            attempt.rule,
            attempt.expected,
            attempt.at,
        )


def _candidates(source: Source, entry: Entry, base: int) -> Iterator[Attempt]:
    text = source.text
    start, end = value_span(text, entry)
    value = text[start:end]
    yield from _tabs(entry)
    if value[:1] in {'"', "'"}:
        yield from _quotes(value, start)
    if value[:1] in {"[", "{"}:
        yield from _flow(value, start)
    if _BLOCK.match(text[start : entry.lines[0][0] + len(entry.lines[0][1])]):
        yield from _block_header(entry, start, base)
    below = entry.lines[0][0] + len(entry.lines[0][1].rstrip()) <= start
    if below and entry.key not in TEXT_KEYS:
        yield from _nested(text, entry)
    yield _as_text(source, entry, base)
    reading = reading_of(text, entry)
    yield Attempt(
        [
            Edit(
                start=start, end=end, text=_spaced(text, start) + double_quoted(reading)
            )
        ],
        expected=reading,
    )


def _edge(text: str, entry: Entry, base: int) -> Attempt | None:
    """A key that is indented by mistake, or no blank after its colon."""
    edits = []
    message = (
        "The key {key} is indented, so YAML takes it for a part of the line above."
    )
    title = "Move {key} to the left edge"
    at = entry.start + entry.indent
    if entry.indent != base:
        end = entry.start + entry.indent
        edits.append(Edit(start=entry.start, end=end, text=" " * base))
    colon = entry.key_end + len(entry.before)
    gap = text[colon + 1 : entry.value]
    rest = text[entry.value : entry.start + len(entry.lines[0][1])].strip()
    if text[colon] != ":" or "\xa0" in gap or (rest and not gap):
        edits.append(Edit(start=colon, end=entry.value, text=": " if rest else ":"))
        message = "A colon and a blank must stand after {key}."
        title = "Put a colon and a blank after {key}"
        at = colon
    if not edits:
        return None
    return Attempt(edits, title, message, at=at)


def _tabs(entry: Entry) -> Iterator[Attempt]:
    edits = []
    for offset, line in entry.lines[:_MAX_EDITS]:
        lead = line[: len(line) - len(line.lstrip(" \t"))]
        if "\t" in lead:
            spaces = lead.replace("\t", INDENT)
            edits.append(Edit(start=offset, end=offset + len(lead), text=spaces))
    if edits:
        yield Attempt(
            edits,
            "Indent with spaces",
            "YAML does not allow tabs for indentation: use spaces.",
            "yaml.tab",
            at=edits[0].start,
        )


def _quotes(value: str, start: int) -> Iterator[Attempt]:
    """Quotes inside quotes, a backslash that escapes nothing, a missing last quote."""
    mark, end = value[0], start + len(value)
    message = "The quotes around the value of {key} are not balanced."
    if mark not in value[1:]:
        add = Edit(start=end, end=end, text=mark)
        yield Attempt([add], "Close the quotes of {key}", message, at=start)
        return
    if value[-1] != mark:
        return
    inner = value[1:-1]
    if mark == "'":
        at = inner.replace("''", "  ").find("'")
        nested = inner[at - 1 : at].isalnum() == inner[at + 1 : at + 2].isalnum()
        if at >= 0 and (nested or inner[at - 1 : at].isspace()):
            edits = [
                Edit(start=start + 1 + m.start(), end=start + 1 + m.start(), text="'")
                for m in re.finditer("'", inner.replace("''", "  "))
            ]
            yield Attempt(edits, "Double the quotes inside {key}", message)
        return
    edits, closes = [], False
    for match in _INNER_DOUBLE.finditer(inner):
        at = start + 1 + match.start()
        if match["quote"]:
            before = inner[match.start() - 1 : match.start()]
            closes = closes or (not edits and not (before.isspace() or before in "(["))
            edits.append(Edit(start=at, end=at, text="\\"))
        elif not _ESCAPE.match(inner, match.start()):
            edits.append(Edit(start=at, end=at, text="\\"))
    if edits and not closes:
        message = "Quotes or backslashes inside the quotes of {key} must be escaped."
        yield Attempt(edits, "Escape what stands inside the quotes of {key}", message)


def _flow(value: str, start: int) -> Iterator[Attempt]:
    """A list in brackets that is not closed, or whose items need quotes."""
    close = {"[": "]", "{": "}"}[value[0]]
    end = start + len(value)
    message = "The brackets of {key} are not closed."
    if close not in value:
        yield Attempt(
            [Edit(start=end, end=end, text=close)],
            "Close the brackets of {key}",
            message,
            at=start,
        )
    many = value.count(",") > _MAX_EDITS
    if many or close != "]" or value.find("]") != len(value) - 1:
        return
    edits: list[Edit] = []
    for at, item in split_items(value[1:-1], start + 1):
        if item and item[0] not in "\"'" and not _is_item(item):
            edits += quote_edits(item, at) or []
    if edits:
        yield Attempt(edits, "Put items of {key} in quotes")


def _is_item(item: str) -> bool:
    try:
        return strict.load(f"a: [{item}]").values == {"a": [item]}
    except strict.StrictError:
        return False


def split_items(text: str, start: int = 0) -> Iterator[tuple[int, str]]:
    """Items between commas that stand outside parentheses, with their offsets."""
    depth, begin = 0, 0
    for at, char in enumerate(text + ","):
        if char in "([{":
            depth += 1
        elif char in ")]}":
            depth = max(0, depth - 1)
        elif char == "," and (depth == 0 or at == len(text)):
            piece = text[begin:at]
            yield start + begin + len(piece) - len(piece.lstrip()), piece.strip()
            begin = at + 1


def _block_header(entry: Entry, start: int, base: int) -> Iterator[Attempt]:
    """Text below `|` or `>` that is not indented, or not evenly."""
    lines = [(at, line) for at, line in entry.lines[1:] if line.strip()]
    if not 0 < len(lines) <= _MAX_EDITS:
        return
    leads = [len(line) - len(line.lstrip(" ")) for _, line in lines]
    message = (
        "The text below {key}: is not indented, so YAML does not read it as a part."
    )
    title = "Indent the text of {key}"
    least = min(leads)
    if least > base:
        hint = Edit(start=start + 1, end=start + 1, text=str(min(least - base, 9)))
        yield Attempt([hint], title, message, at=lines[0][0])
    add = " " * (base + len(INDENT))
    indented = [Edit(start=at, end=at, text=add) for at, _ in lines]
    hint = Edit(start=start + 1, end=start + 1, text=str(len(INDENT)))
    yield Attempt(indented, title, message, at=lines[0][0])
    yield Attempt([hint, *indented], title, message, at=lines[0][0])


def _nested(text: str, entry: Entry) -> Iterator[Attempt]:
    """Quote one offending item after the other below a key."""
    segment = text[entry.start : entry.end]
    edits: dict[int, list[Edit]] = {}
    for _ in range(_MAX_ROUNDS):
        flat = [edit for line in edits.values() for edit in line]
        try:
            strict.load(apply_edits(segment, flat))
        except strict.StrictError as error:
            at = _unedited(flat, error.offset)
            begin = max(segment.rfind("\n", 0, at), segment.rfind("\r", 0, at)) + 1
            match = _ITEM.match(segment, begin)
            item = match["value"].rstrip() if match else ""
            if begin in edits or not item or begin == 0 or match is None:
                return
            if error.rule == "yaml.duplicate-key":
                edits[begin] = [Edit(start=begin, end=begin, text="# ")]
            else:
                edits[begin] = quote_edits(item, match.start("value")) or []
            continue
        break
    shifted = [
        Edit(start=entry.start + e.start, end=entry.start + e.end, text=e.text)
        for line in edits.values()
        for e in line
    ]
    if shifted:
        title = "Put the broken lines of {key} in quotes"
        yield Attempt(shifted, title, at=min(e.start for e in shifted))


def _unedited(edits: list[Edit], offset: int) -> int:
    """The place in the text before some insertions that an offset after them means."""
    for edit in sorted(edits, key=lambda edit: edit.start):
        if edit.start >= offset:
            break
        offset -= len(edit.text)
    return max(0, offset)


def reading_of(text: str, entry: Entry) -> str:
    """The text of a value as a person reads it: lines kept, indentation taken off."""
    _, end = value_span(text, entry)
    head, rest = _head(text, entry)
    lead = _lead(entry)
    lines = [] if head is None else [head]
    lines += [line[len(lead) :].rstrip() if line.strip() else "" for line in rest]
    return "\n".join(lines).strip("\n") if end > entry.value else ""


def _head(text: str, entry: Entry) -> tuple[str | None, list[str]]:
    """What stands beside the key (None: nothing, or a block sign), and the rest."""
    offset, line = entry.lines[0]
    head = text[entry.value : offset + len(line)].strip()
    rest = [line.rstrip("\r\n") for _, line in entry.lines[1:]]
    return (None if not head or (rest and _BLOCK.match(head)) else head), rest


def _lead(entry: Entry) -> str:
    """The indentation that all further lines of an entry share."""
    leads = [
        line[: len(line) - len(line.lstrip(" \t"))]
        for _, line in entry.lines[1:]
        if line.strip()
    ]
    lead = min(leads, key=len, default="")
    return lead if all(other.startswith(lead) for other in leads) else ""


def _spaced(text: str, start: int) -> str:
    return "" if text[start - 1 : start] in {" ", "\t"} else " "


def _as_text(source: Source, entry: Entry, base: int) -> Attempt:
    """Take the value for the text that it is."""
    start, end = value_span(source.text, entry)
    value = source.text[start:end]
    reading = reading_of(source.text, entry)
    message = _reason(value)
    if "\n" not in reading:
        edits = quote_edits(value, start) if value == reading else None
        whole = [Edit(start=start, end=end, text=quoted(reading))]
        return Attempt(edits or whole, QUOTE, message, expected=reading)
    indent = " " * base + INDENT
    text = block(reading, source.newline, indent) or double_quoted(reading)
    message = (
        "The value of {key} runs over several lines in a way that YAML cannot read: "
        "{problem}."
    )
    edits = _block_edits(source, entry, indent) if text[0] == "|" else None
    if edits is None or text[1:2].isdigit():
        replaced = _spaced(source.text, start) + text
        edits = [Edit(start=start, end=end, text=replaced)]
    return Attempt(edits, "Write {key} as a block of text", message, expected=reading)


def _block_edits(source: Source, entry: Entry, indent: str) -> list[Edit] | None:
    """Insert the sign of a block and the indentation, and leave every word alone."""
    head, _ = _head(source.text, entry)
    if head is None or len(entry.lines) > _MAX_EDITS:
        return None
    lead = len(_lead(entry))
    start, end = value_span(source.text, entry)
    sign = f"|-{source.newline}{indent}"
    edits = [Edit(start=start, end=start, text=sign)]
    for offset, line in entry.lines:
        content = line.rstrip("\r\n")
        if offset > entry.start and offset < end:
            kept = lead if content.strip() else len(content)
            add = indent if content.strip() else ""
            if kept or add:
                edits.append(Edit(start=offset, end=offset + kept, text=add))
        trailing = len(content) - len(content.rstrip())
        if trailing and content.strip():
            stop = offset + len(content)
            edits.append(Edit(start=stop - trailing, end=stop, text=""))
    return edits


def _reason(value: str) -> str:
    if value and value[0] in _SPECIAL and not value[:2].startswith("- "):
        sign = value[0].replace("{", "{{").replace("}", "}}")
        return (
            f"The value of {{key}} begins with {sign}, which means something else in "
            f"YAML. Put it in quotes."
        )
    if re.search(r":(\s|\Z)", value):
        return (
            "The value of {key} holds a colon followed by a blank, which YAML reads as "
            "a new key, and tools that are strict drop the file. Put the value in "
            "quotes."
        )
    return "The value of {key} is not valid YAML: {problem}. Put it in quotes."
