"""Releases as plugins: what a marketplace says of each, and where it lies."""

import json
from collections.abc import Iterable, Mapping
from uuid import UUID

from roster.components.rows import AnyRow
from roster.git.history import Plugin
from roster.git.laying import Bench, trees_of
from roster.git.objects import found_in
from roster.git.telling import MAIN_TARGET
from roster.git.trees import Laid

MARKETPLACE = ".claude-plugin/marketplace.json"


async def plugins_of(bench: Bench, releases: Iterable[AnyRow]) -> dict[UUID, Plugin]:
    """What releases are as plugins that the caller was found to be shown."""
    shelf = bench.shelf
    found: dict[UUID, Plugin] = {}
    for row in releases:
        plugin = shelf.plugins.get(row.id)
        if plugin is None:
            part = row.id, MAIN_TARGET
            laid = (await trees_of(bench, [part]))[part]
            plugin = shelf.plugins[row.id] = _plugin(laid)
        found[row.id] = plugin
    return found


def _plugin(laid: Laid) -> Plugin:
    """Read it where it is said for the collection alone."""
    place = found_in(laid.root, laid.trees, MARKETPLACE)
    data = laid.files[place or b""]
    [entry] = json.loads(data if isinstance(data, bytes) else b"")["plugins"]
    source: str = entry["source"]
    folder = found_in(laid.root, laid.trees, source.removeprefix("./"))
    return Plugin(entry, folder or b"")


def named(
    newest: Iterable[AnyRow], plugins: Mapping[UUID, Plugin]
) -> dict[str, tuple[AnyRow, Plugin]]:
    """Some releases by the names of their plugins, of which no two are alike."""
    found: dict[str, tuple[AnyRow, Plugin]] = {}
    for row in sorted(newest, key=lambda row: (row.name, row.id)):
        found.setdefault(plugins[row.id].name, (row, plugins[row.id]))
    return dict(sorted(found.items()))
