"""Backups of an instance that is in use, brought back elsewhere."""

import asyncio
import stat
import tarfile
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlmodel import col, select

from roster.audit.models import AuditEvent
from roster.auth.models import DeviceGrant
from roster.backup.errors import BackupError
from roster.backup.making import back_up
from roster.backup.restoring import Options, restore
from roster.core.changes import Change
from roster.core.db import Database
from roster.core.topics import EVERYTHING
from roster.jobs.models import Job, JobState
from roster.jobs.service import enqueue
from roster.settings import Settings
from roster.upkeep import verify_chain
from tests.backup.conftest import (
    LARGE,
    NewPlace,
    Roster,
    World,
    made_world,
    opened,
    quiet,
    rows_of,
    seal,
)
from tests.components.conftest import agent_file, create
from tests.components.test_skill_trees import tree_of
from tests.conftest import PASSWORD, Connect, StartApp
from tests.secrets.conftest import VALUE, reveal

FILE = "backup.tar.gz"


@pytest.fixture
async def world(app: FastAPI, ada: httpx.AsyncClient) -> World:
    made = await made_world(ada)
    await seal(app)
    return made


async def kept(settings: Settings, tmp_path: Path, **options: Any) -> Path:
    target = tmp_path / FILE
    await back_up(settings, target, **{"with_keys": True, "say": quiet, **options})
    return target


def left_behind(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


async def signed_in(client: httpx.AsyncClient) -> httpx.AsyncClient:
    answer = await client.post(
        "/auth/token", data={"username": "ada", "password": PASSWORD}
    )
    assert answer.status_code == 200, answer.text
    client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
    return client


class Journal:
    """A person who publishes without a pause, and notes what was acknowledged."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self.names: list[str] = []
        self._task = asyncio.create_task(self._write())

    async def _write(self) -> None:
        number = 0
        while True:
            number += 1
            await create(self._client, "ada", f"written-{number}")
            self.names.append(f"written-{number}")

    async def has(self, count: int) -> int:
        while len(self.names) < count:
            assert not self._task.done(), self._task.exception()
            await asyncio.sleep(0.01)
        return len(self.names)

    async def end(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


async def test_a_backup_under_load_agrees_with_the_journal(
    ada: httpx.AsyncClient,
    world: World,
    settings: Settings,
    place: NewPlace,
    tmp_path: Path,
    start_app: StartApp,
    connect: Connect,
) -> None:
    journal = Journal(ada)
    acknowledged = await journal.has(5)
    made = await kept(settings, tmp_path)
    await journal.has(len(journal.names) + 3)
    await journal.end()

    elsewhere = place()
    await restore(elsewhere, made, Options(), say=quiet)

    app = await start_app(**elsewhere.model_dump(exclude_unset=True))
    client = await signed_in(connect(app))
    found: dict[str, str] = {}
    cursor: str | None = ""
    while cursor is not None:
        page = {"limit": "100", **({"cursor": cursor} if cursor else {})}
        answer = (await client.get("/agents", params=page)).json()
        found |= {one["name"]: one["id"] for one in answer["items"]}
        cursor = answer["next_cursor"]
    written = sorted(
        int(name.removeprefix("written-")) for name in found if "written" in name
    )
    # All that was acknowledged before it began, and no gap after that.
    assert written == list(range(1, len(written) + 1))
    assert acknowledged <= len(written) < len(journal.names)
    for number in written:
        name = f"written-{number}"
        agent = (await client.get(f"/agents/{found[name]}")).json()
        assert agent["content"] == agent_file(name)
    assert (await verify_chain(elsewhere)).intact
    assert (await reveal(client, world.server)).json()["value"] == VALUE
    url = f"/components/{world.skill['id']}/revisions/1"
    assert (await tree_of(client, url))["assets/large.bin"] == LARGE


async def test_what_comes_back_is_what_was_there(
    world: World,
    database: Database,
    settings: Settings,
    place: NewPlace,
    tmp_path: Path,
) -> None:
    before = await rows_of(database)
    made = await kept(settings, tmp_path)
    elsewhere = place()

    done = await restore(elsewhere, made, Options(keep_signed_in=True), say=quiet)

    async with opened(elsewhere) as restored:
        after = await rows_of(restored)
    told = [row for row in after["audit_events"] if "instance.restored" in row]
    assert len(told) == 1
    after["audit_events"].remove(told[0])
    assert after.pop("changes")[-1][2] == [EVERYTHING]
    before.pop("changes")
    assert after == before
    assert done.settled.sessions == done.settled.tokens == 0
    assert done.aside is None
    mode = stat.S_IMODE(made.stat().st_mode)
    assert mode == 0o600
    assert left_behind(tmp_path) == left_behind(settings.blobs) == []


async def test_everybody_signs_in_anew_and_jobs_begin_again(
    ada: httpx.AsyncClient,
    app: FastAPI,
    database: Database,
    settings: Settings,
    place: NewPlace,
    tmp_path: Path,
    start_app: StartApp,
    connect: Connect,
) -> None:
    token = await ada.post(
        "/auth/tokens",
        json={"name": "ci", "scopes": ["read"]},
    )
    assert token.status_code == 201, token.text
    device = await ada.post("/auth/device", json={"client_name": "roster"})
    assert device.status_code == 200, device.text
    async with database.write() as session:
        job = enqueue(session, "jobs.remove_finished", {})
        job.state, job.attempts, job.worker = JobState.running, 1, "elsewhere"
    made = await kept(settings, tmp_path)
    elsewhere = place()

    done = await restore(elsewhere, made, Options(), say=quiet)

    assert (done.settled.sessions, done.settled.tokens) == (1, 1)
    assert done.settled.jobs == 1
    async with opened(elsewhere) as restored, restored.read() as session:
        again = await session.get_one(Job, job.id)
        changes = (await session.exec(select(Change).order_by(col(Change.id)))).all()
        event = await session.exec(
            select(AuditEvent).where(AuditEvent.action == "instance.restored")
        )
        details = event.one().details
        assert (await session.exec(select(DeviceGrant))).all() == []
    assert (again.state, again.attempts) == (JobState.queued, 0)
    assert changes[-1].topics == [EVERYTHING]
    assert (details["sessions_ended"], details["tokens_revoked"]) == (1, 1)
    client = connect(await start_app(**elsewhere.model_dump(exclude_unset=True)))
    for bearer in (
        ada.headers["Authorization"],
        f"Bearer {token.json()['token']}",
    ):
        answer = await client.get("/users/me", headers={"Authorization": bearer})
        assert answer.status_code == 401
    assert (await ada.get("/users/me")).status_code == 200


async def test_only_an_empty_place_takes_it(
    world: World,
    app: FastAPI,
    settings: Settings,
    place: NewPlace,
    tmp_path: Path,
) -> None:
    made = await kept(settings, tmp_path)
    elsewhere = place()
    await restore(elsewhere, made, Options(), say=quiet)
    async with opened(elsewhere) as database:
        before = await rows_of(database)

    with pytest.raises(BackupError, match="There is an instance already"):
        await restore(elsewhere, made, Options(), say=quiet)
    with pytest.raises(BackupError, match="stop Roster first"):
        await restore(settings, made, Options(replace=True), say=quiet)
    done = await restore(elsewhere, made, Options(replace=True), say=quiet)

    assert done.aside is not None
    assert any((done.aside.folder / "blobs").glob("*/*"))
    assert (done.aside.folder / "keys.json").exists()
    if done.aside.schema:
        return
    old = elsewhere.model_copy(update={"data_dir": done.aside.folder})
    async with opened(old) as database:
        assert await rows_of(database) == before


async def test_what_was_kept_aside_is_not_kept_again(
    world: World,
    settings: Settings,
    place: NewPlace,
    tmp_path: Path,
) -> None:
    made = await kept(settings, tmp_path)
    elsewhere = place()
    await restore(elsewhere, made, Options(), say=quiet)
    await restore(elsewhere, made, Options(replace=True), say=quiet)

    second = tmp_path / "second.tar.gz"
    done = await back_up(elsewhere, second, with_keys=True, say=quiet)

    third = place()
    await restore(third, second, Options(), say=quiet)
    assert (await verify_chain(third)).intact
    assert done.checked.problems == []
    # There the role may make no database to bring it back into.
    assert (done.checked.chain is None) is (done.checked.head.engine == "postgresql")


@pytest.mark.parametrize("end", [-200, -10_000])
async def test_what_is_cut_off_changes_nothing(
    world: World, settings: Settings, place: NewPlace, tmp_path: Path, end: int
) -> None:
    made = await kept(settings, tmp_path)
    cut = tmp_path / "cut.tar.gz"
    cut.write_bytes(made.read_bytes()[:end])
    elsewhere = place()

    with pytest.raises(BackupError, match="damaged or not whole"):
        await restore(elsewhere, cut, Options(), say=quiet)

    assert list(elsewhere.data_dir.iterdir()) == []
    await restore(elsewhere, made, Options(), say=quiet)


async def test_what_was_changed_is_refused(
    world: World, settings: Settings, place: NewPlace, tmp_path: Path
) -> None:
    made = await kept(settings, tmp_path)
    other = tmp_path / "other.tar.gz"
    with tarfile.open(made) as old, tarfile.open(other, "w:gz") as new:
        for info in old:
            file = old.extractfile(info)
            assert file is not None
            if info.name == "keys.json":
                info.size -= 1
            new.addfile(info, file)

    with pytest.raises(BackupError, match=r"keys\.json is not what was put into it"):
        await restore(place(), other, Options(), say=quiet)


async def test_without_the_keys_it_says_where_they_belong(
    world: World, settings: Settings, place: NewPlace, tmp_path: Path
) -> None:
    made = await kept(settings, tmp_path, with_keys=False)
    elsewhere = place()

    with pytest.raises(BackupError, match=r"put its keys\.json into"):
        await restore(elsewhere, made, Options(), say=quiet)
    keys = (settings.data_dir / "keys.json").read_bytes()
    place_of_keys = elsewhere.data_dir / "keys.json"
    place_of_keys.write_bytes(keys)
    place_of_keys.chmod(0o600)
    done = await restore(elsewhere, made, Options(), say=quiet)

    assert done.checked.problems == []
    assert place_of_keys.read_bytes() == keys


async def test_what_was_damaged_already_is_told_and_kept_all_the_same(
    world: World, settings: Settings, place: NewPlace, tmp_path: Path, roster: Roster
) -> None:
    [file] = settings.blobs.glob("*/*")
    file.write_bytes(b"something else")
    target = tmp_path / FILE
    owner = settings.migration_database_url
    changed = {"ROSTER_PG_DUMP": str(settings.pg_dump or "")}
    if owner is not None:
        changed["ROSTER_MIGRATION_DATABASE_URL"] = owner.get_secret_value()

    done = roster("backup", "--to", str(target), "--with-keys", **changed)

    assert done.returncode == 1
    assert f"The content {file.name} is damaged or away" in done.stderr
    assert "keys.json is in it" in done.stdout
    elsewhere = place()
    with pytest.raises(BackupError, match="Nothing was changed"):
        await restore(elsewhere, target, Options(), say=quiet)
    await restore(elsewhere, target, Options(despite=True), say=quiet)
