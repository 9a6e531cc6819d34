"""The objects of git: files, folders and commits, and the ids that follow from them.

They are written down here, which is less than to have a library do it: the format has
not changed since 2005, and git itself checks in the tests that they are in order.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

COMMIT, TREE, BLOB = 1, 2, 3
"""As packs number them."""
_NAMES = {COMMIT: b"commit", TREE: b"tree", BLOB: b"blob"}
ID_BYTES = 20
FOLDER = 0o040000
NO_HOST = "roster.invalid"
"""Of the mail address of who made a release: it must be the same on any instance."""

Id = bytes
"""The digest itself; `hex` gives what people see."""


def begin_id(kind: int, size: int) -> Any:
    """Begin the digest of an object whose bytes come later."""
    head = b"%s %d\0" % (_NAMES[kind], size)
    return hashlib.sha1(head, usedforsecurity=False)


def id_of(kind: int, data: bytes) -> Id:
    digest = begin_id(kind, len(data))
    digest.update(data)
    made: bytes = digest.digest()
    return made


def trees_of(entries: Iterable[tuple[str, int, Id]]) -> tuple[Id, dict[Id, bytes]]:
    """Lay files into folders.

    Args:
        entries: Path, mode and id of each file (or of a folder that is known).

    Returns:
        The id of the outermost folder, and all folders by their ids.
    """
    root: dict[bytes, Any] = {}
    for path, mode, id_ in entries:
        *above, name = path.encode().split(b"/")
        folder = root
        for part in above:
            folder = folder.setdefault(part, {})
        folder[name] = mode, id_
    trees: dict[Id, bytes] = {}
    return _tree(root, trees), trees


def _tree(folder: dict[bytes, Any], trees: dict[Id, bytes]) -> Id:
    lines = []
    for name, entry in folder.items():
        mode, id_ = (FOLDER, _tree(entry, trees)) if isinstance(entry, dict) else entry
        # Folders stand where their names with a slash would.
        place = name + b"/" if mode == FOLDER else name
        lines.append((place, b"%o %s\0%s" % (mode, name, id_)))
    data = b"".join(line for _, line in sorted(lines))
    id_ = id_of(TREE, data)
    trees[id_] = data
    return id_


def entries_of(tree: bytes) -> Iterator[tuple[int, bytes, Id]]:
    """Mode, name and id of what lies in a folder."""
    at = 0
    while at < len(tree):
        blank = tree.index(b" ", at)
        end = tree.index(b"\0", blank)
        after = end + 1 + ID_BYTES
        yield int(tree[at:blank], 8), tree[blank + 1 : end], tree[end + 1 : after]
        at = after


def found_in(root: Id, trees: Mapping[Id, bytes], path: str) -> Id | None:
    """The id of what lies at a path, if there is something."""
    found: Id | None = root
    for part in path.encode().split(b"/"):
        inside = trees.get(found or b"", b"")
        found = next((id_ for _, name, id_ in entries_of(inside) if name == part), None)
    return found


def all_in(root: Id, trees: Mapping[Id, bytes], seen: set[Id]) -> Iterator[Id]:
    """A folder and all that lies in it, without what was seen before."""
    waiting = [root]
    while waiting:
        id_ = waiting.pop()
        if id_ in seen:
            continue
        seen.add(id_)
        yield id_
        for mode, _, inside in entries_of(trees[id_]):
            if mode == FOLDER:
                waiting.append(inside)
            elif inside not in seen:
                seen.add(inside)
                yield inside


def commit(
    tree: Id, parent: Id | None, *, author: str, at: datetime, message: str
) -> bytes:
    """The bytes of a commit, which depend on nothing but these."""
    who = f"{author} <{author}@{NO_HOST}> {int(at.timestamp())} +0000"
    lines = [
        f"tree {tree.hex()}",
        *([f"parent {parent.hex()}"] if parent else []),
        f"author {who}",
        f"committer {who}",
        "",
        message.replace("\0", "\N{REPLACEMENT CHARACTER}").strip(),
        "",
    ]
    return "\n".join(lines).encode(errors="replace")
