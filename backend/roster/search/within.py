"""Whose texts a question is asked of, and how many of them."""

from collections.abc import Awaitable, Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

from roster.search.matching import Condition, Place
from roster.search.scopes import Scope


@dataclass(frozen=True, slots=True)
class Limits:
    heads: int = 300
    """So many are ranked of those whose names and descriptions hold the words."""
    bodies: int = 150
    """And so many of those that hold them anywhere, where the others are fewer."""
    window: int = 600
    """The newest rows of an index; mostly these are enough, whatever they are of."""
    buckets: int = 2
    """The same on PostgreSQL: the newest buckets."""
    filtered: int = 20_000
    """Where filters that an index does not know give up looking for more."""

    def of(self, place: Place) -> int:
        """So many are ranked of what is found there."""
        return self.bodies if place is Place.anywhere else self.heads


USUAL = Limits()


@dataclass(frozen=True, slots=True)
class Within:
    """Whose texts are searched."""

    visible: Condition
    """What the caller may see."""
    wanted: Condition | None
    """What of that it asks for, if not for all; what it may not see is not in it."""
    scope: Callable[[], Awaitable[Scope]]
    """What an index may leave out by itself."""
    seen: Callable[[], Awaitable[Scope]]
    """The same, as if nothing else were asked for."""
    limits: Limits = USUAL
    values: Mapping[str, Any] = field(default_factory=dict)
    """What goes into the slots of the conditions."""
    key: Hashable | None = None
    """What the words of the conditions depend on; None if they are not to be kept."""
