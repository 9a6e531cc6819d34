"""The plugins that a marketplace.json names, and where they stand."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from roster.components.foreign.base import UNSAFE, Values, listed, shown

MARKETPLACE = "marketplace.json"
MOST = 5_000
"""Plugins of one tree; nobody names more."""
_SLUG = re.compile(r"[\w.-]{1,100}/[\w.-]{1,100}\Z")
_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Remote:
    """A plugin that is not in the tree, why, and where else it can be imported from."""

    name: str
    reason: str
    elsewhere: dict[str, str] | None = None
    """`url`, `ref` and `folder` of a git repository, for a git source over https."""


def plugins_of(values: Values) -> Iterator[Values]:
    """Its entries; `root` in each is the folder that relative sources start from."""
    listed_ones = values.get("plugins")
    about = values.get("metadata")
    root = about.get("pluginRoot") if isinstance(about, dict) else None
    for entry in (listed_ones if isinstance(listed_ones, list) else [])[:MOST]:
        if isinstance(entry, dict) and isinstance(entry.get("name"), str):
            yield {**entry, "root": root if isinstance(root, str) else ""}


def remote(entry: Values) -> Remote:
    """What to say of a plugin that stands elsewhere."""
    name, source = listed([entry["name"]]), entry.get("source")
    if isinstance(source, str):
        return Remote(
            name,
            f"The plugin {name} stands in {_shown(source)}, which is not among these "
            f"files.",
        )
    if not isinstance(source, dict):
        return Remote(name, f"Nothing says where the plugin {name} stands.")
    url = _address(source)
    if url is None:
        return Remote(name, f"The plugin {name} {_other(source)}")
    ref = _text(source, "sha") or _text(source, "ref")
    folder = _text(source, "path").removeprefix("./").strip("/")
    place = _shown(url)
    place += f", folder {_shown(folder)}" if folder else ""
    place += f", at {_shown(ref)}" if ref else ""
    is_safe = not UNSAFE.search(ref + folder)
    return Remote(
        name,
        f"The plugin {name} stands in {place}; import it from there.",
        {"url": url, "ref": ref, "folder": folder} if is_safe else None,
    )


def _address(source: Values) -> str | None:
    """The git repository of a source, over https and without what signs somebody in."""
    kind = _text(source, "source")
    if kind == "github":
        slug = _text(source, "repo")
    elif kind in {"url", "git", "git-subdir"}:
        slug = _text(source, "url")
    else:
        return None
    if _SLUG.match(slug):
        return f"https://github.com/{slug}"
    return _without_user(slug)


def _without_user(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme != "https" or not host or UNSAFE.search(url) or " " in url:
        return None
    place = f"[{host}]" if ":" in host else host
    place += f":{port}" if port else ""
    return urlunsplit(("https", place, parts.path, "", ""))


def _other(source: Values) -> str:
    """How a plugin is had that stands in no git repository."""
    kind = _text(source, "source") or "nowhere that is named"
    if kind == "npm":
        version = _text(source, "version")
        package = _shown(_text(source, "package")) + (f"@{version}" if version else "")
        return f"is the npm package {_shown(package)}; import its files."
    if kind == "archive":
        url = _without_user(_text(source, "url"))
        return f"is an archive{f' at {_shown(url)}' if url else ''}; upload that."
    return (
        f"comes from a source of the kind {_shown(kind)}, which is not read here; "
        f"import its files."
    )


def _text(source: Values, key: str) -> str:
    value: Any = source.get(key)
    return value[:_LENGTH] if isinstance(value, str) else ""


def _shown(text: str) -> str:
    return shown(text, _LENGTH)
