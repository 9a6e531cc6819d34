"""Which licence the files of a folder are under, by its LICENSE and its manifests."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from roster.components.foreign.base import UnreadableError
from roster.components.foreign.documents import read_json
from roster.components.licences import LENGTH, normalised
from roster.lint.decoding import NotTextError, decode

UNKNOWN = ""
"""There is a licence, and nobody can say which: no outer one holds instead of it."""
TEXT_LIMIT = 128 * 1024
_TITLE = 400
_SHORT = 4_000
_WORDS = re.compile(r"[^a-z0-9]+")
_NAME = re.compile(
    r"(?i)(?:un)?(?:licen[cs]e|copying)(?:[-_][^.]*)?"
    r"(?:\.(?:md|markdown|txt|rst|mit|apache|bsd|gpl|lesser|\d))*\Z"
)
_SPDX = re.compile(r"SPDX-License-Identifier:[ \t]*([^\r\n*]{1,200})")
_MANIFESTS = frozenset({"package.json", "plugin.json"})
_COMPONENTS = frozenset({"agents", "commands", "prompts"})
# Conditions that people add to the text of a licence.
_ADDED = ("commons clause", "without the commercial", "additional restriction")


@dataclass(frozen=True, slots=True)
class _Text:
    """How a licence is told: words of its title, all of its phrases, none of others."""

    spdx: str
    title: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()
    limit: int | None = None


_MIT = "permission is hereby granted free of charge to any person obtaining a copy"
_ISC = "permission to use copy modify and or distribute this software for any purpose"
_BSD = "redistribution and use in source and binary forms"
_KEPT = "the above copyright notice and this permission notice shall be included"
_GPL3 = "version 3 29 june 2007"
_TEXTS = (
    _Text("MIT", (), (_MIT, _KEPT), limit=_SHORT),
    _Text("MIT-0", (), (_MIT,), (_KEPT,), limit=_SHORT),
    _Text("Apache-2.0", ("apache license", "version 2 0 january 2004")),
    _Text("Apache-2.0", (), ("licensed under the apache license version 2 0",)),
    _Text(
        "BSD-2-Clause",
        (),
        (_BSD, "this software is provided by"),
        ("neither the name", "all advertising materials"),
        limit=_SHORT,
    ),
    _Text(
        "BSD-3-Clause",
        (),
        (_BSD, "neither the name"),
        ("all advertising materials",),
        limit=_SHORT,
    ),
    _Text("GPL-2.0-only", ("gnu general public license version 2 june 1991",)),
    _Text("GPL-3.0-only", (f"gnu general public license {_GPL3}",)),
    _Text(
        "AGPL-3.0-only",
        ("gnu affero general public license version 3 19 november 2007",),
    ),
    _Text("LGPL-3.0-only", (f"gnu lesser general public license {_GPL3}",)),
    _Text(
        "LGPL-2.1-only",
        ("gnu lesser general public license version 2 1 february 1999",),
    ),
    _Text("MPL-2.0", ("mozilla public license version 2 0",)),
    _Text("ISC", (), (_ISC, "provided that the above copyright notice"), limit=_SHORT),
    _Text("0BSD", (), (_ISC,), ("provided that the above",), limit=_SHORT),
    _Text("CC-BY-4.0", ("attribution 4 0 international",)),
    _Text("CC-BY-SA-4.0", ("attribution sharealike 4 0 international",)),
    _Text("CC0-1.0", ("cc0 1 0 universal",)),
    _Text(
        "Unlicense",
        (),
        ("this is free and unencumbered software released into the public domain",),
        limit=_SHORT,
    ),
)


def tells_licence(path: str) -> bool:
    """Whether a file may say which licence its folder is under."""
    place = PurePosixPath(path)
    if place.name.lower() in _MANIFESTS:
        return True
    # A command may be called so.
    is_own = place.suffix.lower() == ".md" and place.parent.name in _COMPONENTS
    return not is_own and _NAME.match(place.name) is not None


def licence_of(files: Iterable[tuple[str, bytes]]) -> dict[str, str]:
    """The SPDX expression of each folder that says one; `UNKNOWN` if it is unclear.

    Args:
        files: Paths with forward slashes and bytes, of those that `tells_licence`;
            none is kept.
    """
    texts: dict[str, set[str]] = {}
    declared: dict[str, list[str]] = {}
    for path, data in files:
        place = PurePosixPath(path)
        if place.name.lower() not in _MANIFESTS:
            texts.setdefault(_folder(place), set()).add(recognised(data))
        elif (said := _declared(data)) is not None:
            declared.setdefault(_folder(place), []).append(said)
    found = {}
    for folder in sorted(texts.keys() | declared.keys()):
        told, said_here = texts.get(folder, set()), declared.get(folder, [])
        sure = next(iter(told)) if len(told) == 1 else UNKNOWN
        found[folder] = sure or next(filter(None, said_here), UNKNOWN)
    return found


def nearest(licences: Mapping[str, str], path: str) -> str | None:
    """The licence that holds for a file; None if nobody says one."""
    for folder in PurePosixPath(path).parents:
        name = "" if str(folder) == "." else str(folder)
        if name in licences:
            return licences[name] or None
    return None


def recognised(data: bytes) -> str:
    """The SPDX id of a licence text; `UNKNOWN` where it is not exactly one."""
    try:
        text = decode(data[:TEXT_LIMIT], limit=TEXT_LIMIT).text
    except NotTextError:
        return UNKNOWN
    if said := _SPDX.search(text):
        return _expression(said[1]) or UNKNOWN
    words = _WORDS.sub(" ", text.lower()).strip()
    if any(phrase in words for phrase in _ADDED):
        return UNKNOWN
    found = {known.spdx for known in _TEXTS if _is(known, words)}
    return found.pop() if len(found) == 1 else UNKNOWN


def _is(known: _Text, words: str) -> bool:
    title = words[:_TITLE]
    return (
        (known.limit is None or len(words) <= known.limit)
        and all(phrase in title for phrase in known.title)
        and all(phrase in words for phrase in known.phrases)
        and not any(phrase in words for phrase in known.none_of)
    )


def _declared(data: bytes) -> str | None:
    """What a manifest says; None where it says nothing."""
    try:
        value = read_json(data).get("license")
    except UnreadableError:
        return None
    if isinstance(value, dict):
        value = value.get("type")
    if not isinstance(value, str):
        return None
    return _expression(value) or UNKNOWN


def _expression(text: str) -> str | None:
    try:
        return normalised(text.strip()) if len(text) <= LENGTH else None
    except ValueError:
        return None


def _folder(place: PurePosixPath) -> str:
    """The folder that a file speaks for; that of a plugin is above its own."""
    folder = place.parent
    if place.name.lower() == "plugin.json" and folder.name.startswith("."):
        folder = folder.parent
    return "" if str(folder) == "." else str(folder)
