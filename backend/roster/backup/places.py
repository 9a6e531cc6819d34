"""Where an instance is put: an empty place, or one whose old content is kept aside."""

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from roster.backup.archive import sync_folder
from roster.backup.errors import BackupError
from roster.backup.facts import table_names
from roster.backup.postgres import ASIDE
from roster.core.keys import FILE_NAME as KEYS
from roster.core.model import utc_now
from roster.settings import Settings

BESIDE = ("", "-wal", "-shm")
"""What the files of an SQLite database end with."""


@dataclass(frozen=True)
class Aside:
    """Where the old content of a place is kept."""

    folder: Path
    """A data folder: its blobs and keys, and the database if it was a file."""
    schema: str = ""
    """Of PostgreSQL, with the tables as they were."""


def sqlite_file(settings: Settings) -> Path:
    return Path(make_url(settings.database).database or "")


def require_unused(file: Path) -> None:
    """Refuse a database that a process has open; what is no database is not used.

    Raises:
        BackupError: It is in use.
    """
    try:
        with closing(sqlite3.connect(file, timeout=1)) as connection:
            # Only who is alone can do this; and then there is one file, not three.
            connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            message = f"A process has {file} open: stop Roster first."
            raise BackupError(message) from error
    except sqlite3.DatabaseError:
        return


def keep_files_aside(settings: Settings, stamp: str) -> Path:
    """Give what lies in the data folder a second name, under which it stays."""
    folder = settings.data_dir / f"replaced-{stamp}"
    folder.mkdir(mode=0o700)
    if settings.blobs.is_dir():
        shutil.copytree(
            settings.blobs,
            folder / "blobs",
            copy_function=_link,
            ignore=shutil.ignore_patterns(".*"),
        )
    with contextlib.suppress(FileNotFoundError):
        _link(settings.data_dir / KEYS, folder / KEYS)
    return folder


def keep_sqlite_aside(file: Path, folder: Path) -> None:
    for end in BESIDE:
        with contextlib.suppress(FileNotFoundError):
            _link(file.with_name(file.name + end), folder / f"roster.db{end}")
    sync_folder(folder)


def put_sqlite(unpacked: Path, file: Path) -> None:
    """Put a database where another one was, in one step."""
    with closing(sqlite3.connect(unpacked)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    descriptor = os.open(unpacked, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
    # Of one that could not be opened: they would be taken for those of the new one.
    for end in BESIDE[1:]:
        file.with_name(file.name + end).unlink(missing_ok=True)
    unpacked.replace(file)
    sync_folder(file.parent)


def _link(source: str | Path, to: str | Path) -> None:
    try:
        os.link(source, to)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copy2(source, to)


def stamp() -> str:
    return f"{utc_now():%Y%m%d_%H%M%S}"


async def is_empty_postgres(url: str) -> bool:
    """Tell whether there are no tables.

    Raises:
        BackupError: Others are connected to it.
    """
    engine = create_async_engine(url, poolclass=NullPool, hide_parameters=True)
    async with engine.connect() as connection:
        return await connection.run_sync(_is_empty)


def _is_empty(connection: Connection) -> bool:
    others = connection.scalar(
        text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
    )
    if others:
        message = f"{others} connections to the database are open: stop Roster first."
        raise BackupError(message)
    return not table_names(connection)


async def move_schema_aside(url: str, name: str) -> None:
    """Rename the schema with all tables, and begin an empty one."""
    await _in_one(url, lambda one: _move(one, "public", name))


async def move_schema_back(url: str, name: str) -> None:
    def back(connection: Connection) -> None:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql(f"ALTER SCHEMA {name} RENAME TO public")

    await _in_one(url, back)


def _move(connection: Connection, old: str, name: str) -> None:
    connection.exec_driver_sql(f"ALTER SCHEMA {old} RENAME TO {name}")
    connection.exec_driver_sql(f"CREATE SCHEMA {old} AUTHORIZATION pg_database_owner")
    extensions = text(
        "SELECT e.extname FROM pg_extension AS e JOIN pg_namespace AS n "
        "ON n.oid = e.extnamespace WHERE n.nspname = :name"
    )
    for extension in connection.scalars(extensions, {"name": name}).all():
        connection.exec_driver_sql(f"ALTER EXTENSION {extension} SET SCHEMA {old}")


async def _in_one(url: str, work: Callable[[Connection], None]) -> None:
    engine = create_async_engine(url, poolclass=NullPool, hide_parameters=True)
    async with engine.begin() as connection:
        await connection.run_sync(work)


def aside_schema(moment: str) -> str:
    return f"{ASIDE}{moment}"
