"""Accounts, as administrators list, read and change them."""

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest
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
from roster.users.models import User
from tests.components.conftest import agent_file, counted
from tests.conftest import PASSWORD, Mails, SignUp
from tests.teams.conftest import invite, make_team, put_member, token_in
from tests.users.conftest import Events, id_of

NOBODY = UUID(int=0)
NEW_PASSWORD = "another horse battery"


async def change(
    client: httpx.AsyncClient, user_id: str, **changes: Any
) -> httpx.Response:
    return await client.patch(f"/users/{user_id}", json=changes)


async def found(client: httpx.AsyncClient, **params: Any) -> list[str]:
    answer = await client.get("/users", params=params)
    assert answer.status_code == 200, answer.text
    return [user["username"] for user in answer.json()["items"]]


async def test_only_administrators(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    place = f"/users/{await id_of(ada)}"
    requests: list[tuple[str, str, Any]] = [
        ("GET", "/users", None),
        ("GET", place, None),
        ("PATCH", place, {"is_admin": False}),
        ("POST", f"{place}/reset", None),
        ("DELETE", f"{place}/factors", None),
    ]
    for method, path, body in requests:
        for client, status in ((bob, 403), (anonymous, 401)):
            answer = await client.request(method, path, json=body)
            assert answer.status_code == status, f"{method} {path}"


async def test_one_account(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, database: Database
) -> None:
    await make_team(bob, "backend")
    await make_team(bob, "shared")
    await make_team(bob, "gone")
    await put_member(bob, "ada", "owner", team="shared")
    await bob.delete("/teams/gone", params={"confirm": "gone"})

    answer = await ada.get(f"/users/{await id_of(bob)}")

    assert answer.status_code == 200
    user = answer.json()
    assert user.pop("created_at") <= user.pop("last_sign_in_at")
    alone = user.pop("sole_owner_of")
    assert [team["slug"] for team in alone] == ["backend"]
    assert user == {
        "id": await id_of(bob),
        "username": "bob",
        "display_name": "",
        "email": "bob@example.org",
        "is_admin": False,
        "is_active": True,
        "deactivated_at": None,
        "has_second_factor": False,
        "teams": 3,
    }
    assert (await ada.get(f"/users/{NOBODY}")).status_code == 404


async def test_search(ada: httpx.AsyncClient, sign_up: SignUp) -> None:
    grace = await sign_up("grace")
    await sign_up("under-score")
    await grace.patch("/users/me", json={"display_name": "Rear Admiral 100%"})

    assert await found(ada) == ["ada", "grace", "under-score"]
    assert await found(ada, q="GRA") == ["grace"]
    assert await found(ada, q="admiral") == ["grace"]
    assert await found(ada, q="ada@example") == ["ada"]
    assert await found(ada, q="%") == ["grace"]
    assert await found(ada, q="_") == []
    assert await found(ada, q="  ") == ["ada", "grace", "under-score"]


async def test_sort_filter_count(ada: httpx.AsyncClient, sign_up: SignUp) -> None:
    for name in ("dora", "bob", "carl"):
        await sign_up(name)
    [bobs] = (await ada.get("/users", params={"q": "bob"})).json()["items"]
    await change(ada, bobs["id"], is_active=False)

    assert await found(ada, sort="-username") == ["dora", "carl", "bob", "ada"]
    assert await found(ada, sort="created_at") == ["ada", "dora", "bob", "carl"]
    assert await found(ada, sort="-created_at") == ["carl", "bob", "dora", "ada"]
    assert await found(ada, active=False) == ["bob"]
    assert await found(ada, active=True) == ["ada", "carl", "dora"]
    counted = await ada.get(
        "/users", params={"count": True, "limit": 1, "active": True}
    )
    assert counted.json()["total"] == 3
    assert (await ada.get("/users", params={"sort": "email"})).status_code == 422


@pytest.mark.parametrize("sort", ["username", "-created_at"])
async def test_pages(ada: httpx.AsyncClient, sign_up: SignUp, sort: str) -> None:
    for name in ("dora", "bob", "carl"):
        await sign_up(name)
    seen: list[str] = []
    params: dict[str, str | int] = {"limit": 3, "sort": sort}
    while True:
        page = (await ada.get("/users", params=params)).json()
        seen.extend(user["username"] for user in page["items"])
        if page["next_cursor"] is None:
            break
        params["cursor"] = page["next_cursor"]

    assert seen == await found(ada, sort=sort)
    params["sort"] = "-username"
    assert (await ada.get("/users", params=params)).status_code == 422


async def test_promote_and_demote(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, events: Events
) -> None:
    bobs = await id_of(bob)

    promoted = await change(ada, bobs, is_admin=True)
    assert promoted.json()["is_admin"]
    assert (await bob.get("/users")).status_code == 200
    await change(ada, bobs, is_admin=True)
    await change(ada, bobs, is_admin=False)

    assert (await bob.get("/users")).status_code == 403
    assert await events() == [
        ("user.promoted", "ada", "bob"),
        ("user.demoted", "ada", "bob"),
    ]


async def test_the_last_administrator_stays(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    adas, bobs = await id_of(ada), await id_of(bob)
    for wanted in ({"is_admin": False}, {"is_active": False}):
        answer = await change(ada, adas, **wanted)
        assert answer.status_code == 409
        assert answer.json()["type"] == "/problems/last-admin"
    # One who cannot sign in does not count.
    await change(ada, bobs, is_admin=True)
    await change(ada, bobs, is_active=False)
    assert (await change(ada, adas, is_admin=False)).status_code == 409

    await change(ada, bobs, is_active=True)

    assert (await change(ada, adas, is_admin=False)).status_code == 200


@pytest.mark.parametrize("wanted", [{"is_admin": False}, {"is_active": False}])
async def test_of_two_administrators_who_end_each_other_one_stays(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, wanted: dict[str, bool]
) -> None:
    adas, bobs = await id_of(ada), await id_of(bob)
    await change(ada, bobs, is_admin=True)

    answers = await asyncio.gather(
        change(ada, bobs, **wanted), change(bob, adas, **wanted)
    )

    assert sorted(answer.status_code == 200 for answer in answers) == [False, True]
    left = ada if answers[0].status_code == 200 else bob
    assert (await left.get("/users")).status_code == 200


async def test_an_edit_of_an_old_state_is_refused(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    place = f"/users/{await id_of(bob)}"
    headers = {"If-Match": (await ada.get(place)).headers["etag"]}

    first = await ada.patch(place, json={"is_admin": True}, headers=headers)
    second = await ada.patch(place, json={"is_admin": False}, headers=headers)

    assert (first.status_code, second.status_code) == (200, 412)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"is_admin": None}, "is_admin"),
        ({"is_active": "perhaps"}, "is_active"),
        ({"email": "other@example.org"}, "email"),
    ],
)
async def test_wrong_changes_are_named(
    ada: httpx.AsyncClient, wrong: dict[str, Any], field: str
) -> None:
    answer = await change(ada, await id_of(ada), **wrong)

    assert answer.status_code == 422
    assert [error["loc"] for error in answer.json()["errors"]] == [field]


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

    answer = await change(ada, bobs, is_active=False)

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
    await change(ada, bobs, is_active=False)

    answer = await change(ada, bobs, is_active=True)

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

    await change(ada, await id_of(bob), is_active=False)

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
    await change(ada, bobs, is_active=False)

    assert (await ada.post(f"/users/{bobs}/reset")).status_code == 409
    assert (await ada.post(f"/users/{await id_of(ada)}/reset")).status_code == 409
    assert (await ada.post(f"/users/{NOBODY}/reset")).status_code == 404
    await change(ada, bobs, is_active=True)
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


async def test_a_page_asks_the_database_the_same_number_of_times(
    ada: httpx.AsyncClient, sign_up: SignUp, database: Database
) -> None:
    with counted(database) as few:
        await ada.get("/users")
    for name in ("bob", "carl", "dora"):
        await sign_up(name)
    with counted(database) as many:
        await ada.get("/users")

    assert len(many) == len(few)


async def test_who_was_demoted_meanwhile_administers_no_more(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, sign_up: SignUp, database: Database
) -> None:
    carl = await id_of(await sign_up("carl"))
    bobs = await id_of(bob)
    await change(ada, bobs, is_admin=True)
    await change(ada, carl, is_admin=True)

    answers = await asyncio.gather(
        change(ada, bobs, is_admin=False), change(bob, carl, is_admin=False)
    )

    async with database.read() as session:
        rows = await session.exec(select(User.username).where(User.is_admin))
        left = sorted(rows)
    assert answers[0].status_code == 200
    assert (answers[1].status_code, left) in [
        (403, ["ada", "carl"]),  # hers came first
        (200, ["ada"]),
    ]
