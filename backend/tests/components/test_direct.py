"""What is written straight from rows is, byte for byte, what the models would say."""

from dataclasses import replace
from typing import Any, NamedTuple
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlmodel import col, delete, select

from roster.blobs.models import Redaction
from roster.components import listing
from roster.components.kind_schemas import create_example, detail_of
from roster.components.kinds import KINDS
from roster.components.models import Component, Reading
from roster.components.query import ListModels
from roster.components.readings import RULES
from roster.components.rows import component_rows, fetch, visible
from roster.core.actor import Actor, Anonymous, Caller
from roster.core.db import Database
from roster.teams.models import Role
from tests.components.conftest import Join, agent_file, create, publish
from tests.conftest import Connect, StartApp
from tests.teams.conftest import make_team

STATE = {"If-Match": "*"}
BY_ROUTE = "?by=route"
"""A parameter that nobody knows, with which a read takes the way of every route."""


class World(NamedTuple):
    app: FastAPI
    clients: dict[str, tuple[httpx.AsyncClient, Caller]]
    ids: dict[str, tuple[str, str]]
    """Kind and id of each component."""

    @property
    def database(self) -> Database:
        database: Database = self.app.state.database
        return database


async def caller_of(client: httpx.AsyncClient) -> Actor:
    me = (await client.get("/users/me")).json()
    return Actor(id=UUID(me["id"]), username=me["username"], is_admin=False)


async def add_examples(ada: httpx.AsyncClient, ids: dict[str, tuple[str, str]]) -> None:
    """One of each kind, by what its documentation shows."""
    for kind in KINDS.values():
        body = {**create_example(kind), "team": "platform", "visibility": "internal"}
        made = await ada.post(f"/{kind.plural}", json=body)
        assert made.is_success, made.text
        ids[f"example {kind.name}"] = kind.name, made.json()["id"]


async def add_agents(ada: httpx.AsyncClient, ids: dict[str, tuple[str, str]]) -> None:
    """Agents in every state that a component can be in."""

    async def add(name: str, **parts: Any) -> dict[str, Any]:
        made = await create(ada, "platform", name, **parts)
        ids[name] = "agent", made["id"]
        return made

    await add("open", visibility="public", description='Says "é", <b> and \\ too.')
    await add("private")
    odd = await add("odd", tools="3", model=None, body="Do.\n\n<example>\n")
    hidden = await add("hidden")
    old = await add("old", visibility="internal")
    older = await add("older", visibility="internal")
    for one, by in ((old, hidden), (older, odd)):
        body = {"message": "Take another.", "successor": by["reference"]}
        url = f"/components/{one['id']}/deprecation"
        answer = await ada.put(url, json=body, headers=STATE)
        assert answer.is_success, answer.text
    yanked = await add("yanked", visibility="internal")
    await publish(ada, yanked, agent_file("yanked", body="Again.\n"))
    url = f"/components/{yanked['id']}"
    await ada.put(f"{url}/labels/stable", json={"number": 2})
    await ada.put(f"{url}/labels/beta", json={"number": 1})
    await ada.post(f"{url}/revisions/2/yank", json={"reason": "Wrong."})
    nothing = await add("nothing", visibility="internal")
    await ada.post(
        f"/components/{nothing['id']}/revisions/1/yank", json={"reason": "Wrong."}
    )
    deleted = await add("deleted", visibility="internal")
    await ada.delete(f"/components/{deleted['id']}", headers=STATE)
    drafted = await add("drafted", visibility="internal")
    draft = {
        "content": agent_file("drafted", body="Later.\n"),
        "base_digest": drafted["latest"]["digest"],
    }
    new = {"If-None-Match": "*"}
    url = f"/components/{drafted['id']}/draft"
    assert (await ada.put(url, json=draft, headers=new)).is_success
    begun = {"kind": "agent", "team": "platform", "name": "begun"}
    made = await ada.post("/components", json=begun)
    assert made.is_success, made.text
    ids["begun"] = "agent", made.json()["id"]


@pytest.fixture
async def world(
    ada: httpx.AsyncClient,
    bob: httpx.AsyncClient,
    start_app: StartApp,
    connect: Connect,
    join: Join,
) -> World:
    """An instance that keeps no answer: each one is made from the database."""
    app = await start_app(cache_bytes=16, rate_limit_per_minute=0, public_read=True)

    def client_with(authorization: str | None) -> httpx.AsyncClient:
        client = connect(app)
        if authorization is not None:
            client.headers["Authorization"] = authorization
        return client

    owner = client_with(ada.headers["Authorization"])
    viewer = client_with(bob.headers["Authorization"])
    team = await make_team(owner, "platform")
    ids: dict[str, tuple[str, str]] = {}
    await add_examples(owner, ids)
    await add_agents(owner, ids)
    await join("bob", "platform", Role.viewer)
    body = {"name": "Scoped", "scopes": ["read"], "teams": ["platform"]}
    made = await owner.post("/auth/tokens", json=body)
    assert made.is_success, made.text
    person, other = await caller_of(owner), await caller_of(viewer)
    reached = frozenset({UUID(team["id"])})
    clients: dict[str, tuple[httpx.AsyncClient, Caller]] = {
        "ada": (owner, person),
        "bob": (viewer, other),
        "token": (
            client_with(f"Bearer {made.json()['token']}"),
            replace(person, team_ids=reached),
        ),
        "anonymous": (client_with(None), Anonymous()),
    }
    return World(app, clients, ids)


async def modelled(world: World, caller: Caller, component_id: str) -> bytes | None:
    """What the model says of a component, if the caller sees it."""
    async with world.database.read() as session:
        found = await fetch(
            session,
            component_rows(caller).where(
                col(Component.id) == UUID(component_id), visible(caller)
            ),
        )
        if not found:
            return None
        return (await detail_of(session, found[0])).model_dump_json().encode()


async def keep(world: World) -> int:
    """Write what was read; count it."""
    await world.app.state.readings.write()
    async with world.database.read() as session:
        return len((await session.exec(select(Reading))).all())


async def forget(world: World) -> None:
    """Let all files be read again."""
    await keep(world)
    async with world.database.write() as session:
        await session.exec(delete(Reading))


async def assert_same(world: World) -> None:
    for name, (client, caller) in world.clients.items():
        for component, (kind, id_) in world.ids.items():
            what = f"{component} as {name}"
            said = await modelled(world, caller, id_)
            url = f"/{KINDS[kind].plural}/{id_}"
            for address in (url, url + BY_ROUTE):
                answer = await client.get(address)
                if said is None:
                    assert answer.status_code == 404, what
                else:
                    assert answer.status_code == 200, f"{what}: {answer.text}"
                    assert answer.content == said, what


async def test_a_component_is_what_its_model_says(world: World) -> None:
    assert {kind for kind, _ in world.ids.values()} == set(KINDS)
    assert await keep(world) > len(KINDS)
    await assert_same(world)  # as it was read to be stored
    await forget(world)
    await assert_same(world)  # read from the files
    assert await keep(world) > len(KINDS)
    await assert_same(world)  # as it was kept


async def test_what_is_kept_counts_only_while_it_is_true(world: World) -> None:
    client, caller = world.clients["ada"]
    _, id_ = world.ids["open"]
    await forget(world)

    async def change(**values: Any) -> None:
        async with world.database.write() as session:
            for reading in await session.exec(select(Reading)):
                reading.sqlmodel_update(values)

    await client.get(f"/agents/{id_}")
    await world.app.state.readings.write()
    await change(said=b'{"manifest":"kept"}')
    assert (await client.get(f"/agents/{id_}")).json()["manifest"] == "kept"
    for wrong in ({"rules": "others"}, {"name": "another"}):
        await change(**wrong)
        said = await modelled(world, caller, id_)
        assert (await client.get(f"/agents/{id_}")).content == said
        await world.app.state.readings.write()  # heals it
        async with world.database.read() as session:
            [reading] = await session.exec(select(Reading))
        assert (reading.rules, reading.name) == (RULES, "open")
        await change(said=b'{"manifest":"kept"}')
    digest = (await client.get(f"/components/{id_}/revisions/1")).json()["files"][0]
    async with world.database.write() as session:
        team_id = (await session.get_one(Component, UUID(id_))).team_id
        assert isinstance(caller, Actor)
        session.add(
            Redaction(
                team_id=team_id,
                digest=digest["digest"],
                redacted_by=caller.id,
                reason="It names somebody.",
            )
        )
    redacted = (await client.get(f"/agents/{id_}")).json()
    assert (redacted["body"], redacted["content"]) == ("", "")


async def test_what_is_redacted_is_kept_no_longer(world: World) -> None:
    client, _ = world.clients["ada"]
    _, id_ = world.ids["open"]
    await forget(world)
    await client.get(f"/agents/{id_}")
    await world.app.state.readings.write()
    # Read before, and about to be kept when it is redacted.
    async with world.database.write() as session:
        for reading in await session.exec(select(Reading)):
            reading.rules = "others"
    await client.get(f"/agents/{id_}")
    files = (await client.get(f"/components/{id_}/revisions/1")).json()["files"]
    body = {"team": "platform", "reason": "It names somebody."}
    url = f"/blobs/{files[0]['digest']}/redact"
    assert (await client.post(url, json=body)).is_success
    await world.app.state.readings.write()

    async with world.database.read() as session:
        assert (await session.exec(select(Reading))).all() == []


QUERIES = [
    "",
    "?limit=3",
    "?sort=name&limit=4",
    "?sort=-created_at&limit=2",
    "?sort=errors&limit=5",
    "?sort=-description_tokens&limit=2",
    "?team=platform&label=stable&label=latest",
    "?team=platform&team=ada&health=fine&health=info",
    "?licence=MIT&visibility=public",
    "?deprecated=true",
    "?deprecated=false&updated_since=2020-01-01T00:00:00Z",
    "?updated_since=2099-01-01T00:00:00Z",
]
OF_KINDS = ["/agents?model=sonnet&tool=Read&limit=3", "/agents?tool=Read&tool=Grep"]
OF_ALL = ["/components?kind=agent&kind=skill&sort=-name&limit=3"]


async def test_lists_are_what_their_model_says(world: World) -> None:
    plurals = ["components", *(kind.plural for kind in KINDS.values())]
    addresses = [f"/{plural}{query}" for plural in plurals for query in QUERIES]
    for name, (client, caller) in world.clients.items():
        for address in [*addresses, *OF_KINDS, *OF_ALL]:
            cursor: str | None = ""
            while cursor is not None:
                mark = "&" if "?" in address else "?"
                more = f"{mark}cursor={cursor}" if cursor else ""
                answer = await client.get(address + more)
                said = await modelled_page(world, caller, address + more)
                assert answer.content == said, f"{address}{more} as {name}"
                cursor = answer.json()["next_cursor"]


async def modelled_page(world: World, caller: Caller, address: str) -> bytes:
    url = httpx.URL(f"http://roster.test{address}")
    plurals = {kind.plural: kind for kind in KINDS.values()}
    kind = plurals.get(url.path[1:])
    model = ListModels.of(kind).query
    given: dict[str, Any] = {}
    for name in dict.fromkeys(url.params):
        listed = isinstance(model.model_fields[name].default, list)
        given[name] = url.params.get_list(name) if listed else url.params[name]
    query = model.model_validate(given)
    kinds = [kind.name] if kind else list(query.values("kind"))
    async with world.database.read() as session:
        page = await listing.page_of(session, caller, query, kinds)
    return page.model_dump_json().encode()


@pytest.mark.parametrize(
    "address",
    [
        "/agents?limit=0",
        "/agents?nobody=knows",
        "/agents?cursor=forged",
        "/agents?sort=relevance",
        "/components?kind=%00",
        "/agents/0190b7a0-0000-7000-8000-000000000000",
        "/agents/not-an-id",
    ],
)
async def test_what_is_wrong_is_said_as_by_every_route(
    world: World, address: str
) -> None:
    client, _ = world.clients["ada"]
    await client.get("/agents")
    answer = await client.get(address)
    otherwise = await client.get(
        address, headers={"Accept": "application/problem+json"}
    )
    ours, theirs = answer.json(), otherwise.json()
    assert answer.status_code in {400, 404, 422}
    for document in (ours, theirs):
        del document["request_id"], document["timestamp"]
    assert ours == theirs


async def test_a_component_of_another_kind_is_not_found(world: World) -> None:
    client, _ = world.clients["ada"]
    kind, id_ = world.ids["open"]
    answer = await client.get(f"/skills/{id_}")
    assert answer.status_code == 404
    assert kind in answer.json()["detail"]
