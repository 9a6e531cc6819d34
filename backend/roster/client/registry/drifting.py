"""How far what lies in a folder is from what is published."""

import difflib
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from roster.client.exits import Exit, Trouble
from roster.client.http.api import Api, part
from roster.client.linting.reading import Checked
from roster.client.registry.components import MAINS
from roster.client.registry.references import CollectionRef
from roster.client.registry.releases import Release, find, preview
from roster.client.trees import sides
from roster.client.trees.state import State

BATCH = 500
LOOKED_AT = 10
"""Revisions of a component that a changed file is compared with, the newest first."""


@dataclass(frozen=True, slots=True)
class Pulled:
    """What became of a pull.

    Attributes:
        state: As the pull left it.
        newest: Number of the newest release; None: the collection is gone or hidden.
        withdrawn: What of the pulled release was yanked or deleted since.
        files: `modified` or `missing`, by path; the others are as they were written.
        release: The one that was pulled; None: it is gone or hidden.
    """

    state: State
    newest: int | None
    withdrawn: list[str]
    files: dict[str, str]
    release: Release | None = None

    @property
    def behind(self) -> int:
        return max(0, (self.newest or self.state.release) - self.state.release)

    @property
    def is_fine(self) -> bool:
        return not (self.files or self.behind or self.withdrawn or not self.newest)


@dataclass(frozen=True, slots=True)
class Stray:
    """A file that roster did not pull, and what it is.

    Attributes:
        file: As it was read.
        standing: As the server has it: identical, behind, yanked, modified, unknown.
        reference: Of the likeliest revision or component; empty: there is none.
        behind: How many revisions came after it.
        yank_reason: Why it is not to be used.
        likeness: Of a changed file with that revision, from 0 to 1.
        nearest: The bytes of that revision, where the file was changed.
    """

    file: Checked
    standing: str
    reference: str = ""
    behind: int = 0
    yank_reason: str | None = None
    likeness: float | None = None
    nearest: bytes | None = field(default=None, repr=False)


def of_pull(api: Api, root: Path, state: State) -> Pulled:
    """Compare a pull with the folder, and with what was released since."""
    here = sides.of_folder(root, list(state.files))
    files = {
        path: "modified" if path in here.files else "missing"
        for path, sha in state.files.items()
        if here.files.get(path) != sha
    }
    try:
        newest = find(api, CollectionRef(state.team, state.collection))
        asked = CollectionRef(state.team, state.collection, state.release)
        is_newest = newest.number == state.release
        release = newest if is_newest else find(api, asked)
    except Trouble as trouble:
        if trouble.code is not Exit.not_found:
            raise
        return Pulled(state, None, [], files)
    return Pulled(state, newest.number, release.withdrawn(), files, release)


def changes_of(api: Api, root: Path, pulled: Pulled) -> list[str]:
    """A diff of what was pulled with what is there."""
    if pulled.release is None or not pulled.files:
        return []
    promised = preview(api, pulled.release, pulled.state.target)
    wanted = sides.of_release(api, pulled.release, promised)
    known = [path for path in pulled.files if path in promised.files]
    here = sides.of_folder(root, known)
    lines: list[str] = []
    for path in known:
        after = here.read(path) if path in here.files else None
        lines += sides.of_file(path, wanted.read(path), after)
    return lines


def of_strays(api: Api, files: Sequence[Checked]) -> list[Stray]:
    """Ask which revisions these files are."""
    found: list[Stray] = []
    for start in range(0, len(files), BATCH):
        some = files[start : start + BATCH]
        answer = api.send("POST", "/drift", {"files": [_asked(one) for one in some]})
        pairs = zip(some, answer["files"], strict=True)
        found += [_stray(api, file, told) for file, told in pairs]
    return found


def _asked(file: Checked) -> dict[str, Any]:
    digest = hashlib.sha256(file.place.read_bytes()).hexdigest()
    asked = {"path": file.path[-1000:], "sha256": digest, "kind": file.kind}
    return asked | ({"name": file.name} if file.name and "," not in file.name else {})


def _stray(api: Api, file: Checked, told: dict[str, Any]) -> Stray:
    standing, matches = told["standing"], told["matches"]
    if not matches:
        return Stray(file, standing)
    if standing == "modified":
        return _nearest(api, file, matches)
    first = matches[0]
    reference = f"{first['reference']}@{first['number']}"
    return Stray(file, standing, reference, first["behind"], first["yank_reason"])


def _nearest(api: Api, file: Checked, matches: list[dict[str, Any]]) -> Stray:
    """The revision that a changed file is most like, of all that it may be."""
    own = file.place.read_bytes()
    best: tuple[float, str, bytes] = (-1.0, matches[0]["reference"], b"")
    for match in matches:
        base = f"/components/{part(match['component_id'])}/revisions"
        numbers = [
            one["number"] for one in api.get(base, {"limit": LOOKED_AT})["items"]
        ]
        for number in numbers:
            path = f"{base}/{number}/files/{MAINS[file.kind]}"
            try:
                data = api.read(path).data
            except Trouble as trouble:
                if trouble.code is not Exit.not_found:
                    raise
                continue
            alike = likeness(own, data)
            if alike > best[0]:
                best = (alike, f"{match['reference']}@{number}", data)
    alike, reference, data = best
    return Stray(
        file, "modified", reference, likeness=max(0.0, alike), nearest=data or None
    )


def likeness(one: bytes, other: bytes) -> float:
    """How much two texts share, line by line, from 0 to 1."""
    lines = [data.decode("utf-8", "replace").splitlines() for data in (one, other)]
    return difflib.SequenceMatcher(None, lines[0], lines[1], autojunk=False).ratio()
