"""From a pack to a TAR of one commit's files. Used by the child process alone.

Nothing is checked out: a name in a tree is never a name on disk.
"""

import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from stat import S_ISDIR, S_ISLNK, S_ISREG
from typing import IO

from dulwich.object_format import ObjectFormat
from dulwich.objects import (
    S_ISGITLINK,
    Blob,
    Commit,
    ObjectID,
    RawObjectID,
    Tag,
    Tree,
    parse_tree,
)
from dulwich.pack import MemoryPackIndex, Pack, PackData

from roster.fetching.errors import FetchError, Reason
from roster.uploads.paths import MAX_DEPTH, is_junk
from roster.uploads.tar_form import CUT, END, HEAD_BYTES, SUBMODULE, padding

MAX_TAGS = 8
"""How many tags may stand before a commit."""
MAX_LINK = 4096
MAX_PATH_BYTES = 64 * 1024
WALKED_PER_FILE = 10
"""Folders and what systems leave behind count less, but not nothing."""
TOLD_EVERY = 100


@dataclass(frozen=True, slots=True)
class Most:
    """The limits of what is taken."""

    files: int
    file_bytes: int
    """Of larger files only the name is taken."""
    bytes: int
    """Of all files together."""


@dataclass(frozen=True, slots=True)
class Entry:
    path: bytes
    mode: int
    id: RawObjectID


class Packed:
    """The objects of a pack, and what one commit of them holds."""

    def __init__(self, file: IO[bytes], form: ObjectFormat) -> None:
        file.seek(0)
        self._data = PackData.from_file(file, form)
        self._pack = Pack.from_objects(self._data, MemoryPackIndex.for_pack(self._data))
        self._id_bytes = form.oid_length

    def close(self) -> None:
        self._pack.close()

    def commit(self, wanted: ObjectID) -> Commit:
        """The commit of an id, which may be that of a tag."""
        for _ in range(MAX_TAGS):
            found = self._pack[wanted]
            if isinstance(found, Commit):
                return found
            if not isinstance(found, Tag):
                break
            wanted = found.object[1]
        raise FetchError("It names something other than a commit.", Reason.no_such_ref)

    def folder(self, commit: Commit, path: str | None) -> ObjectID | RawObjectID:
        """The tree of a folder."""
        found: ObjectID | RawObjectID = commit.tree
        for part in filter(None, (path or "").split("/")):
            entries = {entry.path: entry for entry in self._children(found, b"")}
            entry = entries.get(part.encode())
            if entry is None or not S_ISDIR(entry.mode):
                raise FetchError(
                    f"There is no folder {path} at that commit.", Reason.not_found
                )
            found = entry.id
        return found

    def _children(self, tree: ObjectID | RawObjectID, prefix: bytes) -> Iterator[Entry]:
        kind, text = self._pack.get_raw(tree)
        if kind != Tree.type_num:
            raise ValueError("not a tree")
        for name, mode, id_ in parse_tree(text, self._id_bytes):
            yield Entry(prefix + name, mode, RawObjectID(id_))

    def entries(self, root: ObjectID | RawObjectID, most: Most) -> Iterator[Entry]:
        """All that is not a folder, within limits: trees can name each other."""
        waiting: list[tuple[ObjectID | RawObjectID, bytes]] = [(root, b"")]
        walked = files = 0
        while waiting:
            tree, prefix = waiting.pop()
            if prefix.count(b"/") > MAX_DEPTH:
                raise FetchError(
                    f"It has folders that lie more than {MAX_DEPTH} deep.",
                    Reason.too_large,
                )
            for entry in self._children(tree, prefix):
                walked += 1
                is_folder = S_ISDIR(entry.mode)
                path = entry.path.decode(errors="replace")
                files += not is_folder and not is_junk(path)
                if files > most.files or walked > most.files * WALKED_PER_FILE:
                    raise FetchError(
                        f"It holds more than {most.files:,} files; name a folder of it "
                        f"to take less.",
                        Reason.too_large,
                    )
                if len(entry.path) > MAX_PATH_BYTES:
                    raise FetchError(
                        f"It holds a path longer than {MAX_PATH_BYTES:,} bytes.",
                        Reason.too_large,
                    )
                if is_folder:
                    waiting.append((entry.id, entry.path + b"/"))
                else:
                    yield entry

    def content(self, entry: Entry) -> bytes | None:
        """What a file holds; None if the server left it out, as it is too large."""
        if entry.id not in self._pack:
            return None
        kind, data = self._pack.get_raw(entry.id)
        if kind != Blob.type_num:
            raise ValueError("not a file")
        return data


def write_tar(
    packed: Packed,
    root: ObjectID | RawObjectID,
    out: IO[bytes],
    most: Most,
    told: Callable[[int], None],
) -> None:
    """Write what a tree holds.

    Args:
        packed: Where its objects are.
        root: The tree.
        out: Where to.
        most: What is taken.
        told: Is told now and then how many entries were written.
    """
    written = 0
    for number, entry in enumerate(packed.entries(root, most), 1):
        info, data = _of(entry, packed, most)
        written += len(data)
        if written > most.bytes:
            raise FetchError(
                f"It holds more than the {most.bytes:,} bytes that are taken at once; "
                f"name a folder of it to take less.",
                Reason.too_large,
            )
        head = info.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape")
        out.write(head)
        out.write(data)
        out.write(bytes(padding(len(data))))
        if number % TOLD_EVERY == 0:
            told(number)
    out.write(END)


def _of(entry: Entry, packed: Packed, most: Most) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(entry.path.decode("utf-8", "surrogateescape"))
    info.mode = 0o755 if entry.mode & 0o100 else 0o644
    if S_ISGITLINK(entry.mode):
        info.pax_headers = {SUBMODULE: entry.id.hex()}
        return info, b""
    data = packed.content(entry)
    if S_ISLNK(entry.mode):
        info.type = tarfile.SYMTYPE
        info.linkname = (data or b"")[:MAX_LINK].decode("utf-8", "surrogateescape")
        return info, b""
    if not S_ISREG(entry.mode):
        raise ValueError("an entry of an unknown sort")
    if data is None or len(data) > max(most.file_bytes, HEAD_BYTES):
        size = most.file_bytes + 1 if data is None else len(data)
        info.pax_headers = {CUT: str(size)}
        data = (data or b"")[:HEAD_BYTES].ljust(HEAD_BYTES, b"\0")
    info.size = len(data)
    return info, data
