"""Writing values as YAML that every loader reads back unchanged."""

import re
from typing import Any

from roster.lint import strict
from roster.lint.findings import Edit, apply_edits

INDENT = "  "

_WORD = re.compile(r"(?!(?i:y|n|yes|no|on|off|true|false|null)\Z)[A-Za-z_][\w-]*\Z")

# What YAML may not hold as it is, or what some loaders take for a line break.
AWKWARD = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]",
)
_SHORT = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
# Words that a YAML 1.1 loader does not read as the text they are.
_OLD_WORDS = re.compile(r"(?i:y|n|yes|no|on|off|true|false|null|~)\Z|[-+.0-9]")
# Texts that are plain to every loader, without asking one.
_SURE = re.compile(r"[A-Za-z][A-Za-z0-9_ ,.;()/+-]*\Z")
# What ends a plain text, or makes a key of it.
_CUT = re.compile(r": | #")


def quote_edits(value: str, start: int) -> list[Edit] | None:
    """The insertions that turn one line of text at `start` into a quoted scalar.

    The style that needs fewer insertions is taken, single quotes when in doubt.
    None when the text holds characters that must be rewritten.
    """
    if AWKWARD.search(value) or "\n" in value or "\t" in value:
        return None
    mark, inner = ("'", re.compile("'"))
    if value.count("'") > value.count('"') + value.count("\\"):
        mark, inner = ('"', re.compile(r'["\\]'))
    edits = [Edit(start=start, end=start, text=mark)]
    for match in inner.finditer(value):
        at = start + match.start()
        edits.append(Edit(start=at, end=at, text="'" if mark == "'" else "\\"))
    end = start + len(value)
    edits.append(Edit(start=end, end=end, text=mark))
    return edits


def quoted(value: str) -> str:
    """A text on one line in quotes."""
    edits = quote_edits(value, 0)
    return apply_edits(value, edits) if edits else double_quoted(value)


def double_quoted(value: str) -> str:
    """Any text at all, with escapes where YAML wants them."""
    inner = re.sub(
        f'["\\\\\n\t\r]|{AWKWARD.pattern}',
        lambda match: _SHORT.get(match.group()) or _escape(match.group()),
        value,
    )
    return f'"{inner}"'


def block(value: str, newline: str = "\n", indent: str = INDENT) -> str | None:
    """A text of several lines as a literal block, from its `|` on; None: impossible."""
    if AWKWARD.search(value) or not value.strip():
        return None
    lines = value.split("\n")
    trailing = len(lines) - len(value.rstrip("\n").split("\n"))
    chomp = "-" if trailing == 0 else "" if trailing == 1 else "+"
    first = next(line for line in lines if line.strip())
    hint = str(len(indent)) if first[:1] in {" ", "\t"} or not lines[0] else ""
    kept = lines[: len(lines) - 1] if trailing else lines
    if any(line and not line.strip() for line in kept):
        return None  # lines of blanks alone are read differently by some loaders
    body = newline.join(indent + line if line else line for line in kept)
    return f"|{hint}{chomp}{newline}{body}"


def scalar(value: Any) -> str:
    """One value without children, as short as can be."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    return value if _is_plain(value) else quoted(value)


def dump(values: dict[str, Any], newline: str = "\n") -> str:
    """A mapping as block YAML, keys in order, one line per short value."""
    return "".join(_pairs(values, "", newline))


def _pairs(values: dict[str, Any], indent: str, newline: str) -> list[str]:
    pieces: list[str] = []
    for key, value in values.items():
        pieces.append(f"{indent}{_key(key)}:")
        pieces += _value(value, indent, newline)
    return pieces


def _value(value: Any, indent: str, newline: str) -> list[str]:
    if isinstance(value, dict) and value:
        return [newline, *_pairs(value, indent + INDENT, newline)]
    if isinstance(value, list) and value:
        return [newline, *_items(value, indent + INDENT, newline)]
    if isinstance(value, dict | list):
        return [" {}" if isinstance(value, dict) else " []", newline]
    if isinstance(value, str) and "\n" in value:
        text = block(value, newline, indent + INDENT)
        if text and (not indent or not text[1:2].isdigit()):
            return [" ", text, newline]
    return [" ", scalar(value), newline]


def _items(values: list[Any], indent: str, newline: str) -> list[str]:
    pieces: list[str] = []
    for value in values:
        pieces += (indent, "-")
        if isinstance(value, dict) and value:
            inner = _pairs(value, indent + INDENT, newline)
            pieces += (" ", inner[0].removeprefix(indent + INDENT), *inner[1:])
        else:
            pieces += _value(value, indent, newline)
    return pieces


def _is_plain(value: str) -> bool:
    if (
        not value
        or value != value.strip()
        or "\n" in value
        or "\t" in value
        or AWKWARD.search(value)
        or _OLD_WORDS.match(value)
    ):
        return False
    if _SURE.match(value):
        return True
    if value.startswith("#") or value.endswith(":") or _CUT.search(value):
        return False
    try:
        read = strict.load(f"a: {value}\nb:\n  - {value}\n").values
    except strict.StrictError:
        return False
    return read == {"a": value, "b": [value]}


def _key(key: str) -> str:
    return key if _WORD.match(key) else quoted(key)


def _escape(char: str) -> str:
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"  # noqa: PLR2004  # YAML's two escapes
