"""Compare two revisions: unified text for each file, and keys of the manifest.

`difflib` alone takes time in the square of the lines, or worse, on hostile files.
Here lines that occur once on either side cut the texts into pieces first, and pieces
that are still too large together are shown as replaced.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any, Literal

import anyio.to_thread
from pydantic import BaseModel, ConfigDict, Field

from roster.components.revisions import StoredFile, StoredRevision

CONTEXT = 3
BUDGET = 4_000_000
"""How many pairs of lines are compared at most, in all pieces together."""

Opcode = tuple[str, int, int, int, int]
Status = Literal["added", "removed", "changed", "same"]


class RevisionRef(BaseModel):
    number: int
    digest: str


class FileDiff(BaseModel):
    path: str
    status: Status
    additions: int
    deletions: int
    unified: str = Field(examples=["@@ -1 +1 @@\n-old\n+new\n"])


class ManifestChange(BaseModel):
    """A key whose value differs; null where the key is absent."""

    key: str
    old: Any
    new: Any


class DiffPublic(BaseModel):
    model_config = ConfigDict(populate_by_name=True)

    base: RevisionRef = Field(alias="from")
    to: RevisionRef
    identical: bool
    files: list[FileDiff]
    manifest: list[ManifestChange]


async def between(old: StoredRevision, new: StoredRevision) -> DiffPublic:
    return await anyio.to_thread.run_sync(_between, old, new)


def _between(old: StoredRevision, new: StoredRevision) -> DiffPublic:
    before = {file.path: file for file in old.files}
    after = {file.path: file for file in new.files}
    files = [
        _file_diff(path, _Side(old, before.get(path)), _Side(new, after.get(path)))
        for path in sorted(before | after)
    ]
    return DiffPublic(
        base=RevisionRef(number=old.row.number, digest=old.row.digest),
        to=RevisionRef(number=new.row.number, digest=new.row.digest),
        identical=old.row.digest == new.row.digest,
        files=files,
        manifest=_manifest_changes(old.row.manifest, new.row.manifest),
    )


def _manifest_changes(old: dict[str, Any], new: dict[str, Any]) -> list[ManifestChange]:
    missing = object()
    return [
        ManifestChange(key=key, old=old.get(key), new=new.get(key))
        for key in {**old, **new}
        if old.get(key, missing) != new.get(key, missing)
    ]


class _Side:
    """One file on one side of the comparison; it may not be there."""

    def __init__(self, revision: StoredRevision, file: StoredFile | None) -> None:
        self.file = file
        self.text: str | None = ""
        self.encoding = ""
        if file is revision.main:
            self.text, self.encoding = revision.parsed.text, revision.parsed.encoding
        elif file is not None:
            self.text = _decoded(file.data)


def _decoded(data: bytes) -> str | None:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None


def _file_diff(path: str, old: _Side, new: _Side) -> FileDiff:
    status: Status = "changed"
    if old.file is None:
        status = "added"
    elif new.file is None:
        status = "removed"
    elif old.file.digest == new.file.digest and old.file.mode == new.file.mode:
        return FileDiff(path=path, status="same", additions=0, deletions=0, unified="")
    if old.text is None or new.text is None:
        text, additions, deletions = "Binary files differ\n", 0, 0
    else:
        text, additions, deletions = unified(old.text, new.text)
        if not text and old.encoding != new.encoding:
            text = f"Only the encoding differs: {old.encoding}, {new.encoding}\n"
    return FileDiff(
        path=path,
        status=status,
        additions=additions,
        deletions=deletions,
        unified=text,
    )


def unified(old: str, new: str) -> tuple[str, int, int]:
    """Hunks of a unified diff, and how many lines it adds and takes away."""
    a, b = _lines(old), _lines(new)
    parts: list[str] = []
    additions = deletions = 0
    for group in _Bounded(a, b).get_grouped_opcodes(CONTEXT):
        start, end = group[0], group[-1]
        spans = f"-{_span(start[1], end[2])} +{_span(start[3], end[4])}"
        parts.append(f"@@ {spans} @@\n")
        for tag, a1, a2, b1, b2 in group:
            if tag == "equal":
                parts.extend(_marked(" ", a[a1:a2]))
                continue
            deletions += a2 - a1
            additions += b2 - b1
            parts.extend(_marked("-", a[a1:a2]))
            parts.extend(_marked("+", b[b1:b2]))
    return "".join(parts), additions, deletions


def _lines(text: str) -> list[str]:
    """Lines with their ends; only LF ends one, as in every other diff tool."""
    lines = text.split("\n")
    last = lines.pop()
    return [f"{line}\n" for line in lines] + ([last] if last else [])


def _marked(mark: str, lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        end = "" if line.endswith("\n") else "\n\\ No newline at end of file\n"
        yield f"{mark}{line}{end}"


def _span(start: int, end: int) -> str:
    length = end - start
    if length == 1:
        return str(start + 1)
    return f"{start + 1 if length else start},{length}"


class _Bounded(SequenceMatcher[str]):
    """Finds blocks of changes in bounded time; the rest is the library's."""

    def __init__(self, a: Sequence[str], b: Sequence[str]) -> None:
        super().__init__(None, (), (), autojunk=False)
        self.lines_a, self.lines_b = a, b

    def get_opcodes(self) -> list[Opcode]:  # type: ignore[override]  # no Literal tags
        return list(_merged(_opcodes(self.lines_a, self.lines_b)))


def _merged(opcodes: Iterator[Opcode]) -> Iterator[Opcode]:
    """Join neighbours of one kind, and drop those that span nothing."""
    waiting: Opcode | None = None
    for opcode in opcodes:
        if opcode[1] == opcode[2] and opcode[3] == opcode[4]:
            continue
        same = waiting is not None and (waiting[0] == "equal") == (opcode[0] == "equal")
        if waiting is not None and same:
            waiting = (waiting[0], waiting[1], opcode[2], waiting[3], opcode[4])
            continue
        if waiting is not None:
            yield waiting
        waiting = opcode
    if waiting is not None:
        yield waiting


def _opcodes(a: Sequence[str], b: Sequence[str]) -> Iterator[Opcode]:
    budget = BUDGET
    at_a = at_b = 0
    for anchor_a, anchor_b in [*_anchors(a, b), (len(a), len(b))]:
        a1, b1, a2, b2 = at_a, at_b, anchor_a, anchor_b
        while a1 < a2 and b1 < b2 and a[a1] == b[b1]:
            a1, b1 = a1 + 1, b1 + 1
        while a1 < a2 and b1 < b2 and a[a2 - 1] == b[b2 - 1]:
            a2, b2 = a2 - 1, b2 - 1
        yield "equal", at_a, a1, at_b, b1
        size = (a2 - a1) * (b2 - b1)
        if 0 < size <= budget:
            budget -= size
            piece = SequenceMatcher(None, a[a1:a2], b[b1:b2], autojunk=False)
            for tag, i1, i2, j1, j2 in piece.get_opcodes():
                yield tag, a1 + i1, a1 + i2, b1 + j1, b1 + j2
        else:
            yield "replace", a1, a2, b1, b2
        # The equal lines behind the change, and the anchor itself.
        at_a, at_b = min(anchor_a + 1, len(a)), min(anchor_b + 1, len(b))
        yield "equal", a2, at_a, b2, at_b


def _anchors(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int]]:
    """Lines that stand once in each text, as many as keep their order in both."""
    once_a, once_b = Counter(a), Counter(b)
    places = {line: index for index, line in enumerate(b) if once_b[line] == 1}
    pairs = [
        (index, places[line])
        for index, line in enumerate(a)
        if once_a[line] == 1 and line in places
    ]
    # The longest increasing run of places in b, by patience sorting.
    tops: list[int] = []
    piles: list[int] = []
    previous: list[int] = []
    for index, (_, place) in enumerate(pairs):
        pile = bisect_left(tops, place)
        previous.append(piles[pile - 1] if pile else -1)
        if pile == len(tops):
            tops.append(place)
            piles.append(index)
        else:
            tops[pile], piles[pile] = place, index
    found = []
    at = piles[-1] if piles else -1
    while at >= 0:
        found.append(pairs[at])
        at = previous[at]
    return found[::-1]
