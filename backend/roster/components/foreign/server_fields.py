"""How each tool writes the configuration of a server, and how we do.

A dialect is a line in `DIALECTS`: which references to variables it has, and what is
called otherwise. Fields that nothing here names stay as they are.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from roster.components.foreign.base import Values, listed

_NAME = r"[A-Za-z_]\w{0,127}"
_VS_CODE = re.compile(r"\$\{(?P<what>env|input):(?P<name>[^{}:]{1,120})\}")
_CURSOR = re.compile(rf"\$\{{env:(?P<name>{_NAME})\}}")
_OPENCODE = re.compile(rf"(?<!\$)\{{env:(?P<name>{_NAME})\}}")
_DOLLAR = re.compile(rf"(?<![\w$\\])\$(?P<name>{_NAME})(?![\w({{])")
_COPILOT = re.compile(
    rf"\$\{{\{{ *(?:secrets|vars|env)\.(?P<secret>{_NAME}) *\}}\}}|{_DOLLAR.pattern}"
)
_OTHER = re.compile(
    r"\$\{\{[^{}]{1,80}\}\}|\$\{(?:env|input|config|file)[:.][^{}]{0,80}\}|"
    r"(?<!\$)\{(?:env|file):[^{}]{1,80}\}|"
    r"\$\{(?:workspaceFolder|workspaceRoot|userHome|extensionPath)[^{}]{0,80}\}"
)
Inputs = Mapping[str, Values]
"""What VS Code asks a person for, by id."""


@dataclass
class Config:
    """One server while it is mapped."""

    values: Values
    notes: list[str] = field(default_factory=list)

    def put(self, key: str, new: Values) -> None:
        """Replace one field by others, in its place."""
        pairs: list[tuple[str, Any]] = []
        for old, value in self.values.items():
            pairs += new.items() if old == key else [(old, value)]
        self.values = dict(pairs)

    def rename(self, key: str, new: str, value: Any = None) -> None:
        if key in self.values and new not in self.values:
            self.put(key, {new: self.values[key] if value is None else value})
            self.notes.append(f"{key} is written as {new}.")

    def into(self, key: str, more: Mapping[str, str], field: str) -> None:
        """Take the entries of one field over into another; what is there stays."""
        held = self.values.get(field, {})
        if not isinstance(held, dict) or held.keys() & more.keys():
            return
        if field in self.values:
            self.put(key, {})
            self.values[field] = {**held, **more}
        else:
            self.put(key, {field: dict(more)})
        self.notes.append(f"{key} is written as {field}.")

    def set_type(self, value: str, why: str) -> None:
        self.values = {"type": value, **self.values}
        self.notes.append(f"type is written as {value}: {why}.")


@dataclass(frozen=True, slots=True)
class Dialect:
    """One tool's way to write servers.

    Attributes:
        tool: Whose it is; "" if it is ours.
        wrappers: The keys below which the servers stand, one path for each place.
        reference: What names a variable; its groups are the name.
        change: Maps the fields.
        beside: Keys at the top that belong to the servers.
        keeps: Fields in which references are not replaced.
    """

    tool: str
    wrappers: tuple[tuple[str, ...], ...]
    reference: re.Pattern[str] | None = None
    change: Callable[[Config], None] = lambda config: None  # noqa: ARG005  # nothing
    beside: frozenset[str] = frozenset()
    keeps: frozenset[str] = frozenset()


def mapped(
    dialect: Dialect, values: Values, inputs: Inputs | None = None
) -> tuple[Values, list[str]]:
    """The configuration as ours, and what was done to it."""
    config = Config(dict(values))
    dialect.change(config)
    if dialect.reference is not None:
        _replace(config, dialect, inputs or {})
    left = dict.fromkeys(
        match.group()
        for text in _texts(config.values)
        for match in _OTHER.finditer(text)
    )
    if left:
        config.notes.append(f"Kept as it stands: {listed(left)}.")
    return config.values, config.notes


def _replace(config: Config, dialect: Dialect, inputs: Inputs) -> None:
    named: dict[str, str] = {}
    pattern = dialect.reference

    def ours(match: re.Match[str]) -> str:
        groups = match.groupdict()
        name = groups.get("secret") or groups["name"]
        default = ""
        if groups.get("what") == "input":
            known = inputs.get(name, {})
            default = _default(known)
            name = variable(name)
        if not re.fullmatch(_NAME, name):
            return match.group()
        named[match.group()] = written = f"${{{name}{default}}}"
        return written

    def walk(value: Any) -> Any:
        if isinstance(value, str):
            return pattern.sub(ours, value) if pattern else value
        if isinstance(value, list):
            return [walk(item) for item in value]
        if isinstance(value, dict):
            return {key: walk(item) for key, item in value.items()}
        return value

    config.values = {
        key: value if key in dialect.keeps else walk(value)
        for key, value in config.values.items()
    }
    pairs = [f"{old} as {new}" for old, new in named.items()]
    if pairs:
        config.notes.append(f"References are written anew: {listed(pairs)}.")


def variable(name: str) -> str:
    """The variable that stands for what a person is asked for."""
    shown = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return re.sub(r"\W+", "_", shown, flags=re.ASCII).strip("_").upper()


def _default(known: Values) -> str:
    value = known.get("default")
    usable = isinstance(value, str) and not re.search(r"[{}]", value)
    return f":-{value}" if usable else ""


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value
    if not isinstance(value, dict | list):
        return []
    return [text for item in inner for text in _texts(item)]


def _words(value: Any) -> list[str] | None:
    is_list = isinstance(value, list) and all(isinstance(item, str) for item in value)
    return value if is_list else None


def says_twice(values: Values) -> bool:
    """Whether a server names the variable of its token once more, for Codex."""
    token, headers = values.get("bearer_token_env_var"), values.get("headers")
    if not _is_name(token) or not isinstance(headers, dict):
        return False
    return headers.get("Authorization") == f"Bearer ${{{token}}}"


def _claude(config: Config) -> None:
    if says_twice(config.values):
        config.put("bearer_token_env_var", {})
        config.notes.append("bearer_token_env_var is left out: headers say the same.")


def _vs_code(config: Config) -> None:
    _unsaid(config, "type", "stdio")


def _copilot(config: Config) -> None:
    _unsaid(config, "type", "local")
    _unsaid(config, "tools", ["*"])


def _unsaid(config: Config, key: str, value: Any) -> None:
    """Leave a field out that says what is so anyway."""
    is_it = config.values.get(key) == value and type(config.values[key]) is type(value)
    if is_it and (key != "type" or "command" in config.values):
        config.put(key, {})
        config.notes.append(f"{key} {json.dumps(value)} is left out: so it is anyway.")


def _gemini(config: Config) -> None:
    for key, new in _SNAKE.items():
        config.rename(key, new)
    values = config.values
    if "httpUrl" in values and "url" not in values:
        config.put("httpUrl", {"url": values["httpUrl"]})
        config.notes.append("httpUrl is written as url.")
        if "type" not in values:
            config.set_type("http", "it is reached at an httpUrl")
    elif "url" in values and "type" not in values and "httpUrl" not in values:
        config.set_type("sse", "that is what Gemini speaks at a url")


def _opencode(config: Config) -> None:
    words = _words(config.values.get("command"))
    if words and "args" not in config.values:
        args = {"args": words[1:]} if words[1:] else {}
        config.put("command", {"command": words[0], **args})
        if args:
            config.notes.append("command is written as command and args.")
        else:
            config.notes.append("command is written as a text.")
    config.rename("environment", "env")
    _unsaid(config, "type", "local")
    _unsaid(config, "enabled", True)  # noqa: FBT003  # it is the value of the field
    if config.values.get("type") == "remote":
        config.values = {**config.values, "type": "http"}
        config.notes.append("type remote is written as http, which is tried first.")


def _codex(config: Config) -> None:
    names = _words(config.values.get("env_vars"))
    if names and all(re.fullmatch(_NAME, name) for name in names):
        config.into("env_vars", {name: f"${{{name}}}" for name in names}, "env")
    seconds = config.values.get("tool_timeout_sec")
    if isinstance(seconds, int | float) and not isinstance(seconds, bool):
        config.rename("tool_timeout_sec", "timeout", round(seconds * 1000))
    config.rename("http_headers", "headers")
    named = config.values.get("env_http_headers")
    if isinstance(named, dict) and named and all(_is_name(v) for v in named.values()):
        headers = {key: f"${{{name}}}" for key, name in named.items()}
        config.into("env_http_headers", headers, "headers")
    token = config.values.get("bearer_token_env_var")
    if _is_name(token):
        header = {"Authorization": f"Bearer ${{{token}}}"}
        config.into("bearer_token_env_var", header, "headers")
    if "url" in config.values and "type" not in config.values:
        config.set_type("http", "that is what Codex speaks at a url")


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(_NAME, value) is not None


_SNAKE = {"http_url": "httpUrl", "include_tools": "includeTools"}
_SNAKE |= {"exclude_tools": "excludeTools"}
_OURS = ("mcpServers",)

CLAUDE = Dialect("", (_OURS, ("mcp_servers",)), None, _claude)
VS_CODE = Dialect(
    "copilot",
    (("servers",), _OURS),
    _VS_CODE,
    _vs_code,
    beside=frozenset({"inputs"}),
)
COPILOT = Dialect(
    "copilot",
    (_OURS, ("mcp-servers",)),
    _COPILOT,
    _copilot,
    keeps=frozenset({"command", "args", "description"}),
)
CURSOR = Dialect("cursor", (_OURS,), _CURSOR)
GEMINI = Dialect(
    "gemini",
    (_OURS, ("mcp_servers",)),
    _DOLLAR,
    _gemini,
    keeps=frozenset({"description"}),
)
OPENCODE = Dialect(
    "opencode", (("mcp", "servers"), ("mcp",), _OURS), _OPENCODE, _opencode
)
CODEX = Dialect("codex", (("mcp_servers",), _OURS), None, _codex)
