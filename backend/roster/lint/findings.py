from collections.abc import Iterable, Sequence
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Severity(StrEnum):
    """How bad a finding is; `error` is the worst."""

    error = "error"
    warning = "warning"
    info = "info"


class Edit(BaseModel):
    """Replace the code points [start, end) of the decoded text."""

    model_config = ConfigDict(frozen=True)

    start: int
    end: int
    text: str


class Fix(BaseModel):
    """A mend that a person can take.

    A safe fix keeps what the file means, and all of them together make the repaired
    file. One that is not safe is a proposal, taken one by one. A fix without edits
    changes only how the text is stored: as UTF-8 without a byte order mark.
    """

    model_config = ConfigDict(frozen=True)

    title: str
    edits: list[Edit]
    safe: bool


class Finding(BaseModel):
    """One thing that is wrong, with its place in the decoded text (1-based)."""

    model_config = ConfigDict(frozen=True)

    rule: str
    severity: Severity
    line: int
    column: int
    end_line: int
    end_column: int
    message: str
    evidence: str | None = None
    fix: Fix | None = None


def apply(text: str, fixes: Sequence[Fix]) -> str:
    """Apply every edit of the fixes to the text that they were made for.

    Raises:
        ValueError: two edits overlap, or one lies outside the text.
    """
    return apply_edits(text, [edit for fix in fixes for edit in fix.edits])


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Apply edits; at one place, whole lines are inserted before parts of a line.

    Apart from that, insertions at one place keep the order in which they are given.
    """
    pieces: list[str] = []
    done = 0
    for edit in sorted(edits, key=_order):
        if edit.start < done or not edit.start <= edit.end <= len(text):
            raise ValueError(
                f"The edit of [{edit.start}, {edit.end}) overlaps another "
                f"or lies outside the text.",
            )
        pieces += (text[done : edit.start], edit.text)
        done = edit.end
    pieces.append(text[done:])
    return "".join(pieces)


def _order(edit: Edit) -> tuple[int, int, bool]:
    return edit.start, edit.end, not edit.text.endswith(("\n", "\r"))
