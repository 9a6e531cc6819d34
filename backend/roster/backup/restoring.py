"""Bring a backup back: all of it, or nothing.

The file is unpacked and checked first. Blobs have their digests as names and keys are
added to those that are there, so both harm nobody; the database comes last, in one
step.
"""

import asyncio
import json
import shutil
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import insert, make_url
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from roster.backup import places, postgres
from roster.backup.blob_files import place
from roster.backup.checking import UNPACKED, Checked, check
from roster.backup.errors import BackupError
from roster.backup.facts import VERSION
from roster.backup.making import DUMP, SQLITE, Say
from roster.backup.settling import Settled, require_known, settle, tell
from roster.backup.working import working_folder
from roster.core import keys, private_file
from roster.serve import migrate
from roster.settings import Settings

BLOBS = "blobs"


@dataclass(frozen=True)
class Options:
    replace: bool = False
    """Put it where another instance is, which is kept aside."""
    keep_signed_in: bool = False
    """Let sessions and API tokens be good as they were at that time."""
    despite: bool = False
    """Bring it back although something in it was wrong already."""


@dataclass(frozen=True)
class Restored:
    checked: Checked
    settled: Settled
    aside: places.Aside | None


async def restore(
    settings: Settings, path: Path, options: Options, *, say: Say
) -> Restored:
    """Bring a backup back.

    Raises:
        BackupError: The place is not empty, the backup is not right, or it is of
            another engine or a newer version. Then nothing has changed.
    """
    occupied = await _is_occupied(settings)
    if occupied and not options.replace:
        message = (
            "There is an instance already: empty the place first, or add --replace, "
            "which keeps the old one aside."
        )
        raise BackupError(message)
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with working_folder(_beside(settings), ".restoring-") as work:
        say("Checking the backup")
        checked = await check(path, settings, work)
        _require_fit(checked, options)
        unpacked = work / UNPACKED
        if _is_file(settings):
            settled, aside = await _into_a_file(
                settings, unpacked, options, checked, say, occupied=occupied
            )
        else:
            settled, aside = await _into_postgres(
                settings, unpacked, options, checked, say, occupied=occupied
            )
    return Restored(checked, settled, aside)


def _beside(settings: Settings) -> Path:
    """Where a database can be put into its place from, in one step."""
    if not _is_file(settings):
        return settings.data_dir
    parent = places.sqlite_file(settings).parent
    parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return parent


def _is_file(settings: Settings) -> bool:
    return make_url(settings.database).get_backend_name() == "sqlite"


async def _is_occupied(settings: Settings) -> bool:
    if _is_file(settings):
        file = places.sqlite_file(settings)
        if not file.exists():
            return False
        await asyncio.to_thread(places.require_unused, file)
        return True
    return not await places.is_empty_postgres(settings.migration_database)


def _require_fit(checked: Checked, options: Options) -> None:
    head = checked.head
    require_known(head.schema, head.version)
    if checked.problems and not options.despite:
        message = (
            f"{checked.problems[0]} Nothing was changed. Add --despite-problems to "
            "bring it back as it is."
        )
        raise BackupError(message)


async def _into_a_file(  # noqa: PLR0913 - the parts of one restoration
    settings: Settings,
    unpacked: Path,
    options: Options,
    checked: Checked,
    say: Say,
    *,
    occupied: bool,
) -> tuple[Settled, places.Aside | None]:
    file = places.sqlite_file(settings)
    new = unpacked / SQLITE
    url = f"sqlite+aiosqlite:///{new}"
    say("Bringing it to the schema of this version")
    settled = await _settle(url, options)
    await asyncio.to_thread(migrate, _at(settings, url))
    await _finish(url, checked, settled)
    aside = None
    if occupied:
        folder = await asyncio.to_thread(
            places.keep_files_aside, settings, places.stamp()
        )
        await asyncio.to_thread(places.keep_sqlite_aside, file, folder)
        aside = places.Aside(folder)
    say("Putting it into its place")
    await asyncio.to_thread(_put_files, settings, unpacked)
    await asyncio.to_thread(places.put_sqlite, new, file)
    return settled, aside


async def _into_postgres(  # noqa: PLR0913 - the parts of one restoration
    settings: Settings,
    unpacked: Path,
    options: Options,
    checked: Checked,
    say: Say,
    *,
    occupied: bool,
) -> tuple[Settled, places.Aside | None]:
    url = settings.migration_database
    programs = await postgres.find_programs(settings)
    aside = None
    async with AsyncExitStack() as undoing:
        if occupied:
            moment = places.stamp()
            folder = await asyncio.to_thread(places.keep_files_aside, settings, moment)
            aside = places.Aside(folder, places.aside_schema(moment))
            await places.move_schema_aside(url, aside.schema)
            undoing.push_async_callback(places.move_schema_back, url, aside.schema)
        await asyncio.to_thread(_put_files, settings, unpacked)
        say("Bringing the database back")
        await postgres.restore(programs, url, unpacked / DUMP, versioned=False)
        # From here on it is all there; the next statement lets Roster start with it.
        settled = await _settle(url, options, schema=checked.head.schema)
        undoing.pop_all()
    say("Bringing it to the schema of this version")
    await asyncio.to_thread(migrate, settings)
    await _finish(settings.database, checked, settled)
    return settled, aside


async def _settle(url: str, options: Options, schema: str | None = None) -> Settled:
    engine = create_async_engine(url, poolclass=NullPool, hide_parameters=True)
    async with engine.begin() as connection:
        settled = await settle(connection, keep_signed_in=options.keep_signed_in)
        if schema is not None:
            await connection.execute(insert(VERSION).values(version_num=schema))
    return settled


async def _finish(url: str, checked: Checked, settled: Settled) -> None:
    details = {
        "made_at": checked.head.made_at,
        "sessions_ended": settled.sessions,
        "tokens_revoked": settled.tokens,
    }
    await tell(url, "instance.restored", details)


def _at(settings: Settings, url: str) -> Settings:
    return settings.model_copy(
        update={"database_url": SecretStr(url), "migration_database_url": None}
    )


def _put_files(settings: Settings, unpacked: Path) -> None:
    _add_keys(settings, unpacked / keys.FILE_NAME)
    if (unpacked / BLOBS).is_dir():
        place(unpacked / BLOBS, settings.blobs)
        shutil.rmtree(unpacked / BLOBS)


def _add_keys(settings: Settings, brought: Path) -> None:
    """Put the keys of the backup in front of those that are here."""
    if not brought.exists():
        return
    file = settings.data_dir / keys.FILE_NAME
    text = private_file.read(brought)
    if not file.exists():
        private_file.create_once(file, text)
        return
    with private_file.one_at_a_time(file.parent):
        here, new = json.loads(private_file.read(file)), json.loads(text)
        # A file of an older version may lack a kind.
        both = {
            kind: [*found, *(one for one in here.get(kind, []) if one not in found)]
            if isinstance(found, list)
            else {**found, **here.get(kind, {})}
            for kind, found in new.items()
        }
        private_file.replace(file, json.dumps(both, indent=2) + "\n")
