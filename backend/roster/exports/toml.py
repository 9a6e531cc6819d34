"""Writing TOML that tomllib reads back unchanged.

Texts stand in literal strings where they fit, as people write them: in others, each
backslash of a prompt is an escape, and most of them are none.
"""

import math
import re
from collections.abc import Mapping
from typing import Any

from roster.components.content import clean

_BARE = re.compile(r"[A-Za-z0-9_-]+\Z")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_ESCAPED = re.compile(r'["\\\x00-\x1f\x7f]')
_QUOTED = re.compile(r'["\\]')
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def dump(values: Mapping[str, Any]) -> bytes:
    """A document: the plain values first, then a table for each map in it."""
    return "".join(_table((), values)).encode()


def _table(path: tuple[str, ...], values: Mapping[str, Any]) -> list[str]:
    plain = {key: one for key, one in values.items() if not isinstance(one, Mapping)}
    inner = {key: one for key, one in values.items() if isinstance(one, Mapping)}
    pieces = []
    if path and (plain or not inner):
        pieces.append(f"\n[{'.'.join(map(_key, path))}]\n")
    pieces += [f"{_key(key)} = {value(one)}\n" for key, one in plain.items()]
    for key, one in inner.items():
        pieces += _table((*path, key), one)
    return pieces


def value(one: Any) -> str:
    """One value, as it stands behind its key; TOML has no null, which becomes ""."""
    if isinstance(one, bool):
        return "true" if one else "false"
    if isinstance(one, int):
        return str(one)
    if isinstance(one, float):
        return repr(one) if math.isfinite(one) else str(one)
    if isinstance(one, Mapping):
        pairs = ", ".join(f"{_key(key)} = {value(item)}" for key, item in one.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    if isinstance(one, list | tuple):
        return f"[{', '.join(map(value, one))}]"
    return text("" if one is None else str(one))


def text(said: str) -> str:
    """A text: literal where it has what an escape would be needed for."""
    said = clean(said)
    if _CONTROL.search(said):
        return f'"{_ESCAPED.sub(_escape, said)}"'
    if "\n" in said:
        # A quote at the end would be one of those that close it.
        if "'''" not in said and not said.endswith("'"):
            return f"'''\n{said}'''"
        return f'"""\n{_QUOTED.sub(_escape, said)}"""'
    if _QUOTED.search(said) and "'" not in said:
        return f"'{said}'"
    return f'"{_ESCAPED.sub(_escape, said)}"'


def _escape(match: re.Match[str]) -> str:
    char = match.group()
    return _SHORT.get(char) or f"\\u{ord(char):04x}"


def _key(key: str) -> str:
    key = clean(str(key))
    return key if _BARE.match(key) else f'"{_ESCAPED.sub(_escape, key)}"'
