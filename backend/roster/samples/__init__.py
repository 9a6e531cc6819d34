"""Agent definitions of the project's own, to try Roster with.

Most are meant to be used. Some are broken on purpose, each in a way that real files
are broken, so that an import has something to mend.
"""

from collections.abc import Iterator
from importlib.resources import files as package_files
from importlib.resources.abc import Traversable

_FOLDER = "agents"


def files() -> list[tuple[str, bytes]]:
    """Every sample with its path, in the order of the paths."""
    folder = package_files(__name__) / _FOLDER
    return sorted(_walk(folder, _FOLDER))


def _walk(folder: Traversable, path: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        below = f"{path}/{entry.name}"
        if entry.is_dir():
            yield from _walk(entry, below)
        elif entry.name.endswith(".md"):
            yield below, entry.read_bytes()
