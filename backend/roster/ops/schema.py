"""Whether the database has the schema that this version needs."""

import asyncio
from functools import cache

from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.core import migrate
from roster.ops.models import PartStatus

NO_TABLE = "no such table"
"""What SQLite says, which counts it among the faults of operation."""

head = cache(migrate.head)
known = cache(migrate.known)


async def load() -> None:
    """Read the migrations, once and in a thread: there are many."""
    if not head.cache_info().currsize:
        await asyncio.to_thread(head)


async def present(session: AsyncSession) -> str | None:
    """Read what the database was migrated to; None: it never was."""
    connection = await session.connection()
    try:
        found = await connection.execute(migrate.PRESENT)
    except (ProgrammingError, OperationalError) as error:
        if isinstance(error, ProgrammingError) or NO_TABLE in str(error.orig):
            return None
        raise
    version: str | None = found.scalar()
    return version


def judge(version: str | None) -> tuple[PartStatus, str]:
    if version == head():
        return "ok", ""
    if version is None:
        return "failed", "The database was never migrated: run the migrations."
    if version not in known() and version > (head() or ""):
        # In the middle of an upgrade: a newer version only adds to what we know.
        return "degraded", (
            f"The database is at schema {version}, which a newer version made: finish "
            "the upgrade."
        )
    return "failed", (
        f"The database is at schema {version}, and this version needs {head()}: run "
        "the migrations."
    )
