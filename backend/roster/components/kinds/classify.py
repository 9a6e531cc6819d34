"""What a file found in a folder is, by its place and its content.

Used to say what an import leaves aside: "12 skills, 3 commands, 2 READMEs".
"""

import json
import re
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any

from roster.components.kinds.agent_manifest import KNOWN
from roster.lint import frontmatter
from roster.lint.decoding import NotTextError, decode
from roster.lint.reader import key_lines
from roster.lint.source import Source

AGENT = "agent"
OTHER = "other"

_READABLE = 64 * 1024  # what stands at the top decides
_MARKDOWN = {".md", ".markdown", ".txt", ".mdx", ""}
_NAMES = {
    "readme": "readme",
    "license": "licence",
    "licence": "licence",
    "copying": "licence",
    "notice": "licence",
    "changelog": "document",
    "contributing": "document",
    "security": "document",
    "code_of_conduct": "document",
    "claude": "instructions",
    "agents": "instructions",
    "gemini": "instructions",
    "copilot-instructions": "copilot-instructions",
}
FILES = {
    "skill.md": "skill",
    "plugin.json": "plugin",
    "marketplace.json": "marketplace",
    ".mcp.json": "server",
    "mcp.json": "server",
    "mcp-config.json": "server",
    "gemini-extension.json": "gemini-extension",
    "opencode.json": "opencode-config",
    "opencode.jsonc": "opencode-config",
    ".cursorrules": "cursor-rule",
}
ENDINGS = {
    ".agent.md": "copilot-agent",
    ".chatmode.md": "copilot-chatmode",
    ".prompt.md": "copilot-prompt",
    ".instructions.md": "copilot-instructions",
    ".mdc": "cursor-rule",
}
# What a file is by its name and the folder of its tool.
SETTINGS = {
    (".codex", "config.toml"): "codex-config",
    (".gemini", "settings.json"): "gemini-settings",
}
# A folder of a tool and a folder below it, and what Markdown files there are.
PLACES = (
    (".copilot", "agents", "copilot-agent"),
    (".github", "agents", "copilot-agent"),
    (".github", "chatmodes", "copilot-chatmode"),
    (".github", "prompts", "copilot-prompt"),
    (".github", "instructions", "copilot-instructions"),
    (".github", "", "document"),
    (".gemini", "agents", "gemini-agent"),
    (".gemini", "commands", "gemini-command"),
    (".cursor", "agents", "cursor-agent"),
    (".cursor", "commands", "cursor-command"),
    (".cursor", "rules", "cursor-rule"),
    (".opencode", "agent", "opencode-agent"),
    (".opencode", "agents", "opencode-agent"),
    (".opencode", "command", "opencode-command"),
    (".opencode", "commands", "opencode-command"),
    (".codex", "agents", "codex-agent"),
    (".codex", "prompts", "codex-prompt"),
)
# Agents in these are read by Claude Code, whatever else is written in them.
_OF_CLAUDE = frozenset({".agents", ".claude", "plugins"})
_FOREIGN_KEYS = {
    "applyTo": "copilot-instructions",
    "globs": "cursor-rule",
}
# What only the agents of one tool have.
_AGENT_KEYS = {
    "handoffs": "copilot-agent",
    "is_background": "cursor-agent",
    "max_turns": "gemini-agent",
    "mcp-servers": "copilot-agent",
    "mcp_servers": "gemini-agent",
    "readonly": "cursor-agent",
    "timeout_mins": "gemini-agent",
}
_OPENCODE_KEYS = frozenset({"permission", "permissions", "temperature"})
_COMMAND_KEYS = frozenset({"argument-hint", "allowed-tools"})
_KEYS = KNOWN | _FOREIGN_KEYS.keys() | _AGENT_KEYS.keys() | _OPENCODE_KEYS
_IDENTITY = frozenset({"name", "description"})
_CODEX_AGENT = re.compile(rb"(?m)^[ \t]*developer_instructions[ \t]*=")
_CODEX_SERVERS = re.compile(rb"(?m)^[ \t]*\[[ \t]*mcp_servers[ \t]*\.")
_GEMINI_AGENT = re.compile(rb"(?m)^kind:[ \t]*local[ \t]*\r?$")
_GEMINI_COMMAND = re.compile(
    rb"(?:\s*(?:#[^\n]*|description[ \t]*=[^\n]*)(?:\n|\Z))*\s*prompt[ \t]*="
)


@lru_cache(maxsize=2)  # every kind asks about the same file
def classify(path: str, data: bytes) -> str:
    """What the file is: `agent`, another kind of building block, or `other`."""
    place = PurePosixPath(path.replace("\\", "/").lower())
    by_name = _by_name(place, data)
    if by_name:
        return by_name
    if place.suffix not in _MARKDOWN:
        is_skill = "skills" in place.parent.parts
        return "skill-file" if is_skill else _by_data(place, data)
    return _by_place(place.parent.parts) or _markdown(place, data)


def _by_name(place: PurePosixPath, data: bytes) -> str | None:
    for (folder, name), kind in SETTINGS.items():
        if place.name == name and place.parent.name == folder:
            return kind
    if place.name in FILES:
        kind = FILES[place.name]
        return kind if kind != "plugin" or b'"name"' in data else OTHER
    for ending, kind in ENDINGS.items():
        if place.name.endswith(ending):
            return kind
    base = place.name.split(".")[0]
    if base in _NAMES and not (place.suffix == ".md" and _identity(data)):
        return _NAMES[base]
    return None


def _by_place(folders: tuple[str, ...]) -> str | None:
    for tool, below, kind in PLACES:
        if tool in folders and (not below or below in folders[folders.index(tool) :]):
            return kind
    return None


def _by_data(place: PurePosixPath, data: bytes) -> str:
    """JSON and TOML, by their keys."""
    if place.suffix == ".toml":
        return _toml(place, data)
    if place.suffix == ".json" and len(data) <= _READABLE:
        try:
            values = json.loads(data)
        except (ValueError, RecursionError):
            return OTHER
        if isinstance(values, dict):
            return _json(values)
    return OTHER


def _toml(place: PurePosixPath, data: bytes) -> str:
    if _CODEX_AGENT.search(data) or _by_place(place.parent.parts) == "codex-agent":
        return "codex-agent"
    if _CODEX_SERVERS.search(data):
        return "codex-config"
    is_command = "commands" in place.parts or _GEMINI_COMMAND.match(data)
    return "gemini-command" if is_command else OTHER


def _json(values: dict[str, Any]) -> str:
    if _is_server(values):
        return "server"
    servers = values.get("mcp")
    if isinstance(servers, dict) and any(
        isinstance(item, dict) and str(item.get("type")) in {"local", "remote"}
        for item in servers.values()
    ):
        return "opencode-config"
    return OTHER


def _is_server(values: dict[str, Any]) -> bool:
    """A file with servers, or one server alone as its documentation shows it."""
    if {"mcpServers", "mcp_servers"} & values.keys():
        return True
    if isinstance(values.get("servers"), dict) and "inputs" in values:
        return True
    starts = isinstance(values.get("command"), str) and "args" in values
    answers = isinstance(values.get("url"), str) and "type" in values
    return starts or answers


def _markdown(place: PurePosixPath, data: bytes) -> str:
    # The innermost telling folder decides: skills/x/agents/y.md is an agent's file.
    telling = [
        name
        for name in place.parent.parts
        if name in {"agents", "agent", "commands", "skills"}
    ]
    innermost = telling[-1] if telling else None
    keys = _keys(data)
    for key, foreign in _FOREIGN_KEYS.items():
        if key in keys:
            return foreign
    if innermost == "commands":
        return "command"
    if "skills" in telling and not (innermost == "agents" and keys >= _IDENTITY):
        return "skill-file"
    if innermost == "agents" and _OF_CLAUDE & frozenset(place.parent.parts):
        return AGENT
    if keys >= _IDENTITY and _GEMINI_AGENT.search(_top(data)):
        return "gemini-agent"
    return _agent_of(keys) or _by_keys(keys, is_agent=innermost == "agents")


def _by_keys(keys: frozenset[str], *, is_agent: bool) -> str:
    if is_agent:
        return AGENT
    if keys >= _IDENTITY:
        return "command" if keys & _COMMAND_KEYS and "tools" not in keys else AGENT
    return "document"


def _agent_of(keys: frozenset[str]) -> str:
    """The class of an agent with keys that only one tool has; "" for any other."""
    if "description" not in keys:
        return ""
    if "mode" in keys and keys & _OPENCODE_KEYS:
        return "opencode-agent"
    return next((kind for key, kind in _AGENT_KEYS.items() if key in keys), "")


def _identity(data: bytes) -> bool:
    return _keys(data) >= _IDENTITY


def _keys(data: bytes) -> frozenset[str]:
    """The known keys of the front matter, broken or not."""
    try:
        text = decode(_top(data)).text
    except NotTextError:
        return frozenset()
    source = Source(text)
    matter = frontmatter.find(source, _KEYS)
    if matter is None:
        return frozenset()
    lines = key_lines(text, matter.start, matter.end, _KEYS)
    return frozenset(key for _, key in lines)


def _top(data: bytes) -> bytes:
    """The first part of a file, cut between two lines."""
    if len(data) <= _READABLE:
        return data
    end = data.rfind(b"\n", 0, _READABLE)
    return data[: end + 1 if end >= 0 else _READABLE]
