"""Reads the documents that other tools keep their settings in: TOML and JSON."""

import json
import re
import tomllib

from roster.components.foreign.base import UnreadableError, Values, plain
from roster.lint import json_text
from roster.lint.decoding import NotTextError, decode
from roster.lint.json_text import JsonError
from roster.lint.source import Source

_PLACE = re.compile(r" \(at (?:line \d+, column \d+|end of document)\)\Z")
_LINE = re.compile(r"line (\d+), column (\d+)")
# The parser takes long for a key of many parts, by the square of their number.
_MOST_DOTS = 20_000_000


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
    text = _text(data)
    try:
        root = json_text.load(text).root
    except JsonError as error:
        line, column = Source(text).position(error.offset)
        raise UnreadableError(
            f"It is not valid JSON: {error.problem} (line {line}, column {column})."
        ) from error
    return dict(plain(root.value)) if isinstance(root.value, dict) else {}


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
