"""What a person may see of what happened."""

from collections.abc import AsyncGenerator, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, true
from sqlmodel import col, literal, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.audit.models import AuditEvent
from roster.audit_trail.schemas import (
    AuditActor,
    AuditEventPublic,
    AuditQuery,
    AuditTarget,
)
from roster.core.actor import Actor, Scope
from roster.core.db import Database
from roster.core.errors import Forbidden, NotFound
from roster.core.paging import Page, by_id, cut, ordered
from roster.teams.access import Verb, of_member, role_in, teams_of
from roster.teams.models import Membership, Role, Team, TeamSlug
from roster.users.models import User

ME = "me"
ORDER = "-id"
EXPORT_PAGE = 500
_LAST_MILLISECOND = 2**48 - 1
_CLOCK_STEP = 1000
"""Milliseconds: an id is made a moment before the time of its event."""


def sees_everything(actor: Actor) -> bool:
    return actor.is_admin and Scope.admin in actor.scopes


def conditions(
    query: AuditQuery, actor: Actor, team_id: UUID | None
) -> list[ColumnElement[bool]]:
    """Say which events are asked for, of those that the actor may see."""
    wanted = [_visible_to(actor)]
    if team_id is not None:
        wanted.append(col(AuditEvent.team_id) == team_id)
    if query.actor == ME:
        wanted.append(col(AuditEvent.actor_id) == actor.id)
    elif query.actor is not None:
        person = select(User.id).where(User.username == query.actor)
        wanted.append(col(AuditEvent.actor_id) == person.scalar_subquery())
    if query.action is not None:
        wanted.append(_of_action(query.action))
    if query.target is not None:
        wanted.append(_of_target(query.target))
    if query.since is not None:
        wanted.append(col(AuditEvent.id) >= _first_id(query.since, _CLOCK_STEP))
        wanted.append(col(AuditEvent.created_at) >= query.since)
    if query.until is not None:
        wanted.append(col(AuditEvent.id) < _first_id(query.until))
        wanted.append(col(AuditEvent.created_at) < query.until)
    return wanted


def _visible_to(actor: Actor) -> ColumnElement[bool]:
    team_id = col(AuditEvent.team_id)
    seen: ColumnElement[bool] = true()
    if not sees_everything(actor):
        owned = (
            select(Membership.team_id)
            .join(Team)
            .where(of_member(actor), col(Membership.role) == Role.owner)
        )
        seen = or_(col(AuditEvent.actor_id) == actor.id, team_id.in_(owned))
    if actor.team_ids is not None:
        seen = and_(seen, team_id.in_(actor.team_ids))
    return seen


async def team_asked_for(
    session: AsyncSession, query: AuditQuery, actor: Actor
) -> UUID | None:
    """Find the team whose events are asked for, if any.

    Raises:
        NotFound: There is no such team, or the actor is not in it.
        Forbidden: The actor does not own the team.
    """
    if query.team is None:
        return None
    found = await session.exec(
        select(TeamSlug.team_id).where(
            TeamSlug.slug == query.team,
            or_(
                literal(sees_everything(actor)),
                col(TeamSlug.team_id).in_(teams_of(actor, Verb.read)),
            ),
        )
    )
    team_id = found.first()
    if team_id is None:
        raise NotFound("There is no such team, or you are not in it.")
    if sees_everything(actor) or query.actor == ME:
        return team_id
    if await role_in(session, actor, team_id) is not Role.owner:
        raise Forbidden("Only owners of the team may read what happened in it.")
    return team_id


def _of_action(action: str) -> ColumnElement[bool]:
    column = col(AuditEvent.action)
    if "." in action:
        return column == action
    return column.startswith(f"{action}.", autoescape=True)


def _of_target(target: str) -> ColumnElement[bool]:
    try:
        return col(AuditEvent.target_id) == UUID(target)
    except ValueError:
        return col(AuditEvent.target_name) == target


def _first_id(time: datetime, earlier: int = 0) -> UUID:
    """Give the smallest UUIDv7 of a time: ids are indexed, times are not.

    It counts in numbers, as no time lies before the first one that can be named.
    """
    milliseconds = int(time.timestamp() * 1000) - earlier
    return UUID(int=min(max(0, milliseconds), _LAST_MILLISECOND) << 80)


def public_of(event: AuditEvent) -> AuditEventPublic:
    person = event.actor_id
    return AuditEventPublic.model_validate(
        event,
        update={
            "actor": person and AuditActor(id=person, username=event.actor_name),
            "target": AuditTarget(
                kind=event.target_kind, id=event.target_id, name=event.target_name
            ),
        },
    )


async def list_events(
    session: AsyncSession, query: AuditQuery, actor: Actor
) -> Page[AuditEventPublic]:
    wanted = conditions(query, actor, await team_asked_for(session, query, actor))
    statement = select(AuditEvent).where(*wanted)
    keys = [by_id(col(AuditEvent.id), descending=True)]
    found = await session.exec(ordered(statement, ORDER, keys, query))
    rows, following = cut(found.all(), ORDER, query, lambda row: [row.id])
    return Page(items=[public_of(row) for row in rows], next_cursor=following)


async def export(
    database: Database, wanted: Sequence[ColumnElement[bool]]
) -> AsyncGenerator[bytes]:
    """Give all events, one a line, newest first.

    Each page has a session of its own: who reads slowly keeps no connection.
    """
    statement = select(AuditEvent).where(*wanted).order_by(col(AuditEvent.id).desc())
    page = statement.limit(EXPORT_PAGE)
    while True:
        async with database.read() as session:
            rows = (await session.exec(page)).all()
        for row in rows:
            yield public_of(row).model_dump_json().encode() + b"\n"
        if len(rows) < EXPORT_PAGE:
            return
        page = statement.where(col(AuditEvent.id) < rows[-1].id).limit(EXPORT_PAGE)
