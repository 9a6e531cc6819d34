"""Write a whole instance down so that any engine can take it in."""

import asyncio
import tempfile
from pathlib import Path

import orjson
from sqlalchemy import LargeBinary, Table
from sqlalchemy.ext.asyncio import AsyncConnection

from roster.backup.archive import Manifest, Writer, unfinished, writing
from roster.backup.blob_files import held
from roster.backup.errors import BackupError
from roster.backup.facts import Facts, all_facts
from roster.backup.making import Say, add_blobs, head_of
from roster.backup.owning import one_moment
from roster.backup.wire import as_line, columns_of, exported_tables, selected
from roster.core.migrate import head
from roster.settings import Settings
from roster.upkeep import existing_database

EXPORT = "export"
PART_BYTES = 32 * 1024 * 1024
ROWS, ROWS_WITH_BYTES = 1000, 20
"""How many are in memory at once."""


class Lines:
    """The rows of a table as lines of JSON, in parts of a size."""

    def __init__(self, writer: Writer, table: Table, folder: Path) -> None:
        self._writer = writer
        self._table = table
        self._folder = folder
        self._parts = 0
        self._begin()

    def _begin(self) -> None:
        self._file = tempfile.TemporaryFile(  # noqa: SIM115 - `end` closes it
            dir=self._folder
        )
        names = [column.name for column in columns_of(self._table)]
        self._file.write(orjson.dumps(names) + b"\n")

    def add(self, line: bytes) -> None:
        if self._file.tell() > PART_BYTES:
            self.end()
            self._begin()
        self._file.write(line)

    def end(self) -> None:
        self._parts += 1
        size = self._file.tell()
        self._file.seek(0)
        name = f"tables/{self._table.name}.{self._parts:06}.jsonl"
        with self._file as file:
            self._writer.add(name, file, size)


async def export_all(settings: Settings, target: Path, *, say: Say) -> Manifest:
    """Write everything down, as it is at one moment.

    Raises:
        BackupError: It could not be written, or the database is not up to date.
        NoDatabaseError: There is no database.
    """
    url = settings.database
    with unfinished(target) as begun, held(settings.blobs) as blobs:
        async with existing_database(settings), one_moment(url) as connection:
            facts = await all_facts(connection)
            _require_head(facts)
            blobs.hold(facts.files)
            with writing(begun.file, head_of(settings, facts, EXPORT)) as writer:
                writer.manifest.missing = list(facts.damaged)
                for table in exported_tables():
                    rows = await _write(writer, connection, table, target.parent)
                    writer.manifest.tables[table.name] = rows
                    say(f"{table.name}: {rows} rows")
                say(f"Large files: {len(facts.files)}")
                await asyncio.to_thread(add_blobs, writer, facts, blobs)
    return writer.manifest


def _require_head(facts: Facts) -> None:
    if facts.schema != head():
        message = (
            f"The database has the schema {facts.schema}, and this version {head()}: "
            "run `make migrate` first."
        )
        raise BackupError(message)


async def _write(
    writer: Writer, connection: AsyncConnection, table: Table, folder: Path
) -> int:
    lines = Lines(writer, table, folder)
    large = any(isinstance(column.type, LargeBinary) for column in table.columns)
    at_once = ROWS_WITH_BYTES if large else ROWS
    wanted = selected(table).execution_options(yield_per=at_once)
    rows = 0
    async for row in await connection.stream(wanted):
        lines.add(as_line(row))
        rows += 1
    lines.end()
    return rows
