"""Keep a whole instance in one file while it runs.

First the files of the blobs are held, then the database is copied as it is at one
moment, and then the files that it refers to are put beside it.
"""

import asyncio
import hashlib
import sqlite3
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from sqlalchemy import make_url, text

from roster import __version__
from roster.backup import postgres
from roster.backup.archive import Head, Writer, unfinished, writing
from roster.backup.blob_files import HeldBlobs, held
from roster.backup.checking import Checked, check
from roster.backup.errors import BackupError
from roster.backup.facts import Facts, all_facts
from roster.backup.owning import one_moment
from roster.backup.working import working_folder
from roster.core import private_file
from roster.core.keys import FILE_NAME as KEYS
from roster.core.model import utc_now
from roster.settings import Settings
from roster.upkeep import existing_database

BACKUP = "backup"
SQLITE, DUMP = "database.sqlite", "database.dump"
BLOBS = "blobs/"
Say = Callable[[str], None]


@dataclass(frozen=True)
class Made:
    path: Path
    size: int
    checked: Checked


def usual_place(settings: Settings) -> Path:
    name = f"roster-{utc_now():%Y-%m-%dT%H%M%SZ}.tar.gz"
    return settings.data_dir.resolve() / "backups" / name


async def back_up(
    settings: Settings, target: Path, *, with_keys: bool, say: Say
) -> Made:
    """Write a backup, bring it back in a temporary place, and only then name it.

    Raises:
        BackupError: It could not be made, or what came back was not what was there.
        NoDatabaseError: There is no database to keep.
    """
    with (
        unfinished(target) as begun,
        working_folder(target.parent, ".roster-backup-") as work,
    ):
        with held(settings.blobs) as blobs:
            say("Copying the database")
            async with _copied(settings, work) as (database, facts):
                blobs.hold(facts.files)
                head = head_of(settings, facts, BACKUP)
                say(f"Keeping {len(facts.files)} large files")
                parts = _Parts(
                    facts, database, blobs, _keys(settings, with_keys=with_keys)
                )
                await asyncio.to_thread(_write, begun.file, head, parts)
        begun.file.flush()
        say("Bringing it back in a temporary place, to check it")
        checked = await check(begun.path, settings, work)
        size = begun.file.seek(0, 2)
    return Made(target, size, checked)


def head_of(settings: Settings, facts: Facts, what: str) -> Head:
    return Head(
        what=what,
        engine=make_url(settings.database).get_backend_name(),
        schema=facts.schema,
        version=__version__,
        made_at=utc_now().isoformat(),
    )


@asynccontextmanager
async def _copied(settings: Settings, work: Path) -> AsyncGenerator[tuple[Path, Facts]]:
    async with existing_database(settings) as database:
        if database.dialect == "sqlite":
            copy = work / SQLITE
            source = make_url(settings.database).database or ""
            await asyncio.to_thread(copy_sqlite, Path(source), copy)
            async with one_moment(f"sqlite+aiosqlite:///{copy}") as connection:
                facts = await all_facts(connection)
        else:
            copy = work / DUMP
            facts = await _dump_postgres(settings, copy)
        yield copy, facts


def copy_sqlite(source: Path, to: Path) -> None:
    """Copy a database in use, as it is at this moment.

    In one step, which takes a snapshot and keeps no writer waiting; in several, each
    write in between would make it begin again.
    """
    with (
        closing(sqlite3.connect(source, timeout=60)) as live,
        closing(sqlite3.connect(to)) as copy,
    ):
        live.backup(copy, pages=-1)
        # One file, whatever the source was.
        copy.execute("PRAGMA journal_mode=DELETE")
    to.chmod(0o600)


async def _dump_postgres(settings: Settings, to: Path) -> Facts:
    programs = await postgres.find_programs(settings)
    async with one_moment(settings.migration_database) as connection:
        await connection.run_sync(lambda one: postgres.require_version(programs, one))
        snapshot = await connection.scalar(text("SELECT pg_export_snapshot()"))
        # Both see the very same rows.
        url = settings.migration_database
        await postgres.dump(programs, url, str(snapshot), to)
        return await all_facts(connection)


def _keys(settings: Settings, *, with_keys: bool) -> bytes | None:
    if not with_keys:
        return None
    path = settings.data_dir / KEYS
    if not path.exists():
        message = (
            "There is no keys.json to keep: the keys come from the settings "
            "ROSTER_SIGNING_KEYS, ROSTER_ENCRYPTION_KEYS and ROSTER_AUDIT_KEYS. Keep "
            "those, and leave --with-keys away."
        )
        raise BackupError(message)
    return private_file.read(path).encode()


@dataclass(frozen=True)
class _Parts:
    facts: Facts
    database: Path
    blobs: HeldBlobs
    keys: bytes | None


def _write(file: IO[bytes], head: Head, parts: _Parts) -> None:
    with writing(file, head) as writer:
        writer.manifest.tables = parts.facts.tables
        writer.manifest.missing = list(parts.facts.damaged)
        if parts.keys is not None:
            writer.add_bytes(KEYS, parts.keys)
        writer.add_file(parts.database.name, parts.database)
        add_blobs(writer, parts.facts, parts.blobs)


def add_blobs(writer: Writer, facts: Facts, blobs: HeldBlobs) -> None:
    """Put the files of blobs into an archive; note those that are not to be had."""
    for digest in sorted(facts.files):
        path = blobs.path(digest)
        if _is_good(path, digest):
            writer.add_file(f"{BLOBS}{digest}", path)
        elif digest in facts.needed:
            writer.manifest.missing.append(digest)


def _is_good(path: Path, digest: str) -> bool:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == digest
    except OSError:
        return False
