"""Bring what is new beside the tree, and write down what is to become of it."""

import json
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from roster.client.trees.disk import Disk
from roster.client.trees.paths import named, own_folder
from roster.client.trees.planning import WRITTEN, Change, Fate
from roster.client.trees.state import State

JOURNAL, NEW, OLD = "journal.json", "new", "old"
ARCHIVE, STATE = "archive", "state"
SUFFIX = ".next"
KEPT = "kept"
_IGNORED = f"# Written by roster.\n/*{SUFFIX}/\n/{KEPT}/\n/lock\n"


@dataclass(frozen=True, slots=True)
class Step:
    """What is to become of one path.

    Attributes:
        path: Below the folder.
        was: sha256 of what may be replaced; None: nothing stood there.
        sha256: Of what comes; None: it goes.
        keep: Whether what stood there is somebody's work, and is kept aside.
    """

    path: str
    was: str | None
    sha256: str | None
    keep: bool


@dataclass(frozen=True, slots=True)
class Journal:
    """Everything that is to be done, written down before the first of it is."""

    key: str
    steps: Sequence[Step]

    def text(self) -> str:
        steps = [[one.path, one.was, one.sha256, one.keep] for one in self.steps]
        return json.dumps({"key": self.key, "steps": steps})

    @classmethod
    def read(cls, path: Path) -> "Journal":
        values: dict[str, Any] = json.loads(path.read_bytes())
        steps = [Step(*values) for values in values["steps"]]
        return cls(values["key"], steps)


def prepare_own(root: Path, disk: Disk) -> Path:
    """Make the folder for what is the program's own."""
    own = own_folder(root)
    missing = [one for one in (root, *root.parents) if not one.exists()]
    for folder in (*reversed(missing), own):
        disk.folder(folder)
    ignored = own / ".gitignore"
    if not ignored.exists():
        disk.write(ignored, [_IGNORED.encode()])
    return own


def begin(own: Path, key: str, disk: Disk) -> Path:
    """Make an empty place beside the tree, on the same file system."""
    stage = own / named(key, SUFFIX)
    shutil.rmtree(stage, ignore_errors=True)
    for folder in (stage, stage / NEW, stage / OLD):
        disk.folder(folder)
    return stage


def fill(
    stage: Path,
    changes: Sequence[Change],
    read: Callable[[str], Iterable[bytes]],
    state: State,
    disk: Disk,
) -> Journal:
    """Write all new files beside, and then the journal: from now on it is to happen.

    Args:
        stage: As `begin` made it.
        changes: What is to become of the tree.
        read: Gives the bytes of a new file; raises where they are not the right ones.
        state: That is true afterwards.
        disk: What writes.
    """
    steps = [step for change in changes if (step := _step(change)) is not None]
    promised = {change.path: change.promise for change in changes}
    for number, step in enumerate(steps):
        promise = promised[step.path]
        if promise is not None:
            disk.write(stage / NEW / str(number), read(step.path), promise.mode)
    disk.sync(stage / NEW)
    disk.write(stage / STATE, [state.text().encode()])
    journal = Journal(state.key, steps)
    half = stage / f"{JOURNAL}.half"
    disk.write(half, [journal.text().encode()])
    disk.move(half, stage / JOURNAL)
    disk.sync(stage)
    return journal


def _step(change: Change) -> Step | None:
    if change.fate in WRITTEN and change.promise is not None:
        keep = change.fate is Fate.overwrite
        return Step(change.path, change.was, change.promise.sha256, keep)
    if change.fate is Fate.remove:
        return Step(change.path, change.was, None, keep=False)
    return None
