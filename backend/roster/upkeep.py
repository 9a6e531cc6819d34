"""What an operator does at the command line, beside a server that may be running."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError

from roster.audit.chain import Chain
from roster.audit.models import ChainReport
from roster.audit.service import Target, record
from roster.audit.verify import verify
from roster.core import keys
from roster.core.actor import Anonymous
from roster.core.db import Database
from roster.core.keys import KeyKind
from roster.settings import Settings


class NoDatabaseError(Exception):
    """There is no database to work with; the sentence says where it was looked for."""


@asynccontextmanager
async def existing_database(settings: Settings) -> AsyncGenerator[Database]:
    """Open the database, but never make one.

    Raises:
        NoDatabaseError: It is not there, does not answer, or has another schema.
    """
    url = make_url(settings.database)
    place = url.host or url.database or ""
    is_file = url.get_backend_name() == "sqlite"
    if is_file and not await asyncio.to_thread(Path(place).is_file):
        message = f"There is no database at {place}; see ROSTER_DATA_DIR."
        raise NoDatabaseError(message)
    database = Database(settings.database, pool_size=1)
    try:
        yield database
    except (DBAPIError, OSError) as error:
        message = (
            f"The database at {place} does not answer, or is not up to date: start "
            f"Roster or run `make migrate` ({type(error).__name__})."
        )
        raise NoDatabaseError(message) from error
    finally:
        await database.dispose()


async def verify_chain(settings: Settings) -> ChainReport:
    async with existing_database(settings) as database:
        return await verify(database, Chain(keys.load_or_create(settings).audit))


async def rotate_keys(settings: Settings, kind: KeyKind) -> None:
    """Put a new key in front, together with the audit event that tells of it."""
    async with existing_database(settings) as database, database.write() as session:
        record(
            session,
            "keys.rotated",
            Target("keys", None, f"{kind} keys"),
            by=Anonymous(),
        )
        # The event can be written, so the file may change.
        await session.flush()
        keys.rotate(settings, kind)
