"""Reads JSON with the place of every value, also where a comma or a comment is wrong.

Comments, and commas after the last entry, are what people write and some tools read.
They are read here too, and noted, with the edits that make strict JSON of the text.
"""

import json
import math
import re
from dataclasses import dataclass, field
from typing import Any

from roster.lint.findings import Edit

DEPTH_LIMIT = 50
VALUES_LIMIT = 20_000  # nobody writes a configuration with more

_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_NUMBER_LENGTH = 400
_WORD = re.compile(r"true|false|null")
_WORDS = {"true": True, "false": False, "null": None}
_BLANK = re.compile(r"[ \t\r\n]*")
_COMMENT = re.compile(r"//[^\r\n]*|/\*.*?\*/", re.DOTALL)


class JsonError(ValueError):
    """What is wrong, in the words of a sentence's middle, and where."""

    def __init__(self, problem: str, offset: int) -> None:
        super().__init__(problem)
        self.problem = problem
        self.offset = offset


@dataclass(slots=True)
class Node:
    """A value and where it stands; `keys` are where the keys of an object stand."""

    value: Any
    start: int
    end: int
    keys: dict[str, tuple[int, int]] = field(default_factory=dict)
    members: dict[str, "Node"] = field(default_factory=dict)
    items: list["Node"] = field(default_factory=list)


@dataclass(slots=True)
class Document:
    """What was read, and what a strict reader refuses or reads otherwise."""

    root: Node
    lapses: list[tuple[str, Edit]] = field(default_factory=list)
    repeated: list[tuple[str, int, int]] = field(default_factory=list)


def load(text: str) -> Document:
    """Read a document.

    Raises:
        JsonError: it is not JSON, or deeper than anybody writes.
    """
    return _Reader(text).read()


def text_of(token: str) -> str:
    """What a text in its quotes says, without what no database and no UTF-8 holds."""
    value: str = json.loads(token)
    if "\\" in token:
        whole = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        value = whole.replace("\0", "\ufffd")
    return value


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.values = 0
        self.lapses: list[tuple[str, Edit]] = []
        self.repeated: list[tuple[str, int, int]] = []

    def read(self) -> Document:
        root = self._value(0)
        if self._next():
            raise JsonError("something stands after the end", self.at)
        return Document(root, self.lapses, self.repeated)

    def _next(self) -> str:
        """The next character that counts; "" at the end."""
        while True:
            match = _BLANK.match(self.text, self.at)
            self.at = match.end() if match else self.at
            comment = _COMMENT.match(self.text, self.at)
            if comment is None:
                return self.text[self.at : self.at + 1]
            edit = Edit(start=self.at, end=comment.end(), text="")
            self.lapses.append(("JSON has no comments", edit))
            self.at = comment.end()

    def _value(self, depth: int) -> Node:
        char = self._next()
        self.values += 1
        if depth > DEPTH_LIMIT:
            raise JsonError("it is too deep", self.at)
        if self.values > VALUES_LIMIT:
            raise JsonError(f"it has more than {VALUES_LIMIT:,} values", self.at)
        if char == "{":
            return self._object(depth)
        if char == "[":
            return self._array(depth)
        start = self.at
        if char == '"':
            return Node(self._string(), start, self.at)
        return Node(self._plain(char), start, self.at)

    def _plain(self, char: str) -> Any:
        number = _NUMBER.match(self.text, self.at)
        word = number or _WORD.match(self.text, self.at)
        if word is None:
            raise JsonError(_said(char), self.at)
        start, self.at = self.at, word.end()
        if number is None:
            return _WORDS[word.group()]
        # Readers hold a number as a float, or refuse what is as long as that.
        if len(number.group()) > _NUMBER_LENGTH or math.isinf(float(number.group())):
            raise JsonError("a number is larger or longer than readers hold", start)
        return json.loads(number.group())

    def _string(self) -> str:
        match = _STRING.match(self.text, self.at)
        if match is None:
            problem = "a text is not closed, or holds a line break or a lone backslash"
            raise JsonError(problem, self.at)
        self.at = match.end()
        return text_of(match.group())

    def _object(self, depth: int) -> Node:
        node = Node({}, self.at, self.at)
        self.at += 1
        while self._more("}", first=not node.members):
            start = self.at
            if self._next() != '"':
                raise JsonError("a key must stand in double quotes", self.at)
            key = self._string()
            if key in node.members:
                self.repeated.append((key, start, self.at))
            node.keys[key] = (start, self.at)
            if self._next() != ":":
                raise JsonError("a colon is missing after a key", self.at)
            self.at += 1
            node.members[key] = self._value(depth + 1)
        node.value = {key: member.value for key, member in node.members.items()}
        node.end = self.at
        return node

    def _array(self, depth: int) -> Node:
        node = Node([], self.at, self.at)
        self.at += 1
        while self._more("]", first=not node.items):
            node.items.append(self._value(depth + 1))
        node.value = [item.value for item in node.items]
        node.end = self.at
        return node

    def _more(self, closing: str, *, first: bool) -> bool:
        """Whether another entry follows; steps over the comma or the bracket."""
        char = self._next()
        if char == "," and not first:
            comma = self.at
            self.at += 1
            char = self._next()
            if char == closing:
                edit = Edit(start=comma, end=comma + 1, text="")
                self.lapses.append(("a comma stands after the last entry", edit))
        elif char != closing and not first:
            raise JsonError("a comma or a closing bracket is missing", self.at)
        if char == closing:
            self.at += 1
            return False
        return True


def _said(char: str) -> str:
    if not char:
        return "it ends too early"
    if char in "'\u2018\u2019\u201c\u201d":
        return "texts stand in straight double quotes"
    return "a value is missing or is not written as JSON writes it"
