"""Random writers and readers: nobody reads what is older than it may be.

In the process that wrote, a read that begins after the writer was answered sees it. In
another one it does so a second later at most. What was written when is known by a
journal of the writers, and each answer that is read is held against it.
"""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from tests.caches.world import ask, outcomes
from tests.components.conftest import agent_file, create
from tests.conftest import Connect, SignUp, StartApp
from tests.services.valkey import ValkeyServer

SECONDS = float(os.environ.get("ROSTER_TEST_CACHE_SECONDS", "60"))
"""Of all of them together; each engine is asked with and without Redis."""
RUNS = 4
HERE, ELSEWHERE = 0.0, 1.0
"""How many seconds old an answer may be."""
READERS = 2
"""In each process."""
ANY = {"If-Match": "*"}
Read = Callable[[httpx.AsyncClient], Awaitable[Any]]


@dataclass
class Journal:
    """The values of one thing, one after the other."""

    values: list[Any]
    sent: list[float] = field(default_factory=lambda: [0.0])
    stored: list[float] = field(default_factory=lambda: [0.0])
    """When each was sent, and when its writer was told that it is stored."""

    async def write(self, value: Any, doing: Awaitable[httpx.Response]) -> None:
        self.values.append(value)
        self.sent.append(time.monotonic())
        answer = await doing
        if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
            # Others were writing for too long: nothing was stored.
            self.values.pop()
            self.sent.pop()
            return
        assert answer.is_success, answer.text
        self.stored.append(time.monotonic())

    def allowed(self, begun: float, ended: float, age: float) -> list[Any]:
        """What a read may have seen, that began and ended at these times."""
        overtaken = sum(at < begun - age for at in self.stored)
        known = sum(at <= ended for at in self.sent)
        return self.values[max(overtaken - 1, 0) : known]


@dataclass
class Thing:
    """Something that is written and read."""

    journal: Journal
    write: Callable[["Thing", Random], Awaitable[None]]
    reads: list[Read]


def agents(ada: httpx.AsyncClient, made: dict[str, Any]) -> Thing:
    """The number of an agent's newest revision, as three answers show it."""
    path = f"/components/{made['id']}"

    async def publish(thing: Thing, _: Random) -> None:
        number = thing.journal.values[-1] + 1
        content = agent_file(made["name"], body=f"Number {number}.\n")
        body = {"content": content}
        doing = ada.post(f"{path}/revisions", json=body, headers=ANY)
        await thing.journal.write(number, doing)

    async def detail(client: httpx.AsyncClient) -> Any:
        answer = await client.get(f"/agents/{made['id']}")
        return answer.json()["latest"]["number"]

    async def listed(client: httpx.AsyncClient) -> Any:
        items = (await client.get("/agents?team=kit&sort=name")).json()["items"]
        return next(
            item["latest"]["number"] for item in items if item["id"] == made["id"]
        )

    async def revisions(client: httpx.AsyncClient) -> Any:
        return (await client.get(f"{path}/revisions")).json()["items"][0]["number"]

    return Thing(Journal([1]), publish, [detail, listed, revisions])


def membership(ada: httpx.AsyncClient, bob: str, made: dict[str, Any]) -> Thing:
    """Whether Bob may read what is private to a team."""

    async def change(thing: Thing, _: Random) -> None:
        if thing.journal.values[-1] == httpx.codes.OK:
            doing = ada.delete("/teams/kit/members/bob")
            await thing.journal.write(httpx.codes.NOT_FOUND, doing)
        else:
            role = {"role": "viewer"}
            doing = ada.put("/teams/kit/members/bob", json=role)
            await thing.journal.write(httpx.codes.OK, doing)

    async def seen(client: httpx.AsyncClient) -> Any:
        own = {"Authorization": bob}
        return (await client.get(f"/agents/{made['id']}", headers=own)).status_code

    return Thing(Journal([httpx.codes.NOT_FOUND]), change, [seen])


def visibility(ada: httpx.AsyncClient, dan: str, made: dict[str, Any]) -> Thing:
    """Whether somebody in no team may read what is shown and hidden again."""

    async def change(thing: Thing, _: Random) -> None:
        is_shown = thing.journal.values[-1] == httpx.codes.OK
        body = {"visibility": "private" if is_shown else "internal"}
        status = httpx.codes.NOT_FOUND if is_shown else httpx.codes.OK
        path = f"/components/{made['id']}"
        doing = ada.patch(path, json=body, headers=ANY)
        await thing.journal.write(status, doing)

    async def seen(client: httpx.AsyncClient) -> Any:
        own = {"Authorization": dan}
        return (await client.get(f"/agents/{made['id']}", headers=own)).status_code

    return Thing(Journal([httpx.codes.NOT_FOUND]), change, [seen])


def dice(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - the same in each run


async def write_on(thing: Thing, random: Random) -> None:
    while True:
        await thing.write(thing, random)
        await asyncio.sleep(random.uniform(0, 0.3))


async def read_on(
    client: httpx.AsyncClient, things: list[Thing], age: float, random: Random
) -> None:
    while True:
        thing = random.choice(things)
        read = random.choice(thing.reads)
        begun = time.monotonic()
        value = await read(client)
        allowed = thing.journal.allowed(begun, time.monotonic(), age)
        assert value in allowed, f"{read.__qualname__}: {value}, not {allowed}"
        await asyncio.sleep(random.uniform(0, 0.05))


@pytest.fixture(params=["alone", "redis"])
def shared(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Settings of both processes: whether messages go between them."""
    if request.param == "alone":
        return {}
    valkey: ValkeyServer = request.getfixturevalue("valkey")
    return {"redis_url": valkey.url}


@pytest.fixture
async def app(start_app: StartApp, shared: dict[str, Any]) -> FastAPI:
    return await start_app(**shared)


@pytest.fixture
async def things(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, sign_up: SignUp
) -> list[Thing]:
    dan = await sign_up("dan")
    await ask(ada, "POST", "/teams", json={"slug": "kit", "name": "Kit"})
    names = ("first", "second", "third", "closed", "shown")
    made = {name: await create(ada, "kit", name) for name in names}
    return [
        *(agents(ada, made[name]) for name in names[:3]),
        membership(ada, bob.headers["Authorization"], made["closed"]),
        visibility(ada, dan.headers["Authorization"], made["shown"]),
    ]


async def test_nobody_reads_what_is_older_than_it_may_be(
    things: list[Thing],
    ada: httpx.AsyncClient,
    app: FastAPI,
    shared: dict[str, Any],
    start_app: StartApp,
    connect: Connect,
) -> None:
    def reader(app: FastAPI) -> httpx.AsyncClient:
        client = connect(app)
        client.headers["Authorization"] = ada.headers["Authorization"]
        return client

    other = await start_app(**shared)
    with suppress(TimeoutError):
        async with asyncio.timeout(SECONDS / RUNS), asyncio.TaskGroup() as group:
            for seed, thing in enumerate(things):
                group.create_task(write_on(thing, dice(seed)))
            for place, age in ((app, HERE), (other, ELSEWHERE)):
                for seed in range(READERS):
                    group.create_task(read_on(reader(place), things, age, dice(seed)))
    for place in (app, other):
        assert outcomes(place)["hit"] > 0
        assert outcomes(place)["stale"] > 0
    assert all(len(thing.journal.stored) > RUNS for thing in things)
