import re
import unicodedata
from pathlib import PurePosixPath

NAME_LENGTH = 64
NAME_PATTERN = r"[a-z0-9]+(?:-[a-z0-9]+)*"

_NAME = re.compile(NAME_PATTERN)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SUFFIXES = (
    *(".md", ".markdown", ".mdc", ".mdx", ".txt", ".toml"),
    *(".agent", ".chatmode", ".prompt"),
)
_NONDESCRIPT = {"agent", "agents", "index", "readme", "skill", "claude", "untitled"}


def is_name(text: str) -> bool:
    """Whether a text is a registry name: 1-64 of a-z, 0-9 and single hyphens."""
    return len(text) <= NAME_LENGTH and _NAME.fullmatch(text) is not None


def slug(text: str) -> str | None:
    """The nearest registry name; None when nothing of the text can be kept."""
    if re.fullmatch(r"\w+", text):
        text = _CAMEL.sub("-", text)
    plain = unicodedata.normalize("NFKD", text)
    plain = plain.encode("ascii", "ignore").decode().lower().replace("'", "")
    name = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return name[:NAME_LENGTH].strip("-") or None


def stem(path: str) -> str:
    """The file name without the endings of definition files."""
    name = PurePosixPath(path.replace("\\", "/")).name
    while True:
        suffix = next((end for end in _SUFFIXES if name.lower().endswith(end)), "")
        if not suffix or name == suffix:
            return name
        name = name[: -len(suffix)]


def name_from_path(path: str | None) -> str | None:
    """The registry name that a file name suggests; its folder's if it says nothing."""
    if not path:
        return None
    name = slug(stem(path))
    if name in _NONDESCRIPT:
        parent = PurePosixPath(path.replace("\\", "/")).parent.name
        above = slug(parent)
        return above if above and above not in _NONDESCRIPT else name
    return name
