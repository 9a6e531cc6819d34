"""What the dashboard shows, seen by one person."""

from uuid import UUID

from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.audit.models import AuditEvent
from roster.components.rows import AnyRow, fetch
from roster.core.actor import Actor
from roster.core.model import utc_now
from roster.core.periods import Period
from roster.live.catalogue import SUBJECTS, told
from roster.live.reading import event_of
from roster.live.schemas import LiveEvent
from roster.stats import at_hand, figures, series
from roster.stats.schemas import NeedsMe, Stats, StatsQuery
from roster.teams import finding
from roster.teams.models import Team

MOST_ACTIVITY = 20


async def read(session: AsyncSession, query: StatsQuery, *, actor: Actor) -> Stats:
    """Count what there is.

    Raises:
        NotFound: The team is not there, or not the actor's.
        Forbidden: The team requires a second factor, which the actor lacks.
    """
    team_id = None
    if query.team is not None:
        found = await finding.find(session, actor, query.team)
        finding.require_unlocked(found, actor)
        team_id = found.team.id
    period = Period(query.days, utc_now().date())
    counted = await figures.count(session, actor, team_id)
    mine = await figures.memberships(session, actor, team_id)
    published = await series.published(session, actor, period, team_id)
    to_mend = figures.errors_to_mend(mine, counted)
    return Stats(
        needs_me=NeedsMe(
            approvals=await at_hand.approvals(session, actor, query.team),
            errors=await at_hand.errors(session, actor, team_id, count=to_mend),
            drafts=await at_hand.drafts(session, actor, team_id),
            updates=await at_hand.updates(session, actor, team_id),
        ),
        kinds=dict(counted.kinds),
        mine=await figures.of_person(session, actor, period, team_id),
        teams=figures.of_teams(mine, counted, published.per_team),
        series=await series.read(
            session, actor, period, team_id, revisions=published.per_day
        ),
        activity=await activity(session, actor, period, team_id),
    )


async def activity(
    session: AsyncSession, actor: Actor, period: Period, team_id: UUID | None
) -> list[LiveEvent]:
    """Give what happened last, of all that the actor may be told of now."""
    found: list[AnyRow] = []
    event_id = col(AuditEvent.id)
    for kind in SUBJECTS:
        statement = told(actor, kind).where(event_id >= period.first_id)
        if team_id is not None:
            statement = statement.where(col(Team.id) == team_id)
        newest = statement.order_by(event_id.desc()).limit(MOST_ACTIVITY)
        found += await fetch(session, newest)
    found.sort(key=lambda row: row.id, reverse=True)
    return [event_of(row) for row in found[:MOST_ACTIVITY]]
