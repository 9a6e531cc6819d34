"""Writing Markdown with front matter that every tool reads back unchanged.

Block YAML alone, as strictyaml refuses lists and maps in brackets. No value holds three
hyphens in a row as they are: Claude Code and the validator of the Agent Skills standard
end the front matter at the first three that they meet, wherever these stand.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from roster.components.content import clean
from roster.lint import quoting

FENCE = "---"
_INDENT = quoting.INDENT
_KEY = re.compile(r"(?!(?i:y|n|yes|no|on|off|true|false|null)\Z)[A-Za-z_][\w-]*\Z")
_DASHES = re.compile("-(?=--)")
_HYPHEN = r"\x2d"
# Plain, PyYAML takes these for what they are in YAML 1.1.
_SIGNS = frozenset({"=", "<<"})


def page(values: Mapping[str, Any], body: str) -> bytes:
    """A Markdown file: LF, UTF-8, without a byte order mark."""
    text = re.sub(r"\r\n?", "\n", clean(body))
    if values:
        text = f"{FENCE}\n{yaml(values)}{FENCE}\n{text}"
    elif text.startswith(FENCE):
        text = f"\n{text}"  # else it is taken for front matter
    return text.encode()


def yaml(values: Mapping[str, Any]) -> str:
    """A mapping as block YAML, its keys in their order."""
    return "".join(_pairs(values, ""))


def line(key: str, value: Any) -> str:
    """One key with its value, as in `yaml`."""
    return yaml({key: value})


def scalar(value: Any) -> str:
    """One value on one line."""
    if isinstance(value, float):
        written = repr(value)
        bare = "e" in written and "." not in written
        return written.replace("e", ".0e") if bare else written
    if not isinstance(value, str):
        return quoting.scalar(value)
    value = clean(value)
    if FENCE in value:
        return _DASHES.sub(lambda _: _HYPHEN, quoting.double_quoted(value))
    return quoting.quoted(value) if value in _SIGNS else quoting.scalar(value)


def _pairs(values: Mapping[str, Any], indent: str) -> list[str]:
    pieces: list[str] = []
    for key, value in values.items():
        name = clean(str(key))
        if not _KEY.match(name) or FENCE in name:
            name = _DASHES.sub(lambda _: _HYPHEN, quoting.double_quoted(name))
        pieces += (f"{indent}{name}:", *_value(value, indent))
    return pieces


def _value(value: Any, indent: str) -> list[str]:
    if isinstance(value, Mapping) and value:
        return ["\n", *_pairs(value, indent + _INDENT)]
    if isinstance(value, list | tuple) and value:
        return ["\n", *_items(value, indent + _INDENT)]
    if isinstance(value, Mapping | list | tuple):
        return [" {}\n" if isinstance(value, Mapping) else " []\n"]
    if isinstance(value, str) and "\n" in value and FENCE not in value:
        text = quoting.block(clean(value), indent=indent + _INDENT)
        # An indentation that is told counts from the parent's, which only here is none.
        if text and (not indent or not text[1:2].isdigit()):
            return [" ", text, "\n"]
    return [" ", scalar(value), "\n"]


def _items(values: Iterable[Any], indent: str) -> list[str]:
    pieces: list[str] = []
    for value in values:
        pieces += (indent, "-")
        if isinstance(value, Mapping) and value:
            inner = _pairs(value, indent + _INDENT)
            pieces += (" ", inner[0].removeprefix(indent + _INDENT), *inner[1:])
        else:
            pieces += _value(value, indent)
    return pieces
