"""Target `opencode`: version 1 of its files, in .opencode and opencode.json."""

from typing import Any

from roster.components.foreign import (
    agent_fields,
    color_names,
    model_names,
    placeholders,
    tool_names,
)
from roster.components.foreign.markdown_files import of_opencode_command
from roster.exports import agent_parts, command_parts, spelling
from roster.exports.layout import go_through, servers
from roster.exports.ledger import Ledger
from roster.exports.sheet import (
    Sheet,
    is_bool,
    is_count,
    is_map,
    is_number,
    is_text,
)
from roster.exports.shipment import Item, Shipment
from roster.exports.skill_files import put_skill
from roster.exports.targets.base import Exported, Fate, Target

TOOL = "OpenCode"
_MODES = frozenset({"subagent", "primary", "all"})
_RIGHTS = frozenset({"ask", "allow", "deny"})
_SERVERS = "opencode.json"
_WITHOUT = "it runs on the model of the session"
_OPTION = "OpenCode would hand it to the model's provider as an option."
_CHANGING = ("edit", "write", "patch", "bash")


def export(shipment: Shipment) -> Exported:
    ledger = Ledger()
    puts = {"agent": _agent, "skill": _skill, "command": _command}
    go_through(ledger, shipment, puts)
    made = servers(ledger, shipment, _SERVERS, spelling.opencode)
    if made:
        ledger.add(_SERVERS, spelling.document({"mcp": made}))
    return ledger.exported()


def _agent(ledger: Ledger, item: Item) -> None:
    sheet = Sheet(ledger, item, f".opencode/agents/{item.name}.md", TOOL)
    sheet.by_file()
    sheet.describe()
    sheet.out["mode"] = "subagent"
    sheet.keep("mode", lambda one: isinstance(one, str) and one in _MODES)
    agent_parts.model(sheet, model_names.to_opencode, _WITHOUT)
    sheet.keep("variant", is_text)
    sheet.keep("temperature", is_number)
    sheet.keep("top_p", is_number)
    sheet.keep("steps", is_count)
    sheet.rename("maxTurns", "steps", is_count, "OpenCode counts its steps.")
    sheet.keep("hidden", is_bool)
    sheet.keep("disable", is_bool)
    _tools(sheet)
    sheet.keep("permission", _are_rights)
    _color(sheet)
    sheet.keep("options", is_map)
    sheet.drop_known(agent_parts.NOTHING_FOR)
    sheet.drop_rest(_OPTION)
    ledger.add(
        sheet.path, sheet.markdown(agent_fields.of_opencode_agent), item, item.mode
    )


def _tools(sheet: Sheet) -> None:
    """A map of switches: with a list of ours, all that is not in it is off."""
    switches: dict[str, bool] = {}
    named = agent_parts.names(sheet, "tools")
    if named is not None and "*" in named:
        sheet.say(Fate.renamed, "tools", "All are on where none is switched off.")
    elif named is not None:
        found = tool_names.written(
            named, tool_names.of_opencode, tool_names.to_opencode
        )
        switches = {"*": False} | dict.fromkeys(found.names, True)
        agent_parts.say_written(sheet, "tools", found, "tools")
        if not found.pairs and not found.narrowed and not found.unknown:
            why = "OpenCode switches each tool on or off."
            sheet.say(Fate.renamed, "tools", why, "tools")
    off = agent_parts.names(sheet, "disallowedTools")
    if off is not None:
        found = tool_names.written(off, tool_names.of_opencode, tool_names.to_opencode)
        switches |= dict.fromkeys(found.names, False)
        agent_parts.say_written(sheet, "disallowedTools", found, "tools")
        why = "OpenCode switches each tool on or off."
        sheet.say(Fate.renamed, "disallowedTools", why, "tools")
    denied = [name for name in _denied(sheet) if switches.get(name, True)]
    if denied:
        switches |= dict.fromkeys(denied, False)
        why = "What is denied is switched off as well."
        sheet.say(Fate.renamed, "permission", why, "tools")
    if agent_parts.only_reads(sheet):
        switches |= dict.fromkeys(_CHANGING, False)
        agent_parts.plan_is(sheet, "tools")
    if switches:
        on = {name: True for name, is_on in switches.items() if is_on}
        all_off = {"*": False} if "*" in switches else {}
        sheet.out["tools"] = all_off | on | switches


def _denied(sheet: Sheet) -> list[str]:
    """What the permissions of the agent deny as a whole."""
    rights = sheet.left.get("permission")
    if not isinstance(rights, dict) or not _are_rights(rights):
        return []
    denied = [name for name, right in rights.items() if right == "deny"]
    names = [name for name in denied if name != "*"]
    return tool_names.written(
        names, tool_names.of_opencode, tool_names.to_opencode
    ).names


def _are_rights(value: Any) -> bool:
    """Whether it is a map from actions to rights, or to those of patterns."""
    if not isinstance(value, dict):
        return value in _RIGHTS if isinstance(value, str) else False
    for right in value.values():
        rights = right.values() if isinstance(right, dict) else [right]
        if not all(isinstance(one, str) and one in _RIGHTS for one in rights):
            return False
    return True


def _color(sheet: Sheet) -> None:
    color = sheet.text("color")
    if not color:
        sheet.drop("color", "OpenCode wants a text.")
        return
    found = color_names.to_opencode(color)
    if found is None:
        why = "OpenCode takes #rrggbb, and would refuse the whole configuration."
        sheet.say(Fate.dropped, "color", why)
        return
    sheet.out["color"] = found
    if found != color:
        sheet.say(Fate.renamed, "color", "OpenCode wants figures.", found)


def _skill(ledger: Ledger, item: Item) -> None:
    put_skill(ledger, item, ".opencode/skills", TOOL)


def _command(ledger: Ledger, item: Item) -> None:
    sheet = Sheet(ledger, item, f".opencode/commands/{item.name}.md", TOOL)
    sheet.by_file()
    named = command_parts.arguments(sheet)
    command_parts.fill(sheet, placeholders.to_opencode(sheet.body, named))
    command_parts.describe(sheet)
    sheet.keep("agent", is_text)
    agent_parts.model(sheet, model_names.to_opencode, _WITHOUT)
    if sheet.left.get("context") == "fork" and "subtask" not in sheet.left:
        sheet.left["subtask"] = True
        del sheet.left["context"]
        sheet.say(Fate.renamed, "context", "OpenCode calls it subtask.", "subtask")
    sheet.keep("subtask", is_bool)
    sheet.drop_known(command_parts.NOTHING_FOR)
    sheet.drop_rest("OpenCode reads no other keys in a command.")
    ledger.add(sheet.path, sheet.markdown(of_opencode_command), item, item.mode)


TARGET = Target(
    "opencode",
    "OpenCode 1",
    "opencode",
    "The folder .opencode of a project and opencode.json, as version 1 reads them.",
    export,
)
