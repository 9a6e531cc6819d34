"""Where a person is signed in, and how each of it ends."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlmodel import select

from roster.auth.models import AuthSession, ClientKind, EndReason
from roster.auth.sessions import GRACE, Client, begin
from roster.core.db import Database
from roster.core.errors import WrongCredentials
from roster.users.models import User
from tests.auth.conftest import Rows, SignIn, TimePasses
from tests.conftest import PASSWORD, Connect, StartApp

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
CURL = "curl/8.9.1"


async def sign_in_from(
    anonymous: httpx.AsyncClient, user_agent: str, **changes: str
) -> dict[str, Any]:
    form = {"username": "ada", "password": PASSWORD} | changes
    headers = {"User-Agent": user_agent}
    answer = await anonymous.post("/auth/token", data=form, headers=headers)
    assert answer.status_code == 200, answer.text
    token: dict[str, Any] = answer.json()
    return token


def bearer(token: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {token['access_token']}"}


async def test_they_are_listed_newest_first(
    ada: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    await sign_in_from(anonymous, FIREFOX, client="browser")

    answer = await ada.get("/auth/sessions")

    assert answer.status_code == 200
    newest, first = answer.json()["items"]
    assert newest["device"] == "Firefox on Linux"
    assert newest["client"] == "browser"
    assert newest["user_agent"] == FIREFOX
    assert newest["address"] == "127.0.0.1"
    assert newest["created_at"] <= newest["last_used_at"] < newest["expires_at"]
    assert (newest["current"], first["current"]) == (False, True)
    assert "digest" not in answer.text


async def test_they_come_in_pages(
    ada: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    for number in range(4):
        await sign_in_from(anonymous, f"tool-{number}")

    seen: list[str] = []
    cursor = None
    while cursor is not None or not seen:
        query = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = (await ada.get("/auth/sessions", params=query)).json()
        seen += [item["device"] for item in page["items"]]
        cursor = page["next_cursor"]

    assert seen[:4] == ["tool-3", "tool-2", "tool-1", "tool-0"]
    assert len(seen) == 5


async def test_nobody_sees_or_ends_those_of_another(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    (own,) = (await bob.get("/auth/sessions")).json()["items"]

    assert [
        item["id"] for item in (await ada.get("/auth/sessions")).json()["items"]
    ] != [own["id"]]
    answer = await ada.delete(f"/auth/sessions/{own['id']}")
    assert answer.status_code == 404
    assert (await bob.get("/users/me")).status_code == 200


async def test_one_is_ended_and_the_others_go_on(
    ada: httpx.AsyncClient,
    anonymous: httpx.AsyncClient,
    families: Any,
    events: Rows,
) -> None:
    token = await sign_in_from(anonymous, FIREFOX)
    other = (await ada.get("/auth/sessions")).json()["items"][0]

    answer = await ada.delete(f"/auth/sessions/{other['id']}")

    assert answer.status_code == 204
    headers = bearer(token)
    assert (await anonymous.get("/users/me", headers=headers)).status_code == 401
    body = {"refresh_token": token["refresh_token"]}
    assert (await anonymous.post("/auth/refresh", json=body)).status_code == 401
    assert (await ada.get("/users/me")).status_code == 200
    assert len((await ada.get("/auth/sessions")).json()["items"]) == 1
    # It is over; there is nothing left to end.
    again = await ada.delete(f"/auth/sessions/{other['id']}")
    assert again.status_code == 404
    assert [family.end_reason for family in await families()] == [
        None,
        EndReason.revoked,
    ]
    (event,) = await events("session.ended")
    assert event.details == {"reason": "revoked"}
    assert (event.actor_name, event.target_name) == ("ada", "Firefox on Linux")
    assert str(event.target_id) == other["id"]
    assert event.address == "127.0.0.1"


@pytest.mark.parametrize(
    ("query", "own"),
    [("", 401), ("?keep_current=false", 401), ("?keep_current=1", 200)],
)
async def test_signing_out_everywhere(
    ada: httpx.AsyncClient,
    bob: httpx.AsyncClient,
    sign_in: SignIn,
    anonymous: httpx.AsyncClient,
    query: str,
    own: int,
) -> None:
    others = [(await sign_in()).json() for _ in range(2)]

    answer = await ada.post(f"/auth/logout-all{query}")

    assert answer.status_code == 204
    for token in others:
        there = await anonymous.get("/users/me", headers=bearer(token))
        assert there.status_code == 401
    assert (await ada.get("/users/me")).status_code == own
    # The cookie is taken back only with its session.
    assert ("set-cookie" in answer.headers) == (own == 401)
    assert (await bob.get("/users/me")).status_code == 200


async def test_signing_out_is_told_to_the_audit(
    anonymous: httpx.AsyncClient, sign_in: SignIn, families: Any, events: Rows
) -> None:
    token = (await sign_in()).json()

    for _ in range(2):
        answer = await anonymous.post("/auth/logout", headers=bearer(token))
        assert answer.status_code == 204

    (event,) = await events("session.ended")
    assert event.details == {"reason": "signed_out"}
    assert event.session_id == (await families())[-1].id


async def test_each_start_is_told_to_the_audit(
    anonymous: httpx.AsyncClient, ada: httpx.AsyncClient, events: Rows
) -> None:
    await sign_in_from(anonymous, FIREFOX, client="browser")

    event = (await events("session.started"))[-1]
    assert event.actor_name == "ada"
    assert event.session_id == event.target_id
    assert event.target_name == "Firefox on Linux"
    assert event.details == {"client": "browser"}


@pytest.fixture
async def stolen(
    anonymous: httpx.AsyncClient, ada: httpx.AsyncClient, time_passes: TimePasses
) -> dict[str, dict[str, Any]]:
    """A refresh token that a thief copied and used before its owner did."""
    copied = await sign_in_from(anonymous, FIREFOX)
    body = {"refresh_token": copied["refresh_token"]}
    taken = (await anonymous.post("/auth/refresh", json=body)).json()
    await time_passes(GRACE + timedelta(seconds=1))
    return {"owner": copied, "thief": taken}


async def test_a_stolen_token_ends_the_session_of_both_and_is_told(
    stolen: dict[str, dict[str, Any]],
    anonymous: httpx.AsyncClient,
    ada: httpx.AsyncClient,
    families: Any,
    events: Rows,
    jobs: Rows,
) -> None:
    body = {"refresh_token": stolen["owner"]["refresh_token"]}
    answer = await anonymous.post("/auth/refresh", json=body)

    assert answer.status_code == 401
    assert "used before" in answer.json()["detail"]
    for token in stolen.values():
        headers = bearer(token)
        assert (await anonymous.get("/users/me", headers=headers)).status_code == 401
        body = {"refresh_token": token["refresh_token"]}
        assert (await anonymous.post("/auth/refresh", json=body)).status_code == 401
    # What a refused request leaves behind was stored, once.
    family = (await families())[-1]
    assert family.end_reason is EndReason.reused
    (event,) = await events("session.reused")
    assert event.actor_name == "ada"
    assert event.target_id == event.session_id == family.id
    assert await jobs("mail.session_reused") == [
        {"user_id": str(family.user_id), "session_id": str(family.id)}
    ]
    # Another session of the same person is none of it.
    assert (await ada.get("/users/me")).status_code == 200


async def test_a_new_device_is_told_by_mail(
    ada: httpx.AsyncClient, anonymous: httpx.AsyncClient, families: Any, jobs: Rows
) -> None:
    assert await jobs("mail.new_device") == []  # the first session of an account

    await sign_in_from(anonymous, FIREFOX)
    await sign_in_from(anonymous, FIREFOX.replace("140", "141"))

    (told,) = await jobs("mail.new_device")
    family: AuthSession = (await families())[1]
    assert told == {"user_id": str(family.user_id), "session_id": str(family.id)}


async def test_a_new_address_is_a_new_device(
    ada: httpx.AsyncClient, start_app: StartApp, jobs: Rows
) -> None:
    transport = httpx.ASGITransport(app=await start_app(), client=("192.0.2.7", 1))
    form = {"username": "ada", "password": PASSWORD}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://roster.test/api/v1"
    ) as elsewhere:
        for _ in range(2):
            answer = await elsewhere.post("/auth/token", data=form)
            assert answer.status_code == 200

    assert len(await jobs("mail.new_device")) == 1


async def test_another_process_ends_them_too(
    ada: httpx.AsyncClient, start_app: StartApp, connect: Connect
) -> None:
    other = await start_app()
    there = connect(other)
    there.headers["Authorization"] = ada.headers["Authorization"]
    assert (await there.get("/users/me")).status_code == 200

    await ada.post("/auth/logout-all")

    # It does so by itself, four times a second.
    await other.state.following.look()
    assert (await there.get("/users/me")).status_code == 401


async def test_none_is_begun_for_who_was_deactivated_meanwhile(
    ada: httpx.AsyncClient, database: Database
) -> None:
    client = Client(ClientKind.api, CURL, "curl", "192.0.2.1")
    async with database.write() as session:
        user = (await session.exec(select(User))).one()
        user.is_active = False
        for user_id in (user.id, uuid4()):
            with pytest.raises(WrongCredentials):
                await begin(session, user_id, client=client, lifetime=timedelta(days=1))
