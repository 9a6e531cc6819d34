"""Words beside the texts by which an index itself leaves out what is not asked for.

They only save time, where much that a caller may not see stands between what they
may: what is found is decided by the one predicate all the same. So one of them may
say too much, but none too little.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self
from uuid import UUID

MARK = "\ue000"
"""Begins each of these words; no word of a text or of a question holds it."""

MOST = 16
"""To look for one of more words may take longer than to ask about each row."""


def of_visibility(visibility: str) -> str:
    return f"{MARK}v{visibility}"


def of_kind(kind: str) -> str:
    return f"{MARK}k{kind}"


def of_team(team_id: UUID) -> str:
    # Stemming takes nothing from a word that ends so.
    return f"{MARK}t{team_id.hex}z"


def words_of(visibility: str, kind: str, team_id: UUID) -> str:
    """The words of a component; triggers of the databases write the same."""
    return f"{of_visibility(visibility)} {of_kind(kind)} {of_team(team_id)}"


@dataclass(frozen=True, slots=True)
class Scope:
    """What an index is asked for: of each group of words, one at least."""

    groups: tuple[tuple[str, ...], ...] = ()

    @classmethod
    def of(cls, *groups: Iterable[str]) -> Self:
        return cls(tuple(tuple(group) for group in groups))

    def also(self, words: Iterable[str]) -> "Scope":
        return Scope((*self.groups, tuple(words)))

    @property
    def quick(self) -> "Scope":
        """What of it each index looks for sooner than each row is asked."""
        return Scope(tuple(group for group in self.groups if len(group) <= MOST))

    @property
    def is_empty(self) -> bool:
        """Whether nothing can be in it."""
        return not all(self.groups)


ANYTHING = Scope()
