"""The README of a plugin: what is in it, and what it needs."""

from roster.components.kinds import KINDS
from roster.exports import outlines
from roster.exports.ledger import Ledger
from roster.exports.plugin_names import marketplace_name
from roster.exports.shipment import Shipment


def write(shipment: Shipment, plugin: str, ledger: Ledger) -> bytes:
    """Markdown, the same for the same shipment."""
    title = outlines.line(shipment.title) or plugin
    lines = [f"# {title}", ""]
    if shipment.description.strip():
        lines += [outlines.paragraphs(shipment.description), ""]
    release = f", release {shipment.number}" if shipment.number else ""
    about = (
        f"The collection `{shipment.team}/{shipment.collection}`{release}, as a plugin "
        f"for Claude Code and Codex. This folder was written from the registry: what "
        f"is changed here by hand is gone with the next release."
    )
    market = marketplace_name(shipment.team, shipment.collection)
    lines += [
        about,
        "",
        "```",
        "/plugin marketplace add <address of the repository>",
        f"/plugin install {plugin}@{market}",
        "```",
        "",
    ]
    for kind in KINDS.values():
        held = [item for item in shipment.items if item.kind == kind.name]
        if held:
            lines += [f"## {kind.plural.capitalize()}", ""]
            lines += [outlines.entry(item) for item in held]
            lines.append("")
    if ledger.needed:
        lines += ["## Environment variables", ""]
        lines += [outlines.variable(one) for one in ledger.needed]
        lines.append("")
    return "\n".join(lines).encode(errors="replace")
