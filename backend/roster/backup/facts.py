"""What a database holds, found out from itself: it may be of an older version."""

import hashlib
from dataclasses import dataclass, field

from sqlalchemy import (
    Connection,
    Select,
    column,
    func,
    inspect,
    select,
    table,
    union,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from roster.backup.errors import BackupError
from roster.blobs.models import Blob

BLOBS = Blob.metadata.tables["blobs"]
VERSION = table("alembic_version", column("version_num"))
_OF_THE_ENGINE = ("component_search", "component_heads", "sqlite_")
PAGE = 20


@dataclass
class Facts:
    schema: str = ""
    tables: dict[str, int] = field(default_factory=dict)
    """How many rows each has."""
    files: set[str] = field(default_factory=set)
    """Blobs whose bytes are not in the database."""
    needed: set[str] = field(default_factory=set)
    """Those of them that something refers to."""
    damaged: list[str] = field(default_factory=list)
    """Blobs in the database whose bytes are others."""


async def all_facts(connection: AsyncConnection) -> Facts:
    """Read all of it in the transaction of a connection.

    Raises:
        BackupError: It is no database of Roster.
    """
    facts = await connection.run_sync(_facts_of)
    facts.damaged = await _damaged_in(connection)
    return facts


def _facts_of(connection: Connection) -> Facts:
    names = table_names(connection)
    if VERSION.name not in names:
        message = "There is no Roster in this database: it has no tables."
        raise BackupError(message)
    facts = Facts(schema=connection.scalar(select(VERSION.c.version_num)) or "")
    for name in names:
        count = select(func.count()).select_from(table(name))
        facts.tables[name] = connection.scalar(count) or 0
    outside = select(BLOBS.c.digest).where(
        BLOBS.c.content.is_(None), BLOBS.c.redacted_at.is_(None)
    )
    facts.files = set(connection.scalars(outside))
    facts.needed = _referred_to(connection, names) & facts.files
    return facts


def table_names(connection: Connection) -> list[str]:
    """Names of the tables, without those that a search index consists of."""
    return sorted(
        name
        for name in inspect(connection).get_table_names()
        if not name.startswith(_OF_THE_ENGINE)
    )


def _referred_to(connection: Connection, names: list[str]) -> set[str]:
    looked = inspect(connection)
    references: list[Select[str]] = [
        select(column(key["constrained_columns"][0]).label("digest"))
        .select_from(table(name))
        .where(column(key["constrained_columns"][0]).is_not(None))
        for name in names
        for key in looked.get_foreign_keys(name)
        if key["referred_table"] == BLOBS.name
    ]
    return set(connection.scalars(union(*references)))


async def _damaged_in(connection: AsyncConnection) -> list[str]:
    wanted = select(BLOBS.c.digest, BLOBS.c.content).where(BLOBS.c.content.is_not(None))
    found = await connection.stream(wanted.execution_options(yield_per=PAGE))
    return [
        digest
        async for digest, content in found
        if hashlib.sha256(content).hexdigest() != digest
    ]
