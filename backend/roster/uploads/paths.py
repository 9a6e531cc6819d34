"""The paths that files come in under: labels for a person, never places on disk."""

import re
from pathlib import PurePosixPath

MAX_PATH = 1024
MAX_DEPTH = 32
SHOWN = 200

_UNSAFE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff"
    r"\ud800-\udfff]"
)
_DRIVE = re.compile(r"[A-Za-z]:(?:/|$)")
_RESERVED = re.compile(r"(?i)(?:con|prn|aux|nul|(?:com|lpt)[0-9¹²³]) *(?:\.|$)")
_JUNK_FOLDERS = frozenset(
    {"__MACOSX", ".git", ".hg", ".svn", "node_modules", "__pycache__", ".venv"}
)
_JUNK_FILES = frozenset({".DS_Store", "Thumbs.db", "desktop.ini", ".localized"})


def tidy(raw: str) -> str:
    """Forward slashes, no empty or ``.`` parts."""
    path = raw.replace("\\", "/")
    parts = [part for part in path.split("/") if part not in {"", "."}]
    return ("/" if path.startswith("/") else "") + "/".join(parts)


def shown(path: str) -> str:
    """A path that may stand in a row, a page and a log line, whatever came in."""
    safe = _UNSAFE.sub("\N{REPLACEMENT CHARACTER}", path)
    return safe if len(safe) <= MAX_PATH else f"{safe[:SHOWN]}…"


def objection(path: str) -> str | None:
    """Say why a file is not taken under a (tidy) path; None when it is."""
    parts = PurePosixPath(path).parts
    objections = {
        "It has no name.": not parts,
        "Its path is absolute; paths must be relative to the folder.": (
            path.startswith("/") or _DRIVE.match(path)
        ),
        "Its path leads out of the folder with “..”.": ".." in parts,
        "Its path holds control, hidden or direction characters; rename it.": (
            _UNSAFE.search(path)
        ),
        f"Its path is longer than {MAX_PATH:,} characters; shorten it.": (
            len(path) > MAX_PATH
        ),
        f"It lies more than {MAX_DEPTH} folders deep.": len(parts) > MAX_DEPTH,
    }
    return next((reason for reason, holds in objections.items() if holds), None)


def unportable(path: str) -> str | None:
    """Say why a tree cannot have such a path everywhere; None when it can."""
    for part in path.split("/"):
        if _RESERVED.match(part):
            return f"Windows keeps the name “{part}” for itself; rename it."
        if part.endswith((".", " ")):
            return f"“{part}” ends in a dot or a blank, which Windows drops; rename it."
    return None


def is_junk(path: str) -> bool:
    """What systems and tools leave in folders and nobody means to import."""
    parts = PurePosixPath(path).parts
    if not parts:
        return False
    name = parts[-1]
    return (
        name in _JUNK_FILES
        or name.startswith("._")
        or not _JUNK_FOLDERS.isdisjoint(parts[:-1])
    )
