"""Accounts, as administrators list, read and change them."""

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlmodel import select

from roster.core.db import Database
from roster.users.models import User
from tests.components.conftest import counted
from tests.conftest import SignUp
from tests.teams.conftest import make_team, put_member
from tests.users.conftest import Events, change_account, id_of

NOBODY = UUID(int=0)


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
    await change_account(ada, bobs["id"], is_active=False)

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

    promoted = await change_account(ada, bobs, is_admin=True)
    assert promoted.json()["is_admin"]
    assert (await bob.get("/users")).status_code == 200
    await change_account(ada, bobs, is_admin=True)
    await change_account(ada, bobs, is_admin=False)

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
        answer = await change_account(ada, adas, **wanted)
        assert answer.status_code == 409
        assert answer.json()["type"] == "/problems/last-admin"
    # One who cannot sign in does not count.
    await change_account(ada, bobs, is_admin=True)
    await change_account(ada, bobs, is_active=False)
    assert (await change_account(ada, adas, is_admin=False)).status_code == 409

    await change_account(ada, bobs, is_active=True)

    assert (await change_account(ada, adas, is_admin=False)).status_code == 200


@pytest.mark.parametrize("wanted", [{"is_admin": False}, {"is_active": False}])
async def test_of_two_administrators_who_end_each_other_one_stays(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, wanted: dict[str, bool]
) -> None:
    adas, bobs = await id_of(ada), await id_of(bob)
    await change_account(ada, bobs, is_admin=True)

    answers = await asyncio.gather(
        change_account(ada, bobs, **wanted), change_account(bob, adas, **wanted)
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
    answer = await change_account(ada, await id_of(ada), **wrong)

    assert answer.status_code == 422
    assert [error["loc"] for error in answer.json()["errors"]] == [field]


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
    await change_account(ada, bobs, is_admin=True)
    await change_account(ada, carl, is_admin=True)

    answers = await asyncio.gather(
        change_account(ada, bobs, is_admin=False),
        change_account(bob, carl, is_admin=False),
    )

    async with database.read() as session:
        rows = await session.exec(select(User.username).where(User.is_admin))
        left = sorted(rows)
    assert answers[0].status_code == 200
    assert (answers[1].status_code, left) in [
        (403, ["ada", "carl"]),  # hers came first
        (200, ["ada"]),
    ]
