from typing import Any

import httpx

from tests.teams.conftest import invite, make_team, token_in

PLACE = "/instance/invitations"


async def make(client: httpx.AsyncClient, **wanted: Any) -> dict[str, Any]:
    answer = await client.post(PLACE, json=wanted)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def register(client: httpx.AsyncClient, name: str, token: str) -> httpx.Response:
    body = {
        "username": name,
        "email": f"{name}@example.org",
        "password": "correct horse battery",
        "invitation": token,
    }
    return await client.post("/auth/register", json=body)


async def test_only_administrators_invite(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    made = await make(ada)

    answers = [
        await bob.get(PLACE),
        await bob.post(PLACE, json={}),
        await bob.delete(f"{PLACE}/{made['id']}"),
    ]

    assert {answer.status_code for answer in answers} == {403}


async def test_into_the_instance_alone(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    token = token_in(await make(ada))

    seen = (await anonymous.post("/invitations/inspect", json={"token": token})).json()
    with_account = await bob.post("/invitations/accept", json={"token": token})

    assert (seen["team"], seen["invited_by"]["username"]) == (None, "ada")
    assert with_account.status_code == 409
    [row] = (await ada.get(PLACE)).json()["items"]
    assert row["state"] == "open"


async def test_it_lets_one_person_register(
    ada: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    await ada.patch("/instance/policy", json={"registration": "invitation"})
    token = token_in(await make(ada))

    first = await register(anonymous, "grace", token)
    second = await register(anonymous, "hedy", token)

    assert first.status_code == 201
    assert second.status_code == 422
    [row] = (await ada.get(PLACE)).json()["items"]
    assert (row["state"], row["accepted_by"]["username"]) == ("accepted", "grace")


async def test_an_invitation_into_a_team_makes_a_member_of_a_new_account(
    ada: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    await ada.patch("/instance/policy", json={"registration": "invitation"})
    await make_team(ada)

    answer = await register(anonymous, "grace", token_in(await invite(ada)))

    assert answer.status_code == 201
    members = (await ada.get("/teams/backend/members")).json()["items"]
    assert [row["user"]["username"] for row in members] == ["ada", "grace"]


async def test_revoking(ada: httpx.AsyncClient, anonymous: httpx.AsyncClient) -> None:
    made = await make(ada, email="grace@example.org", expires_in_days=1)
    await make_team(ada)
    of_team = await invite(ada)

    assert (await ada.delete(f"{PLACE}/{made['id']}")).status_code == 204
    assert (await ada.delete(f"{PLACE}/{of_team['id']}")).status_code == 404

    body = {"token": token_in(made)}
    gone = await anonymous.post("/invitations/inspect", json=body)
    assert gone.status_code == 404
    [row] = (await ada.get(PLACE)).json()["items"]
    assert (row["id"], row["state"]) == (made["id"], "revoked")


async def test_who_is_demoted_leaves_no_way_in(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    bobs = (await bob.get("/users/me")).json()["id"]
    await ada.patch(f"/users/{bobs}", json={"is_admin": True})
    await make_team(bob)
    into_instance, into_team = token_in(await make(bob)), token_in(await invite(bob))

    await ada.patch(f"/users/{bobs}", json={"is_admin": False})

    statuses = [
        (await ada.post("/invitations/inspect", json={"token": token})).status_code
        for token in (into_instance, into_team)
    ]
    assert statuses == [404, 200]
