"""Finds the front matter of a Markdown file, also where its fences are damaged."""

import re
from dataclasses import dataclass, field
from itertools import islice

from roster.lint import strict
from roster.lint.findings import Edit, Finding, Fix
from roster.lint.reader import key_lines, natural_end
from roster.lint.source import FRONT_MATTER_LINES, Source, lines_of, rewrite
from roster.lint.strict import Loaded

FENCE = "---"
_IDENTITY = frozenset({"name", "description"})
_NEAR_FENCE = re.compile(
    r"[ \t]*(?:-{2,}|[\u2013\u2014]{1,3}|={3,}|\*{3}|_{3})[ \t]*\Z"
)
_CODE_FENCE = re.compile(r"(?:`{3,}|~{3,})\s*[\w-]*\s*\Z")
_HEADING = re.compile(r"#{1,6} |You are ")
_MAX_BEFORE = 60  # lines that are looked through for the first fence


@dataclass
class FrontMatter:
    """Where the front matter and the body stand; offsets into the text.

    `strict` says whether a strict tool finds it at all; `misread` that it finds more
    than this, as far as a rule in the prompt.
    """

    start: int
    end: int
    body: int
    strict: bool = True
    misread: bool = False
    findings: list[Finding] = field(default_factory=list)
    loaded: Loaded | None = None
    """What a strict tool reads there, if it was read to find the end."""


@dataclass(frozen=True)
class _Line:
    start: int
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def content(self) -> str:
        return self.text.strip().lstrip("\ufeff")  # a second byte order mark

    @property
    def indent(self) -> int:
        return len(self.text) - len(self.text.lstrip(" \t"))


def find(source: Source, known: frozenset[str]) -> FrontMatter | None:
    """The front matter of the text; None when there is none to speak of."""
    opening, before = _opening(source.text)
    if opening is None or before == "text":
        unopened = _unopened(source, known)
        if opening is None or unopened:
            return unopened
    matter = _closed(source, opening, known)
    span = (matter.start, matter.end)
    keys = {key for _, key in key_lines(source.text, *span, known, opening.indent)}
    if not keys and (before or not _looks_like_yaml(source, matter)):
        return None
    if before not in {"", "blank"} and not keys & _IDENTITY:
        return None
    if opening.indent:
        _note_indent(source, opening, matter)
    elif opening.start:
        matter.findings.append(_preceded(source, opening, matter, before))
        matter.strict = matter.strict and before in {"blank", "comment"}
    return matter


def _opening(text: str) -> tuple[_Line | None, str]:
    """The first fence, and what stands before it: "", blank, comment, code or text."""
    before, commented = "", False
    for number, (offset, raw) in enumerate(lines_of(text)):
        line = _Line(offset, raw)
        if number > _MAX_BEFORE:
            break
        if not commented and line.content == FENCE:
            return line, before
        if not line.content:
            before = before or "blank"
            continue
        if not commented and line.content.startswith("<!--"):
            commented = True
            before = before if before in {"code", "text"} else "comment"
        elif not commented:
            is_code = before in {"", "blank"} and _CODE_FENCE.match(line.content)
            before = "code" if is_code else "text"
        if commented and "-->" in line.content:
            commented = False
    return None, before


def _closed(source: Source, opening: _Line, known: frozenset[str]) -> FrontMatter:
    """Front matter from its first fence on."""
    text = source.text
    dots = None
    for offset, raw in islice(lines_of(text, opening.end), FRONT_MATTER_LINES):
        line = _Line(offset, raw)
        if line.content == FENCE and line.indent <= opening.indent:
            matter = FrontMatter(opening.end, offset, line.end)
            return _reopened(source, matter, known) or matter
        if dots is None and raw.rstrip() == "...":
            dots = line
    if dots:
        matter = FrontMatter(opening.end, dots.start, dots.end, strict=False)
        end = dots.start + len(dots.text.rstrip())
        fix = [Edit(start=dots.start, end=end, text=FENCE)]
        matter.findings.append(_unclosed(source, opening, fix))
        return matter
    return _unclosed_matter(source, opening.end, opening, known)


def _reopened(
    source: Source,
    matter: FrontMatter,
    known: frozenset[str],
) -> FrontMatter | None:
    """A fence that is a rule in the prompt, below front matter that was never closed.

    Seen by a heading of the prompt after the last key, with no known key below it.
    """
    matter.loaded = _loaded(source.text[matter.start : matter.end])
    if matter.loaded is not None:
        return None
    end = natural_end(source.text, matter.start, known)
    if end >= matter.end or any(
        True for _ in key_lines(source.text, end, matter.end, known)
    ):
        return None
    rest = lines_of(source.text, end, matter.end)
    if not any(_HEADING.match(line) for _, line in rest):
        return None
    if not source.text[matter.start : end].strip():
        return None
    reopened = _unclosed_matter(source, matter.start, _Line(matter.start, ""), known)
    reopened.misread = True
    return reopened


def _loaded(block: str) -> Loaded | None:
    try:
        return strict.load(block)
    except strict.StrictError:
        return None


def _unclosed_matter(
    source: Source,
    start: int,
    opening: _Line,
    known: frozenset[str],
) -> FrontMatter:
    text = source.text
    end = natural_end(text, start, known)
    for offset, raw in lines_of(text, end):
        if not raw.strip():
            continue
        if _NEAR_FENCE.match(raw.rstrip("\r\n")):
            matter = FrontMatter(start, offset, offset + len(raw), strict=False)
            stop = offset + len(raw.rstrip("\r\n"))
            edits = [Edit(start=offset, end=stop, text=FENCE)]
            matter.findings.append(_unclosed(source, opening, edits))
            return matter
        break
    matter = FrontMatter(start, end, end, strict=False)
    open_line = "" if text[:end].endswith(("\n", "\r")) else source.newline
    fence = open_line + FENCE + source.newline
    matter.findings.append(
        _unclosed(source, opening, [Edit(start=end, end=end, text=fence)]),
    )
    return matter


def _unclosed(source: Source, opening: _Line, edits: list[Edit]) -> Finding:
    line = source.starts[source.position(max(0, opening.start - 1))[0] - 1]
    start = opening.start if opening.text else line
    return source.finding(
        "frontmatter.unclosed",
        (start, start + len(FENCE)),
        "The front matter is not closed by a line of three hyphens. Put one before "
        "the prompt.",
        fix=rewrite("Close the front matter", edits),
    )


def _looks_like_yaml(source: Source, matter: FrontMatter) -> bool:
    """Keys at the left edge right after the fence, or nothing at all between fences."""
    block = source.text[matter.start : matter.end]
    if not block.strip():
        return True
    first = next(line for _, line in lines_of(block) if line.strip())
    return bool(
        re.match(r"[ \t]*[\"']?[\w.-]+[\"']?[ \t]*:(?:\s|\Z)|[ \t]*[#{]", first)
    )


def _unopened(source: Source, known: frozenset[str]) -> FrontMatter | None:
    """Keys at the very top whose first fence is missing."""
    text = source.text
    start = len(text) - len(text.lstrip())
    keys = [
        key for _, key in key_lines(text, start, natural_end(text, start, known), known)
    ]
    if not keys or keys[0] not in _IDENTITY:
        return None
    closing = next(
        (
            _Line(offset, line)
            for offset, line in islice(lines_of(text, start), FRONT_MATTER_LINES)
            if line.rstrip() == FENCE
        ),
        None,
    )
    end = natural_end(text, start, known)
    edits = [Edit(start=0, end=start, text=FENCE + source.newline)]
    if closing and not text[end : closing.start].strip():
        matter = FrontMatter(start, closing.start, closing.end, strict=False)
    elif set(keys) >= _IDENTITY:
        matter = FrontMatter(start, end, end, strict=False)
        open_line = "" if text[:end].endswith(("\n", "\r")) else source.newline
        fence = open_line + FENCE + source.newline
        edits.append(Edit(start=end, end=end, text=fence))
    else:
        return None
    matter.findings.append(
        source.finding(
            "frontmatter.missing",
            (start, start + 1),
            "The keys at the top stand without the line of three hyphens before them, "
            "so that no tool finds them. Put one above.",
            fix=rewrite("Put the front matter between fences", edits),
        ),
    )
    return matter


def _note_indent(source: Source, opening: _Line, matter: FrontMatter) -> None:
    """Fences with blanks before them: move the front matter to the left edge."""
    edits = [Edit(start=0, end=opening.start, text="")] if opening.start else []
    lines = [_Line(*line) for line in lines_of(source.text, opening.start, matter.body)]
    keys = range(matter.start, matter.end)
    # Fences alone may be indented: then the keys and the lists below them stay.
    least = min(
        (line.indent for line in lines if line.start in keys and line.content),
        default=0,
    )
    for line in lines:
        limit = least if line.start in keys else opening.indent
        offset, lead = line.start, min(line.indent, opening.indent, limit)
        if lead:
            edits.append(Edit(start=offset, end=offset + lead, text=""))
    matter.strict = False
    matter.findings.append(
        source.finding(
            "frontmatter.indented",
            (opening.start, opening.end),
            "The front matter is indented, so that tools do not find it. Move it to "
            "the left edge.",
            fix=rewrite("Move the front matter to the left edge", edits),
        ),
    )


def _preceded(
    source: Source,
    opening: _Line,
    matter: FrontMatter,
    before: str,
) -> Finding:
    text = source.text
    start = len(text) - len(text.lstrip())
    return source.finding(
        "frontmatter.preceded",
        (0 if before == "blank" else start, opening.start),
        "The front matter must begin on the first line: tools look for it there only. "
        "Move what stands before it.",
        fix=_move_fix(source, opening, matter, before),
    )


def _move_fix(source: Source, opening: _Line, matter: FrontMatter, before: str) -> Fix:
    text = source.text
    edits = [Edit(start=0, end=opening.start, text="")]
    if before == "blank":
        return rewrite("Remove the blank lines before the front matter", edits)
    if before == "code":
        last = text.rstrip()
        begin = max(last.rfind("\n"), last.rfind("\r")) + 1
        if begin > matter.body and re.fullmatch(r"`{3,}|~{3,}", last[begin:].strip()):
            edits.append(Edit(start=begin, end=len(text), text=""))
        return rewrite("Take the fence of code off the file", edits)
    lines = [line.strip() for _, line in lines_of(text, 0, opening.start)]
    words = [
        line.removeprefix("<!--").removesuffix("-->").strip("# ") for line in lines
    ]
    comment = "".join(f"# {line}{source.newline}" for line in words if line)
    edits.append(Edit(start=matter.start, end=matter.start, text=comment))
    return rewrite("Move the text into the front matter as a comment", edits)
