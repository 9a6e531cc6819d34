"""Bring a backup back in a temporary place, and look whether all of it is right."""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.fernet import InvalidToken
from sqlalchemy import make_url, select

from roster.audit.chain import Chain
from roster.audit.models import ChainReport
from roster.audit.verify import verify
from roster.backup import postgres
from roster.backup.archive import Head, Manifest, unpack
from roster.backup.errors import BackupError
from roster.backup.facts import all_facts
from roster.backup.owning import one_moment
from roster.core import keys
from roster.core.crypto import Cipher
from roster.core.db import Database
from roster.core.inserting import table_of
from roster.core.keys import Keys
from roster.settings import Settings
from roster.upkeep import SEALED

UNPACKED = "unpacked"


@dataclass(frozen=True)
class Checked:
    """What was found to be right."""

    head: Head
    manifest: Manifest
    chain: ChainReport | None
    """None where it was read to its end, but not brought back."""
    unreadable: int = 0
    """Values that were sealed with a key that is not here."""

    @property
    def problems(self) -> list[str]:
        return problems_of(self.manifest, self.chain, self.unreadable)

    @property
    def rows(self) -> int:
        return sum(self.manifest.tables.values())

    @property
    def has_keys(self) -> bool:
        return keys.FILE_NAME in self.manifest.files


def problems_of(
    manifest: Manifest, chain: ChainReport | None, unreadable: int
) -> list[str]:
    """What was wrong with the instance already, as sentences."""
    found = [f"The content {digest} is damaged or away." for digest in manifest.missing]
    if chain is not None and not chain.intact:
        found.append(f"The audit chain is broken: {chain.first_problem}")
    if unreadable:
        found.append(f"{unreadable} values were encrypted with a key that is not here.")
    return found


async def check(path: Path, settings: Settings, work: Path) -> Checked:
    """Unpack a backup below a folder and check all that it holds.

    Raises:
        BackupError: Something is not right.
    """
    folder = work / UNPACKED
    head, manifest = await asyncio.to_thread(unpack, path, folder)
    if head.what != "backup":
        message = f"{path} is an export: bring it in with `roster import-all`."
        raise BackupError(message)
    require_engine(head, settings)
    named = {name for name in manifest.files if name.startswith("blobs/")}
    for name in named:
        if manifest.files[name]["sha256"] != name.removeprefix("blobs/"):
            raise _wrong(path, f"{name} is not what its name says")
    inside = (folder / keys.FILE_NAME).exists()
    opened = keys_at_hand(folder if inside else settings.data_dir, settings)
    async with _brought_back(head, folder, settings) as url:
        if url is None:
            return Checked(head, manifest, None)
        await _compare(path, url, manifest)
        chain, lost = await verified(url, opened)
        return Checked(head, manifest, chain, lost)


def require_engine(head: Head, settings: Settings) -> None:
    """Refuse a backup of another engine.

    Raises:
        BackupError: It is one.
    """
    here = make_url(settings.database).get_backend_name()
    if head.engine != here:
        message = (
            f"This backup is of {head.engine}, and the database here is {here}: move "
            "an instance with `roster export-all` and `roster import-all`."
        )
        raise BackupError(message)


async def verified(url: str, opened: Keys) -> tuple[ChainReport, int]:
    """Walk the audit chain, and count the values that no key of these opens."""
    database = Database(url, pool_size=1)
    try:
        chain = await verify(database, Chain(opened.audit))
    finally:
        await database.dispose()
    return chain, await _unreadable(url, opened)


def _wrong(path: Path, why: str) -> BackupError:
    return BackupError(f"The backup {path.name} is not right: {why}.")


def keys_at_hand(data_dir: Path, settings: Settings) -> Keys:
    """The keys that the settings give, or else those in a folder; never new ones.

    Raises:
        BackupError: There are none.
    """
    given = settings.signing_keys and settings.encryption_keys and settings.audit_keys
    if not given and not (data_dir / keys.FILE_NAME).exists():
        message = (
            "The keys of the instance are not here: put its keys.json into "
            f"{settings.data_dir}, or set ROSTER_SIGNING_KEYS, ROSTER_ENCRYPTION_KEYS "
            "and ROSTER_AUDIT_KEYS."
        )
        raise BackupError(message)
    return keys.load_or_create(settings.model_copy(update={"data_dir": data_dir}))


@asynccontextmanager
async def _brought_back(
    head: Head, folder: Path, settings: Settings
) -> AsyncGenerator[str | None]:
    async with AsyncExitStack() as ending:
        if head.engine == "sqlite":
            file = folder / "database.sqlite"
            await asyncio.to_thread(_check_sqlite, file)
            url: str | None = f"sqlite+aiosqlite:///{file}"
        else:
            programs = await postgres.find_programs(settings)
            file = folder / "database.dump"
            url = await ending.enter_async_context(
                postgres.temporary_database(settings.migration_database)
            )
            if url is None:
                await postgres.read_through(programs, file)
                yield None
                return
            await postgres.restore(programs, url, file)
        yield url


def _check_sqlite(file: Path) -> None:
    try:
        with closing(sqlite3.connect(file)) as connection:
            told = connection.execute("PRAGMA integrity_check").fetchone()[0]
            broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.DatabaseError as error:
        message = f"The database in it is damaged: {error}."
        raise BackupError(message) from error
    if told != "ok":
        message = f"The database in it is damaged: {told}."
        raise BackupError(message)
    if broken is not None:
        message = f"Rows of the table {broken[0]} in it refer to what is not there."
        raise BackupError(message)


async def _compare(path: Path, url: str, manifest: Manifest) -> None:
    async with one_moment(url) as connection:
        facts = await all_facts(connection)
    for name, rows in manifest.tables.items():
        if facts.tables.get(name) != rows:
            raise _wrong(path, f"{name} has {facts.tables.get(name)} rows, not {rows}")
    kept = {name.removeprefix("blobs/") for name in manifest.files}
    if lost := {*facts.damaged, *(facts.needed - kept)} - set(manifest.missing):
        raise _wrong(path, f"the content {min(lost)} is damaged or missing")


async def _unreadable(url: str, opened: Keys) -> int:
    cipher = Cipher(opened.encryption)
    found = 0
    async with one_moment(url) as connection:
        for model, column in SEALED.items():
            table = table_of(model)
            wanted = select(table.c[column]).where(table.c[column].is_not(None))
            rows = await connection.stream_scalars(wanted)
            async for sealed in rows:
                found += not _opens(cipher, sealed)
    return found


def _opens(cipher: Cipher, sealed: Any) -> bool:
    try:
        cipher.decrypt(sealed)
    except InvalidToken:
        return False
    return True
