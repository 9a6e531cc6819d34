import asyncio
import os
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlmodel import select

from roster.auth.models import AuthSession
from roster.auth.passwords import PasswordHasher, hashing_slots
from roster.core.db import Database
from roster.core.model import utc_now
from roster.users.models import User
from tests.auth.conftest import SignIn
from tests.conftest import PASSWORD, Connect, StartApp

BROWSER_FORM = {"username": "ada", "password": PASSWORD, "client": "browser"}


@pytest.mark.parametrize(
    "name", ["ada", "ADA", " ada ", "ada@example.org", "Ada@Example.Org"]
)
async def test_a_name_or_an_address_signs_in(sign_in: SignIn, name: str) -> None:
    answer = await sign_in(username=name)

    assert answer.status_code == 200
    token = answer.json()
    assert token["token_type"] == "bearer"
    assert token["expires_in"] == 15 * 60
    assert token["refresh_token"]
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": "wrong"},
        {"username": "nobody"},
        {"username": "nobody@example.org"},
        {"username": "%"},
        {"username": "ada' or '1'='1"},
    ],
)
async def test_what_is_wrong_is_not_told(
    sign_in: SignIn, wrong: dict[str, str]
) -> None:
    answer = await sign_in(**wrong)

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    problem = answer.json()
    assert problem["type"] == "/problems/wrong-credentials"
    assert problem["detail"] == "The user name or the password is wrong."


async def test_an_inactive_user_is_refused_in_the_same_words(
    sign_in: SignIn, database: Database
) -> None:
    async with database.write() as session:
        (await session.exec(select(User))).one().is_active = False

    answer = await sign_in()

    assert answer.status_code == 401
    assert answer.json()["detail"] == "The user name or the password is wrong."


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"username": "ada"}, "password"),
        ({"password": "x"}, "username"),
        ({"username": "a\0", "password": "x"}, "username"),
        ({"username": "ada", "password": "a\0"}, "password"),
        ({"username": "a" * 255, "password": "x"}, "username"),
        ({"username": "ada", "password": "x" * 1025}, "password"),
        ({"username": "ada", "password": "x", "client": "toaster"}, "client"),
        ({"username": "ada", "password": "x", "grant_type": "magic"}, "grant_type"),
    ],
)
async def test_wrong_forms_are_named(
    anonymous: httpx.AsyncClient, form: dict[str, str], field: str
) -> None:
    answer = await anonymous.post("/auth/token", data=form)

    assert answer.status_code == 422
    assert [error["loc"] for error in answer.json()["errors"]] == [field]


async def test_other_fields_of_oauth_are_ignored(sign_in: SignIn) -> None:
    answer = await sign_in(
        grant_type="password", scope="", client_id="x", client_secret="y"
    )

    assert answer.status_code == 200


async def test_a_browser_gets_its_refresh_token_as_a_cookie(sign_in: SignIn) -> None:
    answer = await sign_in(client="browser")

    assert answer.json()["refresh_token"] is None
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("roster_refresh=ey")
    for attribute in ("httponly", "samesite=strict", "path=/api/v1/auth"):
        assert f"; {attribute}" in cookie
    assert "; secure" not in cookie
    assert "domain" not in cookie
    age = int(cookie.split("max-age=")[1].split(";")[0])
    assert 30 * 86400 - 60 < age <= 30 * 86400


async def test_over_https_the_cookie_is_secure(
    ada: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    answer = await anonymous.post(
        "https://roster.test/api/v1/auth/token", data=BROWSER_FORM
    )

    assert "; secure" in answer.headers["set-cookie"].lower()


async def test_signing_in_is_remembered(
    ada: httpx.AsyncClient, anonymous: httpx.AsyncClient, database: Database
) -> None:
    agent = "Mozilla/5.0 (\x01X11) " + "x" * 400
    await anonymous.post(
        "/auth/token", data=BROWSER_FORM, headers={"User-Agent": agent}
    )

    async with database.read() as session:
        user = (await session.exec(select(User))).one()
        family = (
            await session.exec(
                select(AuthSession).where(AuthSession.client == "browser")
            )
        ).one()
    assert user.last_sign_in_at is not None
    assert utc_now() - user.last_sign_in_at < timedelta(minutes=1)
    assert family.user_agent.startswith("Mozilla/5.0 (X11) x")
    assert len(family.user_agent) == 300


async def test_no_secret_is_stored(
    ada: httpx.AsyncClient, sign_in: SignIn, database: Database
) -> None:
    token = (await sign_in()).json()

    async with database.read() as session:
        stored = [
            str(row.model_dump())
            for table in (User, AuthSession)
            for row in await session.exec(select(table))
        ]
    assert PASSWORD not in "".join(stored)
    for secret in (token["refresh_token"], token["access_token"]):
        assert secret not in "".join(stored)


async def test_a_raised_cost_makes_the_hash_anew(
    start_app: StartApp,
    connect: Connect,
    ada: httpx.AsyncClient,
    database: Database,
) -> None:
    async def stored_hash() -> str:
        async with database.read() as session:
            return (await session.exec(select(User.password_hash))).one()

    before = await stored_hash()
    client = connect(await start_app(bcrypt_rounds=5))
    form = {"username": "ada", "password": PASSWORD}

    wrong = await client.post("/auth/token", data=form | {"password": "wrong"})
    assert (wrong.status_code, await stored_hash()) == (401, before)

    assert (await client.post("/auth/token", data=form)).status_code == 200
    after = await stored_hash()
    assert after != before
    assert (await client.post("/auth/token", data=form)).status_code == 200
    assert await stored_hash() == after


async def until_one_waits(passwords: PasswordHasher) -> None:
    while True:
        if passwords._waiting:
            return
        await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("new_password", "status"), [("another good sentence", 401), (PASSWORD, 200)]
)
async def test_a_password_that_changes_while_it_is_compared_counts_anew(
    app: FastAPI, sign_in: SignIn, database: Database, new_password: str, status: int
) -> None:
    passwords: PasswordHasher = app.state.passwords
    new_hash = await passwords.hash(SecretStr(new_password))
    slots = hashing_slots(os.cpu_count() or 1)
    for _ in range(slots):
        await passwords._slots.acquire()
    signing_in = asyncio.create_task(sign_in())
    await until_one_waits(passwords)
    async with database.write() as session:
        (await session.exec(select(User))).one().password_hash = new_hash
    for _ in range(slots):
        passwords._slots.release()

    assert (await signing_in).status_code == status
    async with database.read() as session:
        assert (await session.exec(select(User.password_hash))).one() == new_hash


async def test_many_sign_ins_at_once_do_not_need_many_connections(
    start_app: StartApp, connect: Connect, ada: httpx.AsyncClient
) -> None:
    """One connection is enough, and reading goes on meanwhile."""
    client = connect(await start_app(database_pool_size=1, bcrypt_rounds=6))
    form = {"username": "ada", "password": PASSWORD}
    client.headers["Authorization"] = ada.headers["Authorization"]

    answers = await asyncio.gather(
        *(client.post("/auth/token", data=form) for _ in range(10)),
        *(client.get("/users/me") for _ in range(10)),
    )

    assert {answer.status_code for answer in answers} == {200}
