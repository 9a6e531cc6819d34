"""What the agents of all tools have in common while they are laid out."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from roster.components.foreign.model_names import Model
from roster.components.foreign.tool_names import READ_ONLY, Written, bare_name
from roster.components.kinds.manifest import split_list
from roster.exports import spelling
from roster.exports.served import KIND, Served, served
from roster.exports.sheet import Sheet, listed
from roster.exports.targets.base import Fate, Weight

Values = dict[str, Any]
NOTHING_FOR = {
    "disallowedTools": "{tool} does not take single tools away from an agent.",
    "color": "{tool} shows its agents without a colour.",
    "permissionMode": "{tool} asks the same of every agent.",
    "maxTurns": "{tool} does not count the turns of an agent.",
    "skills": "{tool} loads no skill for an agent beforehand.",
    "mcpServers": "{tool} gives its agents the servers of the project.",
    "hooks": "{tool} runs no hooks of an agent.",
    "memory": "{tool} keeps no memory for an agent.",
    "background": "{tool} does not start an agent in the background by itself.",
    "effort": "{tool} sets no effort for an agent.",
    "isolation": "{tool} runs its agents in the project itself.",
    "initialPrompt": "{tool} begins without a prompt of the agent's own.",
}
"""Why a field of an agent is left out, where the tool has nothing like it."""
_PLAN = "plan"
_OPEN = "tools"
_INHERITED = "It is so where no model is named."


def names(sheet: Sheet, key: str) -> list[str] | None:
    """Take a list of names out of the fields; None where there is none."""
    value = sheet.left.get(key)
    if isinstance(value, str) and value.strip():
        sheet.left.pop(key)
        return split_list(value)
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        sheet.left.pop(key)
        return value
    if key in sheet.left:
        sheet.drop(key, f"{sheet.tool} wants a list of names.")
    return None


def say_written(sheet: Sheet, key: str, found: Written, becomes: str) -> None:
    """Note what became of the names of tools."""
    if found.pairs:
        sheet.say(Fate.renamed, key, f"Other names: {listed(found.pairs)}.", becomes)
    if found.narrowed:
        why = f"{sheet.tool} has the whole tool or none: {listed(found.narrowed)}."
        # The whole of what was open in part; or closed, which harms less.
        weight = Weight.serious if key == _OPEN else Weight.notable
        sheet.say(Fate.approximated, key, why, becomes, weight)
    if found.unknown:
        why = f"{sheet.tool} has no such tool: {listed(found.unknown)}."
        weight = Weight.notable if key == _OPEN else Weight.slight
        sheet.say(Fate.approximated, key, why, becomes, weight)


def take_away(sheet: Sheet, tools: list[str]) -> list[str]:
    """The tools without those that are forbidden beside them."""
    without = {bare_name(name) for name in names(sheet, "disallowedTools") or []}
    if not without:
        return tools
    left = [name for name in tools if bare_name(name) not in without]
    sheet.say(Fate.renamed, "disallowedTools", "They are not among the tools.", "tools")
    return left


def model(sheet: Sheet, to: Callable[[str], Model], without: str) -> None:
    """Write the model as the tool calls it.

    Args:
        sheet: The agent.
        to: Says how it is called.
        without: What the tool runs where it is left out.
    """
    said = sheet.text("model")
    if not said:
        sheet.drop("model", f"{sheet.tool} wants one name of a model.")
        return
    found = to(said.strip())
    if found.name is not None:
        sheet.out["model"] = found.name
    if found.name == said:
        return
    if found.name is None:
        fate = Fate.renamed if found.exact else Fate.dropped
        why = _INHERITED if found.exact else f"{sheet.tool} has no {said}: {without}."
    else:
        fate = Fate.renamed if found.exact else Fate.approximated
        why = f"{sheet.tool} calls it so."
        if not found.exact:
            why = f"{sheet.tool} names one version, which is this today."
    sheet.say(fate, "model", why, found.name)


def only_reads(sheet: Sheet) -> bool | None:
    """Whether the agent has no tool that changes anything; None if all are open.

    For tools that know no more than that; nothing is taken out of the fields.
    """
    if sheet.left.get("permissionMode") == _PLAN:
        return True
    value = sheet.left.get("tools")
    if isinstance(value, str) and value.strip():
        value = split_list(value)
    if not isinstance(value, list):
        return None
    return all(isinstance(one, str) and bare_name(one) in READ_ONLY for one in value)


def plan_is(sheet: Sheet, becomes: str) -> None:
    """Note that planning alone is written as reading alone."""
    if sheet.left.get("permissionMode") == _PLAN:
        del sheet.left["permissionMode"]
        why = f"{sheet.tool} can be told only that it changes nothing."
        sheet.say(Fate.approximated, "permissionMode", why, becomes)


def own_servers(
    sheet: Sheet, spell: Callable[[Served], Values | None], becomes: str
) -> None:
    """Write the servers that only this agent has, as the tool spells them."""
    sheet.drop(becomes, f"{sheet.tool} reads there what mcpServers says.")
    value = sheet.left.pop("mcpServers", None)
    made: dict[str, Values] = {}
    named: list[str] = []
    for name, config in _entries(value):
        if not isinstance(config, dict):
            named.append(name)
            continue
        data = spelling.document({"mcpServers": {name: config}})
        found = served(replace(sheet.item, kind=KIND, main=data, others=()))
        spelled = spell(found)
        for change in found.changes:
            why = f"{name}, {change.field or 'all of it'}: {change.why}"
            sheet.say(change.fate, "mcpServers", why, change.becomes)
        sheet.need(found.references)
        if spelled is not None:
            made[name] = spelled
    if named:
        why = f"{sheet.tool} gives its agents these of the project: {listed(named)}."
        sheet.say(Fate.approximated, "mcpServers", why)
    elif value is not None and not made:
        why = f"{sheet.tool} finds no server in it."
        sheet.say(Fate.dropped, "mcpServers", why)
    if made:
        sheet.out[becomes] = made
        sheet.say(Fate.renamed, "mcpServers", f"{sheet.tool} calls it so.", becomes)


def _entries(value: Any) -> Iterator[tuple[str, Any]]:
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict):
            yield from ((str(name), config) for name, config in one.items())
        elif isinstance(one, str):
            yield one, None
