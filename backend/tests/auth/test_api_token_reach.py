"""What an API token reaches, and that it is never more than its maker does."""

from uuid import uuid4

import httpx
from fastapi import FastAPI
from jose import jwt
from sqlmodel import col, update

from roster.core.actor import Scope
from roster.core.db import Database
from roster.core.model import utc_now
from roster.teams.models import Team
from roster.users.models import User
from tests.auth.test_api_tokens import NewClient, listed, make, using
from tests.components.conftest import create


async def test_scopes_that_are_missing_are_named(
    ada: httpx.AsyncClient, new_client: NewClient
) -> None:
    agent = await create(ada, "ada")
    reader = using(new_client(), (await make(ada, "read"))["token"])
    writer = using(new_client(), (await make(ada, "write"))["token"])

    refusals = {
        "write": await reader.delete(f"/components/{agent['id']}"),
        "publish": await reader.post("/agents", json={"team": "ada", "content": "x"}),
        "read": await writer.get("/agents"),
    }

    for scope, refusal in refusals.items():
        assert refusal.status_code == 403
        assert refusal.json()["type"] == "/problems/scope-missing"
        assert f"scope {scope};" in refusal.json()["detail"]


async def test_no_token_makes_or_manages_tokens(
    ada: httpx.AsyncClient, new_client: NewClient
) -> None:
    made = await make(ada, *Scope)
    client = using(new_client(), made["token"])
    body = {"name": "Another", "scopes": ["read"]}

    refused = [
        await client.post("/auth/tokens", json=body),
        await client.get("/auth/tokens"),
        await client.post(f"/auth/tokens/{made['id']}/rotate"),
        await client.delete(f"/auth/tokens/{made['id']}"),
        await client.get("/users/me"),
    ]

    assert {answer.status_code for answer in refused} == {403}
    assert len(await listed(ada)) == 1


async def test_only_administrators_make_tokens_that_administer(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    await make(ada, "admin")
    body = {"name": "Ambitious", "scopes": ["read", "admin"]}

    refused = await bob.post("/auth/tokens", json=body)

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["loc"] == "scopes"


async def test_it_never_may_more_than_its_maker_now(
    ada: httpx.AsyncClient,
    bob: httpx.AsyncClient,
    new_client: NewClient,
    database: Database,
    app: FastAPI,
) -> None:
    agent = await create(bob, "bob")
    client = using(new_client(), (await make(bob))["token"])
    assert (await client.get(f"/agents/{agent['id']}")).status_code == 200

    async with database.write() as session:
        await session.exec(
            update(User).where(col(User.username) == "bob").values(is_active=False)
        )

    assert (await client.get("/agents")).status_code == 401


async def test_limited_to_teams_it_reaches_no_other(
    ada: httpx.AsyncClient,
    bob: httpx.AsyncClient,
    new_client: NewClient,
    database: Database,
) -> None:
    mine = await create(bob, "bob", "mine")
    shared = await create(ada, "ada", "shared", visibility="public")
    made = await make(bob, "read", "publish", teams=["bob", "bob"])
    assert [team["slug"] for team in made["teams"]] == ["bob"]
    client = using(new_client(), made["token"])

    page = (await client.get("/agents?count=true")).json()

    assert [item["id"] for item in page["items"]] == [mine["id"]]
    assert page["total"] == 1
    assert (await client.get(f"/agents/{shared['id']}")).status_code == 404
    assert (await bob.get(f"/agents/{shared['id']}")).status_code == 200
    facets = (await client.get("/agents/facets")).json()
    assert facets["team"] == [{"value": "bob", "count": 1}]
    async with database.write() as session:
        await session.exec(
            update(Team).where(col(Team.slug) == "bob").values(deleted_at=utc_now())
        )
    assert (await listed(bob))[0]["teams"] == []


async def test_it_is_limited_to_teams_of_its_maker(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    for slug in ("ada", "nobody"):
        refused = await bob.post(
            "/auth/tokens",
            json={"name": "Curious", "scopes": ["read"], "teams": ["bob", slug]},
        )
        assert refused.status_code == 422
        [error] = refused.json()["errors"]
        assert error["loc"] == "teams"
        assert error["message"] == f"You are in no team called {slug}."


async def test_what_is_no_token_of_ours_is_worth_nothing(
    ada: httpx.AsyncClient, new_client: NewClient, app: FastAPI
) -> None:
    """Also not where everybody may read: who sends a token means to be somebody."""
    app.state.settings.public_read = True
    token = (await make(ada))["token"]
    access = ada.headers["Authorization"].removeprefix("Bearer ")
    claims = jwt.get_unverified_claims(token.removeprefix("rst_"))
    kid, key = next(iter(app.state.keys.signing.items()))

    def signed(**changes: object) -> str:
        made = jwt.encode(claims | changes, key, headers={"kid": kid})
        return f"rst_{made}"

    assert (await using(new_client(), signed()).get("/agents")).status_code == 200
    for odd in (
        "",
        "rst_",
        "rst_e30.e30.",
        token.removeprefix("rst_"),
        token + "x",
        token[:-1],
        f"rst_{token}",
        f"rst_{access}",
        signed(jti=str(uuid4())),
        signed(sub=str(uuid4())),
        signed(exp=1),
        signed(aud="roster-api"),
    ):
        answer = await using(new_client(), odd).get("/agents")
        assert answer.status_code == 401, odd
    nobody = await new_client().get("/agents")
    assert nobody.status_code == 200
