"""What an account comes in by: ended, mended and given back by administrators."""

from uuid import UUID

import httpx
from sqlmodel import select

from roster.auth.models import (
    ApiToken,
    AuthSession,
    EndReason,
    RecoveryCode,
    TotpFactor,
)
from roster.core.db import Database
from roster.core.model import utc_now
from tests.components.conftest import agent_file
from tests.conftest import PASSWORD, Mails
from tests.teams.conftest import invite, make_team, token_in
from tests.users.conftest import Events, change_account, id_of

NOBODY = UUID(int=0)
NEW_PASSWORD = "another horse battery"


async def test_deactivating_shuts_every_door_at_once(
    ada: httpx.AsyncClient,
    bob: httpx.AsyncClient,
    anonymous: httpx.AsyncClient,
    database: Database,
    events: Events,
) -> None:
    bobs = await id_of(bob)
    made = await bob.post("/auth/tokens", json={"name": "ci", "scopes": ["read"]})
    api = {"Authorization": f"Bearer {made.json()['token']}"}
    assert (await anonymous.get("/teams", headers=api)).status_code == 200
    await make_team(bob, "backend")
    token = token_in(await invite(bob))

    answer = await change_account(ada, bobs, is_active=False)

    assert answer.status_code == 200
    assert not answer.json()["is_active"]
    assert answer.json()["deactivated_at"]
    assert [team["slug"] for team in answer.json()["sole_owner_of"]] == ["backend"]
    assert (await bob.get("/teams")).status_code == 401
    assert (await anonymous.get("/teams", headers=api)).status_code == 401
    signed_in = await anonymous.post(
        "/auth/token", data={"username": "bob", "password": PASSWORD}
    )
    assert signed_in.status_code == 401
    inspected = await ada.post("/invitations/inspect", json={"token": token})
    assert inspected.status_code == 404
    async with database.read() as session:
        sessions = await session.exec(
            select(AuthSession).where(AuthSession.user_id == UUID(bobs))
        )
        tokens = await session.exec(select(ApiToken))
    assert {row.end_reason for row in sessions} == {EndReason.deactivated}
    assert all(row.revoked_at for row in tokens)
    assert await events() == [("user.deactivated", "ada", "bob")]


async def test_reactivating_opens_no_old_door(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, events: Events
) -> None:
    bobs = await id_of(bob)
    await change_account(ada, bobs, is_active=False)

    answer = await change_account(ada, bobs, is_active=True)

    assert answer.json()["is_active"]
    assert answer.json()["deactivated_at"] is None
    assert (await bob.get("/teams")).status_code == 401
    signed_in = await bob.post(
        "/auth/token", data={"username": "bob", "password": PASSWORD}
    )
    assert signed_in.status_code == 200
    assert ("user.reactivated", "ada", "bob") in await events()


async def test_what_a_deactivated_account_made_stays(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    body = {"team": "bob", "content": agent_file(), "visibility": "internal"}
    agent = (await bob.post("/agents", json=body)).json()

    await change_account(ada, await id_of(bob), is_active=False)

    assert (await ada.get(f"/components/{agent['id']}")).status_code == 200
    assert (await ada.get("/teams/bob")).json()["members"] == 1
    assert (await ada.post("/teams/bob/ownership")).status_code == 200


async def set_password(client: httpx.AsyncClient, token: str) -> int:
    body = {"token": token, "new_password": NEW_PASSWORD}
    answer = await client.post("/auth/password-reset/confirm", json=body)
    return answer.status_code


async def test_reset(
    ada: httpx.AsyncClient,
    bob: httpx.AsyncClient,
    anonymous: httpx.AsyncClient,
    mails: Mails,
    events: Events,
) -> None:
    place = f"/users/{await id_of(bob)}/reset"
    replaced = (await ada.post(place)).json()["link"].partition("#")[2]
    answer = await ada.post(place)

    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    page, _, secret = answer.json()["link"].partition("#")
    assert page == "http://roster.test/reset"
    mailed = (await mails())[-1]
    assert mailed.to == "bob@example.org"
    assert await set_password(anonymous, replaced) == 404
    assert await set_password(anonymous, secret) == 204
    for used in (secret, mailed.secret):
        assert await set_password(anonymous, used) == 404
    assert (await bob.get("/teams")).status_code == 401
    signed_in = await anonymous.post(
        "/auth/token", data={"username": "bob", "password": NEW_PASSWORD}
    )
    assert signed_in.status_code == 200
    assert (await events()).count(("user.reset", "ada", "bob")) == 2


async def test_the_link_of_a_reset_is_mailed_too(
    ada: httpx.AsyncClient,
    bob: httpx.AsyncClient,
    anonymous: httpx.AsyncClient,
    mails: Mails,
) -> None:
    await ada.post(f"/users/{await id_of(bob)}/reset")

    [mail] = await mails()

    assert await set_password(anonymous, mail.secret) == 204


async def test_no_reset_for_oneself_or_who_is_deactivated(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    bobs = await id_of(bob)
    given = (await ada.post(f"/users/{bobs}/reset")).json()["link"].partition("#")[2]
    await change_account(ada, bobs, is_active=False)

    assert (await ada.post(f"/users/{bobs}/reset")).status_code == 409
    assert (await ada.post(f"/users/{await id_of(ada)}/reset")).status_code == 409
    assert (await ada.post(f"/users/{NOBODY}/reset")).status_code == 404
    await change_account(ada, bobs, is_active=True)
    assert await set_password(ada, given) == 404


async def test_removing_a_lost_second_factor(
    ada: httpx.AsyncClient,
    bob: httpx.AsyncClient,
    database: Database,
    mails: Mails,
    events: Events,
) -> None:
    bobs = await id_of(bob)
    place = f"/users/{bobs}/factors"
    assert (await ada.delete(place)).status_code == 404
    async with database.write() as session:
        user_id = UUID(bobs)
        session.add(
            TotpFactor(user_id=user_id, secret="encrypted", confirmed_at=utc_now())
        )
        session.add(RecoveryCode(user_id=user_id, digest="0" * 64))
    assert (await ada.get(f"/users/{bobs}")).json()["has_second_factor"]

    assert (await ada.delete(place)).status_code == 204

    assert not (await ada.get(f"/users/{bobs}")).json()["has_second_factor"]
    async with database.read() as session:
        assert (await session.exec(select(RecoveryCode))).first() is None
    assert await events() == [("totp.disabled", "ada", "bob")]
    [notice] = await mails()
    assert (notice.to, "off" in notice.subject) == ("bob@example.org", True)
    own = await ada.delete(f"/users/{await id_of(ada)}/factors")
    assert own.status_code == 409
