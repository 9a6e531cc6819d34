"""Yanks, deprecation, names, teams, licences, and what references lead to."""

from typing import Any

import httpx

from tests.components.conftest import agent_file, create, publish
from tests.services.apps import do_jobs_of
from tests.teams.conftest import make_team

STATE = {"If-Match": "*"}


async def resolved(client: httpx.AsyncClient, reference: str) -> dict[str, Any]:
    answer = await client.get("/resolve", params={"ref": reference})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_deleted_team_leaves_tombstones(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    await make_team(ada)
    agent = await create(ada, "backend", visibility="internal")
    await create(ada, "backend", "hidden")
    earlier = await create(ada, "backend", "earlier", visibility="internal")
    gone = await ada.delete(
        f"/components/{earlier['id']}", params={"reason": "Unused."}, headers=STATE
    )
    assert gone.is_success, gone.text
    deleted = await ada.delete(
        "/teams/backend", params={"confirm": "backend"}, headers=STATE
    )
    assert deleted.is_success, deleted.text
    for client in (ada, bob):
        found = await resolved(client, "roster:agent:backend/reviewer@1")
        assert (found["state"], found["component"]) == ("tombstone", None)
        assert found["identifier"] == "roster:agent:backend/reviewer@1"
        stone = found["tombstone"]
        assert stone["deleted_at"] is not None
        assert stone["deleted_by"]["username"] == "ada"
        assert stone["reason"] is None
        assert stone["digest"] == agent["latest"]["digest"]
        before = (await resolved(client, "agent:backend/earlier"))["tombstone"]
        assert before["reason"] == "Unused."
        assert before["deleted_at"] < stone["deleted_at"]
        hidden = {"ref": "agent:backend/hidden"}
        assert (await client.get("/resolve", params=hidden)).status_code == 404
        read = await client.get(f"/components/{agent['id']}")
        assert read.status_code == 404


async def found_by(client: httpx.AsyncClient, **query: str) -> list[str]:
    answer = await client.get("/agents", params=query)
    return [item["name"] for item in answer.json()["items"]]


async def test_latest_leaves_what_is_yanked(ada: httpx.AsyncClient) -> None:
    agent = await create(ada, "ada", description="Reads plays.", tools="Read")
    base = f"/components/{agent['id']}"
    await publish(ada, agent, agent_file(description="Reads poems.", tools="Write"))
    await ada.put(f"{base}/labels/stable", json={"number": 2}, headers=STATE)
    reason = {"reason": "It loses lines."}
    yanked = await ada.post(f"{base}/revisions/2/yank", json=reason)
    assert yanked.status_code == 200, yanked.text
    said = yanked.json()["yanked"]
    assert (said["by"]["username"], said["reason"]) == ("ada", "It loses lines.")
    assert yanked.json()["labels"] == ["stable"]

    now = (await ada.get(f"/agents/{agent['id']}")).json()
    assert now["latest"]["number"] == 1
    assert (now["description"], now["tools"]) == ("Reads plays.", ["Read"])
    assert now["labels"] == [
        {"name": "latest", "number": 1, "yanked": False},
        {"name": "stable", "number": 2, "yanked": True},
    ]
    for query, names in (
        ({"q": "plays"}, ["reviewer"]),
        ({"q": "poems"}, []),
        ({"tool": "Read"}, ["reviewer"]),
        ({"tool": "Write"}, []),
    ):
        assert await found_by(ada, **query) == names, query
    still = (await ada.get(f"{base}/revisions/2")).json()
    assert still["content"] == agent_file(description="Reads poems.", tools="Write")
    assert still["yanked"] == said
    listed = (await ada.get(f"{base}/revisions")).json()["items"]
    assert [bool(item["yanked"]) for item in listed] == [True, False]

    again = await ada.post(f"{base}/revisions/2/yank", json=reason)
    assert again.status_code == 409
    missing = await ada.post(f"{base}/revisions/3/yank", json=reason)
    assert missing.status_code == 404
    for wrong in ({}, {"reason": " "}, {"reason": "x" * 501}):
        answer = await ada.post(f"{base}/revisions/1/yank", json=wrong)
        assert answer.status_code == 422, wrong
    back = await ada.delete(f"{base}/revisions/2/yank", headers=STATE)
    assert back.status_code == 204
    assert (await ada.get(base)).json()["latest"]["number"] == 2
    assert await found_by(ada, q="poems") == ["reviewer"]
    gone = await ada.delete(f"{base}/revisions/2/yank", headers=STATE)
    assert gone.status_code == 404
    assert (await ada.delete(f"{base}/revisions/2/yank")).status_code == 428


async def test_publishing_goes_on_when_all_is_yanked(ada: httpx.AsyncClient) -> None:
    agent = await create(ada, "ada", description="Reads plays.")
    base = f"/components/{agent['id']}"
    await ada.post(f"{base}/revisions/1/yank", json={"reason": "Wrong."})
    now = (await ada.get(f"/agents/{agent['id']}")).json()
    assert (now["latest"], now["labels"], now["published"]) == (None, [], True)
    assert (now["description"], now["content"]) == ("", "")
    assert await found_by(ada) == ["reviewer"]
    assert await found_by(ada, q="plays") == []
    draft = {"content": agent_file(body="Second.\n"), "base_digest": ""}
    answer = await ada.put(f"{base}/draft", json=draft, headers={"If-None-Match": "*"})
    assert answer.status_code == 200, answer.text
    made = await ada.post(
        f"{base}/draft/publish", json={}, headers={"If-Match": '"d1"'}
    )
    assert made.status_code == 201, made.text
    assert (made.json()["number"], made.json()["labels"]) == (2, ["latest"])
    same = await publish(ada, agent, agent_file(description="Reads plays."))
    assert same.json()["number"] == 3


async def test_an_older_revision_is_restored_as_a_new_one(
    ada: httpx.AsyncClient, editor: httpx.AsyncClient
) -> None:
    agent = await create(ada, "ada")
    base = f"/components/{agent['id']}"
    await publish(ada, agent, agent_file(body="Second.\n"))
    answer = await editor.post(f"{base}/revisions/1/restore", json={}, headers=STATE)
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"/api/v1{base}/revisions/3"
    made = answer.json()
    assert (made["number"], made["digest"]) == (3, agent["latest"]["digest"])
    assert made["message"] == "Restore revision 1"
    same = await ada.post(f"{base}/revisions/3/restore", json={}, headers=STATE)
    assert same.json()["type"] == "/problems/unchanged"
    for number, headers, status in (
        (2, {}, 428),
        (2, {"If-Match": '"v1"'}, 412),
        (9, STATE, 404),
    ):
        address = f"{base}/revisions/{number}/restore"
        answer = await ada.post(address, json={}, headers=headers)
        assert answer.status_code == status
    await ada.post(f"{base}/revisions/2/yank", json={"reason": "Wrong."})
    refused = await ada.post(f"{base}/revisions/2/restore", json={}, headers=STATE)
    assert refused.status_code == 409


async def test_deprecation_names_a_successor_to_those_who_see_it(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    agent = await create(ada, "ada", visibility="internal")
    hidden = await create(ada, "ada", "critic")
    base = f"/components/{agent['id']}"
    words = {"message": "Use critic.", "successor": "agent:ada/critic"}
    assert (await ada.put(f"{base}/deprecation", json=words)).status_code == 428
    answer = await ada.put(f"{base}/deprecation", json=words, headers=STATE)
    assert answer.status_code == 200, answer.text
    said = answer.json()["deprecation"]
    assert said["message"] == "Use critic."
    successor = {"id": hidden["id"], "reference": "agent:ada/critic"}
    assert said["successor"] == successor
    [listed] = [
        item
        for item in (await ada.get("/agents")).json()["items"]
        if item["name"] == "reviewer"
    ]
    assert listed["deprecation"] == said
    assert (await bob.get(base)).json()["deprecation"] == {**said, "successor": None}
    for wrong in ("agent:ada/reviewer", "agent:ada/nothing", "critic"):
        answer = await ada.put(
            f"{base}/deprecation", json={**words, "successor": wrong}, headers=STATE
        )
        assert answer.status_code == 422, wrong
        assert [error["loc"] for error in answer.json()["errors"]] == ["successor"]
    assert (await ada.delete(f"{base}/deprecation", headers=STATE)).status_code == 204
    assert (await ada.get(base)).json()["deprecation"] is None
    assert (await ada.delete(f"{base}/deprecation", headers=STATE)).status_code == 404


async def test_a_former_name_leads_to_the_component_for_ever(
    ada: httpx.AsyncClient,
) -> None:
    words = {"description": "Reads plays.", "body": "You read.\n"}
    agent = await create(ada, "ada", **words)
    base = f"/components/{agent['id']}"
    body = {"name": "critic"}
    assert (await ada.post(f"{base}/rename", json=body)).status_code == 428
    answer = await ada.post(f"{base}/rename", json=body, headers=STATE)
    assert answer.status_code == 200, answer.text
    now = answer.json()
    assert (now["reference"], now["latest"]["number"]) == ("agent:ada/critic", 2)
    revision = (await ada.get(f"{base}/revisions/2")).json()
    assert revision["content"] == agent_file("critic", **words)
    assert revision["message"] == "Rename from reviewer to critic"
    first = (await ada.get(f"{base}/revisions/1")).json()
    assert first["content"] == agent_file("reviewer", **words)
    assert await found_by(ada, q="critic") == ["critic"]
    assert await found_by(ada, q="reviewer") == []
    assert await found_by(ada, ref="agent:ada/reviewer") == ["critic"]
    old = await resolved(ada, "roster:agent:ada/reviewer@1")
    assert (old["state"], old["id"]) == ("renamed", agent["id"])
    assert old["identifier"] == "roster:agent:ada/critic@1"
    assert old["revision"]["digest"] == agent["latest"]["digest"]

    other = {"team": "ada", "content": agent_file("reviewer")}
    assert (await ada.post("/agents", json=other)).status_code == 409
    stays = await ada.post(f"{base}/rename", json=body, headers=STATE)
    assert stays.status_code == 422
    await create(ada, "ada", "second")
    taken = await ada.post(f"{base}/rename", json={"name": "second"}, headers=STATE)
    assert taken.status_code == 409
    quiet = {"name": "reviewer", "publish": False}
    back = await ada.post(f"{base}/rename", json=quiet, headers=STATE)
    assert (back.json()["name"], back.json()["latest"]["number"]) == ("reviewer", 2)
    assert await found_by(ada, q="critic") == []
    restored = await ada.post(f"{base}/revisions/2/restore", json={}, headers=STATE)
    assert restored.json()["content"] == agent_file("reviewer", **words)


async def test_it_is_given_to_another_team_by_an_owner_of_both(
    ada: httpx.AsyncClient, editor: httpx.AsyncClient
) -> None:
    agent = await create(ada, "ada")
    address = f"/components/{agent['id']}/transfer"
    for client in (ada, editor):
        slug = "ours" if client is ada else "theirs"
        await client.post("/teams", json={"slug": slug, "name": "Team"})
    body = {"team": "ours"}
    assert (await editor.post(address, json=body, headers=STATE)).status_code == 403
    for team, status in (("theirs", 404), ("ada", 422)):
        answer = await ada.post(address, json={"team": team}, headers=STATE)
        assert answer.status_code == status, team
    await create(ada, "ours", "reviewer")
    assert (await ada.post(address, json=body, headers=STATE)).status_code == 409
    await ada.post(
        f"/components/{agent['id']}/rename", json={"name": "critic"}, headers=STATE
    )
    moved = await ada.post(address, json=body, headers=STATE)
    assert moved.json()["reference"] == "agent:ours/critic"
    for old in ("agent:ada/critic", "agent:ada/reviewer"):
        found = await resolved(ada, old)
        assert (found["state"], found["reference"]) == ("renamed", "agent:ours/critic")
    assert (await editor.get(f"/components/{agent['id']}")).status_code == 404


async def test_what_a_reference_leads_to(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    agent = await create(ada, "ada", visibility="internal")
    base = f"/components/{agent['id']}"
    await publish(ada, agent, agent_file(body="Second.\n"))
    await ada.put(f"{base}/labels/stable", json={"number": 1}, headers=STATE)
    for reference, number in (
        ("agent:ada/reviewer", 2),
        ("roster:agent:ada/reviewer", 2),
        ("roster:agent:ada/reviewer@1", 1),
        ("agent:ada/reviewer@stable", 1),
        ("agent:ada/reviewer@latest", 2),
    ):
        for client in (ada, bob):
            found = await resolved(client, reference)
            assert found["state"] == "live"
            assert found["revision"]["number"] == number
            assert found["identifier"] == f"roster:agent:ada/reviewer@{number}"
            assert found["component"]["id"] == agent["id"]
    await ada.post(f"{base}/revisions/1/yank", json={"reason": "Wrong."})
    found = await resolved(bob, "agent:ada/reviewer@stable")
    assert found["state"] == "yanked"
    for reference, status in (
        ("agent:ada/reviewer@3", 404),
        ("agent:ada/reviewer@nothing", 404),
        ("agent:ada/nothing", 404),
        ("skill:ada/reviewer", 404),
        ("reviewer", 422),
        (f"agent:ada/{'x' * 300}", 422),
    ):
        answer = await ada.get("/resolve", params={"ref": reference})
        assert answer.status_code == status, reference


async def test_a_tombstone_is_seen_by_those_who_saw_the_thing(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    shown = await create(ada, "ada", visibility="public")
    hidden = await create(ada, "ada", "hidden")
    for agent in (shown, hidden):
        answer = await ada.delete(
            f"/components/{agent['id']}",
            params={"reason": "Nobody used it."},
            headers=STATE,
        )
        assert answer.status_code == 204
    for client in (ada, bob):
        found = await resolved(client, "roster:agent:ada/reviewer@1")
        assert (found["state"], found["component"]) == ("tombstone", None)
        stone = found["tombstone"]
        assert stone["deleted_by"]["username"] == "ada"
        assert stone["reason"] == "Nobody used it."
        assert stone["digest"] == shown["latest"]["digest"]
        assert stone["licence"] == "MIT"
        assert found["revision"] is None
    assert (await resolved(ada, "agent:ada/hidden"))["state"] == "tombstone"
    answers = [
        await bob.get("/resolve", params={"ref": f"agent:ada/{name}"})
        for name in ("hidden", "absent")
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].json()["detail"] == answers[1].json()["detail"]
    [trash, _] = (await ada.get("/components?deleted=true")).json()["items"]
    assert trash["deletion_reason"] == "Nobody used it."
    await ada.post(f"/components/{shown['id']}/restore")
    back = await resolved(bob, "agent:ada/reviewer")
    assert (back["state"], back["component"]["deletion_reason"]) == ("live", None)


async def test_what_is_public_has_a_licence(ada: httpx.AsyncClient) -> None:
    body = {"team": "ada", "content": agent_file(), "visibility": "public"}
    refused = await ada.post("/agents", json=body)
    [error] = refused.json()["errors"]
    assert (error["loc"], error["code"]) == ("licence", "licence_required")
    for wrong in ("Mine", "", "MIT OR", "x" * 201):
        answer = await ada.post("/agents", json={**body, "licence": wrong})
        assert answer.status_code == 422, wrong
        assert [error["loc"] for error in answer.json()["errors"]] == ["licence"]
    made = (await ada.post("/agents", json={**body, "licence": "mit"})).json()
    base = f"/components/{made['id']}"
    assert made["licence"] == "MIT"
    for change, status in (
        ({"licence": None}, 422),
        ({"licence": "apache-2.0 or mit"}, 200),
        ({"licence": None, "visibility": "internal"}, 200),
        ({"visibility": "public"}, 422),
        ({"visibility": "public", "licence": "LicenseRef-Ours"}, 200),
    ):
        answer = await ada.patch(base, json=change, headers=STATE)
        assert answer.status_code == status, change
    assert answer.json()["licence"] == "LicenseRef-Ours"
    again = await publish(ada, made, agent_file(body="Second.\n"))
    assert again.json()["licence"] == "LicenseRef-Ours"
    assert (await ada.get(f"{base}/revisions/1")).json()["licence"] == "MIT"
    loose = agent_file("loose").replace("model:", "license: See LICENSE.txt\nmodel:")
    kept = await ada.post("/agents", json={"team": "ada", "content": loose})
    assert kept.json()["licence"] is None


async def test_a_revision_says_where_it_came_from(
    ada: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    agent = await create(ada, "ada")
    token = (
        await ada.post(
            "/auth/tokens", json={"name": "Build server", "scopes": ["read", "publish"]}
        )
    ).json()["token"]
    anonymous.headers["Authorization"] = f"Bearer {token}"
    await publish(anonymous, agent, agent_file(body="Second.\n"))
    page = (await ada.get(f"/components/{agent['id']}/revisions")).json()["items"]
    assert [(item["source"], item["client"]) for item in page] == [
        ("api", "Build server"),
        ("api", None),
    ]
    file = ("files", ("agents/critic.md", agent_file("critic")))
    made = await ada.post("/imports", data={"team": "ada"}, files=[file])
    await do_jobs_of(ada)
    await ada.post(f"/imports/{made.json()['id']}/apply")
    await do_jobs_of(ada)
    critic = (await resolved(ada, "agent:ada/critic"))["revision"]
    assert critic["source"] == "import"
    assert critic["origin"] == {
        "path": "agents/critic.md",
        "repository": None,
        "commit": None,
    }
