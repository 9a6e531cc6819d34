"""A collection as a repository: a branch for each target, a commit for each release."""

from collections.abc import Mapping, Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components.rows import AnyRow
from roster.core.actor import Caller
from roster.exports.targets.registry import TARGETS
from roster.git import finding
from roster.git.history import MAIN, Commit, History, Part, Told, made
from roster.git.laying import MAIN_TARGET, Bench, roots_of
from roster.git.objects import Id


async def read(
    session: AsyncSession, caller: Caller, team: str, name: str
) -> list[AnyRow]:
    """The releases of a collection that the caller is shown.

    Raises:
        NotFound: There is no such collection for them.
        Gone: The newest one was redacted.
    """
    id_ = await finding.find_collection(session, caller, team, name)
    return await finding.releases_of_one(session, caller, id_)


async def of(bench: Bench, releases: Sequence[AnyRow]) -> History:
    """Make the history of some releases of a collection, or take it from the shelf."""
    key = "collection", tuple(row.id for row in releases)
    kept = bench.shelf.histories.get(key)
    if kept is None:
        roots = await roots_of(bench, (row.id for row in releases), list(TARGETS))
        kept = await bench.shelf.in_thread(_history, releases, roots)
        bench.shelf.histories[key] = kept
    return kept


def told(row: AnyRow) -> Told:
    message = f"Release {row.number}\n\n{row.notes}".strip()
    return Told(row.number, row.author, row.created_at, message)


def _history(releases: Sequence[AnyRow], roots: Mapping[Part, Id]) -> History:
    commits: dict[Id, Commit] = {}
    refs: dict[str, Id] = {}
    for target in TARGETS:
        parent: Id | None = None
        for row in sorted(releases, key=lambda row: row.number):
            part = row.id, target
            one = made(told(row), roots[part], parent, target=target, parts=[part])
            commits[one.id] = one
            parent = one.id
            refs[f"refs/tags/{target}/v{row.number}"] = one.id
            if target == MAIN_TARGET:
                refs[f"refs/tags/v{row.number}"] = one.id
        if parent is not None:
            refs[f"refs/heads/target/{target}"] = parent
            if target == MAIN_TARGET:
                refs[MAIN] = parent
    return History(commits, refs)
