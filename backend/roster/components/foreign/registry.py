"""Which converter reads which class of files: one line each."""

from roster.components.foreign import markdown_files, settings_files
from roster.components.foreign.base import Converted, Format, UnreadableError
from roster.components.foreign.markdown_files import commands, of_command
from roster.components.foreign.server_fields import CLAUDE, CODEX, GEMINI
from roster.components.foreign.server_files import (
    in_server_file,
    of_json,
    of_toml,
)
from roster.components.kinds.classify import classify

_MANY = True

FORMATS: dict[str, Format] = {
    "codex-agent": Format("codex", "agent", settings_files.codex_agent),
    "codex-config": Format("codex", "server", of_toml(CODEX), _MANY),
    "codex-prompt": Format("codex", "command", commands("codex", of_command)),
    "copilot-agent": Format("copilot", "agent", markdown_files.COPILOT_AGENT),
    "copilot-chatmode": Format("copilot", "agent", markdown_files.COPILOT_AGENT),
    "copilot-prompt": Format("copilot", "command", markdown_files.COPILOT_PROMPT),
    "cursor-agent": Format("cursor", "agent", markdown_files.CURSOR_AGENT),
    "cursor-command": Format("cursor", "command", commands("cursor", of_command)),
    "gemini-agent": Format("gemini", "agent", markdown_files.GEMINI_AGENT),
    "gemini-command": Format("gemini", "command", settings_files.gemini_command),
    "gemini-extension": Format("gemini", "server", of_json(GEMINI), _MANY),
    "gemini-settings": Format("gemini", "server", of_json(GEMINI), _MANY),
    "opencode-agent": Format("opencode", "agent", markdown_files.OPENCODE_AGENT),
    "opencode-command": Format("opencode", "command", markdown_files.OPENCODE_COMMAND),
    "opencode-config": Format(
        "opencode", "server", settings_files.opencode_config, _MANY
    ),
    "plugin": Format("", "server", of_json(CLAUDE), _MANY),
    "server": Format("", "server", in_server_file),
}


def format_of(path: str, data: bytes) -> Format | None:
    """How a file of another tool is read; None for what is ours, or nothing."""
    return FORMATS.get(classify(path, data))


def convert(path: str, data: bytes, known: Format | None = None) -> list[Converted]:
    """What a file of another tool holds, in the form of our own kinds.

    Nothing where it holds no component, or where it is ours as it is. Uses the CPU
    only, and raises on no bytes.

    Args:
        path: Where it was found.
        data: The whole file.
        known: Its format, if somebody found out before.
    """
    found = known or format_of(path, data)
    if found is None:
        return []
    try:
        return found.convert(path, data)
    except UnreadableError as error:
        return [Converted(None, found.kind, b"", found.tool, (), str(error))]
