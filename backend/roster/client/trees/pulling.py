"""A pull from its beginning to its end."""

import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from roster.client.exits import Exit, Trouble
from roster.client.http.api import Api
from roster.client.registry.releases import (
    EXECUTABLE,
    Preview,
    Promise,
    Release,
    tampered,
)
from roster.client.saying import Advance
from roster.client.trees import moving, staging, state
from roster.client.trees.archives import Archive, Counted
from roster.client.trees.disk import CHUNK, Disk
from roster.client.trees.planning import MOVED, WRITTEN, Fate, Plan, plan
from roster.client.trees.state import State

ENTRY = 512
"""What an archive says of a file besides its bytes and its name, and of itself."""
Decide = Callable[[Plan], Plan | None]
"""Says what of a plan is to be done; None: nothing."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to stand in a folder."""

    url: str
    release: Release
    preview: Preview

    @property
    def key(self) -> str:
        return state.key_of(self.release.team, self.release.name, self.preview.target)

    def state(self, plan: Plan) -> State:
        """What is true once a plan was carried out; what is left is not ours."""
        files = self.preview.files
        written = {change.path for change in plan.changes if change.promise is not None}
        return State(
            url=self.url,
            team=self.release.team,
            collection=self.release.name,
            target=self.preview.target,
            release=self.release.number,
            lock_digest=self.preview.lock_digest,
            files={path: files[path].sha256 for path in sorted(written)},
            executable=frozenset(
                path for path in written if files[path].mode == EXECUTABLE
            ),
        )


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a pull did.

    Attributes:
        plan: As it was carried out.
        kept: Where work of somebody is kept that stood in the way.
    """

    plan: Plan
    kept: list[Path]


@dataclass(frozen=True, slots=True)
class Pull:
    """A pull of one release into one folder."""

    api: Api
    root: Path
    wanted: Wanted
    disk: Disk

    def look(self) -> tuple[Plan, State | None]:
        """Compare the folder with what is wanted. Changes nothing.

        Returns:
            What would be done, and what was pulled before.

        Raises:
            Trouble: A release is not what it was, or another pull owns a file of it.
        """
        states = state.all_in(self.root)
        old = next((one for one in states if one.key == self.wanted.key), None)
        if old is not None:
            _require_the_same(old, self.wanted)
        others = [one for one in states if one is not old]
        return plan(self.root, self.wanted.preview.files, old, others), old

    def run(self, decide: Decide, advance: Advance) -> Pulled | None:
        """Make the folder hold the release: wholly, or not at all.

        Returns:
            What was done; None where it was decided to do nothing.

        Raises:
            Trouble: Something stands in the way, or what came is not what was
                promised.
            OSError: The file system refused; the old tree is there.
        """
        own = staging.prepare_own(self.root, self.disk)
        with moving.alone(self.root):
            moving.recover(self.root, self.disk)
            found, old = self.look()
            decided = decide(found)
            if decided is None:
                return None
            if old == self.wanted.state(decided) and not decided.of(*MOVED):
                return Pulled(decided, [])
            stage = staging.begin(own, self.wanted.key, self.disk)
            try:
                journal = self._bring(stage, decided, advance)
            except BaseException:
                shutil.rmtree(stage, ignore_errors=True)
                raise
            kept = moving.finish(self.root, stage, journal, self.disk)
            return Pulled(decided, kept)

    def _bring(self, stage: Path, plan: Plan, advance: Advance) -> staging.Journal:
        """Get the archive, and everything of it that is to be written."""
        preview, disk = self.wanted.preview, self.disk
        state = self.wanted.state(plan)
        if not plan.of(*WRITTEN):
            return staging.fill(stage, plan.changes, lambda _: (), state, disk)
        place = stage / staging.ARCHIVE
        query = {"target": preview.target, "format": "zip"}
        most = sum(map(_packed, preview.files.items()))
        with self.api.stream(f"{self.wanted.release.path}/export", query) as response:
            counted = Counted(_counting(response.stream(CHUNK), advance, most))
            disk.write(place, counted)
            counted.require(response.headers.get("Repr-Digest"))
        archive = Archive(place, preview.files)
        try:
            return staging.fill(stage, plan.changes, archive.read, state, disk)
        finally:
            archive.close()


def _require_the_same(old: State, wanted: Wanted) -> None:
    release = wanted.release
    if (old.team, old.collection) != (release.team, release.name):
        raise Trouble(
            Exit.local_changes,
            f"{old.shown} stands here under the same name: pull into another --dir.",
        )
    is_same = (old.url, old.release) == (wanted.url, release.number)
    if is_same and old.lock_digest != wanted.preview.lock_digest:
        raise tampered(f"{release.shown} is not what it was when it was pulled")


def _packed(promised: tuple[str, Promise]) -> int:
    """More than a file takes in any archive, however badly it was packed."""
    path, promise = promised
    return promise.size + promise.size // 100 + 4 * len(path) + ENTRY


def _counting(chunks: Iterable[bytes], advance: Advance, most: int) -> Iterator[bytes]:
    left = most + ENTRY
    for chunk in chunks:
        left -= len(chunk)
        if left < 0:
            raise tampered("the archive is larger than its files")
        advance(len(chunk))
        yield chunk


def keeping_mine(found: Plan) -> Plan:
    """Leave everything that somebody changed as it is."""
    return Plan(
        [
            replace(one, fate=Fate.keep) if one.fate is Fate.overwrite else one
            for one in found.changes
        ]
    )
