from collections.abc import AsyncGenerator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from tests.conftest import PASSWORD, Connect, StartApp
from tests.services.mails import do_jobs
from tests.services.smtp import MailServer, mail_server

pytestmark = pytest.mark.usefixtures("ada")


@pytest.fixture
async def server() -> AsyncGenerator[MailServer]:
    async with mail_server() as running:
        yield running


async def team_of(ada: httpx.AsyncClient) -> str:
    answer = await ada.post("/teams", json={"slug": "engines", "name": "Engines"})
    assert answer.status_code == 201, answer.text
    return "engines"


async def invite(ada: httpx.AsyncClient, **data: Any) -> str | None:
    team = await team_of(ada)
    body = {"role": "editor"} | data
    answer = await ada.post(f"/teams/{team}/invitations", json=body)
    assert answer.status_code == 201, answer.text
    link: str | None = answer.json()["link"]
    return link.partition("#")[2] if link else None


async def register(
    app: FastAPI, connect: Connect, token: str | None = None, **changes: Any
) -> httpx.Response:
    body = {
        "username": "bob",
        "email": "bob@example.org",
        "password": PASSWORD,
        "invitation": token,
    }
    return await connect(app).post("/auth/register", json=body | changes)


async def members(ada: httpx.AsyncClient) -> dict[str, str]:
    answer = await ada.get("/teams/engines/members")
    return {item["user"]["username"]: item["role"] for item in answer.json()["items"]}


async def test_without_an_invitation_nobody_gets_in(
    start_app: StartApp, connect: Connect
) -> None:
    app = await start_app(registration="invitation")

    answer = await register(app, connect)

    assert answer.status_code == 403
    assert answer.json()["type"] == "/problems/registration-closed"
    assert "invitation" in answer.json()["detail"]


async def test_a_link_lets_one_person_register_and_join(
    ada: httpx.AsyncClient, start_app: StartApp, connect: Connect
) -> None:
    app = await start_app(registration="invitation")
    token = await invite(ada)

    first = await register(app, connect, token)
    second = await register(
        app, connect, token, username="eve", email="eve@example.org"
    )

    assert first.status_code == 201
    assert await members(ada) == {"ada": "owner", "bob": "editor"}
    assert second.status_code == 422
    assert second.json()["errors"][0]["loc"] == "invitation"


async def test_where_everybody_may_register_an_invitation_still_lets_them_join(
    ada: httpx.AsyncClient, app: FastAPI, connect: Connect
) -> None:
    token = await invite(ada)

    assert (await register(app, connect, token)).status_code == 201
    assert await members(ada) == {"ada": "owner", "bob": "editor"}


async def test_a_closed_instance_takes_no_invitation(
    ada: httpx.AsyncClient, start_app: StartApp, connect: Connect
) -> None:
    app = await start_app(registration="closed")
    token = await invite(ada)

    assert (await register(app, connect, token)).status_code == 403


async def test_an_invitation_is_for_the_address_that_it_names(
    ada: httpx.AsyncClient, app: FastAPI, connect: Connect
) -> None:
    token = await invite(ada, email="robert@example.org")

    answer = await register(app, connect, token)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["loc"] == "email"


async def test_an_invitation_by_mail_proves_the_address(
    ada: httpx.AsyncClient,
    start_app: StartApp,
    connect: Connect,
    server: MailServer,
) -> None:
    app = await start_app(smtp_url=server.url, public_url="https://roster.test")
    owner = connect(app)
    owner.headers.update(ada.headers)
    assert await invite(owner, email="bob@example.org") is None
    await do_jobs(app)
    (mail,) = server.take()

    answer = await register(app, connect, mail.secret)

    assert mail.subject == "ada invites you to the team engines"
    assert "Engines" not in mail.text + mail.html
    assert f"https://roster.test/join#{mail.secret}\n" in mail.text
    assert answer.json() == {"username": "bob", "next": "sign_in"}
    assert await members(ada) == {"ada": "owner", "bob": "editor"}
    await do_jobs(app)
    assert server.take() == []


async def test_an_invitation_by_link_waits_for_the_proof_of_the_address(
    ada: httpx.AsyncClient,
    start_app: StartApp,
    connect: Connect,
    server: MailServer,
) -> None:
    app = await start_app(
        smtp_url=server.url, public_url="https://roster.test", registration="invitation"
    )
    token = await invite(ada)

    answer = await register(app, connect, token)
    await do_jobs(app)
    (mail,) = server.take()

    assert answer.json()["next"] == "verify_email"
    assert await members(ada) == {"ada": "owner"}
    opened = await connect(app).post("/auth/verify-email", json={"token": mail.secret})
    assert opened.status_code == 200
    assert await members(ada) == {"ada": "owner", "bob": "editor"}


@pytest.mark.parametrize(
    ("registration", "status"), [("invitation", 404), ("open", 200)]
)
async def test_an_invitation_that_was_revoked_meanwhile(
    ada: httpx.AsyncClient,
    start_app: StartApp,
    connect: Connect,
    server: MailServer,
    registration: str,
    status: int,
) -> None:
    app = await start_app(
        smtp_url=server.url, public_url="https://roster.test", registration=registration
    )
    token = await invite(ada)
    await register(app, connect, token)
    await do_jobs(app)
    (mail,) = server.take()
    (invitation,) = (await ada.get("/teams/engines/invitations")).json()["items"]
    revoked = await ada.delete(f"/teams/engines/invitations/{invitation['id']}")
    assert revoked.status_code == 204

    opened = await connect(app).post("/auth/verify-email", json={"token": mail.secret})

    assert opened.status_code == status
    assert await members(ada) == {"ada": "owner"}
