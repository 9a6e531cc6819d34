"""Target `gemini`: an extension, which Gemini CLI installs from a repository.

Not the folder .gemini of a project: that is read in trusted folders alone, and its
servers would stand among the settings of whoever works there.
"""

from roster.components.foreign import (
    agent_fields,
    model_names,
    placeholders,
    tool_names,
)
from roster.exports import agent_parts, command_parts, spelling, toml, writing
from roster.exports.layout import go_through, servers
from roster.exports.ledger import Ledger
from roster.exports.served import Served
from roster.exports.sheet import Sheet, is_count, is_number, is_text
from roster.exports.shipment import Item, Shipment
from roster.exports.skill_files import put_skill
from roster.exports.targets.base import Exported, Fate, Target

TOOL = "Gemini CLI"
_EXTENSION = "gemini-extension.json"
_WITHOUT = "it runs on the model of the session"
_REFUSED = "Gemini CLI refuses an agent with a key that it does not know."
_SNAKE = {
    "httpUrl": "http_url",
    "includeTools": "include_tools",
    "excludeTools": "exclude_tools",
}


def export(shipment: Shipment) -> Exported:
    ledger = Ledger()
    puts = {"agent": _agent, "skill": _skill, "command": _command}
    go_through(ledger, shipment, puts)
    made = servers(ledger, shipment, _EXTENSION, spelling.gemini)
    values = {
        "name": shipment.collection,
        "version": f"{shipment.number}.0.0",
        "description": shipment.description or shipment.title or shipment.collection,
    }
    held = {"mcpServers": made} if made else {}
    ledger.add(_EXTENSION, spelling.document({**values, **held}))
    return ledger.exported()


def _agent(ledger: Ledger, item: Item) -> None:
    sheet = Sheet(ledger, item, f"agents/{item.name}.md", TOOL)
    sheet.left.pop("kind", None)
    sheet.out["kind"] = "local"
    sheet.call()
    sheet.keep("display_name", is_text)
    sheet.describe()
    _tools(sheet)
    agent_parts.model(sheet, model_names.to_gemini, _WITHOUT)
    sheet.keep("temperature", is_number)
    why = "Gemini CLI calls it max_turns."
    sheet.rename("maxTurns", "max_turns", is_count, why)
    sheet.keep("max_turns", is_count)
    sheet.keep("timeout_mins", is_number)
    agent_parts.own_servers(sheet, _own_server, "mcp_servers")
    sheet.drop_known(agent_parts.NOTHING_FOR)
    sheet.drop_rest(_REFUSED)
    body = placeholders.to_gemini_agent(sheet.body)
    if body != sheet.body:
        sheet.body = body
        why = "Gemini CLI does not start an agent that names ${…} in its prompt."
        sheet.say(Fate.approximated, "body", why, "${ … }")
    ledger.add(
        sheet.path, sheet.markdown(agent_fields.of_gemini_agent), item, item.mode
    )


def _own_server(found: Served) -> dict[str, object] | None:
    values = spelling.gemini(found)
    return values and {_SNAKE.get(key, key): one for key, one in values.items()}


def _tools(sheet: Sheet) -> None:
    named = agent_parts.names(sheet, "tools")
    if named is None:
        return
    left = agent_parts.take_away(sheet, named)
    found = tool_names.written(left, tool_names.of_gemini, tool_names.to_gemini)
    agent_parts.say_written(sheet, "tools", found, "tools")
    sheet.out["tools"] = found.names


def _skill(ledger: Ledger, item: Item) -> None:
    put_skill(ledger, item, "skills", TOOL)


def _command(ledger: Ledger, item: Item) -> None:
    sheet = Sheet(ledger, item, f"commands/{item.name}.toml", TOOL)
    sheet.by_file()
    named = command_parts.arguments(sheet)
    command_parts.fill(sheet, placeholders.to_gemini(sheet.body, named))
    command_parts.describe(sheet)
    body = writing.page({}, sheet.body).decode()
    if not body.strip():
        body = str(sheet.out.get("description", item.name))
        why = "Gemini CLI wants a prompt: this is the description."
        sheet.say(Fate.approximated, "body", why)
    sheet.out["prompt"] = body
    sheet.drop_known(command_parts.NOTHING_FOR)
    sheet.drop_rest("Gemini CLI reads no other keys in a command.")
    sheet.say_how()
    ledger.add(sheet.path, toml.dump(sheet.out), item, item.mode)


TARGET = Target(
    "gemini",
    "Gemini CLI",
    "gemini",
    "An extension: gemini extensions install <git URL> --ref target/gemini.",
    export,
)
