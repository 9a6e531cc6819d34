"""Which files of a folder make one component together. Pure: it knows paths only."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from roster.components.kinds.base import Kind

PLUGIN = ".claude-plugin/plugin.json"


@dataclass(frozen=True, slots=True)
class Unit:
    """The files of one component, under the paths that they were found under.

    Attributes:
        kind: Of the component.
        root: The folder that its tree begins at; "" for the top.
        main: Path of the main file.
        others: Paths of the files beside it, in order; only trees have any.
    """

    kind: Kind
    root: str
    main: str
    others: tuple[str, ...] = ()

    def tree(self) -> Iterator[tuple[str, str]]:
        """(path found under, path in the tree of the revision), the main file first."""
        yield self.main, self.kind.main
        start = len(self.root) + 1 if self.root else 0
        for path in self.others:
            yield path, path[start:]


def group(
    paths: Collection[str], mains: Mapping[str, Kind]
) -> tuple[list[Unit], list[str]]:
    """Put the files of an upload together, and say which ones are left over.

    A file belongs to the innermost tree whose folder it stands in. The main file of
    another kind does so too, because a skill may bring agents along that only it
    uses, but not from a hidden folder (``.claude``), from the folder of a plugin, or
    from the top, where files stand beside each other by chance.

    Args:
        paths: All files, with forward slashes.
        mains: What `kind_of` recognised, by path.
    """
    roots = _roots(mains)
    known = set(paths)
    mixed = {root for root in roots if not root or f"{root}/{PLUGIN}" in known}
    others: dict[str, list[str]] = {main: [] for main in roots.values()}
    alone: list[str] = []
    rest: list[str] = []
    for path in sorted(known):
        if path in others:
            continue
        root = next((folder for folder in _above(path) if folder in roots), None)
        is_main = path in mains and not mains[path].is_tree
        if root is None or (is_main and (root in mixed or _is_hidden(path, root))):
            (alone if is_main else rest).append(path)
        else:
            others[roots[root]].append(path)
    units = [
        Unit(mains[main], root, main, tuple(others[main]))
        for root, main in roots.items()
    ]
    units += [Unit(mains[path], _folder(path), path) for path in alone]
    return sorted(units, key=lambda unit: unit.main), rest


def _roots(mains: Mapping[str, Kind]) -> dict[str, str]:
    """The folder of each tree, and its main file; the exact name wins over others."""
    roots: dict[str, str] = {}
    for path, kind in sorted(mains.items()):
        if not kind.is_tree:
            continue
        is_exact = PurePosixPath(path).name == kind.main
        if is_exact or _folder(path) not in roots:
            roots[_folder(path)] = path
    return roots


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _above(path: str) -> Iterator[str]:
    """The folders that a path stands in, the innermost first, the top last."""
    while path:
        path = _folder(path)
        yield path


def _is_hidden(path: str, root: str) -> bool:
    """Whether a folder between the two has a name that begins with a dot."""
    below = _folder(path[len(root) :]).split("/")
    return any(folder.startswith(".") for folder in below)
