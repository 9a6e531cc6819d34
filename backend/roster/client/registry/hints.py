"""How a server is added to a tool by hand: the command lines that the tools take."""

import json
import re
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from roster.client.exits import Exit, Trouble


@dataclass(frozen=True, slots=True)
class Server:
    """A server, as its configuration has it."""

    name: str
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return str(self.values.get("url") or self.values.get("httpUrl") or "")

    @property
    def transport(self) -> str:
        return "sse" if self.values.get("type") == "sse" else "http"

    @property
    def command(self) -> list[str]:
        given = self.values.get("args") or []
        return [str(self.values.get("command", "")), *(str(one) for one in given)]

    def pairs(self, name: str) -> list[tuple[str, str]]:
        found = self.values.get(name)
        return [(str(key), str(one)) for key, one in found.items()] if found else []


def servers_in(data: bytes) -> list[Server]:
    """Read the configuration of servers.

    Raises:
        Trouble: It holds none.
    """
    try:
        values = json.loads(data)["mcpServers"]
        return [Server(str(name), dict(one)) for name, one in values.items()]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Trouble(
            Exit.refused,
            "The file holds no server that can be read: open it in the app.",
        ) from None


_VARIABLE = re.compile(r"(\$\{[A-Za-z_][A-Za-z0-9_]*(?::-[A-Za-z0-9._:/-]*)?\})")
"""What a shell may put in; all else of a configuration it must not even read."""


def _quoted(word: str) -> str:
    """Quote for a shell, but for the variables that it is to put in."""
    parts = _VARIABLE.split(word)
    if len(parts) == 1:
        return shlex.quote(word)
    return "".join(
        f'"{part}"' if number % 2 else shlex.quote(part)
        for number, part in enumerate(parts)
        if part
    )


def _line(words: list[str]) -> str:
    return " ".join(_quoted(word) for word in words)


def _claude(server: Server) -> str:
    words = ["claude", "mcp", "add"]
    if server.address:
        words += ["--transport", server.transport, server.name, server.address]
        for key, value in server.pairs("headers"):
            words += ["--header", f"{key}: {value}"]
        return _line(words)
    words += [server.name]
    for key, value in server.pairs("env"):
        words += ["--env", f"{key}={value}"]
    return _line([*words, "--", *server.command])


def _codex(server: Server) -> str:
    words = ["codex", "mcp", "add", server.name]
    if server.address:
        words += ["--url", server.address]
        for key, value in server.pairs("headers"):
            if key.lower() == "authorization" and (name := _bearer(value)):
                words += ["--bearer-token-env-var", name]
        return _line(words)
    for key, value in server.pairs("env"):
        words += ["--env", f"{key}={value}"]
    return _line([*words, "--", *server.command])


def _bearer(value: str) -> str:
    """The variable that a bearer token is in."""
    found = value.removeprefix("Bearer ").strip()
    return _name(found) if _VARIABLE.fullmatch(found) else ""


def _gemini(server: Server) -> str:
    words = ["gemini", "mcp", "add"]
    if server.address:
        words += ["--transport", server.transport]
        for key, value in server.pairs("headers"):
            words += ["--header", f"{key}: {value}"]
        return _line([*words, server.name, server.address])
    for key, value in server.pairs("env"):
        words += ["--env", f"{key}={value}"]
    return _line([*words, server.name, *server.command])


def _vscode(server: Server) -> str:
    values = json.dumps({"name": server.name, **server.values}, ensure_ascii=False)
    own = _VARIABLE.sub(lambda found: f"${{env:{_name(found[1])}}}", values)
    return f"code --add-mcp {shlex.quote(own)}"


def _name(variable: str) -> str:
    return variable[2:-1].partition(":")[0]


HINTS: dict[str, Callable[[Server], str]] = {
    "claude": _claude,
    "codex": _codex,
    "gemini": _gemini,
    "vscode": _vscode,
}
