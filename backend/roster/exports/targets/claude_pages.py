"""Agents, skills and commands as Claude Code reads them, in a project or a plugin."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from roster.components.kinds.markdown import first_paragraph
from roster.exports.ledger import Ledger
from roster.exports.pages import Page, State, edited, page_of
from roster.exports.shipment import Item
from roster.exports.targets.base import Fate, Weight

Values = dict[str, Any]

_STATES = {
    State.encoded: (Fate.renamed, "The file is written in UTF-8.", Weight.none),
    State.broken: (
        Fate.approximated,
        (
            "Its front matter is not valid YAML: it is written anew from what a person "
            "reads in it."
        ),
        Weight.slight,
    ),
}
_UNREAD = "It is no text that could be read."
_DASHES = (
    "Claude Code ends the front matter at the first three hyphens in a row: those "
    "inside a value are written with an escape."
)
_MARK = "Behind its byte order mark, some readers find no front matter; it is left out."


@dataclass
class Draft:
    """A file while it is changed: its values, and what is to be said of them."""

    item: Item
    page: Page
    values: Values
    said: list[tuple[Fate, str, str | None, str | None]] = field(default_factory=list)

    def say(
        self, fate: Fate, why: str, field: str | None = None, becomes: str | None = None
    ) -> None:
        self.said.append((fate, why, field, becomes))


Change = Callable[[Draft], None]
"""Changes the values of a draft, and says so."""


def put(ledger: Ledger, item: Item, path: str, *changes: Change) -> None:
    """Add the main file of a component, with what has to be changed in it."""
    page = page_of(item)
    if page.state is State.unread:
        ledger.add(path, item.main, item, item.mode)
        ledger.note(item, Fate.approximated, _UNREAD, path, weight=Weight.serious)
        return
    draft = Draft(item, page, dict(page.values))
    for change in changes:
        change(draft)
    if page.dashes:
        draft.say(Fate.renamed, _DASHES)
    if page.has_mark:
        draft.say(Fate.renamed, _MARK)
    data = edited(page, draft.values, anew=page.dashes)
    ledger.add(path, data, item, item.mode)
    if page.state in _STATES:
        fate, why, weight = _STATES[page.state]
        ledger.note(item, fate, why, path, weight=weight)
    for fate, why, field_, becomes in draft.said:
        ledger.note(item, fate, why, path, field_, becomes)


def put_beside(ledger: Ledger, item: Item, path: str) -> None:
    """Add the other files of a component, below the folder of its main one."""
    for file in item.others:
        ledger.store(str(PurePosixPath(path).parent / file.path), file, item)


def named(draft: Draft) -> None:
    """The name that is locked is the one that tools read."""
    written, name = draft.values.get("name"), draft.item.name
    if written == name:
        return
    if "name" in draft.values:
        draft.values["name"] = name
        why = "It is locked under another name than the file says."
    else:
        draft.values = {"name": name, **draft.values}
        why = "The file does not say its name."
    draft.say(Fate.renamed, why, "name", name)


def described(draft: Draft) -> None:
    """Claude Code skips what has no description, and does not say so."""
    written = draft.values.get("description")
    if isinstance(written, str) and written.strip():
        return
    if isinstance(written, bool | int | float):
        draft.values["description"] = str(written)
        why = "The description is a text to every reader."
        draft.say(Fate.renamed, why, "description", str(written))
        return
    found = first_paragraph(draft.page.body)
    text = found or f"The {draft.item.kind} {draft.item.name}."
    draft.values["description"] = text
    why = "It has no description; that is its first paragraph."
    if found and draft.item.kind == "command":  # what Claude Code shows, too
        draft.say(Fate.renamed, why, "description", text)
    else:
        said = why if found else "It has no description; this says its name alone."
        draft.say(Fate.approximated, said, "description", text)


def tools_listed(draft: Draft) -> None:
    """Claude Code refuses a map where a skill says which tools it may use."""
    tools = draft.values.get("allowed-tools")
    if isinstance(tools, dict):
        names = ", ".join(str(name) for name, is_on in tools.items() if is_on)
        draft.values["allowed-tools"] = names
        why = "Claude Code reads a list of names."
        draft.say(Fate.approximated, why, "allowed-tools", names)


def say_hidden(ledger: Ledger, item: Item, path: str) -> None:
    """Of a command and a skill of one name, Claude Code runs the skill."""
    why = "There is a skill of this name, which Claude Code runs in its place."
    ledger.note(item, Fate.approximated, why, path, weight=Weight.serious)
