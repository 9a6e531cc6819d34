"""The mails that tell people what happened to their account."""

from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from roster.core.db import Database
from roster.core.model import utc_now
from roster.jobs.service import enqueue
from tests.conftest import Mails
from tests.services.mails import Mail

NEW = "seven violet bridges"


async def mail_of(
    database: Database, mails: Mails, kind: str, **payload: object
) -> list[Mail]:
    async with database.write() as session:
        enqueue(session, f"mail.{kind}", payload)
    return await mails()


async def ids(ada: httpx.AsyncClient) -> tuple[str, str]:
    """Give the ids of Ada and of her session."""
    user = (await ada.get("/users/me")).json()["id"]
    (session,) = (await ada.get("/auth/sessions")).json()["items"]
    return user, session["id"]


async def test_a_changed_password(
    ada: httpx.AsyncClient, mails: Mails, database: Database
) -> None:
    user_id, _ = await ids(ada)

    (mail,) = await mail_of(database, mails, "password_changed", user_id=user_id)

    assert mail.to == "ada@example.org"
    assert "/forgot" in mail.text
    assert f"{utc_now():%B %Y}" in mail.text


@pytest.mark.parametrize("kind", ["new_device", "session_reused"])
async def test_a_session_is_named(
    ada: httpx.AsyncClient, mails: Mails, database: Database, kind: str
) -> None:
    user_id, session_id = await ids(ada)

    (mail,) = await mail_of(
        database, mails, kind, user_id=user_id, session_id=session_id
    )

    assert "127.0.0.1" in mail.text
    assert "/account/security" in mail.text


async def test_a_token_is_named_and_never_shown(
    ada: httpx.AsyncClient, mails: Mails
) -> None:
    body = {"name": "build server", "scopes": ["read"], "expires_in_days": 30}
    made = await ada.post("/auth/tokens", json=body)

    (mail,) = await mails()

    assert mail.subject == "An API token was made for your account"
    assert "Name: build server" in mail.text
    assert "Scopes: read" in mail.text
    assert made.json()["token"] not in mail.text
    assert made.json()["token"][-8:] not in mail.text


async def test_a_token_that_expires(
    ada: httpx.AsyncClient, mails: Mails, database: Database
) -> None:
    body = {"name": "build server", "scopes": ["read"], "expires_in_days": 5}
    token = (await ada.post("/auth/tokens", json=body)).json()
    await mails()
    user_id, _ = await ids(ada)

    (mail,) = await mail_of(
        database, mails, "token_expires", user_id=user_id, token_id=token["id"]
    )

    assert mail.subject == "Your API token build server expires soon"


async def test_the_second_factor(
    ada: httpx.AsyncClient, mails: Mails, database: Database
) -> None:
    user_id, _ = await ids(ada)

    (mail,) = await mail_of(database, mails, "second_factor_changed", user_id=user_id)

    assert mail.subject == "Your second factor was turned off"


async def test_a_reset_by_an_administrator_brings_a_link(
    ada: httpx.AsyncClient,
    anonymous: httpx.AsyncClient,
    mails: Mails,
    database: Database,
) -> None:
    user_id, _ = await ids(ada)

    (mail,) = await mail_of(database, mails, "account_reset", user_id=user_id)

    answer = await anonymous.post(
        "/auth/password-reset/confirm",
        json={"token": mail.secret, "new_password": NEW},
    )
    assert answer.status_code == 204


@pytest.mark.parametrize(
    "kind", ["password_changed", "account_reset", "second_factor_changed"]
)
async def test_an_account_that_is_gone_gets_no_mail(
    app: FastAPI, mails: Mails, database: Database, kind: str
) -> None:
    assert await mail_of(database, mails, kind, user_id=str(uuid4())) == []


async def test_every_other_owner_is_told_who_took_their_team(
    ada: httpx.AsyncClient,
    bob: httpx.AsyncClient,
    mails: Mails,
) -> None:
    await bob.post("/teams", json={"slug": "engines", "name": "Engines"})

    answer = await ada.post("/teams/engines/ownership")

    assert answer.status_code < 300, answer.text
    (mail,) = await mails()
    assert mail.to == "bob@example.org"
    assert mail.subject == "An administrator owns Engines now"
    assert "ada, an administrator" in mail.text
    assert "/teams/engines" in mail.text
