"""API tokens: what a person lets a client do for them, and for how long."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlmodel import col, or_, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.audit.service import Target, record
from roster.auth.api_token_schemas import ApiTokenCreate, TokenRights
from roster.auth.models import ApiToken
from roster.auth.sessions import SECOND_FACTOR
from roster.auth.tokens import API_TOKEN_PREFIX, ApiTokenClaims, Tokens
from roster.core.actor import Actor, Scope
from roster.core.db import Database
from roster.core.errors import Conflict, Invalid, NotFound, NotSignedIn
from roster.core.model import utc_now
from roster.core.paging import PageQuery, by_id, by_time, cut, ordered
from roster.instance import service as instance
from roster.jobs.service import enqueue
from roster.settings import Settings
from roster.users.models import User

LAST_USE_EXACT_TO = timedelta(hours=1)
HINT_LENGTH = 4
NEWEST = [
    by_time(col(ApiToken.created_at), descending=True),
    by_id(col(ApiToken.id), descending=True),
]


@dataclass(frozen=True)
class Use:
    actor: Actor
    noted_at: datetime | None = None
    """When the last use was noted that this one follows."""

    @property
    def first_in_a_while(self) -> bool:
        """Whether this use has to be noted."""
        if self.actor.token_id is None:
            return False
        return self.noted_at is None or utc_now() - self.noted_at >= LAST_USE_EXACT_TO


@dataclass(frozen=True)
class Signed:
    row: ApiToken
    token: str
    """To be shown once, and kept nowhere."""


async def use(session: AsyncSession, claims: ApiTokenClaims) -> Use:
    """Find who an API token speaks for now: it never may more than its maker.

    Raises:
        NotSignedIn: It was revoked, rotated or is past its time, or its maker's
            account was deactivated.
    """
    uses = await uses_of(session, [claims])
    if claims not in uses:
        raise NotSignedIn("This API token is not valid any more; make another one.")
    return uses[claims]


async def uses_of(
    session: AsyncSession, claims: Collection[ApiTokenClaims]
) -> dict[ApiTokenClaims, Use]:
    """Find who each API token speaks for; none for what is over."""
    now = utc_now()
    found = await session.exec(
        select(ApiToken, User, SECOND_FACTOR)
        .join(User, col(User.id) == ApiToken.user_id)
        .where(
            col(ApiToken.jti).in_([one.jti for one in claims]),
            col(ApiToken.revoked_at).is_(None),
            or_(col(ApiToken.expires_at).is_(None), col(ApiToken.expires_at) > now),
            col(User.is_active),
        )
    )
    rows = {(row[0].jti, row[1].id): row for row in found}
    return {
        one: _use(*rows[one.jti, one.user_id])
        for one in claims
        if (one.jti, one.user_id) in rows
    }


def actor_through(token: ApiToken, user: User, *, has_second_factor: bool) -> Actor:
    """The maker of a token, who may no more than it."""
    scopes = frozenset(Scope(name) for name in token.scopes)
    teams = token.team_ids
    return Actor(
        id=user.id,
        username=user.username,
        is_admin=user.is_admin,
        token_id=token.id,
        scopes=scopes if user.is_admin else scopes - {Scope.admin},
        team_ids=None if teams is None else frozenset(UUID(team) for team in teams),
        has_second_factor=has_second_factor,
        expires_at=token.expires_at,
    )


def _use(token: ApiToken, user: User, has_second_factor: bool) -> Use:
    actor = actor_through(token, user, has_second_factor=has_second_factor)
    return Use(actor, token.last_used_at)


async def note_use(database: Database, actor: Actor) -> None:
    async with database.write() as session:
        await session.exec(
            update(ApiToken)
            .where(col(ApiToken.id) == actor.token_id)
            .values(last_used_at=utc_now())
        )


def hint_of(token: ApiToken) -> str:
    return f"{API_TOKEN_PREFIX}…{token.ending}"


async def page_of(
    session: AsyncSession, query: PageQuery, *, actor: Actor
) -> tuple[list[ApiToken], str | None]:
    statement = select(ApiToken).where(ApiToken.user_id == actor.id)
    rows = await session.exec(ordered(statement, "newest", NEWEST, query))
    return cut(rows.all(), "newest", query, lambda row: [row.created_at, row.id])


async def days_for(
    session: AsyncSession, settings: Settings, data: TokenRights
) -> int | None:
    """Say how long a token may last, of what was asked for.

    Raises:
        Invalid: The instance does not allow that long.
    """
    longest = (await instance.current(session, settings)).token_max_days
    asked = data.expires_in_days
    if longest is None or (asked is not None and asked <= longest):
        return asked
    if "expires_in_days" not in data.model_fields_set:
        return longest
    message = f"On this instance a token lasts {longest} days at most."
    raise Invalid.field("expires_in_days", message, "too_long")


async def days_by_now(
    session: AsyncSession, settings: Settings, days: int | None
) -> int | None:
    """Cut a life that was allowed once to what the instance allows now."""
    longest = (await instance.current(session, settings)).token_max_days
    return days if longest is None else min(days or longest, longest)


def require_may_grant(scopes: Collection[Scope], actor: Actor) -> None:
    """Refuse scopes whose rights the maker of a token lacks.

    Raises:
        Invalid: They do.
    """
    if Scope.admin in scopes and not actor.is_admin:
        message = "Only administrators of the instance make tokens with this scope."
        raise Invalid.field("scopes", message, "not_allowed")


async def make(  # noqa: PLR0913 - a token is made of these
    session: AsyncSession,
    data: ApiTokenCreate,
    tokens: Tokens,
    *,
    days: int | None,
    team_ids: Sequence[UUID] | None,
    actor: Actor,
) -> Signed:
    """Make a token; its maker is told by mail, in case it was somebody else.

    Raises:
        Invalid: The maker lacks what a scope is for.
    """
    require_may_grant(data.scopes, actor)
    row = ApiToken(
        user_id=actor.id,
        name=data.name,
        scopes=[scope.value for scope in data.scopes],
        team_ids=None if team_ids is None else [str(id_) for id_ in team_ids],
        lifetime_days=days,
    )
    token = _sign(row, tokens)
    session.add(row)
    details = {"scopes": row.scopes, "teams": row.team_ids, "days": days}
    record(session, "token.created", _target(row), by=actor, details=details)
    ids = {"user_id": str(actor.id), "token_id": str(row.id)}
    enqueue(session, "mail.token_made", ids)
    await session.flush()
    return Signed(row, token)


async def rotate(
    session: AsyncSession,
    token_id: UUID,
    tokens: Tokens,
    *,
    settings: Settings,
    actor: Actor,
) -> Signed:
    """Replace a token; the one before does not work from now on.

    Raises:
        NotFound: The actor has no such token.
        Conflict: It does not work any more.
    """
    row = await _own(session, token_id, actor)
    expired = row.expires_at is not None and row.expires_at <= utc_now()
    if row.revoked_at is not None or expired:
        raise Conflict("This token does not work any more; make another one.")
    row.lifetime_days = await days_by_now(session, settings, row.lifetime_days)
    token = _sign(row, tokens)
    record(session, "token.rotated", _target(row), by=actor)
    await session.flush()
    return Signed(row, token)


async def revoke(session: AsyncSession, token_id: UUID, *, actor: Actor) -> None:
    """End a token. Doing so twice is no fault.

    Raises:
        NotFound: The actor has no such token.
    """
    row = await _own(session, token_id, actor)
    if row.revoked_at is None:
        row.revoked_at = row.updated_at = utc_now()
        record(session, "token.revoked", _target(row), by=actor)


async def revoke_all(session: AsyncSession, user_id: UUID, *, by: Actor) -> None:
    """End all tokens of an account, for whoever deactivates it."""
    rows = await session.exec(
        select(ApiToken)
        .where(ApiToken.user_id == user_id, col(ApiToken.revoked_at).is_(None))
        .with_for_update()
    )
    for row in rows:
        row.revoked_at = row.updated_at = utc_now()
        record(session, "token.revoked", _target(row), by=by)


def _sign(row: ApiToken, tokens: Tokens) -> str:
    """Give a token an id and a life of its own from now on."""
    now = utc_now()
    row.jti = uuid4()
    row.updated_at = now
    row.warned_at = None
    days = row.lifetime_days
    row.expires_at = None if days is None else now + timedelta(days=days)
    token = tokens.api_token(
        row.user_id, row.jti, row.scopes, made=now, expires=row.expires_at
    )
    row.ending = token[-HINT_LENGTH:]
    return token


async def _own(session: AsyncSession, token_id: UUID, actor: Actor) -> ApiToken:
    found = await session.exec(
        select(ApiToken)
        .where(ApiToken.id == token_id, ApiToken.user_id == actor.id)
        .with_for_update()
    )
    row = found.first()
    if row is None:
        raise NotFound("You have no such token.")
    return row


def _target(row: ApiToken) -> Target:
    return Target("api_token", row.id, row.name)
