"""How a shipment is gone through by the targets that are laid out file by file."""

from collections.abc import Callable, Mapping
from typing import Any

from roster.exports.ledger import Ledger
from roster.exports.served import KIND, Served, served
from roster.exports.shipment import Item, Shipment
from roster.exports.targets.base import Fate

Put = Callable[[Ledger, Item], None]
Values = dict[str, Any]


def go_through(ledger: Ledger, shipment: Shipment, puts: Mapping[str, Put]) -> None:
    """Lay out what is not a server, each by the function of its kind."""
    for item in shipment.items:
        if item.kind in puts:
            puts[item.kind](ledger, item)
        elif item.kind != KIND:
            ledger.dropped(item, "The tool knows nothing of this kind.")


def servers(
    ledger: Ledger,
    shipment: Shipment,
    path: str,
    spell: Callable[[Served], Values | None],
) -> dict[str, Values]:
    """The servers of a shipment as a tool spells them, by their names."""
    made: dict[str, Values] = {}
    for item in shipment.items:
        if item.kind != KIND:
            continue
        found = served(item)
        spelled = spell(found)
        place = None if spelled is None else path
        for change in found.changes:
            if spelled is None and change.fate is not Fate.dropped:
                continue
            where = change.field or None
            ledger.note(item, change.fate, change.why, place, where, change.becomes)
        if spelled is None:
            continue
        if not found.changes:
            ledger.kept(item, "All of it is read.", path)
        ledger.variables(item, found.references)
        made[item.name] = spelled
    return made
