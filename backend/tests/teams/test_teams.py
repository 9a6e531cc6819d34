from typing import Any

import httpx
import pytest
from sqlmodel import select

from roster.core.db import Database
from roster.teams.models import Membership, Role, Team
from roster.users.models import User
from tests.components.conftest import create
from tests.conftest import Mails
from tests.teams.conftest import (
    AddFactor,
    Events,
    change_team,
    invite,
    make_team,
    put_member,
    token_in,
)


async def make_teams(database: Database, *slugs: str, member: str) -> None:
    async with database.write() as session:
        user = (await session.exec(select(User).where(User.username == member))).one()
        for slug in slugs:
            team = Team(slug=slug, name=slug.title())
            session.add(team)
            await session.flush()
            session.add(Membership(user_id=user.id, team_id=team.id, role=Role.viewer))


async def test_mine(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, database: Database
) -> None:
    await make_teams(database, "backend", member="ada")
    await make_teams(database, "others", member="bob")

    answer = await ada.get("/teams")

    assert answer.status_code == 200
    assert answer.json()["next_cursor"] is None
    assert [
        (team["slug"], team["name"], team["is_personal"], team["role"], team["locked"])
        for team in answer.json()["items"]
    ] == [
        ("ada", "ada", True, "owner", False),
        ("backend", "Backend", False, "viewer", False),
    ]


async def test_pages(ada: httpx.AsyncClient, database: Database) -> None:
    await make_teams(database, "d", "b", "c", "e", member="ada")
    seen: list[str] = []
    params: dict[str, str | int] = {"limit": 2}
    while True:
        page = (await ada.get("/teams", params=params)).json()
        seen.extend(team["slug"] for team in page["items"])
        if page["next_cursor"] is None:
            break
        params["cursor"] = page["next_cursor"]

    assert seen == ["ada", "b", "c", "d", "e"]


async def test_a_cursor_of_another_list_is_refused(ada: httpx.AsyncClient) -> None:
    answer = await ada.get("/teams", params={"cursor": "bm90aGluZw"})

    assert answer.status_code == 422
    assert [error["loc"] for error in answer.json()["errors"]] == ["cursor"]


async def test_the_role_decides_what_one_sees_at_once(
    ada: httpx.AsyncClient, database: Database
) -> None:
    await make_teams(database, "backend", member="ada")
    etag = (await ada.get("/teams")).headers["etag"]
    async with database.write() as session:
        found = select(Membership).where(Membership.role == Role.viewer)
        (await session.exec(found)).one().role = Role.editor

    answer = await ada.get("/teams", headers={"If-None-Match": etag})

    assert answer.status_code == 200
    assert answer.json()["items"][1]["role"] == "editor"


async def test_who_makes_a_team_owns_it(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, events: Events
) -> None:
    answer = await bob.post("/teams", json={"slug": "backend", "name": " Back end "})

    assert answer.status_code == 201
    assert answer.headers["location"] == "/api/v1/teams/backend"
    made = answer.json()
    assert made.pop("id")
    assert made.pop("created_at").endswith("Z")
    assert made == {
        "slug": "backend",
        "name": "Back end",
        "is_personal": False,
        "require_second_factor": False,
        "share_usage": False,
        "role": "owner",
        "members": 1,
        "locked": False,
    }
    assert (await bob.get("/teams/backend")).json() == answer.json()
    assert ("team.created", "bob", "backend") in await events()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"slug": "Back End"}, "slug"),
        ({"slug": "x" * 41}, "slug"),
        ({"slug": ""}, "slug"),
        ({"name": "  "}, "name"),
        ({"name": "two\nlines"}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"is_personal": True}, "is_personal"),
    ],
)
async def test_wrong_fields_are_named(
    ada: httpx.AsyncClient, wrong: dict[str, Any], field: str
) -> None:
    body = {"slug": "backend", "name": "Backend", **wrong}

    answer = await ada.post("/teams", json=body)

    assert answer.status_code == 422
    assert [error["loc"] for error in answer.json()["errors"]] == [field]


async def test_a_team_is_not_there_for_strangers(
    team: dict[str, Any], eve: httpx.AsyncClient
) -> None:
    for reference in ("backend", team["id"]):
        hidden = await eve.get(f"/teams/{reference}")
        missing = await eve.get("/teams/nowhere")
        assert hidden.status_code == 404
        assert hidden.json()["detail"] == missing.json()["detail"]
        assert (await eve.get(f"/teams/{reference}/members")).status_code == 404
        assert (await eve.get(f"/teams/{reference}/invitations")).status_code == 404
        gone = await eve.delete(f"/teams/{reference}", params={"confirm": "backend"})
        assert gone.status_code == 404


async def test_an_administrator_reads_every_team_and_its_members(
    ada: httpx.AsyncClient, team: dict[str, Any]
) -> None:
    read = await ada.get("/teams/backend")
    members = await ada.get("/teams/backend/members")
    invitations = await ada.get("/teams/backend/invitations")
    change = await change_team(ada, name="Mine")

    assert read.json() == team | {"role": None}
    assert [row["user"]["username"] for row in members.json()["items"]] == ["bob"]
    assert (invitations.status_code, change.status_code) == (403, 403)


async def test_a_name_is_given_once_for_all(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, team: dict[str, Any]
) -> None:
    """Names of teams and accounts, present and past, share one space."""
    await change_team(bob, slug="platform")
    for taken in ("bob", "platform", "backend"):
        answer = await ada.post("/teams", json={"slug": taken, "name": "Team"})
        assert answer.status_code == 409
        assert answer.json()["type"] == "/problems/name-taken"
        assert [error["loc"] for error in answer.json()["errors"]] == ["slug"]
    await make_team(ada, "data")

    answer = await change_team(ada, "data", slug="backend")

    assert answer.status_code == 409
    assert [error["loc"] for error in answer.json()["errors"]] == ["slug"]
    assert (await ada.get("/teams/data")).json()["slug"] == "data"


@pytest.mark.parametrize("name", ["backend", "platform"])
async def test_no_account_takes_the_name_of_a_team(
    bob: httpx.AsyncClient,
    team: dict[str, Any],
    anonymous: httpx.AsyncClient,
    name: str,
) -> None:
    await change_team(bob, slug="platform")
    body = {
        "username": name,
        "email": "new@example.org",
        "password": "correct horse battery",
    }

    answer = await anonymous.post("/auth/register", json=body)

    assert answer.status_code == 409
    assert [error["loc"] for error in answer.json()["errors"]] == ["username"]


async def test_a_former_name_finds_the_team(
    bob: httpx.AsyncClient, team: dict[str, Any], events: Events
) -> None:
    renamed = await change_team(bob, slug="platform", name="Platform")

    assert renamed.status_code == 200
    assert (renamed.json()["slug"], renamed.json()["name"]) == ("platform", "Platform")
    for reference in ("backend", "platform", team["id"]):
        answer = await bob.get(f"/teams/{reference}")
        assert answer.json() == renamed.json()
        assert answer.headers["content-location"] == "/api/v1/teams/platform"
    assert (await bob.get("/teams/backend/members")).status_code == 200
    assert (await events())[-2:] == [
        ("team.renamed", "bob", "platform"),
        ("team.changed", "bob", "platform"),
    ]
    back = await change_team(bob, "platform", slug="backend")
    assert back.json()["slug"] == "backend"


async def test_a_former_name_finds_what_is_in_the_team(
    bob: httpx.AsyncClient, team: dict[str, Any]
) -> None:
    made = await create(bob, "backend")
    await change_team(bob, slug="platform")
    later = await create(bob, "backend", "tester")
    queries: list[dict[str, Any]] = [
        {"team": ["backend"]},
        {"team": ["platform", "backend"]},
        {"ref": ["agent:backend/reviewer", "agent:platform/tester"]},
    ]

    for params in queries:
        answer = await bob.get("/components", params=params)
        found = {(row["id"], row["team"]["slug"]) for row in answer.json()["items"]}
        assert found == {(made["id"], "platform"), (later["id"], "platform")}


async def test_an_edit_of_an_old_state_is_refused(
    bob: httpx.AsyncClient, team: dict[str, Any]
) -> None:
    old = (await bob.get("/teams/backend")).headers["etag"]
    await change_team(bob, name="One")

    stale = await bob.patch(
        "/teams/backend", json={"name": "Two"}, headers={"If-Match": old}
    )
    blind = await bob.patch("/teams/backend", json={"name": "Two"})

    assert (stale.status_code, blind.status_code) == (412, 428)
    assert (await bob.get("/teams/backend")).json()["name"] == "One"


async def test_only_owners_change_a_team(
    bob: httpx.AsyncClient, eve: httpx.AsyncClient
) -> None:
    await put_member(bob, "eve", "editor")

    change = await change_team(eve, name="Mine")
    gone = await eve.delete("/teams/backend", params={"confirm": "backend"})

    assert (change.status_code, gone.status_code) == (403, 403)
    assert "owner" in change.json()["detail"]


async def test_a_second_factor_is_asked_for_by_who_has_one(
    bob: httpx.AsyncClient,
    eve: httpx.AsyncClient,
    add_factor: AddFactor,
) -> None:
    await put_member(bob, "eve", "owner")
    without = await change_team(bob, require_second_factor=True)
    await add_factor("bob")
    having = await change_team(bob, require_second_factor=True)

    assert (without.status_code, having.status_code) == (409, 200)
    assert having.json()["require_second_factor"]
    seen = await eve.get("/teams/backend")
    assert (seen.json()["locked"], seen.json()["role"]) == (True, "owner")
    assert (await eve.get("/teams/backend/members")).status_code == 403
    assert (await change_team(eve, require_second_factor=False)).status_code == 403
    mine = {team["slug"]: team for team in (await eve.get("/teams")).json()["items"]}
    assert (mine["backend"]["locked"], mine["eve"]["locked"]) == (True, False)
    me = (await eve.get("/users/me")).json()["teams"]
    assert [team["locked"] for team in me] == [True, False]
    members = (await bob.get("/teams/backend/members")).json()["items"]
    assert [member["has_second_factor"] for member in members] == [True, False]
    await add_factor("eve")
    assert (await change_team(eve, require_second_factor=False)).status_code == 200


async def test_who_is_shut_out_may_leave(
    bob: httpx.AsyncClient, eve: httpx.AsyncClient, add_factor: AddFactor
) -> None:
    await put_member(bob, "eve", "viewer")
    await add_factor("bob")
    await change_team(bob, require_second_factor=True)

    answer = await eve.delete("/teams/backend/members/eve")

    assert answer.status_code == 204


async def test_a_deleted_team_is_gone_and_keeps_its_name(
    bob: httpx.AsyncClient,
    eve: httpx.AsyncClient,
    database: Database,
    events: Events,
) -> None:
    await change_team(bob, slug="platform")
    await put_member(bob, "eve", "editor", team="platform")
    token = token_in(await invite(bob, "platform"))

    for confirm in ("", "backend", "Platform"):
        unsure = await bob.delete("/teams/platform", params={"confirm": confirm})
        assert unsure.status_code == 422
        assert [error["loc"] for error in unsure.json()["errors"]] == ["confirm"]
    assert (await bob.delete("/teams/platform")).status_code == 422
    answer = await bob.delete("/teams/platform", params={"confirm": "platform"})

    assert answer.status_code == 204
    for person in (bob, eve):
        assert (await person.get("/teams/platform")).status_code == 404
        assert (await person.get("/teams/backend")).status_code == 404
        mine = (await person.get("/teams")).json()["items"]
        assert [team["is_personal"] for team in mine] == [True]
        for name in ("backend", "platform"):
            again = await person.post("/teams", json={"slug": name, "name": "Again"})
            assert again.status_code == 409
    used = await eve.post("/invitations/accept", json={"token": token})
    assert used.status_code == 404
    async with database.read() as session:
        rows = await session.exec(select(Team).where(Team.slug == "platform"))
        assert rows.one().deleted_by is not None
    assert ("team.deleted", "bob", "platform") in await events()


async def test_a_personal_team_stays_as_it_is(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    await put_member(bob, "ada", "editor", team="bob")
    refused = [
        await change_team(bob, "bob", slug="robert"),
        await change_team(bob, "bob", name="Robert"),
        await bob.delete("/teams/bob", params={"confirm": "bob"}),
        await bob.delete("/teams/bob/members/bob"),
        await put_member(bob, "bob", "editor", team="bob"),
        await put_member(bob, "ada", "owner", team="bob"),
        await bob.post("/teams/bob/transfer", json={"username": "ada"}),
        await bob.post("/teams/bob/invitations", json={"role": "owner"}),
    ]

    assert [answer.status_code for answer in refused] == [409] * len(refused)
    members = (await bob.get("/teams/bob/members")).json()["items"]
    assert [(row["user"]["username"], row["role"]) for row in members] == [
        ("ada", "editor"),
        ("bob", "owner"),
    ]


async def test_a_name_like_the_id_of_another_team_hides_nothing(
    bob: httpx.AsyncClient, eve: httpx.AsyncClient, team: dict[str, Any]
) -> None:
    await put_member(bob, "eve", "viewer")
    await make_team(eve, team["id"])

    assert (await eve.get(f"/teams/{team['id']}")).json()["slug"] == "backend"


async def test_an_administrator_takes_ownership(
    ada: httpx.AsyncClient,
    bob: httpx.AsyncClient,
    team: dict[str, Any],
    mails: Mails,
    events: Events,
) -> None:
    assert (await bob.post("/teams/backend/ownership")).status_code == 403

    answer = await ada.post("/teams/backend/ownership")
    again = await ada.post("/teams/backend/ownership")

    assert answer.status_code == 200
    assert answer.json() == again.json() == team | {"role": "owner", "members": 2}
    assert (await change_team(ada, name="Ours")).status_code == 200
    taken = ("team.ownership_taken", "ada", "backend")
    assert (await events()).count(taken) == 1
    [notice] = await mails()
    assert (notice.to, "ada" in notice.text) == ("bob@example.org", True)
