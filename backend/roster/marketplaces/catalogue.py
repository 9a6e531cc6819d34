"""The collections of a team as one repository: a marketplace with all their plugins.

The plugins are in it, so that nothing else has to be fetched, and no second time be
signed in. Each release of any of them is a commit.
"""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components.rows import AnyRow
from roster.core.actor import Caller
from roster.exports.plugin_names import marketplace_name
from roster.exports.targets.claude_plugin import marketplace
from roster.git import finding
from roster.git.history import MAIN, Commit, History, Plugin, Told, made
from roster.git.laying import MAIN_TARGET, PLUGINS, Bench
from roster.git.objects import BLOB, FOLDER, TREE, Id, id_of, trees_of
from roster.git.trees import REGULAR
from roster.marketplaces.plugins import MARKETPLACE, named, plugins_of


async def read(session: AsyncSession, caller: Caller, team: str) -> list[AnyRow]:
    """The releases of a team that the caller is shown, oldest first.

    Raises:
        NotFound: It has no released collection for them.
    """
    ids = await finding.find_team(session, caller, team)
    return await finding.releases_of(session, caller, ids)


def newest_of(releases: Iterable[AnyRow]) -> list[AnyRow]:
    """The newest release of each collection."""
    by_number = sorted(releases, key=finding.BY_NUMBER)
    return list({row.collection_id: row for row in by_number}.values())


async def of(bench: Bench, releases: Sequence[AnyRow]) -> History:
    """Make the history of a catalogue, or take it from the shelf."""
    key = "catalogue", tuple(row.id for row in releases)
    kept = bench.shelf.histories.get(key)
    if kept is None:
        plugins = await plugins_of(bench, releases)
        kept = await bench.shelf.in_thread(_history, releases, plugins)
        bench.shelf.histories[key] = kept
    return kept


def describe(team: str) -> str:
    return f"What {team} releases."


def _history(releases: Sequence[AnyRow], plugins: Mapping[UUID, Plugin]) -> History:
    newest: dict[UUID, AnyRow] = {}
    commits: dict[Id, Commit] = {}
    parent: Id | None = None
    for position, row in enumerate(releases):
        newest[row.collection_id] = row
        one = _commit(position, row, list(newest.values()), plugins, parent)
        commits[one.id] = one
        parent = one.id
    return History(commits, {} if parent is None else {MAIN: parent})


def _commit(
    position: int,
    row: AnyRow,
    newest: Sequence[AnyRow],
    plugins: Mapping[UUID, Plugin],
    parent: Id | None,
) -> Commit:
    """What there is as soon as a release is made."""
    inside = named(newest, plugins)
    entries = [
        {**plugin.entry, "source": f"./{PLUGINS}/{name}"}
        for name, (_, plugin) in inside.items()
    ]
    name = marketplace_name(row.team)
    market = marketplace(name, row.team, describe(row.team), entries)
    market_id = id_of(BLOB, market)
    root, trees = trees_of(
        [
            (MARKETPLACE, REGULAR, market_id),
            *(
                (f"{PLUGINS}/{name}", FOLDER, plugin.folder)
                for name, (_, plugin) in inside.items()
            ),
        ]
    )
    own = {id_: (TREE, data) for id_, data in trees.items()}
    message = f"Release {row.number} of {row.name}\n\n{row.notes}"
    return made(
        Told(position, row.author, row.created_at, message),
        root,
        parent,
        target=MAIN_TARGET,
        parts=[(held.id, MAIN_TARGET) for held, _ in inside.values()],
        own={**own, market_id: (BLOB, market)},
    )
