"""How components, collections and their releases are written."""

import re
from typing import NamedTuple, Self

from roster.client.exits import Exit, Trouble

_NAME = r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?"
_COLLECTION = re.compile(rf"({_NAME})/({_NAME})(?:@(?:v?([0-9]{{1,9}})|latest))?")
_COMPONENT = re.compile(
    rf"(?:roster:)?(?:([a-z]{{1,32}}):)?({_NAME})/({_NAME})(?:@({_NAME}))?"
)


class CollectionRef(NamedTuple):
    """`team/collection`, with `@` and the number of a release or without."""

    team: str
    name: str
    number: int | None = None

    @classmethod
    def read(cls, text: str) -> Self:
        found = _COLLECTION.fullmatch(text)
        if found is None:
            raise Trouble(
                Exit.usage,
                f"{text!r} names no collection: write team/collection, or "
                "team/collection@3 for a release of it.",
            )
        number = int(found[3]) if found[3] else None
        return cls(found[1], found[2], number)

    def __str__(self) -> str:
        at = f"@{self.number}" if self.number else ""
        return f"{self.team}/{self.name}{at}"


class ComponentRef(NamedTuple):
    """`kind:team/name`, with or without the kind, and `@` with a number or label."""

    kind: str
    team: str
    name: str
    at: str = ""

    @classmethod
    def read(cls, text: str) -> Self:
        found = _COMPONENT.fullmatch(text)
        if found is None:
            raise Trouble(
                Exit.usage,
                f"{text!r} names no component: write agent:team/name, or "
                "agent:team/name@3 for a revision of it.",
            )
        return cls(found[1] or "", found[2], found[3], found[4] or "")
