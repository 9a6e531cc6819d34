"""Mends front matter that a strict loader refuses.

Each key with its lines is read on its own. Where that fails, the least change that
makes it readable is looked for: a missing space, a tab, a quote, and in the end
quotes around the value as it stands. So every value is what a person reads, and a
strict loader reads the same from the repaired file.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from roster.lint import mending, strict
from roster.lint.findings import Edit, Finding, apply_edits
from roster.lint.mending import Attempt
from roster.lint.quoting import AWKWARD
from roster.lint.reader import Entry, read
from roster.lint.source import Source, rewrite

MAX_KEYS = 300  # what has more keys is no front matter that a person wrote
_CONTEXT = 40


@dataclass
class Mended:
    """What a person reads, what is wrong, and where each value stands in the text."""

    values: dict[str, Any] = field(default_factory=dict)
    spans: dict[str, tuple[int, int]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def mend(source: Source, start: int, end: int, known: frozenset[str]) -> Mended:
    """Read the front matter text[start:end], which a strict loader refuses."""
    reading = read(source.text, start, end, known)
    mended = Mended()
    if len(reading.entries) + len(reading.strays) > MAX_KEYS:
        mended.findings.append(_unexplained(source, start, end))
        return mended
    base = min((entry.indent for entry in reading.entries), default=0)
    last = {entry.key: entry for entry in reading.entries}
    for entry in reading.entries:
        if last[entry.key] is not entry:
            mended.findings.append(_repeated(source, entry))
            continue
        value, finding = _mend_entry(source, entry, base)
        mended.values[entry.key] = value
        mended.spans[entry.key] = mending.value_span(source.text, entry)
        if finding:
            mended.findings.append(finding)
    mended.findings += [_stray(source, line) for line in reading.strays]
    if not mended.findings:
        mended.findings.append(_unexplained(source, start, end))
    return mended


def _mend_entry(source: Source, entry: Entry, base: int) -> tuple[Any, Finding | None]:
    as_is = Attempt([])
    try:
        return _read(source.text, entry, as_is.edits, base), None
    except strict.StrictError as error:
        problem = error
    for attempt in mending.attempts(source, entry, base):
        try:
            value = _read(source.text, entry, attempt.edits, base)
        except (strict.StrictError, ValueError):
            continue
        if attempt.expected is None or attempt.expected == value:
            return value, _invalid(source, entry, problem, attempt)
    return mending.reading_of(source.text, entry), _invalid(
        source, entry, problem, None
    )


def _read(text: str, entry: Entry, edits: Iterable[Edit], base: int) -> Any:
    """The value of an entry when it stands alone, after some edits."""
    shifted = [
        Edit(start=e.start - entry.start, end=e.end - entry.start, text=e.text)
        for e in edits
    ]
    segment = apply_edits(text[entry.start : entry.end], shifted)
    if len(segment) - len(segment.lstrip(" \t")) != base:
        raise strict.StrictError("the key is indented", 0)
    values = strict.load(segment).values
    if list(values) != [entry.key]:
        raise strict.StrictError("it reads as several keys", 0)
    return values[entry.key]


def _invalid(
    source: Source,
    entry: Entry,
    problem: strict.StrictError,
    attempt: Attempt | None,
) -> Finding:
    """What is wrong with an entry; no attempt: nothing mends it."""
    fix = None
    if attempt:
        fix = rewrite(attempt.title.format(key=entry.key), attempt.edits)
    attempt = attempt or Attempt([])
    at = min(entry.start + problem.offset, max(entry.start, entry.end - 1))
    at = at if attempt.at is None else attempt.at
    line = source.starts[source.position(at)[0] - 1]
    around = source.text[max(line, at - _CONTEXT) : min(entry.end, at + _CONTEXT)]
    return source.finding(
        attempt.rule,
        (at, min(at + 1, entry.end)),
        attempt.message.format(key=entry.key, problem=problem.problem),
        evidence=around.rstrip(),
        fix=fix,
    )


def _repeated(source: Source, entry: Entry) -> Finding:
    edits = [
        edit for line in entry.lines if line[1].strip() for edit in _comment_edits(line)
    ]
    return source.finding(
        "yaml.duplicate-key",
        (entry.start, entry.key_end),
        f"The key {entry.key} appears more than once. Loaders refuse the file or take "
        f"the last one: keep one.",
        fix=rewrite(f"Turn this {entry.key} into a comment and keep the last", edits),
    )


def _comment_edits(line: tuple[int, str]) -> list[Edit]:
    """A comment may not hold what YAML refuses, or takes for a line break."""
    offset, content = line
    edits = [Edit(start=offset, end=offset, text="# ")]
    for match in AWKWARD.finditer(content.rstrip("\r\n")):
        start, end = match.span()
        edits.append(Edit(start=offset + start, end=offset + end, text=" "))
    return edits


def _stray(source: Source, line: tuple[int, str]) -> Finding:
    offset, content = line
    return source.finding(
        "yaml.invalid",
        (offset, offset + len(content.rstrip())),
        "This line belongs to no key, so YAML cannot read the front matter. Indent "
        "it, give it a key, or make it a comment.",
        fix=rewrite("Turn the line into a comment", _comment_edits(line)),
    )


def _unexplained(source: Source, start: int, end: int) -> Finding:
    """A strict loader refuses the whole although it takes each part."""
    try:
        strict.load(source.text[start:end])
        offset, problem, rule = 0, "it cannot be read", "yaml.invalid"
    except strict.StrictError as error:
        offset, problem, rule = error.offset, error.problem, error.rule
    at = min(start + offset, max(start, end - 1))
    return source.finding(
        rule,
        (at, min(at + 1, end)),
        f"The front matter is not valid YAML: {problem}. Tools that are strict drop "
        f"the file without a word.",
    )
