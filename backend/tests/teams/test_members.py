import asyncio
from typing import Any

import httpx
import pytest

from tests.components.conftest import agent_file
from tests.teams.conftest import Events, invite, make_team, put_member, token_in


async def roles(client: httpx.AsyncClient) -> dict[str, str]:
    answer = await client.get("/teams/backend/members")
    assert answer.status_code == 200, answer.text
    return {row["user"]["username"]: row["role"] for row in answer.json()["items"]}


async def test_add_change_remove(
    bob: httpx.AsyncClient, eve: httpx.AsyncClient, events: Events
) -> None:
    added = await put_member(bob, "eve", "viewer")
    changed = await put_member(bob, "eve", "editor")
    same = await put_member(bob, "eve", "editor")

    assert added.status_code == changed.status_code == same.status_code == 200
    etag = changed.json()["etag"]
    now = {"role": "editor", "etag": etag}
    assert changed.json() == added.json() | now == same.json()
    assert etag != added.json()["etag"]
    assert set(added.json()) == {
        "user",
        "role",
        "etag",
        "is_active",
        "joined_at",
        "has_second_factor",
    }
    assert await roles(eve) == {"bob": "owner", "eve": "editor"}
    assert (await bob.delete("/teams/backend/members/eve")).status_code == 204
    assert await roles(bob) == {"bob": "owner"}
    assert (await eve.get("/teams/backend")).status_code == 404
    assert (await bob.delete("/teams/backend/members/eve")).status_code == 404
    assert (await events())[-3:] == [
        ("member.added", "bob", "eve"),
        ("member.role_changed", "bob", "eve"),
        ("member.removed", "bob", "eve"),
    ]


async def test_a_role_that_was_changed_meanwhile_stays(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    """Invariant 9, for members and for a team as a whole."""
    team = await make_team(ada)
    path = "/teams/backend/members/bob"
    new = {"If-Match": '"v1"'}
    assert (await ada.put(path, json={"role": "editor"}, headers=new)).is_error
    added = (await put_member(ada, "bob", "viewer")).json()
    listed = (await ada.get("/teams/backend/members")).json()["items"]
    assert listed[1]["etag"] == added["etag"]

    based_on = {"If-Match": added["etag"]}
    changed = await ada.put(path, json={"role": "editor"}, headers=based_on)
    assert changed.status_code == 200
    for refused in (
        await ada.put(path, json={"role": "owner"}, headers=based_on),
        await ada.delete(path, headers=based_on),
        await ada.delete("/teams/backend?confirm=backend", headers=new),
    ):
        assert refused.status_code == 412, refused.text

    now = {"If-Match": changed.json()["etag"]}
    assert (await ada.delete(path, headers=now)).status_code == 204
    read = await ada.get(f"/teams/{team['id']}")
    gone = await ada.delete(
        "/teams/backend?confirm=backend", headers={"If-Match": read.headers["etag"]}
    )
    assert gone.status_code == 204


async def test_members_in_pages(
    bob: httpx.AsyncClient, eve: httpx.AsyncClient, ada: httpx.AsyncClient
) -> None:
    await put_member(bob, "eve", "viewer")
    await put_member(bob, "ada", "viewer")
    seen: list[str] = []
    params: dict[str, str | int] = {"limit": 2}
    while True:
        page = (await bob.get("/teams/backend/members", params=params)).json()
        seen.extend(row["user"]["username"] for row in page["items"])
        if page["next_cursor"] is None:
            break
        params["cursor"] = page["next_cursor"]

    assert seen == ["ada", "bob", "eve"]


async def test_second_factors_are_shown_to_owners(
    bob: httpx.AsyncClient, eve: httpx.AsyncClient
) -> None:
    await put_member(bob, "eve", "editor")

    by_owner = (await bob.get("/teams/backend/members")).json()["items"]
    by_editor = (await eve.get("/teams/backend/members")).json()["items"]

    assert {row["has_second_factor"] for row in by_owner} == {False}
    assert {row["has_second_factor"] for row in by_editor} == {None}


async def test_unknown_names_and_roles(
    bob: httpx.AsyncClient, team: dict[str, Any]
) -> None:
    nobody = await put_member(bob, "nobody", "viewer")
    unknown = await put_member(bob, "ada", "king")

    assert (nobody.status_code, unknown.status_code) == (404, 422)


@pytest.mark.parametrize("role", ["viewer", "editor"])
async def test_others_do_not_manage_members(
    bob: httpx.AsyncClient, eve: httpx.AsyncClient, role: str
) -> None:
    await put_member(bob, "eve", role)

    refused = [
        await put_member(eve, "eve", "owner"),
        await put_member(eve, "ada", "viewer"),
        await eve.delete("/teams/backend/members/bob"),
        await eve.post("/teams/backend/transfer", json={"username": "bob"}),
        await eve.get("/teams/backend/invitations"),
        await eve.post("/teams/backend/invitations", json={"role": "viewer"}),
    ]

    assert {answer.status_code for answer in refused} == {403}
    assert await roles(bob) == {"bob": "owner", "eve": role}


async def test_a_new_role_counts_from_the_next_request(
    bob: httpx.AsyncClient, eve: httpx.AsyncClient
) -> None:
    body = {"team": "backend", "content": agent_file()}
    await put_member(bob, "eve", "viewer")
    before = await eve.post("/agents", json=body)
    await put_member(bob, "eve", "editor")
    after = await eve.post("/agents", json=body)
    await put_member(bob, "eve", "viewer")
    again = await eve.post("/agents", json=body)

    statuses = (before.status_code, after.status_code, again.status_code)
    assert statuses == (403, 201, 403)


async def test_leave(
    bob: httpx.AsyncClient, eve: httpx.AsyncClient, events: Events
) -> None:
    await put_member(bob, "eve", "viewer")

    assert (await eve.delete("/teams/backend/members/eve")).status_code == 204
    assert (await eve.delete("/teams/backend/members/eve")).status_code == 404
    assert ("team.left", "eve", "eve") in await events()


async def test_the_last_owner_stays(
    bob: httpx.AsyncClient, eve: httpx.AsyncClient
) -> None:
    await put_member(bob, "eve", "editor")

    refused = [
        await bob.delete("/teams/backend/members/bob"),
        await put_member(bob, "bob", "editor"),
    ]

    assert [answer.status_code for answer in refused] == [409, 409]
    assert {answer.json()["type"] for answer in refused} == {"/problems/last-owner"}
    await put_member(bob, "eve", "owner")
    assert (await bob.delete("/teams/backend/members/bob")).status_code == 204
    assert await roles(eve) == {"eve": "owner"}


async def test_a_deactivated_owner_does_not_count(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, eve: httpx.AsyncClient
) -> None:
    eves_id = (await eve.get("/users/me")).json()["id"]
    await put_member(bob, "eve", "owner")
    await ada.patch(f"/users/{eves_id}", json={"is_active": False})

    answer = await bob.delete("/teams/backend/members/bob")

    assert answer.json()["type"] == "/problems/last-owner"
    members = (await bob.get("/teams/backend/members")).json()["items"]
    assert [row["is_active"] for row in members] == [True, False]
    assert (await put_member(bob, "eve", "viewer")).status_code == 200


async def go(
    client: httpx.AsyncClient, way: str, *, me: str, other: str
) -> httpx.Response:
    if way == "lower":
        return await put_member(client, me, "viewer")
    gone = me if way == "leave" else other
    return await client.delete(f"/teams/backend/members/{gone}")


@pytest.mark.parametrize("way", ["leave", "lower", "remove each other"])
async def test_of_two_owners_who_go_at_once_one_stays(
    bob: httpx.AsyncClient, eve: httpx.AsyncClient, ada: httpx.AsyncClient, way: str
) -> None:
    await put_member(bob, "eve", "owner")

    answers = await asyncio.gather(
        go(bob, way, me="bob", other="eve"), go(eve, way, me="eve", other="bob")
    )

    assert sorted(answer.status_code < 300 for answer in answers) == [False, True]
    assert list((await roles(ada)).values()).count("owner") == 1


async def test_transfer(
    bob: httpx.AsyncClient, eve: httpx.AsyncClient, events: Events
) -> None:
    stranger = await bob.post("/teams/backend/transfer", json={"username": "eve"})
    oneself = await bob.post("/teams/backend/transfer", json={"username": "bob"})
    await put_member(bob, "eve", "viewer")
    answer = await bob.post("/teams/backend/transfer", json={"username": "eve"})

    for refused in (stranger, oneself):
        assert refused.status_code == 422
        assert [error["loc"] for error in refused.json()["errors"]] == ["username"]
    assert answer.status_code == 200
    assert answer.json()["role"] == "editor"
    assert await roles(bob) == {"bob": "editor", "eve": "owner"}
    assert ("team.transferred", "bob", "backend") in await events()


async def test_transfers_to_each_other_at_once_leave_one_owner(
    bob: httpx.AsyncClient, eve: httpx.AsyncClient
) -> None:
    await put_member(bob, "eve", "owner")

    answers = await asyncio.gather(
        bob.post("/teams/backend/transfer", json={"username": "eve"}),
        eve.post("/teams/backend/transfer", json={"username": "bob"}),
    )

    # Each of them may, as owner, in whichever order.
    assert [answer.status_code for answer in answers] == [200, 200]
    assert sorted((await roles(bob)).values()) == ["editor", "owner"]


@pytest.mark.parametrize("way", ["lower", "remove", "leave", "transfer"])
async def test_who_owns_no_longer_has_no_way_back(
    bob: httpx.AsyncClient, eve: httpx.AsyncClient, way: str
) -> None:
    """A link that they made as owner stops working with their ownership."""
    await put_member(bob, "eve", "owner")
    token = token_in(await invite(eve, role="owner"))
    other = token_in(await invite(bob, role="viewer"))
    if way == "lower":
        await put_member(bob, "eve", "viewer")
    elif way == "remove":
        await bob.delete("/teams/backend/members/eve")
    elif way == "leave":
        await eve.delete("/teams/backend/members/eve")
    else:
        await eve.post("/teams/backend/transfer", json={"username": "bob"})

    answer = await eve.post("/invitations/inspect", json={"token": token})

    assert answer.status_code == 404
    kept = await eve.post("/invitations/inspect", json={"token": other})
    assert kept.status_code == 200
