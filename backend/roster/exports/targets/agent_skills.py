"""Target `agent-skills`: the skills by the standard, for every tool that reads it."""

from roster.exports import standard_skills
from roster.exports.ledger import Ledger
from roster.exports.shipment import Shipment
from roster.exports.targets.base import Exported, Target

_NO_PLACE = (
    "The Agent Skills standard has skills alone: take {} by claude-code, claude-plugin "
    "or the target of another tool."
)


def export(shipment: Shipment) -> Exported:
    ledger = Ledger()
    for item in shipment.items:
        if item.kind == "skill":
            standard_skills.put(ledger, item, "skills")
        else:
            ledger.dropped(item, _NO_PLACE.format(f"{item.kind}s"))
    return ledger.exported()


TARGET = Target(
    "agent-skills",
    "Agent Skills",
    "any tool that reads the Agent Skills standard",
    "The skills, each in its folder, as the standard has them.",
    export,
)
