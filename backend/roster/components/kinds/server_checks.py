"""Rules about the configuration of a server.

To add one: a function here that takes the draft and yields findings, its name in
`CHECKS`, and an entry in the catalogue `lint/kind_rules.py`.
"""

import ipaddress
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from roster.components.kinds import server_values
from roster.components.kinds.base import Literal
from roster.components.kinds.server_document import Entry
from roster.components.kinds.server_manifest import (
    OTHER_KEYS,
    TRANSPORTS,
    ServerManifest,
)
from roster.components.kinds.server_values import Text
from roster.lint.findings import Edit, Finding, Fix
from roster.lint.json_text import Node
from roster.lint.naming import is_name, slug
from roster.lint.source import Source, propose
from roster.lint.text_checks import MAX_PER_RULE

_KNOWN = ServerManifest.documented() | OTHER_KEYS
_SHELL_SIGNS = re.compile(r"[|&;<>`]|\$\(|\s-{1,2}\w|(?<=\w)\s+(?=\w)")
_SHELLS = frozenset({"sh", "bash", "zsh", "dash"})
RUNNERS = {"npx": "npm", "bunx": "npm", "pnpx": "npm", "uvx": "pypi"}
_EXACT = {
    "npm": re.compile(r"(?:@[^/@]+/)?[^@]+@\d+\.\d+\.\d+[\w.+-]*"),
    "pypi": re.compile(r"[^=@]+(?:==|@)\d+(?:\.\w+)*[\w.+-]*"),
}
_COMMIT = re.compile(r"(?:git\+|github:|https?:).*[@#][0-9a-f]{7,40}\b.*")
_PACKAGE_LENGTH = 300
_TAKES_VALUE = frozenset({"--python", "--with", "--index-url", "--registry", "-c"})
_NAMES_PACKAGE = frozenset({"-p", "--package", "--from"})


@dataclass
class Draft:
    """A server while it is read: what its rules look at."""

    source: Source
    entry: Entry
    manifest: ServerManifest
    texts: list[Text]
    wrong_types: dict[str, str] = field(default_factory=dict)
    secrets: list[Literal] = field(default_factory=list)
    name: str | None = None

    @property
    def node(self) -> Node:
        return self.entry.node

    def span(self, key: str) -> tuple[int, int]:
        """Where the value of a key stands; the server itself where there is none."""
        node = self.node.members.get(key)
        return (node.start, node.end) if node else (self.node.start, self.node.start)

    def finding(self, rule: str, key: str, message: str) -> Finding:
        return self.found(rule, self.span(key), message)

    def found(
        self, rule: str, span: tuple[int, int], message: str, fix: Fix | None = None
    ) -> Finding:
        """A finding whose evidence repeats no secret: findings are stored and shown."""
        shown = self._masked(span)
        return self.source.finding(rule, span, message, evidence=shown, fix=fix)

    def _masked(self, span: tuple[int, int]) -> str:
        pieces, done = [], span[0]
        for literal in sorted(self.secrets, key=lambda literal: literal.start):
            if span[0] < literal.end and literal.start < span[1]:
                pieces += [self.source.text[done : literal.start], "…"]
                done = literal.end
        return "".join(pieces) + self.source.text[done : max(done, span[1])]


def check_name(draft: Draft) -> Iterator[Finding]:
    key, (start, end) = draft.entry.key, draft.entry.key_span
    if key is None:
        if draft.name is None:
            yield draft.found(
                "manifest.name-missing",
                (draft.node.start, draft.node.start),
                "Nothing says what the server is called. Put it under its name in "
                "mcpServers, or name the file after it.",
            )
    elif not is_name(key):
        nearest, fix = slug(key), None
        if nearest:
            edit = Edit(start=start + 1, end=end - 1, text=nearest)
            fix = propose(f"Rename it to {nearest}", [edit])
        yield draft.found(
            "manifest.name-invalid",
            (start, end),
            f"“{key[:80]}” is not a registry name: use 1 to 64 lower-case letters, "
            f"digits and single hyphens.",
            fix=fix,
        )


def check_target(draft: Draft) -> Iterator[Finding]:
    command, address = draft.manifest.command, draft.manifest.address
    if not command and not address:
        yield draft.finding(
            "server.target-missing",
            "command",
            "The server has no command to start it and no url to reach it. Add one.",
        )
    elif command and address:
        yield draft.finding(
            "server.target-twice",
            "url",
            "The server has a command and a url. Keep the one that is meant.",
        )


def check_type(draft: Draft) -> Iterator[Finding]:
    kind, command = draft.manifest.type, draft.manifest.command
    if kind is not None and kind not in TRANSPORTS:
        yield draft.finding(
            "server.type",
            "type",
            f"{kind[:40]} is no transport that tools know. Use stdio, http, sse or ws.",
        )
    elif kind is None and draft.manifest.url and not command:
        start = draft.node.start + 1
        edit = Edit(start=start, end=start, text='"type": "http", ')
        yield draft.found(
            "server.type",
            draft.span("url"),
            "The address has no type beside it, and Claude Code refuses that. Say "
            "http, or sse for an older server.",
            fix=propose("Say that it speaks http", [edit]),
        )
    elif kind is not None and (TRANSPORTS[kind] == "stdio") is not bool(command):
        yield draft.finding(
            "server.type",
            "type",
            "stdio goes with a command, and every other type with a url.",
        )


def check_types(draft: Draft) -> Iterator[Finding]:
    for key, expected in draft.wrong_types.items():
        yield draft.finding(
            "manifest.value-type",
            key,
            f"{key} has a value of another type than tools expect "
            f"({expected[:1].lower()}{expected[1:]}).",
        )


def check_unknown_keys(draft: Draft) -> Iterator[Finding]:
    by_lower = {key.lower(): key for key in ServerManifest.documented()}
    by_lower |= {"environment": "env", "cmd": "command", "arguments": "args"}
    for key, (start, end) in draft.node.keys.items():
        if key in _KNOWN:
            continue
        likely = by_lower.get(re.sub(r"[-_ ]", "", key.lower()))
        fix, hint = None, "It is kept, and mostly ignored."
        if likely and likely not in draft.node.members:
            edit = Edit(start=start + 1, end=end - 1, text=likely)
            fix, hint = propose(f"Call it {likely}", [edit]), f"Was {likely} meant?"
        yield draft.found(
            "manifest.unknown-key",
            (start, end),
            f"{key[:80]} is no documented key of a server. {hint}",
            fix=fix,
        )


def check_plain_http(draft: Draft) -> Iterator[Finding]:
    for key, address in (
        ("url", draft.manifest.url),
        ("httpUrl", draft.manifest.http_url),
    ):
        if address and _is_exposed(address):
            yield draft.finding(
                "server.plain-http",
                key,
                "What is sent to this address can be read on the way. Use https://.",
            )


def _is_exposed(address: str) -> bool:
    try:
        parts = urlsplit(address.strip())
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return False
    if parts.scheme not in {"http", "ws"} or not host or "$" in host:
        return False
    try:
        return not ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host != "localhost" and not host.endswith(".localhost")


def check_secrets(draft: Draft) -> Iterator[Finding]:
    for literal in draft.secrets:
        value = draft.source.text[literal.start : literal.end]
        yield draft.source.finding(
            "server.literal-secret",
            (literal.start, literal.end),
            f"What stands in {literal.place} looks like {literal.label}. Write "
            f"${{{literal.key}}} and keep the value in the secret store.",
            evidence=f"{value[:4]}… ({len(value)} characters)",
            fix=propose(
                f"Write ${{{literal.key}}} in its place",
                [
                    Edit(
                        start=literal.start, end=literal.end, text=f"${{{literal.key}}}"
                    )
                ],
            ),
        )


def check_placeholders(draft: Draft) -> Iterator[Finding]:
    for text in draft.texts:
        if text.place != "url" and server_values.is_placeholder(text.value):
            yield draft.found(
                "server.placeholder",
                (text.start, text.end),
                "This is a note to whoever installs the server. Write a reference such "
                "as ${NAME} in its place.",
            )


def check_references(draft: Draft) -> Iterator[Finding]:
    for text in draft.texts:
        for match in server_values.FOREIGN.finditer(text.value):
            written = match.group()
            ours = server_values.translated(written)
            span = text.span(*match.span())
            fix = None
            if ours and text.raw:
                edit = Edit(start=span[0], end=span[1], text=ours)
                fix = propose(f"Write {ours}", [edit])
            yield draft.found(
                "server.reference",
                span,
                f"{written[:80]} is a reference that only some tools know. "
                f"Write {ours or '${NAME}'}.",
                fix=fix,
            )


def check_package(draft: Draft) -> Iterator[Finding]:
    command = PurePosixPath((draft.manifest.command or "").replace("\\", "/")).name
    registry = RUNNERS.get(command.removesuffix(".cmd").removesuffix(".exe"))
    found = package(draft.manifest.args or []) if registry else None
    if registry is None or found is None:
        return
    index, name = found
    start = name[:_PACKAGE_LENGTH]
    if name.startswith((".", "/", "~", "$", "file:")) or _COMMIT.fullmatch(start):
        return
    if start == name and _EXACT[registry].fullmatch(name):
        return
    node = draft.node.members["args"].items[index]
    yield draft.found(
        "server.unpinned-package",
        (node.start, node.end),
        f"{command} takes whatever version of {name[:80]} is newest at each start. "
        f"Name an exact one.",
    )


def package(args: list[str]) -> tuple[int, str] | None:
    """The package that npx or uvx fetches, and which argument names it."""
    position = 0
    while position < len(args):
        flag, _, value = args[position].partition("=")
        if flag in _NAMES_PACKAGE:
            if value:
                return position, value
            if position + 1 < len(args):
                return position + 1, args[position + 1]
        elif not flag.startswith("-"):
            return position, args[position]
        position += 2 if flag in _TAKES_VALUE and not value else 1
    return None


def check_shell(draft: Draft) -> Iterator[Finding]:
    command, args = draft.manifest.command or "", draft.manifest.args or []
    is_path = "/" in command or "\\" in command
    signs = _SHELL_SIGNS.search(server_values.REFERENCE.sub("x", command))
    if signs and not (is_path and signs.group().isspace()):
        yield draft.finding(
            "server.shell",
            "command",
            "Tools start the command without a shell. Put the program alone here, and "
            "each of its arguments in args.",
        )
    elif PurePosixPath(command).name in _SHELLS and any(
        re.fullmatch(r"-[a-z]*c", arg) for arg in args[:3]
    ):
        yield draft.finding(
            "server.shell",
            "args",
            "A shell runs this text, so that no check sees what is started. Start the "
            "program itself.",
        )


CHECKS: tuple[Callable[[Draft], Iterator[Finding]], ...] = (
    check_name,
    check_target,
    check_type,
    check_types,
    check_unknown_keys,
    check_plain_http,
    check_secrets,
    check_placeholders,
    check_references,
    check_package,
    check_shell,
)


def check(draft: Draft) -> list[Finding]:
    return [finding for run in CHECKS for finding in islice(run(draft), MAX_PER_RULE)]
