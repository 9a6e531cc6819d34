"""What the commands of all tools have in common while they are laid out."""

from roster.components.foreign.page import misread
from roster.components.foreign.placeholders import Filled
from roster.components.kinds.command import CommandManifest
from roster.components.kinds.markdown import first_paragraph
from roster.exports.sheet import Sheet, listed
from roster.exports.targets.base import Fate

NOTHING_FOR = {
    "argument-hint": "{tool} shows no hint for what is typed behind a command.",
    "arguments": "{tool} knows no names for what is typed behind a command.",
    "allowed-tools": "{tool} asks before it uses a tool, as it does elsewhere.",
    "disallowed-tools": "{tool} does not take single tools away from a command.",
    "model": "{tool} runs a command on the model of the session.",
    "effort": "{tool} sets no effort for a command.",
    "disable-model-invocation": "{tool} runs a command when a person asks for it.",
    "user-invocable": "{tool} shows every command to people.",
    "context": "{tool} runs a command in the session itself.",
    "agent": "{tool} gives a command to the agent that is there.",
    "subtask": "{tool} runs a command in the session itself.",
    "hooks": "{tool} runs no hooks of a command.",
    "shell": "{tool} has one shell for all commands.",
}
"""Why a field of a command is left out, where the tool has nothing like it."""


def arguments(sheet: Sheet) -> list[str]:
    """The names that the command gives its arguments."""
    return CommandManifest.read(sheet.left)[0].arguments or []


def fill(sheet: Sheet, found: Filled) -> None:
    """Take the text with what is filled in as the tool spells it."""
    sheet.body = found.text
    if found.pairs:
        why = f"{sheet.tool} spells it so: {listed(found.pairs)}."
        sheet.say(Fate.renamed, "body", why)
    if found.left:
        why = f"{sheet.tool} does not fill it in: {listed(found.left)}."
        sheet.say(Fate.approximated, "body", why)


def hint(sheet: Sheet) -> None:
    """A hint in brackets without quotes is a list for YAML, and was meant as a text."""
    value = sheet.left.get("argument-hint")
    if isinstance(value, list):
        del sheet.left["argument-hint"]
        shown = " ".join(f"[{one}]" for one in value)
        sheet.out["argument-hint"] = shown
        why = "A list was read where a text was meant."
        sheet.say(Fate.renamed, "argument-hint", why, shown)
    sheet.keep("argument-hint", lambda one: isinstance(one, str))


def describe(sheet: Sheet) -> None:
    """A command may go without a description, if nothing looks like front matter."""
    said = sheet.text("description")
    if said:
        sheet.out["description"] = said
    elif misread(sheet.body):
        sheet.out["description"] = told = first_paragraph(sheet.body) or sheet.item.name
        why = "It has one now, so that no front matter is seen in its text."
        sheet.say(Fate.renamed, "description", why, told)
        sheet.left.pop("description", None)
    sheet.drop("description", f"{sheet.tool} wants a text.")
