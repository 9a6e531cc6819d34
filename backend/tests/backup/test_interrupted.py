"""Whatever is killed, there is the whole of an instance afterwards, or none."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import httpx
import pytest
from alembic import command
from fastapi import FastAPI
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from roster.backup.errors import BackupError
from roster.backup.exporting import export_all
from roster.backup.importing import import_all
from roster.backup.making import back_up
from roster.backup.restoring import Options, restore
from roster.core import keys
from roster.core.migrate import config_for, head
from roster.settings import Settings
from roster.upkeep import verify_chain
from tests.backup.conftest import NewPlace, opened, quiet, rows_of
from tests.components.conftest import create

BACKEND = Path(__file__).resolve().parents[2]
OLDER, NEWER = "0013", "9999"


async def killed_at(settings: Settings, word: str, *arguments: str) -> int:
    """Run a command, and kill it as soon as it says something."""
    owner = settings.migration_database_url
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "roster", *arguments),
        cwd=settings.data_dir,
        env={
            **os.environ,
            "PYTHONPATH": str(BACKEND),
            "ROSTER_ENVIRONMENT": "test",
            "ROSTER_DATA_DIR": str(settings.data_dir),
            "ROSTER_DATABASE_URL": settings.database,
            "ROSTER_MIGRATION_DATABASE_URL": owner.get_secret_value() if owner else "",
            "ROSTER_PG_DUMP": str(settings.pg_dump or ""),
        },
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr is not None
    async for line in process.stderr:
        if word.encode() in line:
            process.send_signal(signal.SIGKILL)
    return await process.wait()


async def schema_of(settings: Settings) -> str:
    engine = create_async_engine(settings.database, poolclass=NullPool)
    async with engine.connect() as connection:
        found = await connection.scalar(text("SELECT version_num FROM alembic_version"))
    return str(found)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("word", ["Copying", "Keeping", "Bringing"])
async def test_a_backup_is_killed(
    ada: httpx.AsyncClient, settings: Settings, tmp_path: Path, word: str
) -> None:
    target = tmp_path / "kept" / "backup.tar.gz"

    code = await killed_at(settings, word, "backup", "--to", str(target))

    assert code == -signal.SIGKILL
    assert not target.exists()
    await back_up(settings, target, with_keys=True, say=quiet)
    assert names(target.parent) == {target.name}
    assert not any(name.startswith(".") for name in names(settings.data_dir))


@pytest.mark.parametrize("word", ["Checking", "Bringing it", "Putting it"])
async def test_a_restoration_is_killed(
    ada: httpx.AsyncClient,
    settings: Settings,
    place: NewPlace,
    tmp_path: Path,
    word: str,
) -> None:
    await create(ada, "ada")
    made, elsewhere = tmp_path / "backup.tar.gz", place()
    await back_up(settings, made, with_keys=True, say=quiet)
    elsewhere.data_dir.mkdir()

    await killed_at(elsewhere, word, "restore", str(made))
    # What it had asked the server for may still come to its end.
    await asyncio.sleep(1)
    done = await restore(elsewhere, made, Options(replace=True), say=quiet)

    assert done.checked.problems == []
    assert (await verify_chain(elsewhere)).intact
    async with opened(elsewhere) as database:
        assert len((await rows_of(database))["components"]) == 1
    assert not any(name.startswith(".rest") for name in names(elsewhere.data_dir))


async def test_a_move_is_killed(
    ada: httpx.AsyncClient, settings: Settings, place: NewPlace, tmp_path: Path
) -> None:
    await create(ada, "ada")
    file, elsewhere = tmp_path / "all.tar.gz", place()
    await export_all(settings, file, say=quiet)
    elsewhere.data_dir.mkdir()
    key_file = elsewhere.data_dir / keys.FILE_NAME
    key_file.write_bytes((settings.data_dir / keys.FILE_NAME).read_bytes())
    key_file.chmod(0o600)

    code = await killed_at(elsewhere, "components:", "import-all", str(file))

    assert code == -signal.SIGKILL
    async with opened(elsewhere) as database:
        assert not any((await rows_of(database)).values())
    await import_all(elsewhere, file, say=quiet)
    assert (await verify_chain(elsewhere)).intact


async def older(settings: Settings) -> None:
    """Make what an older version had made."""
    settings.data_dir.mkdir(parents=True)
    config = config_for(settings.migration_database)
    if settings.migration_database_url is not None:
        config.attributes["application"] = make_url(settings.database).username
    await asyncio.to_thread(command.upgrade, config, OLDER)
    keys.load_or_create(settings)


async def test_what_an_older_version_made_is_brought_up_to_date(
    app: FastAPI, place: NewPlace, tmp_path: Path
) -> None:
    old, new, made = place(), place(), tmp_path / "old.tar.gz"
    await older(old)
    await back_up(old, made, with_keys=True, say=quiet)

    done = await restore(new, made, Options(), say=quiet)

    assert done.checked.head.schema == OLDER
    assert await schema_of(new) == head()
    with pytest.raises(BackupError, match=r"run `make migrate` first"):
        await export_all(old, tmp_path / "all.tar.gz", say=quiet)


async def test_what_a_newer_version_made_is_refused(
    app: FastAPI, place: NewPlace, tmp_path: Path
) -> None:
    newer, made = place(), tmp_path / "newer.tar.gz"
    await older(newer)
    engine = create_async_engine(newer.migration_database, poolclass=NullPool)
    async with engine.begin() as connection:
        change = text("UPDATE alembic_version SET version_num = :newer")
        await connection.execute(change, {"newer": NEWER})
    await back_up(newer, made, with_keys=True, say=quiet)

    with pytest.raises(BackupError, match="use that version or a newer one"):
        await restore(place(), made, Options(), say=quiet)


@pytest.mark.parametrize(
    ("program", "told"),
    [("/nowhere/pg_dump", "There is no program"), ("old", "is of PostgreSQL 9 and")],
)
async def test_a_program_that_is_not_fit_is_told(
    app: FastAPI, settings: Settings, tmp_path: Path, program: str, told: str
) -> None:
    if settings.pg_dump is None:
        return  # SQLite needs none
    fake = tmp_path / "pg_dump"
    for name in ("pg_dump", "pg_restore"):
        (tmp_path / name).write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.1'\n")
        (tmp_path / name).chmod(0o700)
    path = fake if program == "old" else Path(program)
    changed = settings.model_copy(update={"pg_dump": path})

    with pytest.raises(BackupError, match=told):
        await back_up(changed, tmp_path / "made.tar.gz", with_keys=True, say=quiet)
    assert not (tmp_path / "made.tar.gz").exists()
