"""Take in what `exporting` wrote down, on any engine: all of it, or nothing.

It is one transaction, committed once the end of the file was seen and counted.
"""

import asyncio
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Table, Update, func, make_url, select, update
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from roster.audit.models import ChainReport
from roster.backup import places
from roster.backup.archive import Hashing, Head, Manifest, Reader, reading
from roster.backup.blob_files import put
from roster.backup.checking import keys_at_hand, problems_of, verified
from roster.backup.errors import BackupError
from roster.backup.exporting import EXPORT
from roster.backup.making import BLOBS, Say
from roster.backup.owning import owner, without_guards
from roster.backup.settling import begin_again, tell
from roster.backup.wire import (
    BOUND,
    columns_of,
    counted_by,
    exported_tables,
    inserted,
    readers_of,
    refers_to_itself,
)
from roster.core.migrate import head
from roster.core.model import Model
from roster.serve import migrate
from roster.settings import Settings

BATCH_ROWS, BATCH_BYTES = 500, 8 * 1024 * 1024
_PART = re.compile(r"tables/([a-z_]+)\.\d{6}\.jsonl")


@dataclass(frozen=True)
class Imported:
    head: Head
    manifest: Manifest
    chain: ChainReport
    unreadable: int
    """Values that were sealed with a key that is not here."""

    @property
    def problems(self) -> list[str]:
        return problems_of(self.manifest, self.chain, self.unreadable)


async def import_all(settings: Settings, path: Path, *, say: Say) -> Imported:
    """Fill an empty database.

    Raises:
        BackupError: It is not empty, or the file is not whole or of another schema.
    """
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with reading(path) as reader:
        _require_fit(reader.head, path)
        opened = keys_at_hand(settings.data_dir, settings)
        await _require_alone(settings)
        await asyncio.to_thread(migrate, settings)
        try:
            manifest = await _fill(settings, reader, say)
        except (IntegrityError, DataError) as error:
            message = (
                f"{path} is damaged: its rows do not fit together, or into their "
                "tables. Nothing was changed."
            )
            raise BackupError(message) from error
    details = {"from": reader.head.engine, "made_at": reader.head.made_at}
    await tell(settings.database, "instance.moved", details)
    chain, lost = await verified(settings.database, opened)
    return Imported(reader.head, manifest, chain, lost)


def _require_fit(found: Head, path: Path) -> None:
    if found.what != EXPORT:
        message = f"{path} is a backup: bring it back with `roster restore`."
        raise BackupError(message)
    if found.schema != head():
        message = (
            f"This was written by Roster {found.version} with the schema "
            f"{found.schema}, and this version has {head()}: use the same version to "
            "write it and to take it in."
        )
        raise BackupError(message)


async def _require_alone(settings: Settings) -> None:
    if make_url(settings.database).get_backend_name() != "sqlite":
        await places.is_empty_postgres(settings.migration_database)
        return
    file = places.sqlite_file(settings)
    if file.exists():
        await asyncio.to_thread(places.require_unused, file)


async def _fill(settings: Settings, reader: Reader, say: Say) -> Manifest:
    async with owner(settings) as connection:
        await _require_empty(connection)
        filling = _Filling(connection, settings.blobs, say)
        async with without_guards(connection):
            for name, file in reader.members():
                await filling.take(name, file)
            await filling.end()
        manifest = reader.manifest
        assert manifest is not None  # noqa: S101 - else members() has raised
        if filling.rows != manifest.tables:
            message = "The numbers of rows are not those that were written."
            raise BackupError(message)
        await count_on(connection)
        await begin_again(connection)
    return manifest


async def _require_empty(connection: AsyncConnection) -> None:
    for table in Model.metadata.sorted_tables:
        if (await connection.execute(select(table).limit(1))).first() is not None:
            message = (
                f"The database is not empty: there are rows in {table.name}. Name one "
                "that no Roster has used."
            )
            raise BackupError(message)


class _Filling:
    """Puts what comes into its table, in the order in which it comes."""

    def __init__(self, connection: AsyncConnection, blobs: Path, say: Say) -> None:
        self._connection = connection
        self._blobs = blobs
        self._say = say
        self._waiting = {table.name: table for table in exported_tables()}
        self._table: Table | None = None
        self._later: list[dict[str, Any]] = []
        self.rows: dict[str, int] = {}

    async def take(self, name: str, file: Hashing) -> None:
        if name.startswith(BLOBS):
            await self.end()
            await asyncio.to_thread(put, file, name.removeprefix(BLOBS), self._blobs)
            return
        part = _PART.fullmatch(name)
        if part is None:
            message = f"There is no place for {name}."
            raise BackupError(message)
        await self._lines(await self._begun(part[1]), file)

    async def _begun(self, name: str) -> Table:
        if self._table is not None and self._table.name == name:
            return self._table
        await self.end()
        self._table = self._waiting.pop(name, None)
        if self._table is None:
            message = f"There is no table {name}, or it comes twice."
            raise BackupError(message)
        self.rows[name] = 0
        return self._table

    async def _lines(self, table: Table, file: Hashing) -> None:
        lines = file.lines()
        columns = columns_of(table)
        if orjson.loads(next(lines, b"")) != [column.name for column in columns]:
            message = f"The columns of {table.name} are others."
            raise BackupError(message)
        names = [f"{BOUND}{column.name}" for column in columns]
        readers = readers_of(columns)
        batch: list[dict[str, Any]] = []
        size = 0
        for line in lines:
            values = orjson.loads(line)
            batch.append(
                {
                    name: reader(value) if reader and value is not None else value
                    for name, reader, value in zip(names, readers, values, strict=True)
                }
            )
            size += len(line)
            if len(batch) == BATCH_ROWS or size > BATCH_BYTES:
                await self._insert(table, batch)
                batch, size = [], 0
        await self._insert(table, batch)

    async def _insert(self, table: Table, batch: list[dict[str, Any]]) -> None:
        if not batch:
            return
        own = [f"{BOUND}{column.name}" for column in refers_to_itself(table)]
        key = [f"{BOUND}{column.name}" for column in table.primary_key.columns]
        for row in batch:
            told = {name: row[name] for name in own if row[name] is not None}
            if told:
                # What it refers to may come after it.
                self._later.append({name: row[name] for name in key} | told)
                row.update(dict.fromkeys(told))
        statement = inserted(table, self._connection.dialect.name)
        await self._connection.execute(statement, batch)
        self.rows[table.name] += len(batch)

    async def end(self) -> None:
        """Complete the table at hand."""
        table, self._table = self._table, None
        if table is None:
            return
        for row in self._later:
            await self._connection.execute(_completed(table, row))
        self._later = []
        self._say(f"{table.name}: {self.rows[table.name]} rows")


def _completed(table: Table, row: dict[str, Any]) -> Update:
    values = {name.removeprefix(BOUND): value for name, value in row.items()}
    statement = update(table)
    for column in table.primary_key.columns:
        statement = statement.where(column == values.pop(column.name))
    return statement.values(values)


async def count_on(connection: AsyncConnection) -> None:
    """Let the engine count on from the highest number of each table."""
    if connection.dialect.name != "postgresql":
        return  # SQLite does so by itself
    for table in Model.metadata.sorted_tables:
        column = counted_by(table)
        if column is None:
            continue
        highest = await connection.scalar(select(func.max(column)))
        sequence = await connection.scalar(
            select(func.pg_get_serial_sequence(table.name, column.name))
        )
        if highest is not None and sequence is not None:
            await connection.execute(select(func.setval(sequence, highest)))
