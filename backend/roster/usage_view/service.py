"""How often something was pulled, as one caller may know it.

A pull of a release counts for each component in it, but only for who may see that
release: what somebody may not see changes no number.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.collections.models import Collection, Release, ReleaseEntry
from roster.collections.rows import seen_releases
from roster.collections.rows import visible as collection_visible
from roster.components.models import Component
from roster.components.rows import AnyRow, AnySelect, fetch
from roster.components.rows import visible as component_visible
from roster.core.actor import Caller
from roster.core.errors import Forbidden
from roster.core.model import utc_now
from roster.core.periods import Period
from roster.teams.access import Verb, in_team
from roster.teams.models import Team
from roster.usage.models import ComponentPull, ReleasePull
from roster.usage_view.schemas import (
    ComponentPulls,
    ComponentUsage,
    ManyUsages,
    ReleaseUsage,
    RevisionUsage,
    Usage,
    UsageLine,
)

MOST_RELEASES = 20
_REFUSED = (
    "Only members of the team see how often this is pulled, unless its owners share it."
)


async def _require_told(session: AsyncSession, caller: Caller, team_id: UUID) -> None:
    rows = await fetch(
        session, select(col(Team.id)).where(col(Team.id) == team_id, _told(caller))
    )
    if not rows:
        raise Forbidden(_REFUSED)


def _told(caller: Caller) -> Any:
    """Rows of teams whose usage the caller may know."""
    return or_(col(Team.share_usage), in_team(caller, Verb.read, col(Team.id)))


async def of_component(
    session: AsyncSession, caller: Caller, component_id: UUID, team_id: UUID, days: int
) -> ComponentUsage:
    """Count the pulls of a component that the caller was found to be allowed to see.

    Raises:
        Forbidden: They are not for the caller to know.
    """
    await _require_told(session, caller, team_id)
    period = Period(days, utc_now().date())
    alone = await fetch(
        session,
        select(
            col(ComponentPull.day),
            col(ComponentPull.number),
            col(ComponentPull.client),
            col(ComponentPull.count).label("pulls"),
        ).where(
            col(ComponentPull.component_id) == component_id,
            col(ComponentPull.day) >= period.days[0],
        ),
    )
    within = await fetch(
        session,
        _pulls_of_releases(caller, period)
        .add_columns(col(ReleaseEntry.number).label("locked"))
        .join(ReleaseEntry, col(ReleaseEntry.release_id) == Release.id)
        .where(
            col(ReleaseEntry.component_id) == component_id,
            col(ReleaseEntry.shadowed).is_(False),
        ),
    )
    revisions: Counter[int] = Counter()
    for row in alone:
        revisions[row.number] += row.pulls
    for row in within:
        revisions[row.locked] += row.pulls
    return ComponentUsage(
        **_usage(period, [*alone, *within], within),
        revisions=[
            RevisionUsage(number=number, total=total)
            for number, total in sorted(revisions.items(), reverse=True)
        ],
    )


async def of_collection(
    session: AsyncSession, caller: Caller, collection_id: UUID, team_id: UUID, days: int
) -> Usage:
    """Count the pulls of the releases of a collection that the caller may see.

    Raises:
        Forbidden: They are not for the caller to know.
    """
    await _require_told(session, caller, team_id)
    period = Period(days, utc_now().date())
    statement = _pulls_of_releases(caller, period)
    rows = await fetch(
        session, statement.where(col(Release.collection_id) == collection_id)
    )
    return Usage(**_usage(period, rows, rows))


async def of_many(
    session: AsyncSession, caller: Caller, ids: Sequence[UUID], days: int
) -> ManyUsages:
    """Count the pulls of components, of those whose pulls the caller may know."""
    period = Period(days, utc_now().date())
    known = await fetch(
        session,
        select(col(Component.id))
        .join(Team, col(Team.id) == Component.team_id)
        .where(col(Component.id).in_(ids), component_visible(caller), _told(caller)),
    )
    counts: dict[UUID, Counter[date]] = {row.id: Counter() for row in known}
    for statement in pulls_per_day(caller, period):
        rows = await fetch(
            session, statement.where(statement.selected_columns[0].in_(list(counts)))
        )
        for component_id, day, count in rows:
            counts[component_id][day] += count
    items = [
        ComponentPulls(
            component_id=id_,
            total=counts[id_].total(),
            pulls=period.spread(counts[id_]),
        )
        for id_ in ids
        if id_ in counts
    ]
    return ManyUsages(days=period.days, items=items)


def pulls_per_day(caller: Caller, period: Period) -> tuple[AnySelect, AnySelect]:
    """(component, day, count), of pulls alone and of those of releases."""
    alone: AnySelect = (
        select(
            col(ComponentPull.component_id),
            col(ComponentPull.day),
            func.sum(col(ComponentPull.count)),
        )
        .where(col(ComponentPull.day) >= period.days[0])
        .group_by(col(ComponentPull.component_id), col(ComponentPull.day))
    )
    entry = col(ReleaseEntry.component_id)
    within: AnySelect = (
        select(entry, col(ReleasePull.day), func.sum(col(ReleasePull.count)))
        .select_from(ReleasePull)
        .join(Release, col(Release.id) == ReleasePull.release_id)
        .join(Collection, col(Collection.id) == Release.collection_id)
        .join(ReleaseEntry, col(ReleaseEntry.release_id) == Release.id)
        .where(*_seen(caller, period), col(ReleaseEntry.shadowed).is_(False))
        .group_by(entry, col(ReleasePull.day))
    )
    return alone, within


def _seen(caller: Caller, period: Period) -> tuple[Any, ...]:
    return (
        col(ReleasePull.day) >= period.days[0],
        and_(collection_visible(caller), seen_releases(caller)),
    )


def _pulls_of_releases(caller: Caller, period: Period) -> AnySelect:
    return (
        select(
            col(ReleasePull.day),
            col(ReleasePull.target),
            col(ReleasePull.client),
            col(ReleasePull.count).label("pulls"),
            col(Release.number),
            col(Release.collection_id),
            col(Collection.name),
            col(Team.slug),
        )
        .select_from(ReleasePull)
        .join(Release, col(Release.id) == ReleasePull.release_id)
        .join(Collection, col(Collection.id) == Release.collection_id)
        .join(Team, col(Team.id) == Collection.team_id)
        .where(*_seen(caller, period))
    )


def _usage(
    period: Period, rows: Sequence[AnyRow], of_releases: Sequence[AnyRow]
) -> dict[str, Any]:
    per_day: Counter[date] = Counter()
    releases: Counter[tuple[UUID, str, int]] = Counter()
    for row in rows:
        per_day[row.day] += row.pulls
    for row in of_releases:
        place = f"{row.slug}/{row.name}"
        releases[row.collection_id, place, row.number] += row.pulls
    return {
        "days": period.days,
        "pulls": period.spread(per_day),
        "total": per_day.total(),
        "clients": _lines(period, ((row.client, row) for row in rows)),
        "targets": _lines(period, ((row.target, row) for row in of_releases)),
        "releases": [
            ReleaseUsage(
                collection_id=id_, collection=place, number=number, total=total
            )
            for (id_, place, number), total in releases.most_common(MOST_RELEASES)
        ],
    }


def _lines(period: Period, named: Iterable[tuple[str, AnyRow]]) -> list[UsageLine]:
    found: Mapping[str, Counter[date]] = defaultdict(Counter)
    for name, row in named:
        found[name][row.day] += row.pulls
    lines = [
        UsageLine(name=name, total=counts.total(), pulls=period.spread(counts))
        for name, counts in found.items()
    ]
    return sorted(lines, key=lambda line: (-line.total, line.name))
