"""Who a job acts for: the person who asked for it, with the rights that they have now.

What they asked for through an API token stays within what that token may.
"""

from typing import Any
from uuid import UUID

from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.auth.api_tokens import actor_through
from roster.auth.models import ApiToken
from roster.auth.sessions import SECOND_FACTOR
from roster.core.actor import Actor
from roster.core.model import utc_now
from roster.jobs.registry import JobError
from roster.users.models import User

TOKEN = "token_id"  # noqa: S105 - the name of a field


def asked_by(actor: Actor) -> dict[str, Any]:
    """What the payload of a job says of whoever asks for it, beside its `actor_id`."""
    return {} if actor.token_id is None else {TOKEN: str(actor.token_id)}


async def acting(
    session: AsyncSession, actor_id: UUID | None, payload: dict[str, Any]
) -> Actor:
    """Find the actor of a job.

    Raises:
        JobError: Their account was deactivated, or their API token is over.
    """
    found = await session.exec(
        select(User, SECOND_FACTOR).where(User.id == actor_id, col(User.is_active))
    )
    row = found.first()
    if row is None:
        message = "The account of whoever asked for this is not active any more."
        raise JobError(message, final=True)
    user, has_second_factor = row
    if TOKEN not in payload:
        return Actor(
            user.id, user.username, user.is_admin, has_second_factor=has_second_factor
        )
    now = utc_now()
    tokens = await session.exec(
        select(ApiToken).where(
            ApiToken.id == UUID(payload[TOKEN]),
            ApiToken.user_id == user.id,
            col(ApiToken.revoked_at).is_(None),
            or_(col(ApiToken.expires_at).is_(None), col(ApiToken.expires_at) > now),
        )
    )
    token = tokens.first()
    if token is None:
        message = "The API token that this was asked for with is not valid any more."
        raise JobError(message, final=True)
    return actor_through(token, user, has_second_factor=has_second_factor)
