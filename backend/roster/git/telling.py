"""Tell the audit what left, and count it as a pull."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from uuid import UUID

from sqlalchemy import Uuid
from sqlalchemy import select as columns
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.audit.service import Target, record
from roster.collections.models import ReleaseEntry
from roster.components.models import Component
from roster.core.actor import Actor, Caller
from roster.core.compiled import Asking, in_slots, slots
from roster.git.history import Commit
from roster.git.laying import MAIN_TARGET, Bench
from roster.teams.models import Team
from roster.usage.clients import Client
from roster.usage.service import count_release


async def tell(
    bench: Bench,
    commits: Sequence[Commit],
    known: Sequence[Commit],
    *,
    by: Caller,
    client: Client,
) -> None:
    """Tell of a fetch, before anything of it leaves: one pull, of the newest.

    Args:
        bench: With the database.
        commits: What is sent.
        known: What the client has, which those follow.
        by: Who fetches.
        client: With what.
    """
    had = {release_id for one in known for release_id, _ in one.parts}
    targets = {one.target for one in commits}
    target = MAIN_TARGET if MAIN_TARGET in targets else min(targets)
    of_target = (one for one in commits if one.target == target)
    newest = max(of_target, key=lambda one: one.position)
    async with bench.database.write() as session:
        if isinstance(by, Actor):
            await _tell_audit(bench, session, _new(commits, had), by=by)
        for release_id in _new([newest], had):
            await count_release(session, release_id, target, client)


def _new(commits: Iterable[Commit], had: set[UUID]) -> list[UUID]:
    return sorted({id_ for one in commits for id_, _ in one.parts} - had)


async def _tell_audit(
    bench: Bench, session: AsyncSession, releases: Sequence[UUID], *, by: Actor
) -> None:
    """Append one event for each team: its owners see what left of theirs alone."""
    locked = await _locked(bench, session, releases)
    ids = in_slots("team", sorted(locked))
    for row in await _asking_names(len(ids)).rows(session, ids):
        target = Target("team", row.id, row.slug, row.id)
        details = {"revisions": locked[row.id]}
        record(session, "export.made", target, by=by, details=details)


async def _locked(
    bench: Bench, session: AsyncSession, releases: Sequence[UUID]
) -> dict[UUID, list[str]]:
    """The revisions that some releases lock, by team; it never changes."""
    told, key = bench.shelf.told, tuple(releases)
    if key not in told:
        ids = in_slots("release", releases)
        rows = await _asking_locked(len(ids)).rows(session, ids)
        by_team: dict[UUID, set[str]] = {}
        for row in rows:
            reference = f"{row.kind}:{row.team}/{row.name}@{row.number}"
            by_team.setdefault(row.team_id, set()).add(reference)
        told[key] = {id_: sorted(found) for id_, found in by_team.items()}
    return told[key]


@lru_cache(64)
def _asking_locked(count: int) -> Asking:
    return Asking(
        columns(
            col(ReleaseEntry.kind),
            col(ReleaseEntry.team),
            col(ReleaseEntry.name),
            col(ReleaseEntry.number),
            col(Component.team_id),
        )
        .select_from(ReleaseEntry)
        .join(Component, col(Component.id) == ReleaseEntry.component_id)
        .where(
            col(ReleaseEntry.release_id).in_(slots("release", count, Uuid())),
            col(ReleaseEntry.shadowed).is_(False),
        )
        .distinct()
    )


@lru_cache(64)
def _asking_names(count: int) -> Asking:
    ids = slots("team", count, Uuid())
    return Asking(columns(col(Team.id), col(Team.slug)).where(col(Team.id).in_(ids)))
