"""Target `claude-code`: the folders of a project, as Claude Code reads them."""

from roster.components.kinds import KINDS
from roster.exports import servers
from roster.exports.ledger import Ledger
from roster.exports.shipment import Shipment
from roster.exports.targets import claude_pages as pages
from roster.exports.targets import claude_servers
from roster.exports.targets.base import Exported, Target

_CHANGES: dict[str, tuple[pages.Change, ...]] = {
    "agent": (pages.named, pages.described),
    "skill": (pages.named, pages.tools_listed),
    "command": (),
}


def export(shipment: Shipment) -> Exported:
    ledger = Ledger()
    skills = {item.name for item in shipment.items if item.kind == "skill"}
    for item in shipment.items:
        if item.kind not in _CHANGES:
            continue
        path = KINDS[item.kind].export_path(item.name)
        pages.put(ledger, item, path, *_CHANGES[item.kind])
        pages.put_beside(ledger, item, path)
        if item.kind == "command" and item.name in skills:
            pages.say_hidden(ledger, item, path)
    claude_servers.put(ledger, shipment.items, servers.PATH)
    return ledger.exported()


TARGET = Target(
    "claude-code",
    "Claude Code",
    "claude-code",
    "The folder .claude of a project, and .mcp.json.",
    export,
)
