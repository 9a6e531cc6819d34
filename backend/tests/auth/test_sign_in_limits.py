"""Guessing is slowed down, and nobody is locked out by somebody else's guesses."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI
from sqlmodel import select

from roster.auth import throttle
from roster.auth.models import AuthSession
from roster.auth.throttle import ADDRESS, MAIL_RECIPIENT, REGISTER
from roster.core.db import Database
from roster.users.models import User
from tests.auth.conftest import Age, Rows
from tests.conftest import PASSWORD, Mails, StartApp
from tests.services.valkey import ValkeyServer

From = Callable[..., httpx.AsyncClient]
FREE = throttle.PASSWORD.free
WRONG = "wrong"
OWN, ELSEWHERE = "127.0.0.1", "192.0.2.66"


@pytest.fixture
async def come_from(app: FastAPI) -> AsyncGenerator[From]:
    """Make clients at an address of one's choice."""
    async with AsyncExitStack() as open_clients:

        def make(address: str, there: FastAPI = app) -> httpx.AsyncClient:
            transport = httpx.ASGITransport(app=there, client=(address, 1))
            client = httpx.AsyncClient(
                transport=transport, base_url="http://roster.test/api/v1"
            )
            open_clients.push_async_callback(client.aclose)
            return client

        yield make


async def attempt(
    client: httpx.AsyncClient, password: str = WRONG, username: str = "ada"
) -> httpx.Response:
    form = {"username": username, "password": password}
    return await client.post("/auth/token", data=form)


async def lock(client: httpx.AsyncClient, username: str = "ada") -> httpx.Response:
    for _ in range(FREE):
        answer = await attempt(client, username=username)
        assert answer.status_code == 401
    return await attempt(client, username=username)


async def test_who_proves_the_address_need_not_wait(
    ada: httpx.AsyncClient, come_from: From, mails: Mails
) -> None:
    stranger = come_from(ELSEWHERE)
    assert (await lock(stranger)).status_code == 429
    await stranger.post("/auth/password-reset", json={"email": "ada@example.org"})
    [mail] = await mails()
    new = {"token": mail.secret, "new_password": "seven violet bridges"}
    assert (await stranger.post("/auth/password-reset/confirm", json=new)).is_success

    assert (await attempt(stranger, "seven violet bridges")).status_code == 200


async def test_after_several_wrong_ones_even_the_right_one_waits(
    ada: httpx.AsyncClient, come_from: From, guesses_age: Age
) -> None:
    stranger = come_from(ELSEWHERE)
    answer = await lock(stranger)

    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "1"
    assert answer.json()["type"] == "/problems/too-many-requests"
    assert (await attempt(stranger, PASSWORD)).status_code == 429
    guesses_age(1)
    assert (await attempt(stranger, PASSWORD)).status_code == 200
    # The right one forgets the wrong ones.
    assert (await attempt(stranger)).status_code == 401


async def test_an_account_that_does_not_exist_is_refused_alike(
    ada: httpx.AsyncClient, come_from: From
) -> None:
    stranger = come_from(ELSEWHERE)

    answers = [await lock(stranger, name) for name in ("ada", "nobody")]

    bodies = [
        {
            key: value
            for key, value in answer.json().items()
            if key not in ("request_id", "timestamp")
        }
        for answer in answers
    ]
    assert bodies[0] == bodies[1]
    kept = ("retry-after", "content-type", "cache-control", "www-authenticate")
    heads = [{name: answer.headers.get(name) for name in kept} for answer in answers]
    assert heads[0] == heads[1]


async def test_case_and_spaces_give_no_further_tries(
    ada: httpx.AsyncClient, come_from: From
) -> None:
    stranger = come_from(ELSEWHERE)
    await lock(stranger)

    assert (await attempt(stranger, username=" ADA ")).status_code == 429


async def test_another_address_gives_no_further_tries(
    ada: httpx.AsyncClient, come_from: From
) -> None:
    await lock(come_from(ELSEWHERE))

    assert (await attempt(come_from("192.0.2.67"))).status_code == 429


async def test_a_stranger_locks_nobody_out_where_they_are_at_home(
    ada: httpx.AsyncClient, come_from: From, guesses_age: Age
) -> None:
    stranger, home = come_from(ELSEWHERE), come_from(OWN)
    await lock(stranger)
    for _ in range(12):
        guesses_age(3600 // 12)
        await attempt(stranger)
    assert (await attempt(stranger, PASSWORD)).status_code == 429

    for _ in range(3):
        assert (await attempt(home, PASSWORD)).status_code == 200
    # Nor does signing in at home let the stranger in.
    assert (await attempt(stranger, PASSWORD)).status_code == 429


async def test_at_home_there_is_a_limit_too(
    ada: httpx.AsyncClient, come_from: From
) -> None:
    home = come_from(OWN)
    statuses = [(await attempt(home)).status_code for _ in range(11)]

    assert statuses == [401] * 10 + [429]
    # And it counts for nobody else.
    assert (await attempt(come_from(ELSEWHERE), PASSWORD)).status_code == 200


async def test_a_home_is_forgotten_after_a_month(
    ada: httpx.AsyncClient, come_from: From, database: Database
) -> None:
    async with database.write() as session:
        for family in await session.exec(select(AuthSession)):
            family.created_at -= timedelta(days=31)
    await lock(come_from(ELSEWHERE))

    assert (await attempt(come_from(OWN), PASSWORD)).status_code == 429


async def test_one_address_may_not_try_many_names(
    ada: httpx.AsyncClient, come_from: From
) -> None:
    stranger = come_from(ELSEWHERE)
    for number in range(ADDRESS.free):
        answer = await attempt(stranger, username=f"name-{number}")
        assert answer.status_code == 401

    assert (await attempt(stranger, username="another")).status_code == 429
    # Others are not touched by it.
    assert (await attempt(come_from("192.0.2.67"), PASSWORD)).status_code == 200


async def test_failures_are_told_to_the_audit_before_the_refusal(
    ada: httpx.AsyncClient, come_from: From, events: Rows, database: Database
) -> None:
    stranger = come_from(ELSEWHERE)
    await attempt(stranger)
    await attempt(stranger, username="my password by mistake")

    known, unknown = await events("sign_in.failed")
    async with database.read() as session:
        user = (await session.exec(select(User))).one()
    assert (known.target_id, known.target_name) == (user.id, "ada")
    assert known.actor_id is None
    assert known.address == unknown.address == ELSEWHERE
    assert (unknown.target_id, unknown.target_name) == (None, "")
    assert known.details == unknown.details == {"step": "password"}


async def test_processes_share_what_they_count(
    ada: httpx.AsyncClient, come_from: From, start_app: StartApp, valkey: ValkeyServer
) -> None:
    first, second = [
        come_from(ELSEWHERE, await start_app(redis_url=valkey.url)) for _ in range(2)
    ]
    await lock(first)

    assert (await attempt(second, PASSWORD)).status_code == 429


async def test_who_finds_the_queue_full_has_used_no_try_up(
    ada: httpx.AsyncClient, come_from: From, app: FastAPI
) -> None:
    app.state.passwords._most_waiting = 0
    stranger = come_from(ELSEWHERE)
    for _ in range(FREE + 1):
        answer = await attempt(stranger, PASSWORD)
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "5"
        change = {"current_password": PASSWORD, "new_password": PASSWORD}
        assert (await ada.post("/auth/password", json=change)).status_code == 503
    app.state.passwords._most_waiting = 9

    assert (await attempt(stranger, PASSWORD)).status_code == 200


async def test_one_address_makes_only_so_many_accounts(
    ada: httpx.AsyncClient, come_from: From
) -> None:
    stranger = come_from(ELSEWHERE)
    body = {"username": "bob", "email": "ada@example.org", "password": PASSWORD}
    for _ in range(REGISTER.free):
        assert (await stranger.post("/auth/register", json=body)).status_code == 409

    answer = await stranger.post("/auth/register", json=body)

    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "1"


@pytest.mark.parametrize("email", ["ada@example.org", "nobody@example.org"])
async def test_only_so_many_mails_are_sent_to_one_address(
    ada: httpx.AsyncClient, come_from: From, jobs: Rows, email: str
) -> None:
    for number in range(MAIL_RECIPIENT.free):
        stranger = come_from(f"192.0.2.{number}")
        answer = await stranger.post("/auth/password-reset", json={"email": email})
        assert answer.status_code == 202

    answer = await come_from(ELSEWHERE).post(
        "/auth/password-reset", json={"email": email.upper()}
    )

    assert answer.status_code == 429
    assert len(await jobs("mail.reset_password")) == MAIL_RECIPIENT.free
