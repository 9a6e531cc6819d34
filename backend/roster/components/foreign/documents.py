"""Reads the documents that other tools keep their settings in: TOML and JSON."""

import json
import re
import tomllib
from dataclasses import dataclass
from typing import Any

from roster.components.foreign.base import Cut, UnreadableError, Values, count, plain
from roster.lint import json_text
from roster.lint.decoding import NotTextError, decode
from roster.lint.json_text import JsonError
from roster.lint.source import Source

_PLACE = re.compile(r" \(at (?:line \d+, column \d+|end of document)\)\Z")
_LINE = re.compile(r"line (\d+), column (\d+)")
_HEADER = 500
_TABLE_KEY = re.compile(r"""("[^"\\]*"|'[^']*')|([A-Za-z0-9_-]+)""")
# The parser takes long for a key of many parts, by the square of their number.
_MOST_DOTS = 20_000_000


@dataclass(frozen=True, slots=True)
class Document:
    """What a document says, and where."""

    values: Values
    cut: Cut


def open_toml(data: bytes) -> Document:
    """A TOML document, of which whole tables can be cut out.

    Raises:
        UnreadableError: As `read_toml`.
    """
    values = read_toml(data)
    tables = _tables(_text(data))

    def cut(path: tuple[str, ...]) -> bytes | None:
        found = "".join(tables.get(path, ()))
        wanted: Any = values
        try:
            said: Any = read_toml(found.encode())
            for key in path:
                wanted, said = wanted[key], said[key]
        except (KeyError, TypeError, UnreadableError):
            return None
        return found.encode() if said == wanted else None

    return Document(values, cut)


def _tables(text: str) -> dict[tuple[str, ...], list[str]]:
    """The lines of each table of two keys, with those of the tables below it."""
    tables: dict[tuple[str, ...], list[str]] = {}
    keys: tuple[str, ...] = ()
    for line in text.splitlines(keepends=True):
        if line.startswith("["):
            found = _TABLE_KEY.findall(line[:_HEADER])
            keys = tuple(bare or quoted[1:-1] for quoted, bare in found[:2])
        tables.setdefault(keys, []).append(line)
    return tables


def read_toml(data: bytes) -> Values:
    """The values of a TOML document.

    Raises:
        UnreadableError: It is none; the message says line and column.
    """
    text = _text(data).replace("\r\n", "\n")
    if sum(line.count(".") ** 2 for line in text.split("\n")) > _MOST_DOTS:
        raise UnreadableError("It has keys of more parts than anybody writes.")
    try:
        values = plain(tomllib.loads(text))
        if count(values) > json_text.VALUES_LIMIT:
            raise UnreadableError(
                f"It has more than {json_text.VALUES_LIMIT:,} values."
            )
    except tomllib.TOMLDecodeError as error:
        raise UnreadableError(_said(str(error), text)) from error
    except RecursionError as error:
        raise UnreadableError("It is nested too deep.") from error
    except ValueError as error:
        raise UnreadableError("A number in it is longer than readers hold.") from error
    return dict(values)


def read_json(data: bytes) -> Values:
    """The values of a JSON document, also with comments; of a list, none.

    Raises:
        UnreadableError: It is none; the message says line and column.
    """
    return open_json(data).values


def open_json(data: bytes) -> Document:
    """The same document, of which entries can be cut out.

    Raises:
        UnreadableError: As `read_json`.
    """
    text = _text(data)
    try:
        root = json_text.load(text).root
    except JsonError as error:
        line, column = Source(text).position(error.offset)
        raise UnreadableError(
            f"It is not valid JSON: {error.problem} (line {line}, column {column})."
        ) from error

    def cut(path: tuple[str, ...]) -> bytes | None:
        node, start = root, root.start
        for key in path:
            if key not in node.members:
                return None
            start = node.keys[key][0]
            node = node.members[key]
        return text[start : node.end].encode(errors="replace")

    is_map = isinstance(root.value, dict)
    return Document(dict(plain(root.value)) if is_map else {}, cut)


def read_large_json(data: bytes) -> Values:
    """The values of a list that may be long, such as a marketplace; or none."""
    try:
        values = json.loads(_text(data))
    except (UnreadableError, ValueError, RecursionError):
        return {}
    return values if isinstance(values, dict) else {}


def _text(data: bytes) -> str:
    try:
        return decode(data, limit=len(data)).text
    except NotTextError as error:
        raise UnreadableError(error.message) from error


def _said(message: str, text: str) -> str:
    found = _LINE.search(message)
    line, column = Source(text).position(len(text))
    place = (int(found[1]), int(found[2])) if found else (line, column)
    problem = _PLACE.sub("", message).rstrip(".")
    problem = problem[:1].lower() + problem[1:]
    return f"It is not valid TOML: {problem} (line {place[0]}, column {place[1]})."
