import re
from bisect import bisect_right
from collections.abc import Iterator

from roster.lint.findings import Edit, Finding, Fix
from roster.lint.rules import RULES

EVIDENCE_LENGTH = 80
FRONT_MATTER_LINES = 5_000  # nobody writes more; what comes after is not looked at

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


class Source:
    """A decoded text that knows where its lines are."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [match.start() for match in _LINE.finditer(text)] or [0]
        if text.endswith(("\n", "\r")):
            self.starts.append(len(text))

    def position(self, offset: int) -> tuple[int, int]:
        """The line and column of an offset, both counted from 1."""
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1

    @property
    def newline(self) -> str:
        """The line break that most lines of the text end in."""
        crlf = self.text.count("\r\n")
        if crlf * 2 > self.text.count("\n"):
            return "\r\n"
        return "\n" if "\n" in self.text or "\r" not in self.text else "\r"

    def finding(
        self,
        rule: str,
        span: tuple[int, int],
        message: str,
        *,
        evidence: str | None = None,
        fix: Fix | None = None,
    ) -> Finding:
        """Make a finding about text[start:end], which is its evidence by default."""
        start, end = span
        line, column = self.position(start)
        end_line, end_column = self.position(max(start, end))
        shown = self.text[start : min(end, start + EVIDENCE_LENGTH + 1)]
        return Finding(
            rule=rule,
            severity=RULES[rule].severity,
            line=line,
            column=column,
            end_line=end_line,
            end_column=end_column,
            message=message,
            evidence=shorten(shown if evidence is None else evidence) or None,
            fix=fix,
        )


def lines_of(
    text: str, start: int = 0, end: int | None = None
) -> Iterator[tuple[int, str]]:
    """Each line with its offset and its line break."""
    for match in _LINE.finditer(text, start, len(text) if end is None else end):
        yield match.start(), match.group()


def shorten(text: str, length: int = EVIDENCE_LENGTH) -> str:
    """Text for a person to look at: on one line, escapes visible, not too long."""
    shown = "".join(
        _ESCAPES.get(char) or (char if char.isprintable() else f"\\u{ord(char):04x}")
        for char in text[: length + 1]
    )
    return shown if len(shown) <= length else shown[: length - 1] + "…"


def rewrite(title: str, edits: list[Edit]) -> Fix:
    """A fix that keeps the meaning of the file."""
    return Fix(title=title, edits=edits, safe=True)


def propose(title: str, edits: list[Edit]) -> Fix:
    """A fix that a person must look at first."""
    return Fix(title=title, edits=edits, safe=False)
