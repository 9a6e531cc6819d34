"""One process learns what others changed."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlmodel import select, update

from roster.core.changes import Change, Changes
from roster.core.db import NOTING, Database
from roster.core.following import CURRENT_SECONDS, FORGOTTEN_SECONDS, Following
from roster.core.looks import MOST_ROWS
from roster.core.model import utc_now
from roster.jobs.cleaning import JOBS as CLEANING
from roster.jobs.registry import Run, Tools
from roster.settings import Settings
from tests.caches.world import outcomes
from tests.components.conftest import create
from tests.conftest import Connect, StartApp
from tests.services.valkey import ValkeyServer

HOURS = 10_000.0
START_SECONDS = 30
ONE = "component:1"


class Clock:
    """Time that passes when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def following(database_url: str, clock: Clock, database: Database) -> Any:
    """Follows the changes of others when a test says so."""
    made = Following(database_url, Changes(), clock=clock)
    await made.look()
    yield made
    await made.stop()


async def told(following: Following, *topics: str) -> list[bool]:
    mark = following.changes.mark
    await following.look()
    return [following.changes.touched([one], mark) for one in topics]


async def test_what_another_process_committed_is_told_once(
    following: Following, database: Database, ada: httpx.AsyncClient
) -> None:
    await following.look()
    assert await told(following, "components") == [False]

    made = await create(ada, "ada")

    topics = (f"component:{made['id']}", "components", "component:2")
    assert await told(following, *topics) == [True, True, False]
    assert await told(following, *topics) == [False, False, False]


async def test_what_this_process_committed_is_not_told_again(
    app: FastAPI, ada: httpx.AsyncClient
) -> None:
    await create(ada, "ada")
    following: Following = app.state.following

    assert await told(following, "components") == [False]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_what_is_committed_late_is_told_nevertheless(
    following: Following, database: Database
) -> None:
    """Its number is lower than one that was seen before."""
    changes = Changes()
    two = "component:2"
    async with database.write() as first:
        await NOTING.rows(first, [changes.row([ONE])])
        async with database.write() as second:
            await NOTING.rows(second, [changes.row([two])])
        assert await told(following, ONE, two) == [False, True]
        # Another look while it is still under way.
        assert await told(following, ONE, two) == [False, False]
    assert await told(following, ONE, two) == [True, False]


async def test_very_many_at_once_are_about_everything(
    following: Following, database: Database
) -> None:
    others = Changes()
    async with database.write() as session:
        for _ in range(MOST_ROWS + 1):
            await NOTING.rows(session, [others.row([ONE])])
    assert await told(following, "component:2") == [True]
    assert await told(following, "component:2") == [False]


async def test_who_could_not_look_for_long_has_missed_something(
    following: Following, clock: Clock
) -> None:
    clock.now += FORGOTTEN_SECONDS - 1
    assert await told(following, ONE) == [False]
    clock.now += FORGOTTEN_SECONDS + 1
    assert await told(following, ONE) == [True]


async def test_what_was_seen_is_current_for_a_while(
    following: Following, clock: Clock
) -> None:
    assert following.is_current
    clock.now += CURRENT_SECONDS - 0.01
    assert following.is_current
    clock.now += 0.02
    assert not following.is_current
    await following.look()
    assert following.is_current


async def test_nothing_that_was_kept_is_given_while_nobody_can_look(
    start_app: StartApp, connect: Connect, ada: httpx.AsyncClient
) -> None:
    app = await start_app()
    client = connect(app)
    client.headers["Authorization"] = ada.headers["Authorization"]
    for _ in range(2):
        assert (await client.get("/components")).status_code == 200
    assert outcomes(app)["hit"] == 1

    await app.state.following.stop()
    app.state.following._seen_at -= CURRENT_SECONDS
    await ada.post("/auth/logout")

    # It asks who that is, too.
    assert (await client.get("/components")).status_code == 401
    assert (await client.get("/instance")).status_code == 200
    assert outcomes(app)["hit"] == 1
    assert outcomes(app)["bypass"] > 0


async def test_a_message_wakes_the_other_process(
    start_app: StartApp,
    connect: Connect,
    ada: httpx.AsyncClient,
    valkey: ValkeyServer,
) -> None:
    working = await start_app(redis_url=valkey.url)
    listening = await start_app(redis_url=valkey.url)
    following: Following = listening.state.following
    following.look_seconds = HOURS
    changes, mark = following.changes, following.changes.mark
    ours = connect(working)
    ours.headers["Authorization"] = ada.headers["Authorization"]

    made = await create(ours, "ada")

    async with asyncio.timeout(START_SECONDS):
        while True:
            if changes.touched([f"component:{made['id']}"], mark):
                break
            await asyncio.sleep(0.01)


def test_a_commit_that_may_have_failed_is_about_everything() -> None:
    changes = Changes()
    mark = changes.mark
    with pytest.raises(OSError, match="gone"), changes.underway():
        raise OSError("gone")
    assert changes.touched([], mark)
    assert changes.has_told(changes.units)


def test_units_have_told_when_all_before_them_have() -> None:
    changes = Changes()
    with changes.underway():
        first = changes.units
        with changes.underway():
            assert not changes.has_told(changes.units)
        assert not changes.has_told(first)
        assert changes.has_told(0)
    assert changes.has_told(first)


async def test_rows_are_kept_for_minutes_and_the_newest_for_ever(
    app: FastAPI, ada: httpx.AsyncClient, database: Database, settings: Settings
) -> None:
    for name in ("first", "second"):
        await create(ada, "ada", name)
    [job] = [kind for kind in CLEANING if kind.name == "changes.forget"]
    run = Run(uuid4(), {}, 1, Tools(settings, database, app.state.keys))

    async def left() -> list[int | None]:
        async with database.read() as session:
            return list((await session.exec(select(Change.id))).all())

    before = await left()
    await job.perform(run)
    assert await left() == before
    async with database.write() as session:
        old = utc_now() - timedelta(minutes=11)
        await session.exec(update(Change).values(made_at=old))
    await job.perform(run)
    assert await left() == [max(one or 0 for one in before)]
