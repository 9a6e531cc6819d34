"""Who may let a device in, to what, and how often a code may be guessed."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from roster.auth import throttle
from tests.auth.conftest import Age, Rows
from tests.auth.device_support import approve, let_in, start
from tests.auth.test_api_tokens import make
from tests.conftest import Connect, SignUp, StartApp

NewClient = Callable[[], httpx.AsyncClient]
From = Callable[[str], httpx.AsyncClient]
NOBODYS = "/auth/device/BCDF-GHJK"


@pytest.fixture
async def come_from(app: FastAPI) -> AsyncGenerator[From]:
    """Make clients at an address of one's choice."""
    async with AsyncExitStack() as open_clients:

        def make_one(address: str) -> httpx.AsyncClient:
            transport = httpx.ASGITransport(app=app, client=(address, 1))
            client = httpx.AsyncClient(
                transport=transport, base_url="http://roster.test/api/v1"
            )
            open_clients.push_async_callback(client.aclose)
            return client

        yield make_one


async def test_its_making_is_told(
    ada: httpx.AsyncClient, anonymous: httpx.AsyncClient, events: Rows, jobs: Rows
) -> None:
    device = await start(anonymous)
    await let_in(ada, device, expires_in_days=7)
    assert await events("token.created") == []

    await device.poll()

    [allowed] = await events("device.approved")
    assert (allowed.actor_name, allowed.target_name) == ("ada", "roster on quay")
    assert allowed.details == {
        "scopes": ["read"],
        "teams": None,
        "days": 7,
        "address": "127.0.0.1",
    }
    [made] = await events("token.created")
    assert made.actor_name == "ada"
    assert made.details == {"scopes": ["read"], "teams": None, "days": 7}
    [mail] = await jobs("mail.token_made")
    assert mail["token_id"] == str(made.target_id)


async def test_it_reaches_the_chosen_teams_alone(
    ada: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    await ada.post("/teams", json={"slug": "harbour", "name": "Harbour"})
    device = await start(anonymous)

    await let_in(ada, device, teams=["harbour"])

    await device.poll()
    [made] = (await ada.get("/auth/tokens")).json()["items"]
    assert [team["slug"] for team in made["teams"]] == ["harbour"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"scopes": []}, "scopes"),
        ({"scopes": ["read", "publish"]}, "scopes"),
        ({"scopes": ["admin"]}, "scopes"),
        ({"teams": ["elsewhere"]}, "teams"),
        ({"expires_in_days": 366}, "expires_in_days"),
    ],
)
async def test_it_gets_no_more_than_it_asked_for_and_the_person_may_give(
    ada: httpx.AsyncClient,
    bob: httpx.AsyncClient,
    anonymous: httpx.AsyncClient,
    body: dict[str, Any],
    field: str,
) -> None:
    device = await start(anonymous, scopes=["read", "admin"])

    refused = await approve(bob, device, **body)

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["loc"] == field
    assert await device.error() == "authorization_pending"
    await let_in(bob, device)


async def test_it_lasts_no_longer_than_the_instance_allows_by_then(
    ada: httpx.AsyncClient,
    start_app: StartApp,
    connect: Connect,
) -> None:
    free = connect(await start_app(token_max_days=None))
    strict = connect(await start_app(token_max_days=30))
    free.headers["Authorization"] = ada.headers["Authorization"]
    lasting, cut = await start(free), await start(free)
    for device in (lasting, cut):
        await let_in(free, device, expires_in_days=None)

    assert "expires_in" not in (await lasting.poll()).json()
    cut.client = strict
    assert (await cut.poll()).json()["expires_in"] <= 30 * 86_400


async def test_no_api_token_lets_a_device_in(
    ada: httpx.AsyncClient, anonymous: httpx.AsyncClient, new_client: NewClient
) -> None:
    device = await start(anonymous)
    client = new_client()
    token = (await make(ada, "read", "write", "admin"))["token"]
    client.headers["Authorization"] = f"Bearer {token}"

    for answer in (
        await client.get(device.page),
        await approve(client, device),
        await client.post(f"{device.page}/denial"),
    ):
        assert answer.status_code == 403
    for answer in (await anonymous.get(device.page), await approve(anonymous, device)):
        assert answer.status_code == 401
    assert await device.error() == "authorization_pending"


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://evil.test"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://other.roster.test"},
        {"Origin": "http://evil.test"},
        {"Origin": "null"},
    ],
)
async def test_no_page_of_another_site_decides(
    ada: httpx.AsyncClient, anonymous: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    device = await start(anonymous)
    for decision in ("approval", "denial"):
        answer = await ada.post(
            f"{device.page}/{decision}", json={"scopes": ["read"]}, headers=headers
        )
        assert answer.status_code == 403
    own = {"Sec-Fetch-Site": "same-origin", "Origin": "http://roster.test"}
    answer = await ada.post(
        f"{device.page}/approval", json={"scopes": ["read"]}, headers=own
    )
    assert answer.status_code == 204


async def test_a_person_who_guesses_codes_is_slowed_down(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, come_from: From, guesses_age: Age
) -> None:
    elsewhere = come_from("192.0.2.66")
    device = await start(elsewhere)
    elsewhere.headers["Authorization"] = bob.headers["Authorization"]
    for _ in range(throttle.DEVICE_CODE.free - 1):
        assert (await elsewhere.get(NOBODYS)).status_code == 404
        # Codes of one's own give no further tries.
        assert (await elsewhere.get(device.page)).status_code == 200
    assert (await elsewhere.get(NOBODYS)).status_code == 404

    refused = await elsewhere.get(device.page)

    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "1"
    assert (await approve(elsewhere, device)).status_code == 429
    # Nor does another address, and nobody else has to wait.
    assert (await bob.get(device.page)).status_code == 429
    assert (await ada.get(device.page)).status_code == 200
    guesses_age(1)
    await let_in(bob, device)


async def test_many_people_of_one_address_are_slowed_down_together(
    ada: httpx.AsyncClient, sign_up: SignUp, come_from: From
) -> None:
    elsewhere = come_from("192.0.2.66")
    tries = throttle.DEVICE_CODE.free - 1
    people = [ada] + [await sign_up(f"person-{number}") for number in range(7)]
    statuses = []
    for person in people:
        elsewhere.headers["Authorization"] = person.headers["Authorization"]
        statuses += [(await elsewhere.get(NOBODYS)).status_code for _ in range(tries)]

    free = throttle.DEVICE_CODE_ADDRESS.free
    assert statuses[:free] == [404] * free
    assert set(statuses[free:]) == {429}
    assert (await ada.get(NOBODYS)).status_code == 404


async def test_nobody_fills_the_table(ada: httpx.AsyncClient, come_from: From) -> None:
    stranger = come_from("192.0.2.66")
    for _ in range(throttle.DEVICE.free):
        await start(stranger)

    refused = await stranger.post("/auth/device", json={"client_name": "roster"})

    assert refused.status_code == 429
    assert "retry-after" in refused.headers
    await start(come_from("192.0.2.67"))
