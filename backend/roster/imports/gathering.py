"""Put the files of an upload together into what they make. Uses the CPU only."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from roster.components.foreign import FORMATS, Converted, Format, convert
from roster.components.foreign.base import Values
from roster.components.foreign.documents import read_large_json
from roster.components.foreign.licence_files import (
    licence_of,
    nearest,
    tells_licence,
)
from roster.components.foreign.plugins import Layout, is_special, layout_of
from roster.components.kinds import KINDS, Kind, kind_of
from roster.components.kinds.classify import classify
from roster.components.kinds.discovery import Unit, group
from roster.components.tree_upload import PATH_LENGTH, clashes
from roster.imports.reading import About, Looked
from roster.uploads.archive import Incoming
from roster.uploads.paths import unportable

MANIFEST_BYTES = 4 * 1024 * 1024
"""Of all manifests of plugins together, which are held in memory."""
Look = Callable[[Incoming], Looked]


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


@dataclass(frozen=True, slots=True)
class _Main:
    """A file that holds a component, or several, and the tool's way to write it."""

    kind: Kind
    format: Format | None = None


@dataclass(frozen=True, slots=True)
class _World:
    """All files by their path, and what the manifests and licences among them say."""

    files: dict[str, Incoming]
    look: Look
    layout: Layout
    licences: dict[str, str]

    def main(self, path: str) -> _Main | None:
        """What a file holds the main one of."""
        looked = self.look(self.files[path])
        return None if looked.refusal else self.of(looked)

    def of(self, looked: Looked) -> _Main | None:
        path, data = looked.path, looked.data or b""
        found = classify(path, data)
        form = FORMATS.get(found)
        if form is not None:
            holds = not form.holds_many or self._holds(looked, form)
            return _Main(KINDS[form.kind], form) if holds else None
        if named := self.layout.kind_at(path, found):
            return _Main(KINDS[named])
        kind = KINDS.get(found) or kind_of(path, data)
        return _Main(kind) if kind is not None else None

    def _holds(self, looked: Looked, form: Format) -> bool:
        if is_special(looked.path) or not looked.is_whole:
            return False
        return bool(convert(looked.path, looked.data or b"", form))

    def about(self, path: str, tool: str = "", notes: Iterable[str] = ()) -> About:
        plugin = self.layout.around(path)
        told = [*notes, plugin.note] if plugin is not None else notes
        return About(tool, tuple(told), nearest(self.licences, path))


def gather(
    files: Sequence[Incoming], look: Look, limits: TreeLimits
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
    world = _world(first, look)
    mains = {path: found for path in first if (found := world.main(path)) is not None}
    units, rest = group(first.keys(), {path: one.kind for path, one in mains.items()})
    for unit in units:
        yield from _of_unit(unit, mains[unit.main], world, limits)
    for path in rest:
        yield Gathered(replace(look(first[path]), about=world.about(path)))
    for file in again:
        looked = look(file)
        found = None if looked.refusal else world.of(looked)
        yield from _taken(looked, found, world)
    yield from _of_plugins(world)


def _world(files: dict[str, Incoming], look: Look) -> _World:
    special: dict[str, Values] = {}
    left = MANIFEST_BYTES
    for path in sorted(filter(is_special, files)):
        looked = look(files[path])
        left -= looked.size
        if looked.data is not None and looked.is_whole and left >= 0:
            special[path] = read_large_json(looked.data)
    telling = (
        (path, looked.data)
        for path in sorted(filter(tells_licence, files))
        if (looked := look(files[path])).data is not None
    )
    return _World(files, look, layout_of(special, files), licence_of(telling))


def _of_unit(
    unit: Unit, main: _Main, world: _World, limits: TreeLimits
) -> Iterator[Gathered]:
    files = world.files
    looked = world.look(files[unit.main])
    beside = {path: files[found] for found, path in unit.tree() if found != unit.main}
    for path, reason in _misfits(unit.kind.main, beside).items():
        file = beside.pop(path)
        yield Gathered(Looked(file.path, file.size, refusal=reason))
    others = tuple(beside.items())
    if reason := _objection(others, limits):
        looked = Looked(looked.path, looked.size, refusal=reason)
        others = ()
    yield from _taken(looked, main, world, others)


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


def _taken(
    looked: Looked,
    main: _Main | None,
    world: _World,
    others: tuple[tuple[str, Incoming], ...] = (),
) -> Iterator[Gathered]:
    """One row for each component that the file holds."""
    if main is None or looked.data is None:
        yield Gathered(looked, main.kind if main is not None else None, others)
        return
    about = world.about(looked.path, main.format.tool if main.format else "")
    found = _converted(looked, main)
    if found:
        yield from _of_found(looked, found, main, world)
        return
    parts = main.kind.split(looked.data) if looked.is_whole else []
    if not parts:
        yield Gathered(replace(looked, about=about), main.kind, others)
    for name, data in parts:
        part = Looked(f"{looked.path}#{name}", len(data), data, about=about)
        yield Gathered(part, main.kind)


def _converted(looked: Looked, main: _Main) -> list[Converted]:
    if main.format is None or not looked.is_whole:
        return []
    return convert(looked.path, looked.data or b"", main.format)


def _of_found(
    looked: Looked, found: Sequence[Converted], main: _Main, world: _World
) -> Iterator[Gathered]:
    """A row for each; alone in its file, it is called as that is."""
    is_alone = len(found) == 1 and not (main.format and main.format.holds_many)
    for one in found:
        path = looked.path if is_alone or one.refusal else _part(looked.path, one)
        # What else stands in the file is nobody's business who looks at this one.
        source = looked.data if is_alone and one.source is None else one.source
        yield _of_converted(replace(looked, source=source), one, world, path)


def _of_converted(looked: Looked, one: Converted, world: _World, path: str) -> Gathered:
    kind = KINDS[one.kind]
    about = world.about(looked.path, one.tool, one.notes)
    if one.refusal:
        refused = Looked(path, looked.size, refusal=one.refusal, about=about)
        return Gathered(refused, kind)
    name = one.name if one.kind == "command" else None
    if one.data == looked.data:
        return Gathered(replace(looked, source=None, name=name, about=about), kind)
    size, source = len(one.data), looked.source
    made = Looked(path, size, one.data, None, source, name, about=about)
    return Gathered(made, kind)


def _part(path: str, one: Converted) -> str:
    """The path of one component among several in a file."""
    below = "" if one.kind == "server" else f"{KINDS[one.kind].plural}/"
    return f"{path}#{below}{one.name or ''}"


def _of_plugins(world: _World) -> Iterator[Gathered]:
    """The servers that manifests of plugins hold, and the plugins that are not here."""
    for path, file in world.files.items():
        if not is_special(path):
            continue
        looked = world.look(file)
        form = FORMATS.get(classify(path, looked.data or b""))
        if form is not None and looked.is_whole:
            main = _Main(KINDS[form.kind], form)
            found = convert(path, looked.data or b"", form)
            yield from _of_found(
                looked, [one for one in found if not one.refusal], main, world
            )
    for path, root, server in world.layout.inline:
        row = _of_converted(Looked(path, 0), server, world, _part(path, server))
        about = world.about(f"{root}/x" if root else "x", "", server.notes)
        yield replace(row, looked=replace(row.looked, about=about))
    for path, plugin in world.layout.remotes:
        yield Gathered(
            Looked(
                f"{path}#{plugin.name}",
                0,
                elsewhere=plugin.reason,
                about=About(elsewhere=plugin.elsewhere),
            )
        )
