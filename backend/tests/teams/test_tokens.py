"""Teams through an API token: within its limits, and never as a person."""

from typing import Any

import httpx
import pytest

from tests.conftest import Connect
from tests.teams.conftest import invite, make_team, token_in


@pytest.fixture
def with_token(connect: Connect, app: Any) -> Any:
    async def make(owner: httpx.AsyncClient, **wanted: Any) -> httpx.AsyncClient:
        body = {"name": "ci", "scopes": ["read"], **wanted}
        answer = await owner.post("/auth/tokens", json=body)
        assert answer.status_code == 201, answer.text
        client = connect(app)
        client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
        return client

    return make


async def test_a_limited_token_sees_its_teams_alone(
    bob: httpx.AsyncClient, team: dict[str, Any], with_token: Any
) -> None:
    client = await with_token(bob, teams=["backend"])

    listed = (await client.get("/teams")).json()["items"]

    assert [row["slug"] for row in listed] == ["backend"]
    assert (await client.get("/teams/backend/members")).status_code == 200
    assert (await client.get("/teams/bob")).status_code == 404
    assert (await client.get("/teams/bob/members")).status_code == 404


async def test_a_token_without_the_scope_does_not_administer(
    ada: httpx.AsyncClient, team: dict[str, Any], with_token: Any
) -> None:
    reader, admin = (
        await with_token(ada),
        await with_token(ada, scopes=["read", "admin"]),
    )

    assert (await reader.get("/teams/backend")).status_code == 404
    assert (await reader.get("/users")).status_code == 403
    assert (await admin.get("/teams/backend")).status_code == 200
    assert (await admin.get("/users")).status_code == 200


async def test_a_token_for_chosen_teams_does_not_administer_the_instance(
    ada: httpx.AsyncClient, team: dict[str, Any], with_token: Any
) -> None:
    client = await with_token(ada, scopes=["read", "admin"], teams=["ada"])
    bob = next(
        user
        for user in (await ada.get("/users")).json()["items"]
        if user["username"] == "bob"
    )

    answers = [
        await client.get("/users"),
        await client.patch(f"/users/{bob['id']}", json={"is_admin": True}),
        await client.post(f"/users/{bob['id']}/reset"),
        await client.get("/instance/policy"),
        await client.get("/audit-events/verify"),
    ]

    assert {answer.status_code for answer in answers} == {403}
    assert (await client.get("/teams/ada")).status_code == 200
    assert (await client.get("/teams/backend")).status_code == 404


async def test_no_token_opens_a_way_in_that_outlasts_it(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, with_token: Any
) -> None:
    client = await with_token(ada, scopes=["read", "admin"])
    place = f"/users/{(await bob.get('/users/me')).json()['id']}"

    answers = [
        await client.patch(place, json={"is_admin": True}),
        await client.post(f"{place}/reset"),
        await client.delete(f"{place}/factors"),
    ]

    assert {answer.status_code for answer in answers} == {403}
    assert (await bob.get("/users/me")).json()["is_admin"] is False
    off = await client.patch(place, json={"is_active": False})
    assert off.json()["is_active"] is False


async def test_no_token_manages_teams(
    bob: httpx.AsyncClient, team: dict[str, Any], with_token: Any
) -> None:
    client = await with_token(bob, scopes=["read", "write", "publish"])
    made = await invite(bob)
    place = "/teams/backend"

    answers = [
        await client.post("/teams", json={"slug": "new", "name": "New"}),
        await client.patch(place, json={"name": "New"}, headers={"If-Match": "*"}),
        await client.delete(place, params={"confirm": "backend"}),
        await client.put(f"{place}/members/ada", json={"role": "viewer"}),
        await client.delete(f"{place}/members/bob"),
        await client.post(f"{place}/transfer", json={"username": "ada"}),
        await client.get(f"{place}/invitations"),
        await client.post(f"{place}/invitations", json={"role": "viewer"}),
        await client.delete(f"{place}/invitations/{made['id']}"),
        await client.post("/invitations/accept", json={"token": token_in(made)}),
        await client.post(f"{place}/ownership"),
    ]

    assert [answer.status_code for answer in answers] == [403] * len(answers)


async def test_a_token_reads_no_team_that_its_maker_left(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, with_token: Any
) -> None:
    await make_team(ada)
    await ada.put("/teams/backend/members/bob", json={"role": "viewer"})
    client = await with_token(bob, teams=["backend"])
    assert (await client.get("/teams/backend")).status_code == 200

    await bob.delete("/teams/backend/members/bob")

    assert (await client.get("/teams/backend")).status_code == 404
    assert (await client.get("/teams")).json()["items"] == []
