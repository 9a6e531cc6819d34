"""An instance moves to another engine and back, and nothing of it is lost."""

import shutil
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import Column, Table, func, make_url, select, text
from sqlmodel import col, update
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.backup.errors import BackupError
from roster.backup.exporting import export_all
from roster.backup.importing import import_all
from roster.backup.making import back_up
from roster.backup.owning import _ON_POSTGRESQL, _ON_SQLITE, _REFUSES
from roster.backup.restoring import Options, restore
from roster.backup.wire import LEFT_OUT, counted_by, exported_tables
from roster.components.models import Component
from roster.core.db import Database
from roster.core.model import Model
from roster.jobs.models import Job, JobState
from roster.jobs.service import enqueue
from roster.settings import Settings
from roster.upkeep import verify_chain
from tests.backup.conftest import (
    LARGE,
    NewPlace,
    Rows,
    World,
    made_world,
    opened,
    quiet,
    rows_of,
    seal,
)
from tests.components.conftest import create
from tests.components.test_skill_trees import tree_of
from tests.conftest import Connect, StartApp
from tests.imports.conftest import Importer, agent, broken
from tests.promotions.conftest import Crew, crew
from tests.secrets.conftest import VALUE, reveal

__all__ = ["crew"]

# Begun before any test's loop: every move has to do with both engines.
pytestmark = pytest.mark.usefixtures("postgres")
OTHER = {"sqlite": "postgresql", "postgresql": "sqlite"}


def engine_of(settings: Settings) -> str:
    return make_url(settings.database).get_backend_name()


async def moved(source: Settings, target: Settings, file: Path) -> None:
    """Write down and take in, with the keys carried over by hand."""
    await export_all(source, file, say=quiet)
    target.data_dir.mkdir(mode=0o700)
    shutil.copy(source.data_dir / "keys.json", target.data_dir)
    done = await import_all(target, file, say=quiet)
    assert done.problems == []


def compared(rows: Rows) -> Rows:
    """All but what the move itself put down, and what was left out."""
    events = [row for row in rows["audit_events"] if "instance.moved" not in row]
    others = {name: rows[name] for name in rows if name not in LEFT_OUT}
    return {**others, "audit_events": events}


def test_every_table_is_written_down() -> None:
    written = {table.name for table in exported_tables()}

    assert written | LEFT_OUT == set(Model.metadata.tables)
    assert not written & LEFT_OUT
    assert {"changes"} == LEFT_OUT


def test_what_refers_comes_after_what_it_refers_to() -> None:
    seen: set[str] = set()
    for table in exported_tables():
        others = {key.column.table.name for key in table.foreign_keys}
        assert others - {table.name} <= seen, table.name
        seen.add(table.name)


@pytest.fixture
async def world(crew: Crew, app: FastAPI, database: Database) -> World:
    """Something in as many tables as may be."""
    made = await made_world(crew.ada)
    await crew.move(1)
    await crew.protect(approvals=1, checks=["no_errors"])
    promotion = await crew.open(3)
    await promotion.do(crew.dora, "comments", {"body": "Tried it."})
    await promotion.approve(crew.cleo)
    assert (await promotion.do(crew.bob, "apply")).is_success
    await crew.yank(2)
    importer = Importer(crew.ada, "ada")
    await importer.take({"writer.md": agent("writer")})
    await importer.upload({"a/planner.md": broken(), "writer.md": agent("writer")})
    first, second = [await create(crew.ada, "ada", name) for name in ("old", "anew")]
    async with database.write() as session:
        await session.exec(
            update(Component)
            .where(col(Component.id) == UUID(first["id"]))
            .values(successor_id=UUID(second["id"]))
        )
    await seal(app)
    return made


async def test_there_and_back_is_the_same(
    world: World,
    crew: Crew,
    database: Database,
    settings: Settings,
    place: NewPlace,
    tmp_path: Path,
    start_app: StartApp,
    connect: Connect,
) -> None:
    before = await rows_of(database)
    filled = {name for name, rows in before.items() if rows}
    assert {"promotion_approvals", "release_entries", "secrets", "yanks"} <= filled
    there, back = place(OTHER[engine_of(settings)]), place()

    await moved(settings, there, tmp_path / "there.tar.gz")
    await moved(there, back, tmp_path / "back.tar.gz")

    for elsewhere in (there, back):
        async with opened(elsewhere) as found:
            assert compared(await rows_of(found)) == compared(before)
        assert (await verify_chain(elsewhere)).intact
        await is_guarded(elsewhere)
        client = connect(await start_app(**elsewhere.model_dump(exclude_unset=True)))
        client.headers["Authorization"] = crew.ada.headers["Authorization"]
        await is_alive(client, world)


async def is_alive(client: httpx.AsyncClient, world: World) -> None:
    """Secrets can be read, files are whole, and new things are made and found."""
    assert (await reveal(client, world.server)).json()["value"] == VALUE
    url = f"/components/{world.skill['id']}/revisions/1"
    assert (await tree_of(client, url))["assets/large.bin"] == LARGE
    await create(client, "ada", "made-after-the-move")
    for question, name in (("made-after", "made-after-the-move"), ("revi", "reviewer")):
        answer = await client.get("/agents", params={"q": question})
        assert name in {one["name"] for one in answer.json()["items"]}, answer.text


async def is_guarded(settings: Settings) -> None:
    """What refuses changes is there again."""
    async with opened(settings) as database, database.read() as session:
        connection = await session.connection()
        query = _ON_SQLITE if database.dialect == "sqlite" else _ON_POSTGRESQL
        found = (await connection.execute(query, {"refuses": _REFUSES})).all()
        assert len(found) >= 3
        if database.dialect == "postgresql":
            off = text("SELECT count(*) FROM pg_trigger WHERE tgenabled = 'D'")
            assert await connection.scalar(off) == 0


async def test_only_an_empty_database_takes_it(
    ada: httpx.AsyncClient, settings: Settings, place: NewPlace, tmp_path: Path
) -> None:
    file, elsewhere = tmp_path / "all.tar.gz", place()
    await moved(settings, elsewhere, file)

    with pytest.raises(BackupError, match="The database is not empty: there are rows"):
        await import_all(elsewhere, file, say=quiet)
    with pytest.raises(BackupError, match="stop Roster first"):
        await import_all(settings, file, say=quiet)
    made = tmp_path / "backup.tar.gz"
    await back_up(settings, made, with_keys=True, say=quiet)
    with pytest.raises(BackupError, match="is a backup"):
        await import_all(place(), made, say=quiet)
    with pytest.raises(BackupError, match="is an export"):
        await restore(place(), file, Options(), say=quiet)
    with pytest.raises(BackupError, match=r"put its keys\.json into"):
        await import_all(place(), file, say=quiet)


async def test_what_is_cut_off_leaves_it_empty(
    ada: httpx.AsyncClient, settings: Settings, place: NewPlace, tmp_path: Path
) -> None:
    await create(ada, "ada")
    file, cut, elsewhere = tmp_path / "all.tar.gz", tmp_path / "cut", place()
    await export_all(settings, file, say=quiet)
    cut.write_bytes(file.read_bytes()[:-200])
    elsewhere.data_dir.mkdir()
    shutil.copy(settings.data_dir / "keys.json", elsewhere.data_dir)

    with pytest.raises(BackupError, match="damaged or not whole"):
        await import_all(elsewhere, cut, say=quiet)

    async with opened(elsewhere) as database:
        assert not any((await rows_of(database)).values())
    await import_all(elsewhere, file, say=quiet)


async def test_numbers_go_on_and_jobs_begin_again(
    app: FastAPI,
    ada: httpx.AsyncClient,
    database: Database,
    settings: Settings,
    place: NewPlace,
    tmp_path: Path,
) -> None:
    async with database.write() as session:
        job = enqueue(session, "jobs.remove_finished", {})
        job.state, job.attempts = JobState.running, 1
    for name in ("a", "b"):
        await create(ada, "ada", name)
    there = place(OTHER[engine_of(settings)])

    await moved(settings, there, tmp_path / "there.tar.gz")

    async with opened(there) as moved_to, moved_to.write() as session:
        again = await session.get_one(Job, job.id)
        assert (again.state, again.attempts) == (JobState.queued, 0)
        for table in exported_tables():
            counted = counted_by(table)
            if counted is not None:
                await _counts_on(session, table, counted)


async def _counts_on(session: AsyncSession, table: Table, counted: Column[Any]) -> None:
    connection = await session.connection()
    highest = await connection.scalar(select(func.max(counted)))
    if highest is None or connection.dialect.name == "sqlite":
        return
    name = select(func.pg_get_serial_sequence(table.name, counted.name))
    sequence = await connection.scalar(name)
    assert sequence is not None
    assert await connection.scalar(select(func.nextval(sequence))) == highest + 1
