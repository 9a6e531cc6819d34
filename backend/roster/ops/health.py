import asyncio
from functools import cache

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from roster.core import migrate
from roster.core.db import Database
from roster.core.errors import Unavailable

PATIENCE_SECONDS = 3
RETRY = {"Retry-After": "5"}

SCHEMA = text("SELECT version_num FROM alembic_version")

schema_head = cache(migrate.head)


async def require_ready(database: Database) -> None:
    """Ask the database whether it is there and of this version's schema.

    Raises:
        Unavailable: It is not; the detail says what to do.
    """
    try:
        async with asyncio.timeout(PATIENCE_SECONDS), database.read() as session:
            connection = await session.connection()
            rows = await connection.execute(SCHEMA)
            present = rows.scalar()
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        raise Unavailable(
            "The database is out of reach, or was never migrated.", headers=RETRY
        ) from error
    if present != schema_head():
        raise Unavailable(
            f"The database is at schema {present}, and this version needs "
            f"{schema_head()}: run the migrations.",
            headers=RETRY,
        )
