"""How many requests a minute the edge lets in, and whom they count for."""

import httpx
from fastapi import FastAPI

from tests.conftest import StartApp

ORIGIN = "https://app.example.org"


def from_address(app: FastAPI, address: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=app, client=(address, 5000))
    return httpx.AsyncClient(transport=transport, base_url="http://roster/api/v1")


async def test_an_address_gets_so_many_requests_a_minute(start_app: StartApp) -> None:
    app = await start_app(rate_limit_per_minute=3, cors_origins=[ORIGIN])
    client = from_address(app, "192.0.2.7")

    answers = [await client.get("/nothing") for _ in range(4)]

    assert [answer.status_code for answer in answers] == [404, 404, 404, 429]
    for answer, left in zip(answers, (2, 1, 0, 0), strict=True):
        assert answer.headers["ratelimit-policy"] == '"default";q=3;w=60'
        assert answer.headers["ratelimit"].startswith(f'"default";r={left};t=')
    refused = answers[-1]
    assert refused.json()["type"] == "/problems/too-many-requests"
    assert 1 <= int(refused.headers["retry-after"]) <= 20
    other = await from_address(app, "192.0.2.8").get(
        "/instance", headers={"Origin": ORIGIN}
    )
    assert other.status_code == 200
    assert "RateLimit" in other.headers["access-control-expose-headers"]
    assert (await client.get("http://roster/health/live")).status_code == 200


async def test_an_account_has_its_own_wherever_it_is(
    start_app: StartApp, ada: httpx.AsyncClient
) -> None:
    app = await start_app(rate_limit_per_minute=3)
    own = {"Authorization": ada.headers["Authorization"]}
    office, home = from_address(app, "192.0.2.7"), from_address(app, "192.0.2.8")

    # The first one finds out whose token it is, and counts for the address.
    for client in (office, office, home, home):
        assert (await client.get("/users/me", headers=own)).status_code == 200
    assert (await home.get("/users/me", headers=own)).status_code == 429
    # Another person in the office, and one who invents tokens.
    assert (await office.get("/instance")).status_code == 200
    for status in (401, 429):
        invented = {"Authorization": f"Bearer invented-{status}"}
        answer = await office.get("/users/me", headers=invented)
        assert answer.status_code == status


async def test_a_token_that_ended_counts_for_the_address(
    start_app: StartApp, ada: httpx.AsyncClient
) -> None:
    app = await start_app(rate_limit_per_minute=3)
    own = {"Authorization": ada.headers["Authorization"]}
    client = from_address(app, "192.0.2.7")
    assert (await client.get("/users/me", headers=own)).status_code == 200
    await ada.post("/auth/logout")
    await app.state.following.look()

    answers = [await client.get("/users/me", headers=own) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [401, 401, 401, 429]


async def test_this_machine_is_not_counted(start_app: StartApp) -> None:
    app = await start_app(rate_limit_per_minute=1)
    for address in ("127.0.0.1", "::1"):
        client = from_address(app, address)
        for _ in range(3):
            answer = await client.get("/instance")
            assert answer.status_code == 200
            assert "ratelimit" not in answer.headers


async def test_limits_can_be_switched_off(
    start_app: StartApp, ada: httpx.AsyncClient
) -> None:
    client = from_address(await start_app(rate_limit_per_minute=0), "192.0.2.7")
    own = {"Authorization": ada.headers["Authorization"]}

    answer = await client.get("/users/me", headers=own)

    assert answer.status_code == 200
    assert "ratelimit" not in answer.headers
