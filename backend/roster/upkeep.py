"""What an operator does at the command line, beside a server that may be running."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.fernet import InvalidToken
from sqlalchemy import Column, Table, make_url, select, update
from sqlalchemy.exc import DBAPIError
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.audit.chain import Chain
from roster.audit.models import ChainReport
from roster.audit.service import Target, record
from roster.audit.verify import verify
from roster.auth.models import TotpFactor
from roster.core import keys
from roster.core.actor import Anonymous
from roster.core.crypto import Cipher
from roster.core.db import Database
from roster.core.inserting import table_of
from roster.core.keys import KeyKind
from roster.core.model import Model
from roster.imports.models import ImportInput
from roster.repositories.models import Repository
from roster.secrets.models import Secret
from roster.settings import Settings

SEALED: dict[type[Model], str] = {
    Secret: "sealed",
    TotpFactor: "secret",
    Repository: "sealed_token",
    ImportInput: "sealed_token",
}
"""Where values stand that the encryption keys protect."""


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
    database = Database.of(settings, pool_size=1)
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


@dataclass(frozen=True)
class Reencrypted:
    """What became of the encrypted values of an instance."""

    done: int
    lost: int
    """Sealed with a key that is not there any more: nobody can read them."""


async def reencrypt(settings: Settings) -> Reencrypted:
    """Seal everything with the first encryption key, so that the others can go."""
    cipher = Cipher(keys.load_or_create(settings).encryption)
    done = lost = 0
    async with existing_database(settings) as database, database.write() as session:
        for model, column in SEALED.items():
            table = table_of(model)
            for id_, sealed in await _sealed(session, table, column):
                try:
                    anew = cipher.reencrypt(sealed)
                except InvalidToken:
                    lost += 1
                    continue
                await _replace(session, table, id_, {column: anew})
                done += 1
        record(
            session,
            "keys.reencrypted",
            Target("keys", None, "encryption keys"),
            by=Anonymous(),
            details={"values": done, "lost": lost},
        )
    return Reencrypted(done, lost)


async def _sealed(
    session: AsyncSession, table: Table, column: str
) -> list[tuple[Any, str]]:
    """Ids and values, locked: what a running server writes meanwhile waits."""
    connection = await session.connection()
    statement = (
        select(_key(table), table.c[column])
        .where(table.c[column].is_not(None))
        .with_for_update()
    )
    return [(id_, value) for id_, value in await connection.execute(statement)]


async def _replace(
    session: AsyncSession, table: Table, id_: Any, values: dict[str, str]
) -> None:
    connection = await session.connection()
    await connection.execute(update(table).where(_key(table) == id_).values(values))


def _key(table: Table) -> Column[Any]:
    [key] = table.primary_key.columns
    return key
