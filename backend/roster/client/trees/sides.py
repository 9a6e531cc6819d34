"""Two trees beside each other: releases, or what stands in a folder."""

import difflib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from roster.client.http.api import Api
from roster.client.registry.releases import Preview, Release
from roster.client.trees.disk import digest_of
from roster.client.trees.paths import inside

NOTHING = "/dev/null"


@dataclass(frozen=True, slots=True)
class Side:
    """One of two trees.

    Attributes:
        label: What it is called in a diff.
        files: The sha256 of each file, by its path.
        read: Gives the bytes of one.
    """

    label: str
    files: Mapping[str, str]
    read: Callable[[str], bytes]


def of_release(api: Api, release: Release, promised: Preview) -> Side:
    base = f"{release.path}/targets/{promised.target}/files"
    files = {path: one.sha256 for path, one in promised.files.items()}
    return Side(
        release.shown, files, lambda path: api.read(f"{base}/{quote(path)}").data
    )


def of_folder(root: Path, paths: list[str]) -> Side:
    """What stands in a folder under these paths."""
    found = {path: digest_of(inside(root, path)) for path in paths}
    files = {path: digest for path, digest in found.items() if digest is not None}
    return Side(str(root), files, lambda path: inside(root, path).read_bytes())


def changed(old: Side, new: Side) -> list[str]:
    paths = sorted(old.files.keys() | new.files.keys())
    return [path for path in paths if old.files.get(path) != new.files.get(path)]


def diff(old: Side, new: Side) -> Iterator[str]:
    """A unified diff of all files, as `patch` takes it."""
    for path in changed(old, new):
        before = old.read(path) if path in old.files else None
        after = new.read(path) if path in new.files else None
        yield from of_file(path, before, after)


def of_file(path: str, before: bytes | None, after: bytes | None) -> Iterator[str]:
    texts = [_lines(data) for data in (before, after)]
    if texts[0] is None or texts[1] is None:
        yield f"Binary files differ: {path}"
        return
    names = (
        NOTHING if before is None else f"a/{path}",
        NOTHING if after is None else f"b/{path}",
    )
    yield from difflib.unified_diff(texts[0], texts[1], *names, lineterm="")


def _lines(data: bytes | None) -> list[str] | None:
    """The lines of a text; None for what is none."""
    if data is None:
        return []
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text.splitlines()
