"""What a database needs that comes back from the past."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, inspect, update
from sqlalchemy.ext.asyncio import AsyncConnection

from roster.audit.service import Target, record
from roster.auth.models import ApiToken, AuthSession, DeviceGrant, EndReason
from roster.backup.errors import BackupError
from roster.core.actor import Anonymous
from roster.core.changes import TOPICS
from roster.core.db import Database
from roster.core.inserting import table_of
from roster.core.migrate import head, known
from roster.core.model import Model, utc_now
from roster.core.topics import EVERYTHING
from roster.jobs.models import Job, JobState, Worker


@dataclass(frozen=True)
class Settled:
    sessions: int
    tokens: int
    jobs: int


def require_known(schema: str, version: str) -> None:
    """Refuse what a newer version made.

    Raises:
        BackupError: It has a migration that is not here.
    """
    if schema not in known():
        message = (
            f"This was made by Roster {version} with the schema {schema!r}, which this "
            f"version (schema {head()}) does not know: use that version or a newer one."
        )
        raise BackupError(message)


async def settle(connection: AsyncConnection, *, keep_signed_in: bool) -> Settled:
    """Sign everybody out, and let the jobs begin again that were being done.

    Whatever was ended after the moment of the backup would be good again: nobody knows
    any more which sessions and tokens those were. The statements name only columns
    that every schema has, and tables that this one has.
    """
    sessions = tokens = 0
    if not keep_signed_in:
        now = utc_now()
        sessions = await _change(
            connection,
            AuthSession,
            "ended_at",
            ended_at=now,
            end_reason=EndReason.revoked,
        )
        tokens = await _change(connection, ApiToken, "revoked_at", revoked_at=now)
        # What was let in, and has its token by now, would get another one.
        if await connection.run_sync(_has, DeviceGrant.__tablename__):
            await connection.execute(delete(table_of(DeviceGrant)))
    return Settled(sessions, tokens, await begin_again(connection))


def _has(connection: Connection, table: str) -> bool:
    return inspect(connection).has_table(table)


async def _change(
    connection: AsyncConnection, model: type[Model], unset: str, **values: Any
) -> int:
    table = table_of(model)
    changed = await connection.execute(
        update(table).where(table.c[unset].is_(None)).values(**values)
    )
    return int(changed.rowcount)


async def begin_again(connection: AsyncConnection) -> int:
    """Queue the jobs whose processes are not of this place; tell how many."""
    jobs = table_of(Job)
    changed = await connection.execute(
        update(jobs)
        .where(jobs.c.state == JobState.running)
        .values(
            state=JobState.queued,
            attempts=jobs.c.attempts - 1,
            version=jobs.c.version + 1,
            due_at=utc_now(),
        )
    )
    # Whoever was told of jobs is not there any more.
    await connection.execute(
        update(jobs).where(jobs.c.state == JobState.queued).values(sent_at=None)
    )
    await connection.execute(delete(table_of(Worker)))
    return int(changed.rowcount)


async def tell(url: str, action: str, details: dict[str, Any]) -> None:
    """Put it on record, and let every process forget what it knows."""
    target = Target("instance", None, "instance")
    database = Database(url, pool_size=1)
    try:
        async with database.write() as session:
            record(session, action, target, by=Anonymous(), details=details)
            await session.flush()
            session.info.setdefault(TOPICS, set()).add(EVERYTHING)
    finally:
        await database.dispose()
