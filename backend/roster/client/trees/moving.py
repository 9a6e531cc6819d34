"""Put what stands beside into its place, as the journal says: all, or none of it."""

import os
import shutil
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from roster.client.exits import Exit, Trouble
from roster.client.trees.disk import Disk, digest_of
from roster.client.trees.paths import OWN, check, inside, own_folder
from roster.client.trees.staging import (
    JOURNAL,
    KEPT,
    NEW,
    OLD,
    STATE,
    SUFFIX,
    Journal,
    Step,
)
from roster.client.trees.state import place_of


@contextmanager
def alone(root: Path) -> Generator[None]:
    """Let no other pull into the same folder meanwhile.

    Raises:
        Trouble: There is one.
    """
    with (own_folder(root) / "lock").open("a") as file:
        try:
            _lock(file.fileno())
        except OSError:
            raise Trouble(
                Exit.local_changes,
                f"Another roster writes into {root}: wait until it is done.",
            ) from None
        yield


def _lock(number: int) -> None:
    if os.name == "posix":
        import fcntl  # noqa: PLC0415 - Windows has none

        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)


def recover(root: Path, disk: Disk) -> bool:
    """Finish what an earlier run began and was killed in; gives whether it was.

    What it had not decided upon is thrown away.
    """
    found = False
    for stage in sorted(own_folder(root).glob(f"*{SUFFIX}")):
        if (stage / JOURNAL).exists():
            journal = Journal.read(stage / JOURNAL)
            check(step.path for step in journal.steps)
            place_of(root, journal.key)
            finish(root, stage, journal, disk)
            found = True
        else:
            shutil.rmtree(stage)
    return found


def finish(root: Path, stage: Path, journal: Journal, disk: Disk) -> list[Path]:
    """Do all steps, or what of them is left to do, and note what is true then.

    Returns:
        Where work of somebody is kept that stood in the way.

    Raises:
        OSError: The file system refused one; the old tree is back.
    """
    try:
        for number, step in enumerate(journal.steps):
            _do(root, stage, number, step, disk)
    except (OSError, Trouble):
        _undo(root, stage, journal, disk)
        raise
    kept = _keep(root, stage, journal, disk)
    if (stage / STATE).exists():
        disk.move(stage / STATE, place_of(root, journal.key))
        disk.sync(root / OWN)
    clear(stage, disk)
    return kept


def clear(stage: Path, disk: Disk) -> None:
    """Forget the journal, and then what stood beside it."""
    disk.remove(stage / JOURNAL)
    shutil.rmtree(stage)


def _do(root: Path, stage: Path, number: int, step: Step, disk: Disk) -> None:
    new, old = stage / NEW / str(number), stage / OLD / str(number)
    place = inside(root, step.path)
    present = digest_of(place)
    is_done = not new.exists() if step.sha256 else present is None
    if is_done:
        return
    if present is not None and not old.exists():
        disk.second(place, old)
    if step.sha256 is None:
        disk.remove(place)
        _remove_empty(root, step.path, disk)
        return
    for folder in reversed(PurePosixPath(step.path).parents[:-1]):
        if not (root / folder).is_dir():
            disk.folder(root / folder)
    disk.move(new, place)


def _undo(root: Path, stage: Path, journal: Journal, disk: Disk) -> None:
    """Bring the old tree back; whatever is new stays beside until it is."""
    for number, step in reversed(list(enumerate(journal.steps))):
        new, old = stage / NEW / str(number), stage / OLD / str(number)
        place = inside(root, step.path)
        if step.sha256 and not new.exists() and place.exists():
            if old.exists():
                disk.second(place, new)
            else:
                disk.move(place, new)
                _remove_empty(root, step.path, disk)
        if old.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            disk.move(old, place)
    clear(stage, disk)


def _remove_empty(root: Path, path: str, disk: Disk) -> None:
    for folder in PurePosixPath(path).parents[:-1]:
        disk.remove_folder(root / folder)


def _keep(root: Path, stage: Path, journal: Journal, disk: Disk) -> list[Path]:
    """Put aside what somebody changed here, and what changed while we were at it."""
    kept: list[Path] = []
    folder = root / OWN / KEPT / time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    for number, step in enumerate(journal.steps):
        old = stage / OLD / str(number)
        present = digest_of(old)
        if present is None or not (step.keep or present != step.was):
            continue
        place = folder / step.path
        place.parent.mkdir(parents=True, exist_ok=True)
        while place.exists():
            place = place.with_name(f"{place.name}~")
        disk.move(old, place)
        kept.append(place)
    return kept
