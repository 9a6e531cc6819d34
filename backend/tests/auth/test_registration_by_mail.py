"""Registering where mail is set up: the account waits until its address is proved."""

from collections.abc import AsyncGenerator, Callable, Coroutine
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlmodel import col, func, select

from roster.audit.models import AuditEvent
from roster.auth.models import MailToken, PendingRegistration
from roster.core.db import Database
from roster.jobs.service import enqueue
from roster.teams.models import Membership, TeamSlug
from roster.users.models import User
from tests.conftest import PASSWORD, SETUP_CODE, Connect, StartApp
from tests.services.mails import Mail, do_jobs
from tests.services.smtp import MailServer, mail_server

Register = Callable[..., Coroutine[None, None, httpx.Response]]
Verify = Callable[[str], Coroutine[None, None, httpx.Response]]
NewMails = Callable[[], Coroutine[None, None, list[Mail]]]
OTHER_PASSWORD = "seven violet bridges"


@pytest.fixture
async def server() -> AsyncGenerator[MailServer]:
    async with mail_server() as running:
        yield running


@pytest.fixture
async def app(start_app: StartApp, server: MailServer) -> FastAPI:
    return await start_app(smtp_url=server.url, public_url="https://roster.test")


@pytest.fixture
async def client(app: FastAPI, connect: Connect) -> httpx.AsyncClient:
    """Nobody, on an instance that Ada has set up."""
    stranger = connect(app)
    body = {
        "username": "ada",
        "email": "ada@example.org",
        "password": PASSWORD,
        "setup_code": SETUP_CODE,
    }
    answer = await stranger.post("/auth/register", json=body)
    assert answer.json() == {"username": "ada", "next": "sign_in"}
    return stranger


@pytest.fixture
def register(client: httpx.AsyncClient) -> Register:
    async def ask(**changes: Any) -> httpx.Response:
        body = {"username": "bob", "email": "bob@example.org", "password": PASSWORD}
        return await client.post("/auth/register", json=body | changes)

    return ask


@pytest.fixture
def verify(client: httpx.AsyncClient) -> Verify:
    async def ask(token: str) -> httpx.Response:
        return await client.post("/auth/verify-email", json={"token": token})

    return ask


@pytest.fixture
def new_mails(app: FastAPI, server: MailServer) -> NewMails:
    async def read() -> list[Mail]:
        await do_jobs(app)
        return server.take()

    return read


async def count(database: Database, table: type) -> int:
    async with database.read() as session:
        return (await session.exec(select(func.count()).select_from(table))).one()


async def sign_in(
    client: httpx.AsyncClient, name: str, password: str = PASSWORD
) -> int:
    form = {"username": name, "password": password}
    return (await client.post("/auth/token", data=form)).status_code


async def test_the_account_is_made_when_the_link_is_opened(
    client: httpx.AsyncClient,
    register: Register,
    verify: Verify,
    new_mails: NewMails,
    database: Database,
) -> None:
    answer = await register(display_name="Bob the builder")

    assert answer.status_code == 201
    assert answer.json() == {"username": "bob", "next": "verify_email"}
    assert "location" not in answer.headers
    assert await sign_in(client, "bob") == 401
    (mail,) = await new_mails()
    assert mail.to == "bob@example.org"
    assert mail.subject == "Finish your registration"
    assert f"https://roster.test/verify#{mail.secret}\n" in mail.text
    # Whoever registers chooses it, and the mail goes to whom they like.
    assert "builder" not in mail.text

    opened = await verify(mail.secret)

    assert opened.status_code == 200
    assert opened.json() == {"username": "bob"}
    assert await sign_in(client, "bob") == 200
    async with database.read() as session:
        bob = (await session.exec(select(User).where(User.username == "bob"))).one()
        slug = await session.get_one(TeamSlug, "bob")
        events = await session.exec(
            select(AuditEvent.action)
            .where(AuditEvent.actor_name == "bob")
            .order_by(col(AuditEvent.id))
        )
    assert bob.email_verified_at is not None
    assert bob.display_name == "Bob the builder"
    assert slug.team_id is not None
    assert events.all()[0] == "account.registered"
    assert await count(database, PendingRegistration) == 0


async def test_a_link_works_once(
    register: Register, verify: Verify, new_mails: NewMails
) -> None:
    await register()
    (mail,) = await new_mails()

    assert (await verify(mail.secret)).status_code == 200
    again, unknown = await verify(mail.secret), await verify("x" * 43)
    assert again.status_code == unknown.status_code == 404
    assert again.json()["detail"] == unknown.json()["detail"]


async def test_a_known_address_is_answered_alike_and_told(
    client: httpx.AsyncClient,
    register: Register,
    new_mails: NewMails,
    database: Database,
) -> None:
    new = await register()
    known = await register(username="eve", email="ADA@example.org")

    assert known.status_code == new.status_code == 201
    assert known.json() == {"username": "eve", "next": "verify_email"}
    assert set(known.headers) == set(new.headers)
    first, second = await new_mails()
    assert first.to == "bob@example.org"
    assert second.to == "ada@example.org"
    assert second.subject == "You have an account already"
    assert "account ada " in second.text
    assert "#" not in second.text
    # Both names are taken from now on, so that trying again tells nothing either.
    for username in ("bob", "eve"):
        taken = await register(username=username, email="x@example.org")
        assert taken.status_code == 409
        assert taken.json()["errors"][0]["loc"] == "username"
    assert await count(database, User) == 1


async def test_the_same_again_sends_the_mail_again(
    register: Register, verify: Verify, new_mails: NewMails, database: Database
) -> None:
    await register()
    (first,) = await new_mails()

    again = await register()

    assert again.status_code == 201
    (second,) = await new_mails()
    assert (await verify(first.secret)).status_code == 404
    assert (await verify(second.secret)).status_code == 200
    assert await count(database, User) == 2


async def test_nobody_puts_their_password_under_anothers_registration(
    client: httpx.AsyncClient,
    register: Register,
    verify: Verify,
    new_mails: NewMails,
) -> None:
    await register()
    (mail,) = await new_mails()

    other = await register(password=OTHER_PASSWORD)

    assert other.status_code == 409
    assert other.json()["errors"][0]["loc"] == "username"
    assert await new_mails() == []
    assert (await verify(mail.secret)).status_code == 200
    assert await sign_in(client, "bob") == 200
    assert await sign_in(client, "bob", OTHER_PASSWORD) == 401


async def test_of_two_registrations_of_one_address_the_first_opened_wins(
    register: Register, verify: Verify, new_mails: NewMails, database: Database
) -> None:
    await register()
    await register(username="robert")
    bob, robert = await new_mails()

    assert (await verify(robert.secret)).json() == {"username": "robert"}
    late = await verify(bob.secret)

    assert late.status_code == 409
    assert late.json()["errors"][0]["loc"] == "email"
    assert await count(database, User) == 2


async def test_what_nobody_completes_is_forgotten_and_its_name_is_free(
    app: FastAPI, register: Register, verify: Verify, new_mails: NewMails
) -> None:
    await register()
    (mail,) = await new_mails()
    async with app.state.database.write() as session:
        for table in (PendingRegistration, MailToken):
            for row in await session.exec(select(table)):
                row.expires_at -= timedelta(days=2)
        enqueue(session, "registrations.remove_expired", {})
    await do_jobs(app)

    assert (await verify(mail.secret)).status_code == 404
    assert await count(app.state.database, PendingRegistration) == 0
    assert await count(app.state.database, MailToken) == 0
    assert (await register(email="other@example.org")).status_code == 201


async def test_names_of_others_are_not_freed(
    app: FastAPI, register: Register, new_mails: NewMails
) -> None:
    async with app.state.database.write() as session:
        enqueue(session, "registrations.remove_expired", {})
    await do_jobs(app)

    assert (await register(username="ada")).status_code == 409


async def test_no_row_holds_the_secret(
    register: Register, new_mails: NewMails, database: Database
) -> None:
    await register()
    (mail,) = await new_mails()

    async with database.read() as session:
        rows = [
            *(await session.exec(select(MailToken))).all(),
            *(await session.exec(select(PendingRegistration))).all(),
        ]
    assert len(rows) == 2
    assert not any(mail.secret in str(row.model_dump()) for row in rows)


async def test_an_instance_that_was_closed_makes_no_late_accounts(
    app: FastAPI,
    register: Register,
    new_mails: NewMails,
    start_app: StartApp,
    connect: Connect,
) -> None:
    await register()
    (mail,) = await new_mails()
    closed = connect(await start_app(registration="closed"))

    answer = await closed.post("/auth/verify-email", json={"token": mail.secret})

    assert answer.status_code == 403
    assert answer.json()["type"] == "/problems/registration-closed"


async def test_too_many_mails_to_one_address_are_refused(register: Register) -> None:
    answers = [await register(username=f"bob-{number}") for number in range(8)]

    codes = [answer.status_code for answer in answers]
    assert codes[0] == 201
    assert codes[-1] == 429
    assert int(answers[-1].headers["retry-after"]) > 0


async def test_memberships_are_made_with_the_account(
    register: Register, verify: Verify, new_mails: NewMails, database: Database
) -> None:
    await register()
    (mail,) = await new_mails()
    await verify(mail.secret)

    assert await count(database, Membership) == 2
