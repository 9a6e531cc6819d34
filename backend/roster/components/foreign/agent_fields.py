"""How each tool's fields of an agent become those of our manifest.

Each function changes `Fields` in place. What has no field of ours is kept.
"""

from collections.abc import Callable
from typing import Any

from roster.components.foreign import color_names, model_names, tool_names
from roster.components.foreign.base import Fields, Values, listed
from roster.components.foreign.server_fields import (
    CODEX,
    COPILOT,
    GEMINI,
    Dialect,
    mapped,
)
from roster.components.foreign.tool_names import of_copilot, of_gemini, of_opencode
from roster.components.kinds.agent_manifest import DOCUMENTED

_EFFORTS = frozenset({"low", "medium", "high", "xhigh"})
_ALL = "*"


def of_copilot_agent(fields: Fields, path: str) -> None:
    fields.named(path)
    _rename_tools(fields, of_copilot)
    rename_model(fields, model_names.of_copilot)
    _own_servers(fields, "mcp-servers", COPILOT)
    fields.say_kept(DOCUMENTED)


def of_cursor_agent(fields: Fields, path: str) -> None:
    fields.named(path)
    fields.rename("is_background", "background")
    rename_model(fields, model_names.of_cursor)
    fields.say_kept(DOCUMENTED)


def of_gemini_agent(fields: Fields, path: str) -> None:
    fields.named(path)
    _leave_out(fields, "kind", "local")
    _rename_tools(fields, of_gemini)
    fields.rename("max_turns", "maxTurns")
    key = "mcp_servers" if "mcp_servers" in fields.values else "mcpServers"
    _own_servers(fields, key, GEMINI)
    fields.say_kept(DOCUMENTED)


def of_opencode_agent(fields: Fields, path: str) -> None:
    fields.named(path)
    _leave_out(fields, "mode", "subagent")
    rename_model(fields, model_names.of_opencode)
    _of(fields, "color", color_names.of_opencode)
    if isinstance(fields.values.get("steps"), int):
        fields.rename("steps", "maxTurns")
    _switched_tools(fields)
    _denied_tools(fields)
    fields.say_kept(DOCUMENTED)


def of_codex_agent(fields: Fields, path: str) -> None:
    fields.named(path)
    if str(fields.values.get("model_reasoning_effort")) in _EFFORTS:
        fields.rename("model_reasoning_effort", "effort")
    _own_servers(fields, "mcp_servers", CODEX)
    fields.say_kept(DOCUMENTED)


def _leave_out(fields: Fields, key: str, value: str) -> None:
    """Leave a field out that says what all agents of ours are."""
    if fields.values.get(key) == value:
        fields.put(key, {})
        fields.note(f"{key} {value} is left out: so are all.")


def rename_model(fields: Fields, of: Callable[[str], str | None]) -> None:
    _of(fields, "model", of)


def _of(fields: Fields, key: str, of: Callable[[str], str | None]) -> None:
    """A name that we have another one for."""
    said = fields.values.get(key)
    ours = of(said) if isinstance(said, str) else None
    if ours is not None:
        fields.put(key, {key: ours})
        fields.note(f"{key} {said} is written as {ours}.")


def _rename_tools(fields: Fields, of: Any) -> None:
    """The names in a list of tools; another form of it stays."""
    names = fields.values.get("tools")
    if isinstance(names, str) and names.strip():
        names = [name.strip() for name in names.split(",")]
    if not isinstance(names, list) or not all(isinstance(n, str) for n in names):
        return
    found = tool_names.renamed(names, of)
    if found.pairs:
        fields.put("tools", {"tools": found.names})
        fields.note(f"Tools are written by our names: {listed(found.pairs)}.")


def _own_servers(fields: Fields, key: str, dialect: Dialect) -> None:
    """The servers of this agent alone: a map here, a list of maps in the manifest."""
    held = fields.values.get(key)
    is_map = isinstance(held, dict) and all(isinstance(v, dict) for v in held.values())
    if (
        not held
        or not is_map
        or (key != "mcpServers" and "mcpServers" in fields.values)
    ):
        return
    servers: list[Values] = []
    for name, config in held.items():
        ours, notes = mapped(dialect, config)
        servers.append({name: ours})
        for note in notes:
            fields.note(f"{key}, {listed([name])}: {note}")
    fields.put(key, {"mcpServers": servers})
    fields.note(f"{key} is written as a list in mcpServers.")


def _switched_tools(fields: Fields) -> None:
    """A map of tools to whether they are on: all are, unless it says otherwise."""
    switches = fields.values.get("tools")
    if not isinstance(switches, dict) or not switches:
        return
    if not all(isinstance(on, bool) for on in switches.values()):
        return
    on = [name for name, is_on in switches.items() if is_on and name != _ALL]
    off = [name for name, is_on in switches.items() if not is_on and name != _ALL]
    only_these = switches.get(_ALL) is False
    new: Values = {}
    if only_these:
        new["tools"] = tool_names.renamed(on, of_opencode).names
    if off and "disallowedTools" not in fields.values:
        new["disallowedTools"] = tool_names.renamed(off, of_opencode).names
    elif off:
        return
    fields.put("tools", new)
    if only_these:
        fields.note(f"tools: only these are on: {listed(on)}.")
    elif on:
        fields.note(f"tools: on, as all are that nothing switches off: {listed(on)}.")
    if off:
        fields.note(f"tools: off, so written in disallowedTools: {listed(off)}.")


def _denied_tools(fields: Fields) -> None:
    """What the permissions deny as a whole is said in disallowedTools as well."""
    rights = fields.values.get("permission")
    if not isinstance(rights, dict):
        return
    denied = [
        name for name, right in rights.items() if right == "deny" and name != _ALL
    ]
    listed_ones = fields.values.get("disallowedTools", [])
    if not denied or not isinstance(listed_ones, list):
        return
    names = tool_names.renamed([*listed_ones, *denied], of_opencode).names
    if names == listed_ones:
        return
    if "disallowedTools" not in fields.values:
        fields.last("disallowedTools", names)
    elif "tools" in fields.replaced:  # written a moment ago, in place of the map
        new = {**fields.replaced["tools"], "disallowedTools": names}
        fields.replaced["tools"] = new
        fields.values["disallowedTools"] = names
    else:
        fields.put("disallowedTools", {"disallowedTools": names})
    fields.note(f"permission denies, so disallowedTools says too: {listed(denied)}.")
