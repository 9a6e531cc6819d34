"""Releases as plugins: what a marketplace says of each, and where it lies."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from roster.components.rows import AnyRow
from roster.exports.shipment import Shipment
from roster.exports.targets import claude_plugin
from roster.git.history import Plugin
from roster.git.laying import PLUGIN, Bench, roots_of

MARKETPLACE = ".claude-plugin/marketplace.json"


async def plugins_of(bench: Bench, releases: Iterable[AnyRow]) -> dict[UUID, Plugin]:
    """What releases are as plugins that the caller was found to be shown."""
    rows = {row.id: row for row in releases}
    folders = await roots_of(bench, rows, [PLUGIN])
    return {
        id_: Plugin(claude_plugin.entry(_shipment(row), ""), folders[id_, PLUGIN])
        for id_, row in rows.items()
    }


def _shipment(row: AnyRow) -> Shipment:
    """Without what is in it, of which an entry says nothing."""
    return Shipment(
        team=row.team,
        collection=row.name,
        title=row.title,
        description=row.description,
        number=row.number,
        author=row.author,
        released_at=row.created_at,
        items=(),
    )


def named(
    newest: Iterable[AnyRow], plugins: Mapping[UUID, Plugin]
) -> dict[str, tuple[AnyRow, Plugin]]:
    """Some releases by the names of their plugins, of which no two are alike."""
    found: dict[str, tuple[AnyRow, Plugin]] = {}
    for row in sorted(newest, key=lambda row: (row.name, row.id)):
        found.setdefault(plugins[row.id].name, (row, plugins[row.id]))
    return dict(sorted(found.items()))
