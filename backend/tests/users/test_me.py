import asyncio

import httpx
import pytest

from tests.conftest import PASSWORD, Connect, StartApp


def address(email: str) -> dict[str, str]:
    return {"email": email, "current_password": PASSWORD}


async def test_me(ada: httpx.AsyncClient) -> None:
    answer = await ada.get("/users/me")

    assert answer.status_code == 200
    me = answer.json()
    assert set(me) == {
        "id",
        "username",
        "display_name",
        "email",
        "email_verified",
        "pending_email",
        "is_admin",
        "created_at",
        "teams",
    }
    assert me["created_at"].endswith("Z")


async def test_not_modified(ada: httpx.AsyncClient) -> None:
    etag = (await ada.get("/users/me")).headers["etag"]

    answer = await ada.get("/users/me", headers={"If-None-Match": etag})

    assert answer.status_code == 304
    assert answer.content == b""
    assert answer.headers["etag"] == etag
    assert answer.headers["cache-control"] == "private, no-cache"
    assert "Authorization" in answer.headers["vary"]


async def test_given_fields_change_and_absent_ones_stay(ada: httpx.AsyncClient) -> None:
    before = (await ada.get("/users/me")).json()

    answer = await ada.patch("/users/me", json={"display_name": "Ada Lovelace"})

    assert answer.status_code == 200
    assert answer.json() == before | {"display_name": "Ada Lovelace"}
    assert (await ada.get("/users/me")).json() == answer.json()


async def test_a_new_address_waits_until_it_is_proved(ada: httpx.AsyncClient) -> None:
    answer = await ada.patch("/users/me", json=address("Ada@New.example.org"))

    assert answer.json()["email"] == "ada@example.org"
    assert answer.json()["pending_email"] == "ada@new.example.org"
    assert (await ada.get("/users/me")).json() == answer.json()


@pytest.mark.parametrize("password", [None, "not the password"])
async def test_a_new_address_needs_the_password(
    ada: httpx.AsyncClient, password: str | None
) -> None:
    given = {} if password is None else {"current_password": password}

    answer = await ada.patch("/users/me", json={"email": "ada@new.example.org"} | given)

    assert answer.status_code == 422
    assert [error["loc"] for error in answer.json()["errors"]] == ["current_password"]
    assert (await ada.get("/users/me")).json()["pending_email"] is None


async def test_the_present_address_drops_the_one_that_waits(
    ada: httpx.AsyncClient,
) -> None:
    await ada.patch("/users/me", json=address("ada@new.example.org"))

    answer = await ada.patch("/users/me", json=address("ADA@example.org"))

    assert answer.json()["email"] == "ada@example.org"
    assert answer.json()["pending_email"] is None


async def test_a_taken_address_is_answered_like_any_other(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    answer = await bob.patch(
        "/users/me", json=address("ADA@example.org") | {"display_name": "Bob"}
    )

    assert answer.status_code == 200
    assert answer.json()["pending_email"] == "ada@example.org"
    assert answer.json()["email"] == "bob@example.org"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "nowhere"}, "email"),
        ({"email": None}, "email"),
        ({"display_name": None}, "display_name"),
        ({"display_name": "x" * 101}, "display_name"),
        ({"username": "eve"}, "username"),
        ({"is_admin": True}, "is_admin"),
        ({"display_name": "a\0b"}, "display_name"),
    ],
)
async def test_wrong_changes_are_named(
    ada: httpx.AsyncClient, change: dict[str, object], field: str
) -> None:
    before = (await ada.get("/users/me")).json()

    answer = await ada.patch("/users/me", json=change)

    assert answer.status_code == 422
    assert [error["loc"] for error in answer.json()["errors"]] == [field]
    assert (await ada.get("/users/me")).json() == before


async def test_an_edit_of_an_old_state_is_refused(ada: httpx.AsyncClient) -> None:
    old = (await ada.get("/users/me")).headers["etag"]
    headers = {"If-Match": old}

    first = await ada.patch("/users/me", json={"display_name": "A"}, headers=headers)
    second = await ada.patch("/users/me", json={"display_name": "B"}, headers=headers)

    assert (first.status_code, second.status_code) == (200, 412)
    assert second.json()["type"] == "/problems/stale"
    headers = {"If-Match": first.headers["etag"]}
    third = await ada.patch("/users/me", json={"display_name": "C"}, headers=headers)
    assert third.status_code == 200


async def test_of_edits_at_once_exactly_one_passes(ada: httpx.AsyncClient) -> None:
    headers = {"If-Match": (await ada.get("/users/me")).headers["etag"]}

    answers = await asyncio.gather(
        *(
            ada.patch("/users/me", json={"display_name": f"Ada {n}"}, headers=headers)
            for n in range(5)
        )
    )

    assert sorted(answer.status_code for answer in answers) == [200, *[412] * 4]


async def test_one_connection_is_enough_for_a_request(
    ada: httpx.AsyncClient, start_app: StartApp, connect: Connect
) -> None:
    client = connect(await start_app(database_pool_size=1))
    client.headers["Authorization"] = ada.headers["Authorization"]

    answer = await client.patch("/users/me", json={"display_name": "Ada"})

    assert answer.status_code == 200
