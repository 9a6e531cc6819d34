"""An export as git's files and folders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from roster.components.content import FILE_MODE
from roster.components.stored import StoredFile
from roster.exports.targets.base import Exported
from roster.git.objects import BLOB, Id, id_of, trees_of

EXECUTABLE = 0o100755
REGULAR = 0o100644
OVERHEAD_BYTES = 200
_OWN_NAMES = frozenset({".git", "git~1"})
"""Git refuses whatever has a folder of this name, as its own would be there."""


@dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """A release laid out for a target.

    Attributes:
        root: Id of the outermost folder.
        trees: All folders.
        files: Their bytes, or where these are stored.
        size: About what it takes of memory.
    """

    root: Id
    trees: Mapping[Id, bytes]
    files: Mapping[Id, bytes | StoredFile]
    size: int


def laid(made: Exported, stored: Mapping[str, Id], known: dict[bytes, Id]) -> Laid:
    """Lay an export out.

    Args:
        made: The files.
        stored: What git calls stored files, by their sha256.
        known: What it calls other bytes; this adds to it.
    """
    files: dict[Id, bytes | StoredFile] = {}
    entries = []
    size = 0
    for file in made.files:
        if _is_gits_own(file.path):
            continue
        if file.data is not None:
            id_ = known.get(file.data)
            if id_ is None:
                id_ = known[file.data] = id_of(BLOB, file.data)
            files[id_] = file.data
            size += len(file.data)
        elif file.stored is not None:
            id_ = stored[file.stored.digest]
            files[id_] = file.stored
        else:
            continue
        mode = REGULAR if file.mode == FILE_MODE else EXECUTABLE
        entries.append((file.path, mode, id_))
    root, trees = trees_of(entries)
    size += sum(map(len, trees.values())) + OVERHEAD_BYTES * (len(files) + len(trees))
    return Laid(root, trees, files, size)


def stored_in(made: Sequence[Exported]) -> dict[str, StoredFile]:
    """The stored files of some exports, by their sha256."""
    return {
        file.stored.digest: file.stored
        for one in made
        for file in one.files
        if file.data is None and file.stored is not None
    }


def _is_gits_own(path: str) -> bool:
    """Whether a part of it is, also on systems that read names less exactly."""
    parts = path.lower().split("/")
    return any(part.split(":")[0].rstrip(". ") in _OWN_NAMES for part in parts)
