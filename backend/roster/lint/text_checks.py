"""Rules about the text of any file.

To add one: a function here that takes the source and yields findings, its name in
`CHECKS`, and an entry in the catalogue `rules.py`.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from itertools import islice

from roster.lint import mojibake, secrets
from roster.lint.findings import Edit, Finding
from roster.lint.source import Source, lines_of, propose, rewrite

MAX_PER_RULE = 100
_MAX_EDITS = 500

_HIDDEN = re.compile(
    "[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0d\ufeff"
    "\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]+",
)
_JOINERS = frozenset("\u200c\u200d")
_FLAG = re.compile("\U0001f3f4[\U000e0061-\U000e007a\U000e0030-\U000e0039]+\U000e007f")
_CR = re.compile(r"\r\n|\r|\n")


def check_line_endings(source: Source) -> Iterator[Finding]:
    if "\r" not in source.text:
        return
    ends = [(match.start(), match.group()) for match in _CR.finditer(source.text)]
    usual = source.newline
    others = [(at, end) for at, end in ends if end != usual]
    at = others[0][0] if others else ends[0][0]
    span = (at, at)
    if not others:
        name = {"\r\n": "CRLF", "\r": "CR"}[usual]
        yield source.finding(
            "file.line-endings",
            span,
            f"All lines end in {name}. Tools on other systems expect LF.",
        )
        return
    fix = None
    if len(others) <= _MAX_EDITS:
        edits = [Edit(start=at, end=at + len(end), text=usual) for at, end in others]
        fix = propose("End all lines alike", edits)
    yield source.finding(
        "file.line-endings",
        span,
        f"Lines end in different ways: {len(others):,} of {len(ends):,} are not like "
        f"the others. End them all alike.",
        fix=fix,
    )


def check_mojibake(source: Source) -> Iterator[Finding]:
    if source.text.isascii():
        return
    for offset, line in lines_of(source.text):
        garbles = mojibake.find(line)
        if not garbles:
            continue
        first, last = garbles[0], garbles[-1]
        edits = [
            Edit(
                start=offset + garble.start,
                end=offset + garble.start + len(garble.text),
                text=garble.proposal,
            )
            for garble in garbles
            if garble.proposal
        ]
        yield source.finding(
            "file.mojibake",
            (offset + first.start, offset + last.start + len(last.text)),
            _mojibake_message(garbles),
            evidence=line[max(0, first.start - 10) : first.start + 60].strip("\r\n"),
            fix=propose(_mojibake_title(garbles), edits) if edits else None,
        )


def _mojibake_message(garbles: list[mojibake.Garble]) -> str:
    sentences = []
    for garble in dict.fromkeys((g.text, g.candidates) for g in garbles):
        text, candidates = garble
        if len(candidates) == 1:
            sentences.append(f"“{text}” was “{candidates[0]}”.")
        elif candidates:
            choice = " ".join(candidates[:8])
            sentences.append(f"“{text}” has lost a byte; it may have been {choice}.")
        else:
            sentences.append(f"“{text}” has lost what it was.")
    return " ".join(["Characters are garbled:", *sentences[:4], "Check each one."])


def _mojibake_title(garbles: list[mojibake.Garble]) -> str:
    pairs = dict.fromkeys((g.text, g.proposal) for g in garbles if g.proposal)
    shown = ", ".join(f"{text} → {char}" for text, char in islice(pairs, 4))
    return f"Replace {shown}"


def check_hidden_characters(source: Source) -> Iterator[Finding]:
    if source.text.isascii() and source.text.isprintable():
        return
    garbled = _Garbled()
    for match in _HIDDEN.finditer(source.text):
        if _is_joiner(source.text, match) or _is_flag(source.text, match):
            continue
        start, end = match.span()
        is_mark = start == 0 and set(match.group()) == {"\ufeff"}
        if is_mark or garbled.get(source, start):
            continue
        names = list(dict.fromkeys(_name(char) for char in match.group()[:200]))[:3]
        fix = propose("Remove it", [Edit(start=start, end=end, text="")])
        yield source.finding(
            "file.hidden-character",
            (start, end),
            f"Nobody sees this, but a model reads it: {', '.join(names)}. Remove it "
            f"unless it is meant.{_spelled(match.group())}",
            evidence=source.text[max(0, start - 20) : start] + match.group()[:12],
            fix=fix,
        )


class _Garbled:
    """Whether a place belongs to a garbled character, which has its own finding."""

    def __init__(self) -> None:
        self.line = -1
        self.spans: list[tuple[int, int]] = []

    def get(self, source: Source, offset: int) -> bool:
        line = source.starts[source.position(offset)[0] - 1]
        if line != self.line:
            self.line = line
            end = source.text.find("\n", offset)
            text = source.text[line : end if end >= 0 else len(source.text)]
            self.spans = [
                (line + garble.start, line + garble.start + len(garble.text))
                for garble in mojibake.find(text)
            ]
        return any(start <= offset < end for start, end in self.spans)


def _is_joiner(text: str, match: re.Match[str]) -> bool:
    """A joiner between letters or emoji does what it is for."""
    if match.group() not in _JOINERS:
        return False
    before, after = text[match.start() - 1 : match.start()], text[match.end() :][:1]
    return all(char and not char.isascii() for char in (before, after))


def _is_flag(text: str, match: re.Match[str]) -> bool:
    return bool(_FLAG.match(text, max(0, match.start() - 1)))


def _name(char: str) -> str:
    return f"U+{ord(char):04X} {unicodedata.name(char, 'control character').lower()}"


def _spelled(hidden: str) -> str:
    """What tag characters spell, which is how text is hidden from people."""
    letters = "".join(
        chr(ord(char) - 0xE0000)
        for char in hidden
        if "\U000e0020" <= char <= "\U000e007e"
    )
    return f" It spells: {letters[:60]}" if letters else ""


def check_secrets(source: Source) -> Iterator[Finding]:
    for secret in secrets.find(source.text):
        yield source.finding(
            "secret.literal",
            (secret.start, secret.end),
            f"This looks like {secret.label}. Take it out, have it changed where it "
            f"was issued, and name an environment variable instead.",
            evidence=secret.redacted,
        )


CHECKS: tuple[Callable[[Source], Iterator[Finding]], ...] = (
    check_line_endings,
    check_mojibake,
    check_hidden_characters,
    check_secrets,
)


def check(source: Source) -> list[Finding]:
    """All findings about a text, at most `MAX_PER_RULE` of each check."""
    return [finding for run in CHECKS for finding in islice(run(source), MAX_PER_RULE)]


def check_encoding(source: Source, encoding: str) -> Iterator[Finding]:
    """How the text is stored; its fixes change no character."""
    more = len(source.text) - len(source.text.lstrip("\ufeff"))
    edits = [Edit(start=0, end=more, text="")] if more else []
    if encoding == "utf-8-sig" or more:
        yield source.finding(
            "file.bom",
            (0, 0),
            "The file begins with an invisible byte order mark, behind which some "
            "tools do not see the front matter. Save it without.",
            fix=rewrite("Save as UTF-8 without a byte order mark", edits),
        )
    if encoding not in {"utf-8", "utf-8-sig"}:
        yield source.finding(
            "file.encoding",
            (0, 0),
            f"The file is stored as {encoding.removesuffix('-sig')}, but tools read "
            f"UTF-8. Check the accented letters, then save it as UTF-8.",
            fix=rewrite("Save as UTF-8", []),
        )
