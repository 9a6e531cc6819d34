"""The kinds of component, one file each.

A kind turns the bytes of a file into a `Parsed` and back. To add a kind: one file
with a class like `Agent`, and one entry in `KINDS`.
"""

from roster.components.kinds.agent import AGENT
from roster.components.kinds.base import (
    Example,
    Kind,
    Literal,
    Parsed,
    Place,
    Reference,
    Refusal,
)
from roster.components.kinds.command import COMMAND
from roster.components.kinds.server import SERVER
from roster.components.kinds.skill import SKILL

KINDS: dict[str, Kind] = {kind.name: kind for kind in (AGENT, SKILL, COMMAND, SERVER)}

__all__ = [
    "KINDS",
    "Example",
    "Kind",
    "Literal",
    "Parsed",
    "Place",
    "Reference",
    "Refusal",
    "kind_of",
]


def kind_of(path: str, data: bytes) -> Kind | None:
    """The kind of component that a file holds, by its content and its place."""
    return next((kind for kind in KINDS.values() if kind.recognise(path, data)), None)
