"""Marketplaces as a document alone, whose plugins are fetched from repositories."""

from collections.abc import Sequence
from typing import Any

from roster.components.rows import AnyRow
from roster.exports.plugin_names import marketplace_name
from roster.exports.targets.claude_plugin import marketplace
from roster.git.laying import Bench
from roster.marketplaces.catalogue import describe, newest_of
from roster.marketplaces.plugins import named, plugins_of


async def of_team(bench: Bench, releases: Sequence[AnyRow], base: str) -> bytes:
    """The marketplace of a team.

    Args:
        bench: What it is made with.
        releases: Those that the caller is shown.
        base: Where this instance is.
    """
    entries = await _entries(bench, releases, base)
    team = releases[-1].team if releases else ""
    return marketplace(marketplace_name(team), team, describe(team), entries)


async def of_collection(bench: Bench, releases: Sequence[AnyRow], base: str) -> bytes:
    """That of a collection, which has one plugin."""
    newest = newest_of(releases)
    entries = await _entries(bench, newest, base)
    team, name = (newest[0].team, newest[0].name) if newest else ("", "")
    about = entries[0]["description"] if entries else ""
    return marketplace(marketplace_name(team, name), team, about, entries)


async def _entries(
    bench: Bench, releases: Sequence[AnyRow], base: str
) -> list[dict[str, Any]]:
    newest = newest_of(releases)
    plugins = await plugins_of(bench, newest)
    return [
        {
            **plugin.entry,
            "source": {
                "source": "git-subdir",
                "url": f"{base}/git/{row.team}/{row.name}.git",
                "path": f"plugins/{name}",
            },
        }
        for name, (row, plugin) in named(newest, plugins).items()
    ]
