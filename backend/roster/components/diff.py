"""Compare two revisions: unified text for each file, and keys of the manifest.

Files are read only where their digests differ: one that has moved is told by its own.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

import anyio.to_thread
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.blobs import reading as blobs
from roster.blobs.storage import BlobStore
from roster.components.lines import Opcode, lines, opcodes
from roster.components.stored import StoredFile, StoredRevision

CONTEXT = 3
FILE_BYTES = 512 * 1024
"""How large both sides of a file may be together, for their lines to be compared."""
TEXT_BYTES = 4 * 1024 * 1024
"""The same for all files of a comparison."""
Status = Literal["added", "removed", "changed", "renamed", "same"]


class RevisionRef(BaseModel):
    number: int
    digest: str


class FileDiff(BaseModel):
    path: str
    previous_path: str | None = Field(
        default=None, description="Where it was before, if it was only moved."
    )
    status: Status
    binary: bool = Field(
        default=False, description="It is no text, or too long to be compared."
    )
    additions: int = 0
    deletions: int = 0
    unified: str = Field(default="", examples=["@@ -1 +1 @@\n-old\n+new\n"])


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


async def between(
    session: AsyncSession, store: BlobStore, old: StoredRevision, new: StoredRevision
) -> DiffPublic:
    changes = _changes(old, new)
    budget = TEXT_BYTES
    files = []
    for change in changes:
        sides = (change.old, change.new)
        weight = sum(side.size for side in sides if side is not None)
        if change.status in {"same", "renamed"} or weight > min(budget, FILE_BYTES):
            files.append(_not_compared(change))
            continue
        budget -= weight
        before = await _text(session, store, old, change.old)
        after = await _text(session, store, new, change.new)
        files.append(await anyio.to_thread.run_sync(_file_diff, change, before, after))
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


@dataclass(frozen=True, slots=True)
class _Change:
    """One file on both sides; it may be missing on one of them."""

    path: str
    status: Status
    old: StoredFile | None
    new: StoredFile | None


@dataclass(frozen=True, slots=True)
class _Text:
    """What a file says; None if it is no text."""

    text: str | None = ""
    encoding: str = ""


def _changes(old: StoredRevision, new: StoredRevision) -> list[_Change]:
    before = {file.path: file for file in old.files}
    after = {file.path: file for file in new.files}
    gone: dict[str, list[StoredFile]] = defaultdict(list)
    for path in sorted(before.keys() - after.keys(), reverse=True):
        gone[before[path].digest].append(before[path])
    found = []
    for path, file in sorted(after.items()):
        was = before.get(path)
        moved = gone[file.digest].pop() if was is None and gone[file.digest] else None
        found.append(_Change(path, _status(was, moved, file), was or moved, file))
    left = [file for files in gone.values() for file in files]
    found += [_Change(file.path, "removed", file, None) for file in left]
    return sorted(found, key=lambda change: change.path)


def _status(
    was: StoredFile | None, moved: StoredFile | None, file: StoredFile
) -> Status:
    if moved is not None:
        return "renamed"
    if was is None:
        return "added"
    same = (was.digest, was.mode) == (file.digest, file.mode)
    return "same" if same else "changed"


def _not_compared(change: _Change) -> FileDiff:
    return FileDiff(
        path=change.path,
        previous_path=_previous_path(change),
        status=change.status,
        binary=change.status not in {"same", "renamed"},
    )


def _previous_path(change: _Change) -> str | None:
    moved = change.status == "renamed" and change.old is not None
    return change.old.path if moved and change.old else None


async def _text(
    session: AsyncSession,
    store: BlobStore,
    revision: StoredRevision,
    file: StoredFile | None,
) -> _Text:
    if file is None:
        return _Text()
    if file.redaction is not None:
        return _Text(None)
    if file is revision.main:
        return _Text(revision.parsed.text, revision.parsed.encoding)
    data = await blobs.whole(store, await blobs.find(session, file.digest))
    try:
        return _Text(None if b"\0" in data else data.decode())
    except UnicodeDecodeError:
        return _Text(None)


def _file_diff(change: _Change, old: _Text, new: _Text) -> FileDiff:
    binary = old.text is None or new.text is None
    text, additions, deletions = unified(old.text or "", new.text or "")
    if binary:
        text, additions, deletions = "", 0, 0
    elif not text and old.encoding != new.encoding:
        text = f"Only the encoding differs: {old.encoding}, {new.encoding}\n"
    return FileDiff(
        path=change.path,
        status=change.status,
        binary=binary,
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
