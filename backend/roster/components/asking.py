"""Callers as the values of a statement that is compiled once for all who are alike.

What the one predicate of `teams/access.py` makes of a caller depends on whether they
are signed in, have a second factor, and come with a token for chosen teams. All else
about them goes into slots.
"""

from functools import lru_cache
from typing import Any, NamedTuple, cast
from uuid import UUID

from sqlalchemy import Uuid

from roster.core.actor import Actor, Anonymous, Caller
from roster.core.direct import slot


class Shape(NamedTuple):
    """What statements of several callers may have in common."""

    is_signed_in: bool
    has_second_factor: bool = False
    teams: int | None = None
    """How many teams the token reaches; None: all."""


def shape_of(caller: Caller) -> Shape:
    if isinstance(caller, Anonymous):
        return Shape(is_signed_in=False)
    teams = None if caller.team_ids is None else len(caller.team_ids)
    return Shape(
        is_signed_in=True, has_second_factor=caller.has_second_factor, teams=teams
    )


def values_of(caller: Caller) -> dict[str, UUID]:
    """What goes into the slots of `stand_in`."""
    if isinstance(caller, Anonymous):
        return {}
    values = {"caller_id": caller.id}
    for number, team_id in enumerate(caller.team_ids or ()):
        values[f"reached_{number}"] = team_id
    return values


@lru_cache(256)
def stand_in(shape: Shape) -> Caller:
    """A caller to build the statement with, who has slots instead of values."""
    if not shape.is_signed_in:
        return Anonymous()
    teams = None
    if shape.teams is not None:
        slots = (slot(f"reached_{number}", Uuid()) for number in range(shape.teams))
        teams = frozenset(slots)
    return Actor(
        id=cast("Any", slot("caller_id", Uuid())),
        username="",
        is_admin=False,
        team_ids=cast("Any", teams),
        has_second_factor=shape.has_second_factor,
    )
