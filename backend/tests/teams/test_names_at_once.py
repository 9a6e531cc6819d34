"""Of those who ask for one name at the same moment, one gets it."""

import asyncio
from typing import Any

import httpx

from tests.teams.conftest import change_team, make_team

NEW = {"slug": "platform", "name": "Platform"}


async def test_two_new_teams(ada: httpx.AsyncClient, bob: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(
        ada.post("/teams", json=NEW), bob.post("/teams", json=NEW)
    )

    assert sorted(answer.status_code for answer in answers) == [201, 409]


async def test_two_renamed_teams(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, team: dict[str, Any]
) -> None:
    await make_team(ada, "data")

    answers = await asyncio.gather(
        change_team(ada, "data", slug="platform"),
        change_team(bob, slug="platform"),
    )

    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_a_team_and_an_account(
    bob: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    account = {
        "username": "platform",
        "email": "platform@example.org",
        "password": "correct horse battery",
    }

    answers = await asyncio.gather(
        bob.post("/teams", json=NEW), anonymous.post("/auth/register", json=account)
    )

    assert sorted(answer.status_code for answer in answers) == [201, 409]
    [refused] = [answer for answer in answers if answer.status_code == 409]
    [error] = refused.json()["errors"]
    assert error["loc"] in {"slug", "username"}


async def test_a_team_and_a_renamed_one(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, team: dict[str, Any]
) -> None:
    answers = await asyncio.gather(
        change_team(bob, slug="platform"), ada.post("/teams", json=NEW)
    )

    assert sorted(answer.status_code < 300 for answer in answers) == [False, True]


async def test_a_team_that_is_changed_by_two(
    bob: httpx.AsyncClient, team: dict[str, Any]
) -> None:
    answers = await asyncio.gather(
        *(change_team(bob, name=f"Name {number}") for number in range(4))
    )

    statuses = [answer.status_code for answer in answers]
    assert set(statuses) <= {200, 412}
    last = (await bob.get("/teams/backend")).json()["name"]
    assert last in {
        answer.json()["name"] for answer in answers if answer.status_code == 200
    }
