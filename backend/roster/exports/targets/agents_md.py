"""Target `agents-md`: one AGENTS.md that says what there is and where it stands."""

from collections.abc import Sequence

from roster.exports import outlines, servers, standard_skills
from roster.exports.ledger import Ledger
from roster.exports.served import Served, served
from roster.exports.shipment import Item, Shipment
from roster.exports.targets import claude_pages as pages
from roster.exports.targets.base import Exported, Fate, Target, Weight

PATH = "AGENTS.md"
FOLDER = ".agents"
_MOST_BYTES = 32 * 1024
"""Codex reads no more of it."""
_SECTIONS = (
    (
        "agent",
        "Agents",
        (
            "When a task fits the description of one of these, read its file first, "
            "and do the task as it says."
        ),
    ),
    (
        "skill",
        "Skills",
        (
            "When a task fits the description of one of these, read its file and "
            "follow it. Paths in it are relative to its folder."
        ),
    ),
    (
        "command",
        "Commands",
        (
            "When a person asks for one of these by its name, read its file and do "
            "what it says. `$ARGUMENTS` stands for what was said after the name."
        ),
    ),
)
_AS_TEXT = {
    "agent": "AGENTS.md knows no agents: it says where the text stands, and no tool "
    "sees to the fields of its front matter.",
    "command": "AGENTS.md knows no commands: it says where the text stands, and no "
    "tool puts the arguments in.",
}
_CHANGES: dict[str, tuple[pages.Change, ...]] = {
    "agent": (pages.named,),
    "command": (),
}
_LONG = "Codex reads 32 KiB of an AGENTS.md, and this one is longer."
_LISTED = "AGENTS.md starts no servers: it says which one is needed."


def export(shipment: Shipment) -> Exported:
    ledger = Ledger()
    held = [served(item) for item in shipment.items if item.kind == servers.KIND]
    for item in shipment.items:
        if item.kind == "skill":
            standard_skills.put(ledger, item, f"{FOLDER}/skills")
        elif item.kind in _AS_TEXT:
            path = place(item)
            pages.put(ledger, item, path, *_CHANGES[item.kind])
            ledger.approximated(item, _AS_TEXT[item.kind], path)
    for one in held:
        ledger.note(one.item, Fate.approximated, _LISTED, PATH, weight=Weight.serious)
        ledger.variables(one.item, one.references)
    ledger.add(PATH, _page(shipment, held, ledger))
    return ledger.exported()


def place(item: Item) -> str:
    """Where the text of an item stands."""
    if item.kind == "skill":
        return f"{FOLDER}/skills/{item.name}/{standard_skills.MAIN}"
    return f"{FOLDER}/{item.kind}s/{item.name}.md"


def _page(shipment: Shipment, held: Sequence[Served], ledger: Ledger) -> bytes:
    """The document; with shorter descriptions where it gets too long to be read."""
    for length in (outlines.LENGTH, outlines.LENGTH // 2, 0):
        data = _written(shipment, held, ledger, length)
        if len(data) <= _MOST_BYTES:
            break
    else:
        ledger.of_all(Fate.approximated, _LONG, PATH)
    return data


def _written(
    shipment: Shipment, held: Sequence[Served], ledger: Ledger, length: int
) -> bytes:
    title = outlines.line(shipment.title) or shipment.collection
    lines = [f"# {title}", ""]
    if shipment.description.strip():
        lines += [outlines.paragraphs(shipment.description), ""]
    for kind, heading, advice in _SECTIONS:
        items = [item for item in shipment.items if item.kind == kind]
        if items:
            lines += [f"## {heading}", "", advice, ""]
            lines += [_entry(item, length) for item in items]
            lines.append("")
    if held:
        lines += ["## MCP servers", "", "These are expected to be set up:", ""]
        lines += [_server(one) for one in held]
        lines.append("")
    if ledger.needed:
        lines += ["## Environment variables", ""]
        lines += [outlines.variable(one) for one in ledger.needed]
        lines.append("")
    return "\n".join(lines).encode(errors="replace")


def _entry(item: Item, length: int) -> str:
    is_skill = item.kind == "skill"
    told = standard_skills.description(item) if is_skill else outlines.description(item)
    shown = outlines.line(told, length) if length else ""
    return f"- [{item.name}]({place(item)}){': ' if shown else ''}{shown}"


def _server(one: Served) -> str:
    manifest = one.manifest
    words = [manifest.command or manifest.address or "", *(manifest.args or [])]
    shown = " ".join(" ".join(words).split()).replace("`", "'")
    said = outlines.line(manifest.description or "")
    return f"- `{one.name}`: `{shown}`{'. ' if said else ''}{said}"


TARGET = Target(
    "agents-md",
    "AGENTS.md",
    "any tool that reads AGENTS.md",
    "One AGENTS.md, and the texts that it points to in .agents.",
    export,
)
