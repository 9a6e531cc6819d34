"""Where components are looked for, as it is told to a person who has none there."""

from roster.components.foreign.registry import FORMATS
from roster.components.kinds import classify

_OWN = (
    ".agents/skills/",
    ".claude/agents/",
    ".claude/commands/",
    ".claude/skills/",
    "agents/",
    "commands/",
    "skills/",
)
_FILES = (
    ".claude-plugin/marketplace.json",
    ".claude-plugin/plugin.json",
    ".cursor/mcp.json",
    ".vscode/mcp.json",
    "SKILL.md",
)


def _places() -> tuple[str, ...]:
    folders = [
        f"{tool}/{below}/" for tool, below, kind in classify.PLACES if kind in FORMATS
    ]
    named = [
        name
        for name, kind in classify.FILES.items()
        if kind in FORMATS and kind != "plugin"
    ]
    settings = [f"{folder}/{name}" for folder, name in classify.SETTINGS]
    endings = [f"*{end}" for end, kind in classify.ENDINGS.items() if kind in FORMATS]
    return tuple(sorted({*_OWN, *_FILES, *folders, *named, *settings, *endings}))


PLACES = _places()
"""Folders (with a slash at their end), files and endings, in order."""


def looked_in() -> str:
    """The places in one sentence."""
    return f"Looked in {', '.join(PLACES[:-1])} and {PLACES[-1]}."
