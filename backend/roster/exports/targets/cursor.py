"""Target `cursor`: the folder .cursor of a project."""

from roster.components.foreign import agent_fields, model_names, placeholders
from roster.exports import agent_parts, command_parts, spelling
from roster.exports.layout import go_through, servers
from roster.exports.ledger import Ledger
from roster.exports.sheet import Sheet, is_bool
from roster.exports.shipment import Item, Shipment
from roster.exports.skill_files import put_skill
from roster.exports.targets.base import Exported, Fate, Target

TOOL = "Cursor"
_WITHOUT = "it runs on the model of the session"
_SERVERS = ".cursor/mcp.json"
_SKILL_READS = frozenset({"disable-model-invocation"})
_PLAIN = "A command of Cursor is its text alone."


def export(shipment: Shipment) -> Exported:
    ledger = Ledger()
    puts = {"agent": _agent, "skill": _skill, "command": _command}
    go_through(ledger, shipment, puts)
    made = servers(ledger, shipment, _SERVERS, spelling.cursor)
    if made:
        ledger.add(_SERVERS, spelling.document({"mcpServers": made}))
    return ledger.exported()


def _agent(ledger: Ledger, item: Item) -> None:
    sheet = Sheet(ledger, item, f".cursor/agents/{item.name}.md", TOOL)
    sheet.call()
    sheet.describe()
    agent_parts.model(sheet, model_names.to_cursor, _WITHOUT)
    _rights(sheet)
    sheet.rename(
        "background", "is_background", is_bool, f"{TOOL} calls it is_background."
    )
    sheet.drop_known(agent_parts.NOTHING_FOR)
    sheet.keep_rest()
    ledger.add(
        sheet.path, sheet.markdown(agent_fields.of_cursor_agent), item, item.mode
    )


def _rights(sheet: Sheet) -> None:
    """All that Cursor can be told is whether an agent changes anything."""
    reads = agent_parts.only_reads(sheet)
    if reads and "readonly" not in sheet.left:
        sheet.out["readonly"] = True
        agent_parts.plan_is(sheet, "readonly")
        if "tools" in sheet.left:
            del sheet.left["tools"]
            why = f"{TOOL} can be told only that it changes nothing."
            sheet.say(Fate.approximated, "tools", why, "readonly")
    sheet.keep("readonly", is_bool)
    sheet.drop("tools", f"{TOOL} opens all tools to an agent, or those that only read.")


def _skill(ledger: Ledger, item: Item) -> None:
    put_skill(ledger, item, ".cursor/skills", TOOL, _SKILL_READS)


def _command(ledger: Ledger, item: Item) -> None:
    """Plain Markdown: what is typed behind the command follows its text."""
    sheet = Sheet(ledger, item, f".cursor/commands/{item.name}.md", TOOL)
    named = command_parts.arguments(sheet)
    command_parts.fill(sheet, placeholders.left_alone(sheet.body, named))
    sheet.by_file()
    sheet.drop("description", _PLAIN)
    sheet.drop_known(command_parts.NOTHING_FOR)
    sheet.drop_rest(_PLAIN)
    ledger.add(sheet.path, sheet.markdown(), item, item.mode)


TARGET = Target(
    "cursor",
    "Cursor",
    "cursor",
    "The folder .cursor of a project: agents, commands, skills and mcp.json.",
    export,
)
