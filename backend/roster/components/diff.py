"""Compare two revisions: unified text for each file, and keys of the manifest."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any, Literal

import anyio.to_thread
from pydantic import BaseModel, ConfigDict, Field

from roster.components.lines import Opcode, lines, opcodes
from roster.components.revisions import StoredFile, StoredRevision

CONTEXT = 3
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
    a, b = lines(old), lines(new)
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
        return opcodes(self.lines_a, self.lines_b)
