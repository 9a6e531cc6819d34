import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
from jose.jwt import get_unverified_claims
from sqlmodel import select

from roster.auth.sessions import GRACE
from roster.core.db import Database
from roster.users.models import User
from tests.auth.conftest import SignIn, TimePasses
from tests.conftest import Connect, StartApp

LATER = GRACE + timedelta(seconds=1)


class Client:
    """A client that is no browser: it keeps its refresh tokens itself."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http

    async def refresh(self, token: str) -> httpx.Response:
        return await self.http.post("/auth/refresh", json={"refresh_token": token})

    async def refreshed(self, token: str) -> str:
        answer = await self.refresh(token)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["refresh_token"])

    async def me(self, access_token: str) -> int:
        headers = {"Authorization": f"Bearer {access_token}"}
        return (await self.http.get("/users/me", headers=headers)).status_code


@pytest.fixture
def client(anonymous: httpx.AsyncClient) -> Client:
    return Client(anonymous)


@pytest.fixture
async def token(sign_in: SignIn) -> dict[str, Any]:
    found: dict[str, Any] = (await sign_in()).json()
    return found


async def test_a_refresh_gives_new_tokens(
    client: Client, token: dict[str, Any]
) -> None:
    answer = await client.refresh(token["refresh_token"])

    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    fresh = answer.json()
    assert fresh["refresh_token"] not in {None, token["refresh_token"]}
    assert fresh["access_token"] != token["access_token"]
    assert await client.me(fresh["access_token"]) == 200
    # The access token before is of the same session, and good until it expires.
    assert await client.me(token["access_token"]) == 200


async def test_two_tabs_at_once_stay_signed_in(
    client: Client, token: dict[str, Any], time_passes: TimePasses
) -> None:
    answers = await asyncio.gather(
        *(client.refresh(token["refresh_token"]) for _ in range(8))
    )

    assert {answer.status_code for answer in answers} == {200}
    # All were given the same new token, so none of them can end the session.
    (newest,) = {answer.json()["refresh_token"] for answer in answers}
    for answer in answers:
        assert await client.me(answer.json()["access_token"]) == 200
    await time_passes(LATER)
    assert await client.refreshed(newest) != newest


async def test_the_order_of_tabs_within_the_grace_does_not_matter(
    client: Client, token: dict[str, Any], time_passes: TimePasses
) -> None:
    first = token["refresh_token"]
    second = await client.refreshed(first)

    assert await client.refreshed(second) == second
    assert await client.refreshed(first) == second
    assert await client.refreshed(second) == second

    await time_passes(LATER)
    third = await client.refreshed(second)
    assert third != second
    assert await client.refreshed(second) == third


async def test_an_answer_that_got_lost_is_asked_for_again(
    client: Client, token: dict[str, Any], time_passes: TimePasses
) -> None:
    lost = await client.refreshed(token["refresh_token"])
    await time_passes(GRACE - timedelta(seconds=3))

    again = await client.refreshed(token["refresh_token"])

    # The times in it were moved by this test; its secret is the same.
    assert get_unverified_claims(again)["jti"] == get_unverified_claims(lost)["jti"]


async def test_a_copy_used_later_ends_the_session_for_both(
    client: Client, token: dict[str, Any], time_passes: TimePasses
) -> None:
    fresh = (await client.refresh(token["refresh_token"])).json()
    await time_passes(LATER)

    answer = await client.refresh(token["refresh_token"])

    assert answer.status_code == 401
    assert "used before" in answer.json()["detail"]
    assert (await client.refresh(fresh["refresh_token"])).status_code == 401
    assert await client.me(fresh["access_token"]) == 401
    assert await client.me(token["access_token"]) == 401


async def test_a_copy_of_long_ago_ends_the_session_too(
    client: Client, token: dict[str, Any], time_passes: TimePasses
) -> None:
    newest = token["refresh_token"]
    for _ in range(3):
        newest = await client.refreshed(newest)
        await time_passes(LATER)

    # Even where a later copy is within its grace.
    newest = await client.refreshed(newest)
    assert (await client.refresh(token["refresh_token"])).status_code == 401
    assert (await client.refresh(newest)).status_code == 401


async def test_one_session_ended_leaves_the_others(
    client: Client, token: dict[str, Any], sign_in: SignIn, time_passes: TimePasses
) -> None:
    other = (await sign_in()).json()
    await client.refreshed(token["refresh_token"])
    await time_passes(LATER)
    await client.refresh(token["refresh_token"])

    assert await client.me(other["access_token"]) == 200
    assert (await client.refresh(other["refresh_token"])).status_code == 200


async def test_a_session_expires(
    client: Client, token: dict[str, Any], time_passes: TimePasses
) -> None:
    await time_passes(timedelta(days=31))

    assert (await client.refresh(token["refresh_token"])).status_code == 401
    assert await client.me(token["access_token"]) == 401


async def test_a_session_does_not_outlive_its_days_by_refreshing(
    client: Client, token: dict[str, Any], time_passes: TimePasses
) -> None:
    newest = token["refresh_token"]
    for _ in range(2):
        await time_passes(timedelta(days=14))
        newest = await client.refreshed(newest)

    await time_passes(timedelta(days=3))
    assert (await client.refresh(newest)).status_code == 401


async def test_deactivation_ends_access_at_the_next_request(
    client: Client, token: dict[str, Any], database: Database
) -> None:
    async with database.write() as session:
        (await session.exec(select(User))).one().is_active = False

    assert await client.me(token["access_token"]) == 401
    assert (await client.refresh(token["refresh_token"])).status_code == 401


@pytest.mark.parametrize("body", [None, {}, {"refresh_token": None}])
async def test_without_a_token_there_is_nothing_to_refresh(
    anonymous: httpx.AsyncClient, body: dict[str, None] | None
) -> None:
    answer = await anonymous.post("/auth/refresh", json=body)

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("given", ["", "x", "a.b.c"])
async def test_what_is_no_token_is_refused(client: Client, given: str) -> None:
    assert (await client.refresh(given)).status_code == 401


async def test_an_access_token_refreshes_nothing(
    client: Client, token: dict[str, Any]
) -> None:
    assert (await client.refresh(token["access_token"])).status_code == 401


async def test_a_token_of_a_session_that_is_gone_is_refused(
    client: Client, token: dict[str, Any], database: Database, families: Any
) -> None:
    async with database.write() as session:
        for family in await families():
            await session.delete(family)

    assert (await client.refresh(token["refresh_token"])).status_code == 401
    assert await client.me(token["access_token"]) == 401


async def test_sessions_outlive_the_process(
    token: dict[str, Any], start_app: StartApp, connect: Connect
) -> None:
    again = Client(connect(await start_app()))

    assert await again.me(token["access_token"]) == 200
    assert (await again.refresh(token["refresh_token"])).status_code == 200
