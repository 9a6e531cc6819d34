"""Accounts as administrators see them, with what hangs on them."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.auth.sessions import SECOND_FACTOR
from roster.core.errors import NotFound
from roster.core.paging import Page, SortKey, by_id, by_text, cut, ordered
from roster.teams.account_schemas import UserAdmin, UserQuery
from roster.teams.models import Membership, Role, Team, TeamRef
from roster.users.models import User

_NOT_FOUND = "There is no such account."


def _keys(query: UserQuery) -> list[SortKey]:
    descending = query.sort.startswith("-")
    if query.sort.endswith("username"):
        return [by_text(col(User.username), descending=descending)]
    # Ids sort by the time of making.
    return [by_id(col(User.id), descending=descending)]


def _wanted(query: UserQuery) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if query.active is not None:
        wanted.append(col(User.is_active).is_(query.active))
    if query.q:
        names = (User.username, User.display_name, User.email)
        wanted.append(
            or_(*(col(name).icontains(query.q, autoescape=True) for name in names))
        )
    return wanted


async def page_of(session: AsyncSession, query: UserQuery) -> Page[UserAdmin]:
    wanted = _wanted(query)
    rows = await session.exec(
        ordered(select(User).where(*wanted), query.sort, _keys(query), query)
    )
    by_name = query.sort.endswith("username")
    users, next_cursor = cut(
        rows.all(),
        query.sort,
        query,
        lambda user: [user.username if by_name else user.id],
    )
    items = await describe(session, users)
    page: Page[UserAdmin] = Page(items=items, next_cursor=next_cursor)
    if query.count:
        total = await session.exec(select(func.count(col(User.id))).where(*wanted))
        page.total = total.one()
    return page


async def find(session: AsyncSession, user_id: UUID) -> User:
    user = await session.get(User, user_id)
    if user is None:
        raise NotFound(_NOT_FOUND)
    return user


async def describe(session: AsyncSession, users: Sequence[User]) -> list[UserAdmin]:
    ids = [user.id for user in users]
    factors = await session.exec(
        select(User.id).where(col(User.id).in_(ids), SECOND_FACTOR)
    )
    with_factor = set(factors)
    counts = await session.exec(
        select(Membership.user_id, func.count())
        .join(Team)
        .where(col(Membership.user_id).in_(ids), col(Team.deleted_at).is_(None))
        .group_by(col(Membership.user_id))
    )
    teams = dict(counts.all())
    alone = await _sole_ownerships(session, ids)
    return [
        UserAdmin.model_validate(
            user,
            update={
                "has_second_factor": user.id in with_factor,
                "teams": teams.get(user.id, 0),
                "sole_owner_of": alone[user.id],
            },
        )
        for user in users
    ]


async def _sole_ownerships(
    session: AsyncSession, ids: Sequence[UUID]
) -> dict[UUID, list[TeamRef]]:
    """Teams by the user who is the only active one to own them."""
    other, person = aliased(Membership), aliased(User)
    another = (
        select(other.id)
        .join(person, col(person.id) == other.user_id)
        .where(
            other.team_id == Membership.team_id,
            other.user_id != Membership.user_id,
            other.role == Role.owner,
            col(person.is_active),
        )
        .exists()
    )
    rows = await session.exec(
        select(Membership.user_id, Team)
        .join(Team)
        .where(
            col(Membership.user_id).in_(ids),
            Membership.role == Role.owner,
            col(Team.is_personal).is_(False),
            col(Team.deleted_at).is_(None),
            ~another,
        )
        .order_by(col(Team.slug))
    )
    found: dict[UUID, list[TeamRef]] = defaultdict(list)
    for user_id, team in rows:
        found[user_id].append(TeamRef.model_validate(team))
    return found
