"""Which plugins a tree holds, where their components stand, and which it only names.

A plugin says so itself in its plugin.json, and a marketplace.json may say it for it.
"""

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from roster.components.foreign.base import (
    Converted,
    UnreadableError,
    Values,
    listed,
    plain,
    shown,
)
from roster.components.foreign.marketplaces import (
    MARKETPLACE,
    MOST,
    Remote,
    plugins_of,
    remote,
)
from roster.components.foreign.server_fields import CLAUDE
from roster.components.foreign.server_files import servers

MANIFEST = "plugin.json"
_KINDS = {"agents": "agent", "commands": "command"}
_MARKDOWN = frozenset({"agent", "command", "document"})
_TOP = ""


@dataclass(frozen=True, slots=True)
class Plugin:
    """A plugin in the tree.

    Attributes:
        root: Its folder; "" for the top.
        name: What it calls itself.
        version: As it is written, or "".
        folders: Places of components of its own choice, and their kind.
        server_file: Where it says that its servers are.
    """

    root: str
    name: str
    version: str = ""
    folders: tuple[tuple[str, str], ...] = ()
    server_file: str = ""

    @property
    def note(self) -> str:
        version = f" {shown(self.version, 40)}" if self.version else ""
        return f"Part of the plugin {listed([self.name])}{version}."


@dataclass
class Layout:
    """The plugins of a tree."""

    plugins: dict[str, list[Plugin]] = field(default_factory=dict)
    remotes: list[tuple[str, Remote]] = field(default_factory=list)
    """(path of the marketplace, plugin) of what stands elsewhere."""
    inline: list[tuple[str, str, Converted]] = field(default_factory=list)
    """(path, root of the plugin, server) of what a marketplace says of a plugin."""

    def around(self, path: str) -> Plugin | None:
        """The plugin that a file belongs to: that of the nearest folder."""
        for root in _folders(path):
            if root in self.plugins:
                return self.plugins[root][0]
        return None

    def kind_at(self, path: str, found: str) -> str | None:
        """The kind of what stands where a plugin says that its components are.

        Args:
            path: Of a file.
            found: What `classify` takes it for.
        """
        name = path.lower()
        for root in _folders(path):
            for plugin in self.plugins.get(root, ()):
                if path == plugin.server_file and found == "other":
                    return "server"
                for place, kind in plugin.folders:
                    inside = not place or path == place or path.startswith(f"{place}/")
                    if inside and name.endswith(".md") and found in _MARKDOWN:
                        return kind
        return None


def is_special(path: str) -> bool:
    """Whether a file may say something about plugins."""
    return PurePosixPath(path).name.lower() in {MANIFEST, MARKETPLACE}


def layout_of(files: Mapping[str, Values], paths: Iterable[str]) -> Layout:
    """The plugins that the manifests tell of.

    Args:
        files: The values of what `is_special`, by path.
        paths: All paths of the tree.
    """
    layout = Layout()
    folders = {folder for path in paths for folder in _folders(path)}
    for path, values in sorted(files.items()):
        if PurePosixPath(path).name.lower() == MANIFEST and "name" in values:
            _add(layout, _root_of(path), values)
    for path, values in sorted(files.items()):
        if PurePosixPath(path).name.lower() == MARKETPLACE:
            _read_marketplace(layout, path, values, folders)
    return layout


def _read_marketplace(
    layout: Layout, path: str, values: Values, folders: set[str]
) -> None:
    base = _root_of(path)
    for entry in plugins_of(values):
        if len(layout.remotes) + len(layout.inline) >= MOST:
            return
        source = entry.get("source")
        if not isinstance(source, str):
            layout.remotes.append((path, remote(entry)))
            continue
        root = _joined(base, entry.get("root", ""), source)
        if root is None or root not in folders:
            layout.remotes.append((path, remote(entry)))
            continue
        _add(layout, root, entry)
        layout.inline += [(path, root, server) for server in _inline(entry)]


def _inline(entry: Values) -> list[Converted]:
    """The servers that a marketplace itself gives a plugin."""
    given = entry.get("mcpServers")
    if not isinstance(given, dict):
        return []
    try:
        return servers(CLAUDE, plain({"mcpServers": given}))
    except UnreadableError:
        return []


def _add(layout: Layout, root: str, values: Values) -> None:
    places = [
        (place, kind)
        for key, kind in _KINDS.items()
        for place in _places(root, values.get(key))
    ]
    given = values.get("mcpServers")
    known = _places(root, given) if isinstance(given, str) else []
    version = values.get("version")
    plugin = Plugin(
        root,
        str(values.get("name") or PurePosixPath(root).name),
        version if isinstance(version, str) else "",
        tuple(places),
        known[0] if known else "",
    )
    layout.plugins.setdefault(root, []).append(plugin)


def _places(root: str, value: Any) -> list[str]:
    """The paths that a manifest names, from the top of the tree."""
    written = [value] if isinstance(value, str) else value
    if not isinstance(written, list):
        return []
    # Without its dot, some write the name of a component there, and no path.
    paths = [item for item in written if isinstance(item, str) and item[:1] == "."]
    joined = [_joined(root, "", path) for path in paths]
    return [path for path in joined if path is not None and path != root]


def _joined(base: str, folder: str, path: str) -> str | None:
    """A path below a folder; None if it leads out of the tree."""
    if path.startswith("/") or "\\" in path:
        return None
    found = posixpath.normpath(posixpath.join(base, folder, path))
    if found == ".." or found.startswith(("../", "/")):
        return None
    return _TOP if found == "." else found


def _root_of(path: str) -> str:
    """The folder that a manifest speaks for: above that of the tool."""
    folder = PurePosixPath(path).parent
    if folder.name == "plugin" and folder.parent.name == ".github":
        folder = folder.parent.parent
    elif folder.name.startswith("."):
        folder = folder.parent
    return _TOP if str(folder) == "." else str(folder)


def _folders(path: str) -> Iterable[str]:
    """The folders that a file stands in, the innermost first, the top last."""
    while path:
        path = path.rpartition("/")[0]
        yield path
