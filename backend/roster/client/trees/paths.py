"""Paths that may be written, whoever names them."""

import unicodedata
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from roster.client.exits import Exit, Trouble
from roster.client.registry.releases import tampered

OWN = ".roster"
GIT = frozenset({".git", "git~1"})
"""As it is called, and as Windows calls it for short."""
_CONTROL = 0x20
_UNSEEN = dict.fromkeys(
    [*range(0x200C, 0x2010), *range(0x202A, 0x202F), *range(0x206A, 0x2070), 0xFEFF]
)
"""What some file systems leave out of names."""


def check(paths: Iterable[str]) -> None:
    """Refuse paths that lead elsewhere, or that are one on some file systems.

    Raises:
        Trouble: One does.
    """
    seen: dict[str, str] = {}
    folders: dict[str, str] = {}
    for path in paths:
        if reason := _objection(path):
            raise tampered(f"the path {path[:200]!r} {reason}")
        key = _alike(path)
        if key in seen:
            raise tampered(f"{seen[key]!r} and {path!r} are one file on some systems")
        seen[key] = path
        for above in PurePosixPath(path).parents:
            if str(above) == ".":
                continue
            spelled = folders.setdefault(_alike(str(above)), str(above))
            if spelled != str(above):
                raise tampered(
                    f"{spelled!r} and {above} are one folder on some systems"
                )
    for key, folder in folders.items():
        if key in seen:
            raise tampered(f"{folder!r} is a file and a folder")


def _alike(path: str) -> str:
    seen = unicodedata.normalize("NFC", path.translate(_UNSEEN))
    return unicodedata.normalize("NFC", seen.casefold())


def _objection(path: str) -> str:
    parts = path.split("/")
    if not path or path.startswith("/") or "\\" in path:
        return "is not relative"
    if any(part in {"", ".", ".."} for part in parts):
        return "leads elsewhere"
    if any(ord(sign) < _CONTROL or sign in '\x7f:*?"<>|' for sign in path):
        return "holds a sign that not every system takes"
    if any(part.endswith((" ", ".")) for part in parts):
        return "ends in a way that not every system takes"
    if _alike(parts[0]) == OWN or not GIT.isdisjoint(map(_alike, parts)):
        return "is not a tool's to write"
    return ""


def inside(root: Path, path: str) -> Path:
    """Give the place of a path below a folder, if nothing leads out of it.

    Raises:
        Trouble: The path does, or something on the way is a link, or no folder.
    """
    if reason := _objection(path):
        raise tampered(f"the path {path[:200]!r} {reason}")
    place = root
    parts = path.split("/")
    for number, name in enumerate(parts, start=1):
        place /= name
        if place.is_symlink():
            raise Trouble(
                Exit.local_changes,
                f"{place} is a link: roster writes through none; replace it by what "
                "it leads to.",
            )
        is_last = number == len(parts)
        if not is_last and place.exists() and not place.is_dir():
            raise Trouble(
                Exit.local_changes,
                f"{place} is a file, and a folder is needed there: move it away.",
            )
        if is_last and place.is_dir():
            raise Trouble(
                Exit.local_changes,
                f"{place} is a folder, and a file is needed there: move it away.",
            )
    return place


def own_folder(root: Path) -> Path:
    """Give the folder for what is the program's own, if it is one.

    Raises:
        Trouble: It is a link, or holds one: whoever put that there wants us elsewhere.
    """
    own = root / OWN
    for place in (own, *(own.iterdir() if own.is_dir() else ())):
        if place.is_symlink():
            raise Trouble(
                Exit.local_changes,
                f"{place} is a link: roster writes through none; remove it.",
            )
    return own


def named(key: str, ending: str) -> str:
    """Give the name of a file of the program's own, if it is no path.

    Raises:
        Trouble: It is one.
    """
    if "/" in key or _objection(key):
        raise tampered(f"the name {key[:200]!r} leads elsewhere")
    return f"{key}{ending}"
