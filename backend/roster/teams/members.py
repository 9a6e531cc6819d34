"""Who is in a team, and as what. Its row is locked by whoever changes that."""

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.audit.service import Target, record
from roster.auth.sessions import SECOND_FACTOR
from roster.core.actor import Actor
from roster.core.caching import require_match, version_tag
from roster.core.errors import Conflict, Invalid, LastOwner, NotFound
from roster.core.model import utc_now
from roster.core.paging import Page, PageQuery, by_text, cut, ordered
from roster.jobs.service import enqueue
from roster.teams import invitations
from roster.teams.finding import SeenTeam, administers, require_owner
from roster.teams.models import Invitation, Membership, Role, Team
from roster.teams.schemas import MemberPublic
from roster.teams.service import has_second_factor, target, version_of
from roster.users.models import User, UserRef

ORDER = "username"
KEYS = [by_text(col(User.username))]

_NO_MEMBER = "The team has no such member."


def _public(
    member: Membership, user: User, *, has_second_factor: bool | None
) -> MemberPublic:
    return MemberPublic(
        user=UserRef.model_validate(user),
        role=member.role,
        is_active=user.is_active,
        joined_at=member.created_at,
        etag=version_tag(version_of(member)),
        has_second_factor=has_second_factor,
    )


async def page_of(
    session: AsyncSession, seen: SeenTeam, query: PageQuery, *, actor: Actor
) -> Page[MemberPublic]:
    told = seen.role is Role.owner or administers(actor)
    rows = await session.exec(
        ordered(
            select(Membership, User, SECOND_FACTOR)
            .join(User, col(User.id) == Membership.user_id)
            .where(Membership.team_id == seen.team.id),
            ORDER,
            KEYS,
            query,
        )
    )
    members = [
        _public(member, user, has_second_factor=has if told else None)
        for member, user, has in rows
    ]
    items, cursor = cut(members, ORDER, query, lambda member: [member.user.username])
    return Page(items=items, next_cursor=cursor)


async def _member(
    session: AsyncSession, team: Team, username: str
) -> tuple[User, Membership] | None:
    rows = await session.exec(
        select(User, Membership)
        .join(Membership, col(Membership.user_id) == User.id)
        .where(User.username == username, Membership.team_id == team.id)
    )
    return rows.first()


def _target(team: Team, user: User) -> Target:
    return Target("user", user.id, user.username, team.id)


async def _give_up_ownership(
    session: AsyncSession, team: Team, user: User, *, actor: Actor
) -> None:
    """Check that a team can do without this owner, and end what they began.

    Raises:
        Conflict: It is the person's own team.
        LastOwner: Nobody who can sign in would own the team.
    """
    if team.is_personal and team.slug == user.username:
        raise Conflict("A personal team stays with its person.")
    others = await session.exec(
        select(User.id)
        .join(Membership, col(Membership.user_id) == User.id)
        .where(
            Membership.team_id == team.id,
            Membership.role == Role.owner,
            Membership.user_id != user.id,
            col(User.is_active),
        )
        .limit(1)
    )
    if others.first() is None:
        raise LastOwner("This is the last owner; make another member owner first.")
    # Else they could come back as owner by a link of their own.
    await invitations.revoke_open(
        session,
        col(Invitation.team_id) == team.id,
        col(Invitation.invited_by) == user.id,
        actor=actor,
    )


def _refuse_second_owner(team: Team, role: Role) -> None:
    if team.is_personal and role is Role.owner:
        raise Conflict("A personal team has one owner, its person.")


def _require_match(if_match: str | None, member: Membership | None) -> None:
    """Compare with the state of a membership, where a request names one."""
    if if_match is not None:
        require_match(if_match, 0 if member is None else version_of(member))


async def set_role(  # noqa: PLR0913 - who, where, as what, and based on what
    session: AsyncSession,
    team: Team,
    username: str,
    role: Role,
    *,
    actor: Actor,
    if_match: str | None = None,
) -> MemberPublic:
    """Add an account to a team, or give a member another role.

    Raises:
        Conflict: The team is personal, and keeps its one owner.
        LastOwner: Nobody who can sign in would own the team.
        NotFound: There is no active account of this name.
        Stale: The role was changed since it was read.
    """
    found = await _member(session, team, username)
    _require_match(if_match, found[1] if found else None)
    if found is None:
        user, member = await _add(session, team, username, role, actor=actor)
    else:
        user, member = found
        await _change(session, team, found, role, actor=actor)
    await session.flush()
    has = await has_second_factor(session, user.id)
    return _public(member, user, has_second_factor=has)


async def _add(
    session: AsyncSession, team: Team, username: str, role: Role, *, actor: Actor
) -> tuple[User, Membership]:
    _refuse_second_owner(team, role)
    rows = await session.exec(
        select(User).where(User.username == username, col(User.is_active))
    )
    user = rows.first()
    if user is None:
        raise NotFound(f"There is no account called {username}; invite the person.")
    member = Membership(user_id=user.id, team_id=team.id, role=role)
    session.add(member)
    details = {"role": role}
    record(session, "member.added", _target(team, user), by=actor, details=details)
    return user, member


async def _change(
    session: AsyncSession,
    team: Team,
    found: tuple[User, Membership],
    role: Role,
    *,
    actor: Actor,
) -> None:
    user, member = found
    if member.role is role:
        return
    if member.role is Role.owner:
        await _give_up_ownership(session, team, user, actor=actor)
    _refuse_second_owner(team, role)
    details = {"from": member.role, "to": role}
    member.role = role
    member.updated_at = utc_now()
    place = _target(team, user)
    record(session, "member.role_changed", place, by=actor, details=details)


async def remove(
    session: AsyncSession,
    team: Team,
    username: str,
    *,
    actor: Actor,
    if_match: str | None = None,
) -> None:
    """Take a member out of a team: an owner anybody, everybody themselves.

    Raises:
        Conflict: It is the person's own team.
        Forbidden: Only owners remove others.
        LastOwner: Nobody who can sign in would own the team.
        NotFound: There is no such member.
        Stale: The role was changed since it was read.
    """
    leaving = username == actor.username
    if not leaving:
        await require_owner(session, actor, team)
    found = await _member(session, team, username)
    if found is None:
        raise NotFound(_NO_MEMBER)
    user, member = found
    _require_match(if_match, member)
    if member.role is Role.owner:
        await _give_up_ownership(session, team, user, actor=actor)
    await session.delete(member)
    action = "team.left" if leaving else "member.removed"
    details = {"role": member.role}
    record(session, action, _target(team, user), by=actor, details=details)
    await session.flush()


async def transfer(
    session: AsyncSession, team: Team, username: str, *, actor: Actor
) -> None:
    """Make another member owner in the actor's place, who stays as editor.

    Raises:
        Conflict: It is a personal team.
        Invalid: This is no other active member.
    """
    if team.is_personal:
        raise Conflict("A personal team stays with its person.")
    found = await _member(session, team, username)
    if found is None or not found[0].is_active or username == actor.username:
        raise Invalid.field("username", "Name another member of the team.")
    _, heir = found
    heir.role = Role.owner
    await session.flush()
    mine = await _member(session, team, actor.username)
    if mine is not None:
        user, member = mine
        await _give_up_ownership(session, team, user, actor=actor)
        member.role = Role.editor
        member.updated_at = heir.updated_at = utc_now()
    details = {"to": username}
    record(session, "team.transferred", target(team), by=actor, details=details)
    await session.flush()


async def take_ownership(session: AsyncSession, team: Team, *, actor: Actor) -> None:
    """Make an administrator owner of a team; all its owners are told."""
    found = await _member(session, team, actor.username)
    if found is not None and found[1].role is Role.owner:
        return
    if found is None:
        session.add(Membership(user_id=actor.id, team_id=team.id, role=Role.owner))
    else:
        found[1].role = Role.owner
        found[1].updated_at = utc_now()
    record(session, "team.ownership_taken", target(team), by=actor)
    enqueue(
        session,
        "mail.ownership_taken",
        {"team_id": str(team.id), "user_id": str(actor.id)},
    )
    await session.flush()
