"""The files of a folder, as an import would get them."""

import os
from collections.abc import Iterator
from pathlib import Path

from roster.client.exits import Exit, Trouble
from roster.lint.decoding import FILE_LIMIT

SKIPPED = frozenset({".git", ".hg", ".svn", ".roster", ".venv", "node_modules"})
MOST_FILES = 100_000


def files_below(place: Path) -> dict[str, Path]:
    """Give each file by its path below the place; a file alone by its name.

    Links are left out: an archive has none, and they may lead anywhere.

    Raises:
        Trouble: There is nothing, or too much of it.
    """
    if place.is_file():
        return {_told(place): place}
    if not place.is_dir():
        raise Trouble(Exit.not_found, f"There is no file or folder {place}.")
    found: dict[str, Path] = {}
    for path in _walk(place):
        found[path.relative_to(place).as_posix()] = path
        if len(found) > MOST_FILES:
            raise Trouble(
                Exit.usage, f"{place} holds more than {MOST_FILES:,} files: name less."
            )
    return dict(sorted(found.items()))


def _told(place: Path) -> str:
    """What a file alone is, its folders tell as well: they are those that it is in."""
    whole = place.absolute()
    return whole.relative_to(whole.anchor).as_posix()


def _walk(place: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(place):
        folders[:] = sorted(name for name in folders if name not in SKIPPED)
        for name in sorted(names):
            path = Path(folder, name)
            if path.is_file() and not path.is_symlink():
                yield path


def read(path: Path) -> bytes:
    """Read a file, or as much of it as says that it is too large."""
    with path.open("rb") as file:
        return file.read(FILE_LIMIT + 1)
