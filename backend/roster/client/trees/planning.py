"""What a pull would do: what was promised, what was pulled before, what is there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from roster.client.exits import Exit, Trouble
from roster.client.registry.releases import Promise
from roster.client.trees.disk import EXECUTABLE, PLAIN, digest_of, has_mode
from roster.client.trees.paths import check, inside
from roster.client.trees.state import State


class Fate(StrEnum):
    """What a pull does to a file."""

    add = "add"
    update = "update"
    same = "same"
    remove = "remove"
    overwrite = "overwrite"
    """It was changed here, or was never ours: somebody has to say so."""
    keep = "keep"
    """The same, and it was decided to leave it."""
    left = "left"
    """It is gone from the release, and was changed here: it stays."""


WRITTEN = frozenset({Fate.add, Fate.update, Fate.overwrite})
MOVED = WRITTEN | {Fate.remove}


@dataclass(frozen=True, slots=True)
class Change:
    """What is to become of one file.

    Attributes:
        path: Of the file.
        fate: What a pull does to it.
        was: The sha256 of what stands there; None: nothing does.
        promise: What is to stand there; None: nothing.
    """

    path: str
    fate: Fate
    was: str | None
    promise: Promise | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    changes: list[Change] = field(default_factory=list)

    def of(self, *fates: Fate) -> list[Change]:
        return [change for change in self.changes if change.fate in fates]

    @property
    def in_the_way(self) -> list[Change]:
        return self.of(Fate.overwrite)

    @property
    def is_done(self) -> bool:
        """Whether everything is as it should be."""
        return all(change.fate is Fate.same for change in self.changes)


def plan(
    root: Path,
    promised: Mapping[str, Promise],
    old: State | None,
    others: list[State],
) -> Plan:
    """Compare.

    Args:
        root: The folder.
        promised: The files of the release, by path.
        old: What was pulled before of the same collection for the same tool.
        others: What was pulled of others.

    Raises:
        Trouble: Another one wrote a file of the same name, or what was promised is to
            stand elsewhere.
    """
    check(promised)
    before = old.files if old is not None else {}
    _require_own(promised, others)
    changes = [
        _written(root, path, promise, before.get(path), old)
        for path, promise in sorted(promised.items())
    ]
    gone = sorted(before.keys() - promised.keys())
    changes += [change for path in gone if (change := _gone(root, path, before[path]))]
    return Plan(changes)


def _require_own(promised: Mapping[str, Promise], others: list[State]) -> None:
    for other in others:
        both = sorted(promised.keys() & other.files.keys())
        if both:
            raise Trouble(
                Exit.local_changes,
                f"{both[0]} is also of {other.shown}, which stands in this folder: "
                "put both into one collection, or pull into another --dir.",
            )


def _written(
    root: Path, path: str, promise: Promise, before: str | None, old: State | None
) -> Change:
    place = inside(root, path)
    present = digest_of(place)
    if present is None:
        fate = Fate.add
    elif present == promise.sha256 and has_mode(place, promise.mode):
        fate = Fate.same
    elif present == before and _was_ours(place, path, old):
        fate = Fate.update
    else:
        fate = Fate.overwrite
    return Change(path, fate, present, promise)


def _was_ours(place: Path, path: str, old: State | None) -> bool:
    wanted = EXECUTABLE if old is not None and path in old.executable else PLAIN
    return has_mode(place, wanted)


def _gone(root: Path, path: str, before: str) -> Change | None:
    present = digest_of(inside(root, path))
    if present is None:
        return None
    return Change(path, Fate.remove if present == before else Fate.left, present)
