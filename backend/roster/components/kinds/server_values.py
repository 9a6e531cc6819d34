"""The texts in the configuration of a server: references and literal secrets.

References are kept as ``${NAME}`` and ``${NAME:-default}``.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from roster.components.kinds.base import Literal, Parsed, Place, Reference
from roster.lint import secrets
from roster.lint.decoding import encode
from roster.lint.findings import Edit, apply_edits
from roster.lint.json_text import Node, text_of

REFERENCE = re.compile(r"\$\{(?P<name>[A-Za-z_]\w{0,127})(?::-(?P<default>[^{}]*))?\}")
FOREIGN = re.compile(
    r"\$\{\{[^{}]{1,120}\}\}|\$\{(?:env|input|user_config|config|workspaceFolder)"
    r"(?:[:.][^{}]{0,120})?\}|(?<!\$)\{env:[^{}]{1,120}\}|(?<![\w$\\])\$[A-Z_][A-Z0-9_]+"
)
_FOREIGN_NAME = re.compile(r"\$?\{env:(\w+)\}|\$(\w+)")
_SECRET_NAME = re.compile(
    r"(?i)(?:^|[_.-])(?:(?:api|access|secret|private|auth|client|service)[_-]?key|"
    r"apikey|token|secret|passw(?:or)?d|passwd|pwd|credentials?|pat|authorization|"
    r"authtoken|accesstoken)$"
)
_KEY_NAME = re.compile(r"(?i)(?:^|[_.-])key$")
_SCHEME = re.compile(r"(?i)(?:bearer|basic|token|apikey|key) +")
_PLACEHOLDER = re.compile(
    r"(?i)<[^<>]*>|\[[^\[\]]*\]|x{3,}|\*{3,}|\.{3}|…|(?:your|my|insert|enter|replace|"
    r"change|put|add)[-_ ]?\S*|\S*[-_ ](?:here|placeholder|goes[-_ ]here)|placeholder|"
    r"todo|none|null|dummy|example|sk-x+|\S*your[-_]\S*"
)
_SET_BY_TOOLS = ("CLAUDE_",)
_LEAST = 8
_NOTE_LENGTH = 200
_QUERY = re.compile(r"[?&](?P<name>[\w.-]{1,64})=(?P<value>[^&#\s]{1,2000})")
_FLAG = re.compile(r"--?(?P<name>[A-Za-z][\w.-]{0,63})(?:=(?P<value>.+))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a configuration: what it is called there, and where it stands.

    `start` is the place of its first character in the document; `raw` says that it
    is written without escapes, so that places in it can be told.
    """

    place: Place
    name: str
    value: str
    start: int
    end: int
    raw: bool

    def span(self, begin: int, stop: int) -> tuple[int, int]:
        if not self.raw:
            return self.start, self.end
        return self.start + begin, self.start + stop


def texts(source: str, server: Node) -> Iterator[Text]:
    """What may hold a reference or a secret."""
    for place in (Place.env, Place.headers):
        inner = server.members.get(place)
        for name, node in (inner.members if inner else {}).items():
            yield from _text(source, place, name, node)
    inner, before = server.members.get("args"), ""
    for node in inner.items if inner else []:
        flag = _FLAG.fullmatch(before)
        yield from _text(source, Place.args, flag["name"] if flag else "", node)
        before = node.value if isinstance(node.value, str) else ""
    for key in ("url", "httpUrl"):
        if key in server.members:
            yield from _text(source, Place.url, key, server.members[key])


def _text(source: str, place: Place, name: str, node: Node) -> Iterator[Text]:
    if isinstance(node.value, str):
        start, end = node.start + 1, node.end - 1
        raw = source[start:end] == node.value
        yield Text(place, name, node.value, start, end, raw)


def references(found: list[Text], more: Collection[str] = ()) -> list[Reference]:
    """The variables that are named, each once; required if one place has no default."""
    named: dict[str, Reference] = {}
    for value in (*(text.value for text in found), *more):
        for match in REFERENCE.finditer(value):
            name, default = match["name"], match["default"]
            before = named.get(name)
            if name.startswith(_SET_BY_TOOLS):
                continue
            required = default is None or (before is not None and before.required)
            kept = default if before is None or default is not None else before.default
            named[name] = Reference(name=name, required=required, default=kept)
    return list(named.values())


def translated(reference: str) -> str | None:
    """A reference of another tool as Roster writes it, if it is to a variable."""
    match = _FOREIGN_NAME.fullmatch(reference)
    return f"${{{match[1] or match[2]}}}" if match else None


def is_placeholder(value: str) -> bool:
    bare = _SCHEME.sub("", value.strip(), count=1)
    return len(bare) <= _NOTE_LENGTH and _PLACEHOLDER.fullmatch(bare) is not None


def literals(found: list[Text]) -> list[Literal]:
    """What looks like a secret, each with a name of its own."""
    names = _Names()
    result = []
    for text in found:
        for name, begin, stop, label in _pieces(text):
            start, end = text.span(begin, stop)
            value = text.value[begin:stop] if text.raw else text.value
            key = names.of(_variable(name), value)
            result.append(
                Literal(key=key, place=text.place, start=start, end=end, label=label)
            )
    return result


def _pieces(text: Text) -> Iterator[tuple[str, int, int, str]]:
    """(name, begin, stop, what it is) of each secret in one text."""
    by_shape = next(secrets.find(text.value), None)
    flag = _FLAG.fullmatch(text.value) if text.place is Place.args else None
    if text.place is Place.url:
        yield from _in_address(text.value)
    elif flag and flag["value"]:
        if by_shape or _is_literal(flag["name"], flag["value"]):
            label = by_shape.label if by_shape else "a secret"
            yield flag["name"], *flag.span("value"), label
    elif by_shape and text.place is Place.args and not _SECRET_NAME.search(text.name):
        yield text.name or "secret", by_shape.start, by_shape.end, by_shape.label
    elif by_shape or _is_literal(text.name, text.value):
        scheme = _SCHEME.match(text.value)
        begin = scheme.end() if scheme and text.place is Place.headers else 0
        label = by_shape.label if by_shape else "a secret"
        yield text.name, begin, len(text.value), label


def _in_address(value: str) -> Iterator[tuple[str, int, int, str]]:
    taken: list[tuple[int, int]] = []
    for match in _QUERY.finditer(value):
        if _is_literal(match["name"], match["value"]):
            taken.append(match.span("value"))
            yield match["name"], *match.span("value"), "a secret"
    for secret in secrets.find(value):
        if not any(start < secret.end and secret.start < end for start, end in taken):
            yield "url_secret", secret.start, secret.end, secret.label


def _is_literal(name: str, value: str) -> bool:
    """A value under the name of a secret that nobody would write as an example."""
    bare = _SCHEME.sub("", value.strip(), count=1)
    is_key = _KEY_NAME.search(name) and re.search(r"\d", bare)
    return (
        bool(_SECRET_NAME.search(name) or is_key)
        and len(bare) >= _LEAST
        and not bare.isdigit()
        and not REFERENCE.search(bare)
        and not FOREIGN.search(bare)
        and not is_placeholder(bare)
        and not re.search(r"\s", bare)
    )


def _variable(name: str) -> str:
    """The name of an environment variable for a header, a flag or a parameter."""
    shown = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    shown = re.sub(r"\W+", "_", shown, flags=re.ASCII).strip("_").upper()[:100]
    return shown if shown and not shown[0].isdigit() else f"SECRET_{shown}".rstrip("_")


class _Names:
    """Names of values: numbered where one already stands for another value."""

    def __init__(self) -> None:
        self.given: dict[tuple[str, str], str] = {}
        self.taken: set[str] = set()
        self.last: dict[str, int] = {}

    def of(self, name: str, value: str) -> str:
        if (name, value) not in self.given:
            number, free = self.last.get(name, 1), name
            while free in self.taken:
                number += 1
                free = f"{name}_{number}"
            self.last[name] = number
            self.taken.add(free)
            self.given[name, value] = free
        return self.given[name, value]


def take_out(parsed: Parsed, keys: Collection[str]) -> tuple[bytes, dict[str, str]]:
    """Replace literal secrets by references, to keep the values somewhere safe.

    Args:
        parsed: A server.
        keys: Of the literals to take out.

    Returns:
        The file without them, and the value of each key.
    """
    chosen = [literal for literal in parsed.secrets if literal.key in keys]
    values = {
        literal.key: text_of(f'"{parsed.text[literal.start : literal.end]}"')
        for literal in chosen
    }
    edits = [
        Edit(start=literal.start, end=literal.end, text=f"${{{literal.key}}}")
        for literal in chosen
    ]
    return encode(apply_edits(parsed.text, edits), parsed.encoding), values
