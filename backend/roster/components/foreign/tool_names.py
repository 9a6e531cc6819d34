"""What the tools that an agent may use are called, by each coding tool.

The one table that is read and written by. To add a tool: a line of its name there, and
the names here that mean the same. Any other stays as it is written.
"""

import re
from collections.abc import Callable, Iterable, Mapping
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
# Names of ours, of late or of old, that no name above is read as.
SAME = {
    "LS": {"gemini": "list_directory", "opencode": "list"},
    "MultiEdit": {"gemini": "replace", "opencode": "edit"},
    "NotebookEdit": {"opencode": "edit"},
    "NotebookRead": {"gemini": "read_file", "opencode": "read"},
    "Task": {"opencode": "task"},
    "TodoRead": {"opencode": "todoread"},
}
# What a tool has beside, and we have no name for.
ONLY_GEMINI = frozenset({"list_directory", "read_many_files"})
ONLY_OPENCODE = frozenset(
    {"apply_patch", "list", "lsp", "patch", "plan_enter", "plan_exit", "todoread"}
)
_ALIASES = frozenset({"multiedit", "notebookread", "shell", "task"})
READ_ONLY = frozenset(
    {
        "AskUserQuestion",
        "Glob",
        "Grep",
        "LS",
        "LSP",
        "ListMcpResourcesTool",
        "NotebookRead",
        "Read",
        "ReadMcpResourceTool",
        "TodoRead",
        "TodoWrite",
        "ToolSearch",
        "WebFetch",
        "WebSearch",
    }
)
"""Tools that change no file and start no program."""
_SERVER_TOOL = re.compile(r"(?P<server>[A-Za-z0-9-]+)/(?P<tool>[\w-]+|\*)\Z")
_JOINED_TOOL = re.compile(r"(?P<server>[A-Za-z0-9-]+)_(?P<tool>[\w-]+|\*)\Z")
_OUR_SERVER_TOOL = re.compile(r"mcp__(?P<server>.+?)(?:__(?P<tool>.+))?\Z")
_ARGUMENTS = re.compile(r"\(.*", re.DOTALL)
_OWN_WORD = re.compile(r"[a-z][\w*-]*\Z")
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
    return () if name in _OURS else COPILOT.get(name.lower(), ())


def of_opencode(name: str) -> tuple[str, ...]:
    match = _JOINED_TOOL.match(name)
    if match and name not in ONLY_OPENCODE and not name.startswith("mcp__"):
        return (_of_server(match["server"], match["tool"]),)
    return OPENCODE.get(name, ())


def of_gemini(name: str) -> tuple[str, ...]:
    match = _FLAT_TOOL.match(name)
    if match:
        return (_of_server(match["server"], match["tool"]),)
    return GEMINI.get(name, ())


def _of_server(server: str, tool: str) -> str:
    return f"mcp__{server}" if tool == "*" else f"mcp__{server}__{tool}"


@dataclass(frozen=True, slots=True)
class Written:
    """Our names as a tool calls them.

    Attributes:
        names: Those that it knows, each once.
        pairs: Which of them are written otherwise.
        narrowed: Those of ours that say more than the tool can be told.
        unknown: Those of ours that it has nothing for.
    """

    names: list[str]
    pairs: list[str]
    narrowed: list[str]
    unknown: list[str]


def written(
    names: Iterable[str],
    of: Callable[[str], tuple[str, ...]],
    to: Callable[[str], str | None],
) -> Written:
    """Each name as the tool has it.

    Args:
        names: Ours, and those of the tool itself that stand among them.
        of: Reads a name of the tool, and gives nothing where it stays.
        to: Writes one of ours; None for what the tool has not.
    """
    found: dict[str, None] = {}
    pairs: dict[str, None] = {}
    narrowed, unknown = [], []
    for name in names:
        bare = bare_name(name)
        new = [to(ours) for ours in of(bare) or (bare,)]
        if None in new:
            unknown.append(name)
            continue
        theirs = [str(one) for one in new]
        found |= dict.fromkeys(theirs)
        if bare != name:
            narrowed.append(name)
        elif theirs != [name]:
            pairs[f"{name} as {' and '.join(theirs)}"] = None
    return Written(list(found), list(pairs), narrowed, unknown)


def bare_name(name: str) -> str:
    """A tool without what stands in parentheses behind it."""
    return _ARGUMENTS.sub("", name).strip() or name


def to_copilot(name: str) -> str | None:
    """Copilot takes our names too, in any case, and passes over what it has not."""
    match = _OUR_SERVER_TOOL.match(name)
    if match:
        return f"{match['server']}/{match['tool'] or '*'}"
    known = name.lower() in COPILOT or name in _OF_COPILOT or name.lower() in _ALIASES
    return name if known or "/" in name or name == "*" else None


def to_opencode(name: str) -> str | None:
    match = _OUR_SERVER_TOOL.match(name)
    if match:
        server = re.sub(r"[^A-Za-z0-9_-]", "_", match["server"])
        return f"{server}_{match['tool'] or '*'}"
    found = _TO_OPENCODE.get(name) or SAME.get(name, {}).get("opencode")
    return found or (name if _OWN_WORD.match(name) else None)


def to_gemini(name: str) -> str | None:
    """Gemini refuses an agent that names a tool which it does not know."""
    match = _OUR_SERVER_TOOL.match(name)
    if match:  # it takes what stands before the first underscore for the server
        server = re.sub(r"[^A-Za-z0-9-]+", "-", match["server"]).strip("-")
        tool = match["tool"] or "*"
        flat = f"mcp_{server}_{tool}"
        return flat if _FLAT_TOOL.match(flat) else None
    found = _TO_GEMINI.get(name) or SAME.get(name, {}).get("gemini")
    is_own = name in GEMINI or name in ONLY_GEMINI or name in {"*", "mcp_*"}
    return found or (name if is_own or _FLAT_TOOL.match(name) else None)


def _turned(table: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Our names, and the first of theirs that means each."""
    turned: dict[str, str] = {}
    for theirs, ours in table.items():
        for name in ours:
            turned.setdefault(name, theirs)
    return turned


_TO_OPENCODE, _TO_GEMINI = _turned(OPENCODE), _turned(GEMINI)
_OF_COPILOT = _turned(COPILOT).keys()
_OURS = _OF_COPILOT | _TO_OPENCODE.keys() | _TO_GEMINI.keys()
