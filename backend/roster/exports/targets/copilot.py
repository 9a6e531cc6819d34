"""Target `copilot`: GitHub Copilot and VS Code, below .github and .vscode."""

from typing import Any

from roster.components.foreign import (
    agent_fields,
    model_names,
    placeholders,
    tool_names,
)
from roster.components.foreign.markdown_files import of_prompt, of_prompt_text
from roster.exports import agent_parts, command_parts, spelling
from roster.exports.layout import go_through, servers
from roster.exports.ledger import Ledger
from roster.exports.sheet import Sheet, is_bool, is_text, is_texts
from roster.exports.shipment import Item, Shipment
from roster.exports.skill_files import put_skill
from roster.exports.targets.base import Exported, Fate, Target
from roster.lint.naming import slug

TOOL = "Copilot"
BODY_LENGTH = 30_000
_MODES = frozenset({"agent", "ask", "edit", "plan"})
_SKILL_READS = frozenset(
    {"argument-hint", "user-invocable", "disable-model-invocation", "context"}
)
_WITHOUT = "it runs on the model that a person chose"
_SERVERS = ".vscode/mcp.json"


def export(shipment: Shipment) -> Exported:
    ledger = Ledger()
    agents = {item.name for item in shipment.items if item.kind == "agent"}
    puts = {
        "agent": _agent,
        "skill": _skill,
        "command": lambda ledger, item: _prompt(ledger, item, agents),
    }
    go_through(ledger, shipment, puts)
    inputs: dict[str, dict[str, Any]] = {}
    made = servers(
        ledger, shipment, _SERVERS, lambda found: spelling.vs_code(found, inputs)
    )
    if made:
        asked = [inputs[name] for name in sorted(inputs)]
        document = {"inputs": asked, "servers": made}
        ledger.add(_SERVERS, spelling.document(document))
    return ledger.exported()


def _agent(ledger: Ledger, item: Item) -> None:
    sheet = Sheet(ledger, item, f".github/agents/{item.name}.agent.md", TOOL)
    _name(sheet)
    sheet.describe()
    _tools(sheet)
    if is_texts(sheet.left.get("model")):
        sheet.keep("model")
    agent_parts.model(sheet, model_names.to_copilot, _WITHOUT)
    agent_parts.own_servers(sheet, spelling.copilot, "mcp-servers")
    sheet.drop_known(agent_parts.NOTHING_FOR)
    sheet.keep_rest()
    if len(sheet.body) > BODY_LENGTH:
        why = f"{TOOL} reads {BODY_LENGTH:,} characters of a prompt: this one is cut."
        sheet.body = sheet.body[:BODY_LENGTH]
        sheet.say(Fate.approximated, "body", why)
    ledger.add(
        sheet.path, sheet.markdown(agent_fields.of_copilot_agent), item, item.mode
    )


def _name(sheet: Sheet) -> None:
    """A name that people see stays where it is that of the release in other words."""
    written = sheet.left.get("name")
    if is_text(written) and slug(str(written)) == sheet.item.name:
        sheet.keep("name")
    elif "name" in sheet.left:
        sheet.call()


def _tools(sheet: Sheet) -> None:
    """A text with commas stays one where no name changes."""
    value = sheet.left.get("tools")
    named = agent_parts.names(sheet, "tools")
    if named is None:
        return
    listed_ones = agent_parts.take_away(sheet, named)
    found = tool_names.written(
        listed_ones, tool_names.of_copilot, tool_names.to_copilot
    )
    agent_parts.say_written(sheet, "tools", found, "tools")
    names = [*found.names, *found.unknown]  # it passes over what it does not know
    sheet.out["tools"] = value if names == named else names


def _skill(ledger: Ledger, item: Item) -> None:
    put_skill(ledger, item, ".github/skills", TOOL, _SKILL_READS)


def _prompt(ledger: Ledger, item: Item, agents: set[str]) -> None:
    sheet = Sheet(ledger, item, f".github/prompts/{item.name}.prompt.md", TOOL)
    _name(sheet)
    command_parts.hint(sheet)
    named = command_parts.arguments(sheet)
    command_parts.fill(sheet, placeholders.to_copilot(sheet.body, named))
    command_parts.describe(sheet)
    sheet.keep("arguments")
    if "agent" not in sheet.left and is_text(sheet.left.get("mode")):
        sheet.left["agent"] = sheet.left.pop("mode")
        sheet.say(Fate.renamed, "mode", f"{TOOL} calls it so now.", "agent")
    sheet.drop("mode", f"{TOOL} reads agent in its place.")
    _own_tools(sheet)
    agent = sheet.left.get("agent")
    if isinstance(agent, str) and (agent in _MODES or agent in agents):
        sheet.keep("agent")
    agent_parts.model(sheet, model_names.to_copilot, _WITHOUT)
    only_people = sheet.left.get("disable-model-invocation")
    if is_bool(only_people) and only_people:
        del sheet.left["disable-model-invocation"]
        why = f"A prompt of {TOOL} is run by people alone."
        sheet.say(Fate.renamed, "disable-model-invocation", why)
    sheet.drop_known(command_parts.NOTHING_FOR)
    sheet.keep_rest()
    ledger.add(sheet.path, sheet.markdown(of_prompt, of_prompt_text), item, item.mode)


def _own_tools(sheet: Sheet) -> None:
    """What a prompt may use at all, which only one of Copilot's says."""
    value = sheet.left.get("tools")
    if isinstance(value, dict):
        sheet.left["tools"] = [str(name) for name, is_on in value.items() if is_on]
        why = f"{TOOL} reads a list: these are switched on."
        sheet.say(Fate.approximated, "tools", why)
    named = agent_parts.names(sheet, "tools")
    if named is not None:
        sheet.out["tools"] = named


TARGET = Target(
    "copilot",
    "GitHub Copilot and VS Code",
    "copilot",
    "Agents, prompts and skills below .github, and the servers in .vscode/mcp.json.",
    export,
)
