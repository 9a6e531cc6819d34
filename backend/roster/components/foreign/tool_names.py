"""What the tools that an agent may use are called, by each coding tool.

Only names that mean the same are here; any other stays as it is written.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

# GitHub documents these as aliases of each other, in any case.
COPILOT = {
    "execute": ("Bash",),
    "read": ("Read",),
    "edit": ("Edit", "Write"),
    "search": ("Grep", "Glob"),
    "agent": ("Agent",),
    "web": ("WebSearch", "WebFetch"),
    "todo": ("TodoWrite",),
}
OPENCODE = {
    "bash": ("Bash",),
    "edit": ("Edit",),
    "write": ("Write",),
    "read": ("Read",),
    "grep": ("Grep",),
    "glob": ("Glob",),
    "todowrite": ("TodoWrite",),
    "webfetch": ("WebFetch",),
    "websearch": ("WebSearch",),
    "skill": ("Skill",),
    "task": ("Agent",),
}
GEMINI = {
    "read_file": ("Read",),
    "write_file": ("Write",),
    "replace": ("Edit",),
    "run_shell_command": ("Bash",),
    "glob": ("Glob",),
    "grep_search": ("Grep",),
    "search_file_content": ("Grep",),
    "web_fetch": ("WebFetch",),
    "google_web_search": ("WebSearch",),
    "write_todos": ("TodoWrite",),
    "activate_skill": ("Skill",),
    "ask_user": ("AskUserQuestion",),
    "enter_plan_mode": ("EnterPlanMode",),
    "exit_plan_mode": ("ExitPlanMode",),
}
_SERVER_TOOL = re.compile(r"(?P<server>[A-Za-z0-9-]+)/(?P<tool>[\w-]+|\*)\Z")
_FLAT_TOOL = re.compile(r"mcp_(?P<server>[A-Za-z0-9-]+)_(?P<tool>\w[\w-]*|\*)\Z")
# Folders of tools that editors bring along are written like a server's.
_OF_EDITORS = frozenset(
    {
        "agent",
        "browser",
        "edit",
        "execute",
        "new",
        "read",
        "runCommands",
        "runNotebooks",
        "runTasks",
        "search",
        "todo",
        "vscode",
        "web",
    }
)


@dataclass(frozen=True, slots=True)
class Renamed:
    """The names as the manifest has them, and which of them were written otherwise."""

    names: list[str]
    pairs: list[str]


def renamed(names: Iterable[str], of: Callable[[str], tuple[str, ...]]) -> Renamed:
    """Each name by `of`, which gives nothing where it stays."""
    found: dict[str, None] = {}
    pairs: dict[str, None] = {}
    for name in names:
        new = of(name)
        found |= dict.fromkeys(new or (name,))
        if new and new != (name,):
            pairs[f"{name} as {' and '.join(new)}"] = None
    return Renamed(list(found), list(pairs))


def of_copilot(name: str) -> tuple[str, ...]:
    match = _SERVER_TOOL.match(name)
    if match and match["server"] not in _OF_EDITORS:
        return (_of_server(match["server"], match["tool"]),)
    return COPILOT.get(name.lower(), ())


def of_opencode(name: str) -> tuple[str, ...]:
    return OPENCODE.get(name, ())


def of_gemini(name: str) -> tuple[str, ...]:
    match = _FLAT_TOOL.match(name)
    if match:
        return (_of_server(match["server"], match["tool"]),)
    return GEMINI.get(name, ())


def _of_server(server: str, tool: str) -> str:
    return f"mcp__{server}" if tool == "*" else f"mcp__{server}__{tool}"
