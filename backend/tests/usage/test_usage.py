"""Pulls are counted by day, and shown to members of the team alone."""

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlmodel import select

from roster.collections.models import Release
from roster.core.db import Database
from roster.usage import service
from roster.usage.clients import Client, client_of
from tests.collections.conftest import collect, released
from tests.components.conftest import agent_file, create, publish


async def pull(
    database: Database,
    release: UUID,
    target: str = "codex",
    client: Client = Client.git,
) -> None:
    async with database.write() as session:
        await service.count_release(session, release, target, client)


async def pull_alone(
    database: Database, component: str, number: int = 1, client: Client = Client.browser
) -> None:
    async with database.write() as session:
        await service.count_components(session, [(UUID(component), number)], client)


async def refused(database: Database, component: str) -> None:
    async with database.write() as session:
        await service.count_components(session, [(UUID(component), 1)], Client.git)
        raise RuntimeError


async def release_id(database: Database, collection: str, number: int = 1) -> UUID:
    async with database.read() as session:
        rows = await session.exec(
            select(Release.id).where(
                Release.collection_id == UUID(collection), Release.number == number
            )
        )
        return rows.one()


async def usage_of(client: httpx.AsyncClient, place: str) -> dict[str, Any]:
    answer = await client.get(f"{place}/usage")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    assert sum(found["pulls"]) == found["total"]
    assert len(found["pulls"]) == len(found["days"]) == 30
    return found


async def test_pulls_of_a_component_alone_and_in_releases(
    ada: httpx.AsyncClient, database: Database
) -> None:
    agent = await create(ada, "ada")
    kit = await collect(ada, "kit", agent)
    await released(ada, kit)
    release = await release_id(database, kit["id"])
    await pull(database, release)
    await pull(database, release)
    await pull(database, release, "gemini", Client.roster)
    await pull_alone(database, agent["id"])

    found = await usage_of(ada, f"/components/{agent['id']}")
    assert found["total"] == 4
    assert found["pulls"][-1] == 4
    assert [(one["name"], one["total"]) for one in found["clients"]] == [
        ("git", 2),
        ("browser", 1),
        ("roster", 1),
    ]
    assert [(one["name"], one["total"]) for one in found["targets"]] == [
        ("codex", 2),
        ("gemini", 1),
    ]
    assert found["revisions"] == [{"number": 1, "total": 4}]
    place = {"collection_id": kit["id"], "collection": "ada/kit", "number": 1}
    assert found["releases"] == [{**place, "total": 3}]

    found = await usage_of(ada, f"/collections/{kit['id']}")
    assert (found["total"], found["releases"]) == (3, [{**place, "total": 3}])
    series = (await ada.get("/stats")).json()["series"]
    assert series["pulls"][-1] == 4


async def test_each_revision_has_its_own_count(
    ada: httpx.AsyncClient, database: Database
) -> None:
    agent = await create(ada, "ada")
    await publish(ada, agent, agent_file("reviewer", body="Second.\n"))
    await pull_alone(database, agent["id"], 1)
    await pull_alone(database, agent["id"], 2)
    await pull_alone(database, agent["id"], 2, Client.roster)

    found = await usage_of(ada, f"/components/{agent['id']}")
    assert found["revisions"] == [
        {"number": 2, "total": 2},
        {"number": 1, "total": 1},
    ]


async def test_usage_is_for_the_team_unless_it_shares_it(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, database: Database
) -> None:
    agent = await create(ada, "ada", visibility="internal")
    kit = await collect(ada, "kit", agent, visibility="internal")
    await released(ada, kit)
    await pull_alone(database, agent["id"])
    await pull(database, await release_id(database, kit["id"]))
    places = (f"/components/{agent['id']}", f"/collections/{kit['id']}")
    for place in places:
        assert (await bob.get(f"{place}/usage")).status_code == 403
    many = f"/usage?id={agent['id']}"
    assert (await bob.get(many)).json()["items"] == []
    [mine] = (await ada.get(many)).json()["items"]
    assert (mine["total"], mine["pulls"][-1]) == (2, 2)

    team = await ada.get("/teams/ada")
    assert team.json()["share_usage"] is False
    match = {"If-Match": team.headers["etag"]}
    shared = await ada.patch("/teams/ada", json={"share_usage": True}, headers=match)
    assert shared.json()["share_usage"] is True
    for place, total in zip(places, (2, 1), strict=True):
        assert (await usage_of(bob, place))["total"] == total
    assert (await bob.get(many)).json()["items"] == [mine]
    assert sum((await bob.get("/stats")).json()["series"]["pulls"]) == 0


async def test_a_release_that_is_hidden_changes_no_count(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, database: Database
) -> None:
    agent = await create(ada, "ada", visibility="internal")
    hidden = await collect(bob, "hidden", agent, team="bob")
    await released(bob, hidden)
    await pull(database, await release_id(database, hidden["id"]))

    assert (await usage_of(ada, f"/components/{agent['id']}"))["total"] == 0
    assert (await usage_of(bob, f"/collections/{hidden['id']}"))["total"] == 1
    stranger = await ada.get(f"/collections/{hidden['id']}/usage")
    assert stranger.status_code == 404


async def test_pulls_at_once_are_all_counted(
    ada: httpx.AsyncClient, database: Database
) -> None:
    agent = await create(ada, "ada")
    await asyncio.gather(*(pull_alone(database, agent["id"]) for _ in range(20)))

    assert (await usage_of(ada, f"/components/{agent['id']}"))["total"] == 20


async def test_a_refused_transaction_counts_nothing(
    ada: httpx.AsyncClient, database: Database
) -> None:
    agent = await create(ada, "ada")
    with pytest.raises(RuntimeError):
        await refused(database, agent["id"])

    assert (await usage_of(ada, f"/components/{agent['id']}"))["total"] == 0


@pytest.mark.parametrize(
    ("said", "client"),
    [
        ("roster/0.1.0 (Linux)", Client.roster),
        ("git/2.39.5", Client.git),
        ("JGit/6.1", Client.git),
        ("claude-code/2.1.329", Client.claude_code),
        ("codex_cli_rs/0.169.0", Client.codex),
        ("GeminiCLI/0.61", Client.gemini),
        ("opencode/1.18", Client.opencode),
        ("skills/1.5", Client.skills),
        ("Mozilla/5.0 (X11; Linux)", Client.browser),
        ("curl/8.1", Client.other),
        ("", Client.other),
        (None, Client.other),
    ],
)
def test_clients_are_told_by_what_they_call_themselves(
    said: str | None, client: Client
) -> None:
    assert client_of(said) is client
