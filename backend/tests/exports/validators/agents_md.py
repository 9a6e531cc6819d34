"""AGENTS.md: plain Markdown, of which Codex reads 32 KiB; it points to files."""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from tests.exports.validators.reading import skills

MAIN = "AGENTS.md"
MOST = 32 * 1024
_LINK = re.compile(r"\]\((?P<path>[^)\s]+)\)")


def problems(files: Mapping[str, bytes]) -> list[str]:
    return list(_of(files))


def _of(files: Mapping[str, bytes]) -> Iterator[str]:
    if MAIN not in files:
        yield f"there is no {MAIN}"
        return
    text = files[MAIN].decode()
    if len(files[MAIN]) > MOST:
        yield f"{MAIN}: it has {len(files[MAIN]):,} bytes"
    if not text.startswith("# "):
        yield f"{MAIN}: it does not begin with a title"
    for match in _LINK.finditer(text):
        if unquote(match["path"]) not in files:
            yield f"{MAIN}: {match['path']} is not there"
    for path, data in files.items():
        # The standard's own reader takes every value for the text that it is.
        yield from skills(path, data, lambda said: bool(str(said or "").strip()))
