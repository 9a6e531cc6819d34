"""The agents and commands of other tools that stand in TOML and JSON documents."""

import re
from dataclasses import replace
from typing import Any

from roster.components.foreign import agent_fields, placeholders
from roster.components.foreign.base import (
    Converted,
    Fields,
    UnreadableError,
    Values,
    listed,
)
from roster.components.foreign.documents import open_json, read_toml
from roster.components.foreign.page import compose
from roster.components.foreign.server_fields import OPENCODE
from roster.components.foreign.server_files import servers
from roster.components.kinds.command import CommandManifest
from roster.lint.naming import slug

AGENT, COMMAND = "agent", "command"
_OURS = re.compile(r"(?<![\\$\w])\$(?:ARGUMENTS\b|\d)")


def codex_agent(path: str, data: bytes) -> list[Converted]:
    values = read_toml(data)
    text = _text(values, "developer_instructions")
    fields = Fields(values)
    fields.note("developer_instructions is the text.")
    agent_fields.of_codex_agent(fields, path)
    return [_made(AGENT, fields, text, "codex")]


def gemini_command(path: str, data: bytes) -> list[Converted]:  # noqa: ARG001
    """The name is that of the file, which the row has."""
    values = read_toml(data)
    text = _text(values, "prompt")
    fields = Fields(values)
    fields.note("prompt is the text.")
    text = _placeholders(text, fields)
    fields.say_kept(CommandManifest.documented(), {"name"})
    return [_made(COMMAND, fields, text, "gemini")]


def opencode_config(path: str, data: bytes) -> list[Converted]:  # noqa: ARG001
    """Agents, commands and servers; their names are the keys."""
    document = open_json(data)
    values, cut = document.values, document.cut
    found: list[Converted] = []
    for key in ("agent", "agents"):
        for name, item in _maps(values.get(key)):
            text_key = "prompt" if "prompt" in item else "system"
            if isinstance(item.get(text_key), str):
                made = _entry(AGENT, name, item, text_key)
                found.append(replace(made, source=cut((key, name))))
    for key in ("command", "commands"):
        for name, item in _maps(values.get(key)):
            if isinstance(item.get("template"), str):
                made = _entry(COMMAND, name, item, "template")
                found.append(replace(made, source=cut((key, name))))
    return [*found, *servers(OPENCODE, values, cut)]


def _entry(kind: str, name: str, values: Values, text_key: str) -> Converted:
    rest = dict(values)
    text = rest.pop(text_key)
    fields = Fields({"name": slug(name) or name, **rest} if kind == AGENT else rest)
    fields.note(f"{text_key} is the text.")
    if kind == AGENT:
        agent_fields.of_opencode_agent(fields, name)
    else:
        fields.say_kept(CommandManifest.documented(), {"name"})
    return replace(_made(kind, fields, text, "opencode"), name=slug(name))


def _maps(values: Any) -> list[tuple[str, Values]]:
    pairs = values.items() if isinstance(values, dict) else ()
    return [(name, item) for name, item in pairs if isinstance(item, dict)]


def _text(values: Values, key: str) -> str:
    """Take the text out of the values.

    Raises:
        UnreadableError: There is none.
    """
    text = values.pop(key, None)
    if not isinstance(text, str) or not text.strip():
        raise UnreadableError(f"It has no text in {key}.")
    return text


def _made(kind: str, fields: Fields, text: str, tool: str) -> Converted:
    name = fields.values.get("name")
    named = slug(name) if isinstance(name, str) else None
    data = compose(fields.values, text)
    return Converted(named, kind, data, tool, tuple(fields.notes))


def _placeholders(text: str, fields: Fields) -> str:
    """What Gemini fills in, where it means the same in a command of ours."""
    if _OURS.search(text):
        fields.note("Its text holds $ARGUMENTS or $1, which Gemini takes for words.")
    changed, kept = placeholders.of_gemini(text)
    for piece in kept:
        fields.note(f"Kept as it stands: {listed([piece])}.")
    if changed != text:
        fields.note("{{args}}, !{…} and @{…} are written as $ARGUMENTS, !`…` and @….")
    return changed
