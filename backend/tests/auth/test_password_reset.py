from datetime import timedelta

import httpx
import pytest
from sqlmodel import select

from roster.audit.models import AuditEvent
from roster.auth.models import MailToken
from roster.core.db import Database
from roster.users.models import User
from tests.auth.conftest import SignInAs
from tests.conftest import PASSWORD, Mails

NEW = "seven violet bridges"


async def ask(client: httpx.AsyncClient, email: str) -> httpx.Response:
    return await client.post("/auth/password-reset", json={"email": email})


async def confirm(
    client: httpx.AsyncClient, token: str, password: str = NEW
) -> httpx.Response:
    body = {"token": token, "new_password": password}
    return await client.post("/auth/password-reset/confirm", json=body)


async def test_a_link_sets_a_new_password(
    ada: httpx.AsyncClient,
    anonymous: httpx.AsyncClient,
    mails: Mails,
    sign_in_as: SignInAs,
    database: Database,
) -> None:
    asked = await ask(anonymous, "Ada@Example.org")
    (mail,) = await mails()
    answer = await confirm(anonymous, mail.secret)

    assert asked.status_code == 202
    assert mail.to == "ada@example.org"
    assert mail.subject == "Set a new password"
    assert "one hour" in mail.text
    assert answer.status_code == 204
    # Who was signed in is not any more, whoever they were.
    assert (await ada.get("/users/me")).status_code == 401
    old = {"username": "ada", "password": PASSWORD}
    assert (await anonymous.post("/auth/token", data=old)).status_code == 401
    me = (await (await sign_in_as("ada", NEW)).get("/users/me")).json()
    assert me["email_verified"] is True
    (notice,) = await mails()
    assert notice.subject == "Your password was changed"
    async with database.read() as session:
        events = await session.exec(
            select(AuditEvent).where(AuditEvent.action == "password.reset")
        )
    assert [event.actor_name for event in events] == ["ada"]


async def test_an_unknown_address_is_answered_alike_and_gets_no_mail(
    ada: httpx.AsyncClient, anonymous: httpx.AsyncClient, mails: Mails
) -> None:
    known = await ask(anonymous, "ada@example.org")
    unknown = await ask(anonymous, "eve@example.org")

    assert known.status_code == unknown.status_code == 202
    assert unknown.json() == {"email": "eve@example.org"}
    assert set(known.headers) == set(unknown.headers)
    assert [mail.to for mail in await mails()] == ["ada@example.org"]


async def test_a_deactivated_account_gets_no_mail(
    ada: httpx.AsyncClient,
    anonymous: httpx.AsyncClient,
    mails: Mails,
    database: Database,
) -> None:
    async with database.write() as session:
        (await session.exec(select(User))).one().is_active = False

    await ask(anonymous, "ada@example.org")

    assert await mails() == []


async def test_a_link_works_once(
    ada: httpx.AsyncClient, anonymous: httpx.AsyncClient, mails: Mails
) -> None:
    await ask(anonymous, "ada@example.org")
    (mail,) = await mails()

    assert (await confirm(anonymous, mail.secret)).status_code == 204
    again = await confirm(anonymous, mail.secret)
    unknown = await confirm(anonymous, "x" * 43)

    assert again.status_code == unknown.status_code == 404
    assert again.json()["detail"] == unknown.json()["detail"]


async def test_a_new_link_ends_the_one_before(
    ada: httpx.AsyncClient, anonymous: httpx.AsyncClient, mails: Mails
) -> None:
    await ask(anonymous, "ada@example.org")
    (first,) = await mails()
    await ask(anonymous, "ada@example.org")
    (second,) = await mails()

    assert (await confirm(anonymous, first.secret)).status_code == 404
    assert (await confirm(anonymous, second.secret)).status_code == 204


async def test_a_link_is_good_for_an_hour(
    ada: httpx.AsyncClient,
    anonymous: httpx.AsyncClient,
    mails: Mails,
    database: Database,
) -> None:
    await ask(anonymous, "ada@example.org")
    (mail,) = await mails()
    async with database.write() as session:
        (await session.exec(select(MailToken))).one().expires_at -= timedelta(hours=1)

    assert (await confirm(anonymous, mail.secret)).status_code == 404


async def test_no_row_holds_the_secret(
    ada: httpx.AsyncClient,
    anonymous: httpx.AsyncClient,
    mails: Mails,
    database: Database,
) -> None:
    await ask(anonymous, "ada@example.org")
    (mail,) = await mails()

    async with database.read() as session:
        token = (await session.exec(select(MailToken))).one()
    assert mail.secret not in str(token.model_dump())


@pytest.mark.parametrize(
    "password", ["short", "password1234", "ADA@EXAMPLE.ORG", "qwertyuiopas"]
)
async def test_a_password_that_is_guessed_at_once_is_refused(
    ada: httpx.AsyncClient, anonymous: httpx.AsyncClient, mails: Mails, password: str
) -> None:
    await ask(anonymous, "ada@example.org")
    (mail,) = await mails()

    answer = await confirm(anonymous, mail.secret, password)

    assert answer.status_code == 422
    assert [error["loc"] for error in answer.json()["errors"]] == ["new_password"]
    assert (await confirm(anonymous, mail.secret)).status_code == 204
