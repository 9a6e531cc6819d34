"""Tell people in time that a token of theirs is about to stop working."""

from datetime import timedelta

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.auth.models import ApiToken
from roster.core.model import utc_now
from roster.jobs.models import Queue
from roster.jobs.registry import JobKind, Run
from roster.jobs.service import enqueue
from roster.users.models import User

NOTICE = timedelta(days=7)


async def warn(run: Run) -> None:
    async with run.tools.database.write() as session:
        await warn_of_expiry(session)
        await run.finish(session)


async def warn_of_expiry(session: AsyncSession) -> None:
    """Ask for a mail about each token that expires soon, once.

    Not about those that last no longer than the notice would be.
    """
    now = utc_now()
    soon = await session.exec(
        select(ApiToken)
        .join(User, col(User.id) == ApiToken.user_id)
        .where(
            col(ApiToken.expires_at) > now,
            col(ApiToken.expires_at) <= now + NOTICE,
            col(ApiToken.lifetime_days) > NOTICE.days,
            col(ApiToken.revoked_at).is_(None),
            col(ApiToken.warned_at).is_(None),
            col(User.is_active),
        )
        .with_for_update(of=ApiToken)
    )
    for token in soon:
        token.warned_at = now
        ids = {"user_id": str(token.user_id), "token_id": str(token.id)}
        enqueue(session, "mail.token_expires", ids)


JOBS = [JobKind("tokens.warn", warn, every=timedelta(days=1), queue=Queue.upkeep)]
