"""The agents and commands of other tools that are Markdown files, as ours are."""

from collections.abc import Callable

from roster.components.foreign import agent_fields
from roster.components.foreign.base import Convert, Converted, Fields
from roster.components.foreign.page import open_page
from roster.components.kinds.command import CommandManifest
from roster.lint.naming import slug

Change = Callable[[Fields, str], None]
_UNSURE = "Its front matter is not valid YAML: its fields are kept as they stand."


def agents(tool: str, change: Change) -> Convert:
    return lambda path, data: _changed(path, data, tool, "agent", change)


def commands(tool: str, change: Change) -> Convert:
    return lambda path, data: _changed(path, data, tool, "command", change)


def _changed(
    path: str, data: bytes, tool: str, kind: str, change: Change
) -> list[Converted]:
    page = open_page(data)
    if page is None:
        notes = (_UNSURE,) if data.lstrip().startswith(b"---") else ()
        return [Converted(None, kind, data, tool, notes)]
    fields = Fields(page.values)
    change(fields, path)
    written = page.written(fields) if fields.is_changed else data
    name = fields.values.get("name")
    named = slug(name) if isinstance(name, str) else None
    return [Converted(named, kind, written, tool, tuple(fields.notes))]


def of_command(fields: Fields, path: str) -> None:  # noqa: ARG001  # `Change` has it
    """What OpenCode, Cursor and Codex write is written as we do."""
    fields.say_kept(CommandManifest.documented(), {"name"})


def of_prompt(fields: Fields, path: str) -> None:  # noqa: ARG001  # `Change` has it
    """A prompt of Copilot; its `tools` are no allowed-tools: they are all it has."""
    fields.rename("mode", "agent")
    fields.say_kept(CommandManifest.documented(), {"name"})


COPILOT_AGENT = agents("copilot", agent_fields.of_copilot_agent)
CURSOR_AGENT = agents("cursor", agent_fields.of_cursor_agent)
GEMINI_AGENT = agents("gemini", agent_fields.of_gemini_agent)
OPENCODE_AGENT = agents("opencode", agent_fields.of_opencode_agent)
COPILOT_PROMPT = commands("copilot", of_prompt)
