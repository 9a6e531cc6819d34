"""API tokens: what a person lets a client do for them, and for how long."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.auth.models import ApiToken
from roster.auth.sessions import SECOND_FACTOR
from roster.auth.tokens import ApiTokenClaims
from roster.core.actor import Actor, Scope
from roster.core.db import Database
from roster.core.errors import NotSignedIn
from roster.core.model import utc_now
from roster.users.models import User

LAST_USE_EXACT_TO = timedelta(hours=1)


@dataclass(frozen=True)
class Use:
    actor: Actor
    first_in_a_while: bool
    """Whether this use has to be noted."""


async def use(session: AsyncSession, claims: ApiTokenClaims) -> Use:
    """Find who an API token speaks for now: it never may more than its maker.

    Raises:
        NotSignedIn: It was revoked, rotated or is past its time, or its maker's
            account was deactivated.
    """
    found = await session.exec(
        select(ApiToken, User, SECOND_FACTOR)
        .join(User, col(User.id) == ApiToken.user_id)
        .where(
            ApiToken.jti == claims.jti,
            ApiToken.user_id == claims.user_id,
            col(ApiToken.revoked_at).is_(None),
            col(User.is_active),
        )
    )
    row = found.one_or_none()
    now = utc_now()
    if row is None or (row[0].expires_at is not None and row[0].expires_at <= now):
        raise NotSignedIn("This API token is not valid any more; make another one.")
    token, user, has_second_factor = row
    scopes = frozenset(Scope(name) for name in token.scopes)
    teams = token.team_ids
    actor = Actor(
        id=user.id,
        username=user.username,
        is_admin=user.is_admin,
        token_id=token.id,
        scopes=scopes if user.is_admin else scopes - {Scope.admin},
        team_ids=None if teams is None else frozenset(UUID(team) for team in teams),
        has_second_factor=has_second_factor,
    )
    last = token.last_used_at
    return Use(actor, first_in_a_while=last is None or now - last >= LAST_USE_EXACT_TO)


async def note_use(database: Database, actor: Actor) -> None:
    async with database.write() as session:
        await session.exec(
            update(ApiToken)
            .where(col(ApiToken.id) == actor.token_id)
            .values(last_used_at=utc_now())
        )
