"""Put the files of an upload together into what they make. Uses the CPU only."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from roster.components.kinds import KINDS, Kind, kind_of
from roster.components.kinds.discovery import Unit, group
from roster.components.tree_upload import PATH_LENGTH, clashes
from roster.imports.reading import Looked
from roster.uploads.archive import Incoming
from roster.uploads.paths import unportable


@dataclass(frozen=True, slots=True)
class Gathered:
    """One row of an import: what is looked at, and the files that come with it."""

    looked: Looked
    kind: Kind | None = None
    others: tuple[tuple[str, Incoming], ...] = ()
    """(path in the tree, file) of the files beside the main one."""


@dataclass(frozen=True, slots=True)
class TreeLimits:
    files: int
    bytes: int


def gather(
    files: Sequence[Incoming], look: Callable[[Incoming], Looked], limits: TreeLimits
) -> Iterator[Gathered]:
    """Give what each row of the import is about, in no order.

    A path that comes twice makes a row of its own the second time: which of the two
    belongs to a tree nobody can tell.
    """
    first: dict[str, Incoming] = {}
    again: list[Incoming] = []
    for file in files:
        taken = file.refusal is None and file.path not in first
        if taken:
            first[file.path] = file
        else:
            again.append(file)
    mains = {
        path: kind
        for path, file in first.items()
        if (kind := kind_of(path, look(file).data or b"")) is not None
    }
    units, rest = group(first.keys(), mains)
    for unit in units:
        yield from _of_unit(unit, first, look, limits)
    for file in (*(first[path] for path in rest), *again):
        looked = look(file)
        kind = None if looked.refusal else kind_of(file.path, looked.data or b"")
        yield from _split(Gathered(looked, kind))


def _of_unit(
    unit: Unit,
    files: Mapping[str, Incoming],
    look: Callable[[Incoming], Looked],
    limits: TreeLimits,
) -> Iterator[Gathered]:
    looked = look(files[unit.main])
    beside = {path: files[found] for found, path in unit.tree() if found != unit.main}
    for path, reason in _misfits(unit.kind.main, beside).items():
        file = beside.pop(path)
        yield Gathered(Looked(file.path, file.size, refusal=reason))
    others = tuple(beside.items())
    if reason := _objection(others, limits):
        looked = Looked(looked.path, looked.size, refusal=reason)
        others = ()
    yield from _split(Gathered(looked, unit.kind, others))


def _misfits(main: str, paths: Collection[str]) -> dict[str, str]:
    """The files that not every system can have in the tree, and why."""
    odd = {path: reason for path in paths if (reason := unportable(path))}
    rest = [main, *(path for path in paths if path not in odd)]
    found = {path: (other, reason) for path, other, reason in clashes(rest)}
    for path, (other, reason) in found.items():
        odd[other if path == main else path] = reason
    return odd


def _objection(others: Iterable[tuple[str, Incoming]], limits: TreeLimits) -> str:
    """Why a tree is not taken; empty when it is."""
    files = list(others)
    total = sum(file.size for _, file in files)
    if len(files) >= limits.files or total > limits.bytes:
        return (
            f"It has {len(files) + 1:,} files with {total:,} bytes; at most "
            f"{limits.files:,} with {limits.bytes:,} are taken."
        )
    for path, file in files:
        if len(path) > PATH_LENGTH:
            return f"The path {path[:80]}… in it is longer than {PATH_LENGTH}."
        if not file.is_whole:
            return f"{path} in it is too large: it has {file.size:,} bytes."
    return ""


def _split(gathered: Gathered) -> Iterator[Gathered]:
    """One row for each component, where a file holds several."""
    looked, kind = gathered.looked, gathered.kind
    parts = []
    if kind is not None and looked.data is not None and looked.is_whole:
        parts = KINDS[kind.name].split(looked.data)
    if not parts:
        yield gathered
        return
    for name, data in parts:
        yield Gathered(Looked(f"{looked.path}#{name}", len(data), data), kind)
