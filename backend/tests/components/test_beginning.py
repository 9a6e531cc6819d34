"""Components begin as drafts: held names, drafts published, behind and merged."""

from typing import Any

import httpx

from roster.teams.models import Role
from tests.components.conftest import Join, agent_file, create, publish


async def begin(client: httpx.AsyncClient, **fields: Any) -> dict[str, Any]:
    body = {"kind": "agent", "team": "ada", "name": "reviewer", **fields}
    answer = await client.post("/components", json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    assert answer.headers["location"] == f"/api/v1/components/{made['id']}"
    return made


async def publish_draft(
    client: httpx.AsyncClient, component: dict[str, Any], **body: Any
) -> httpx.Response:
    address = f"/components/{component['id']}/draft"
    draft = await client.get(address)
    return await client.post(
        f"{address}/publish", json=body, headers={"If-Match": draft.headers["etag"]}
    )


async def test_a_new_component_is_a_draft_of_its_maker(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, join: Join
) -> None:
    await join("bob", "ada", Role.editor)
    made = await begin(bob, content=agent_file())
    base = f"/components/{made['id']}"
    assert (made["latest"], made["published"], made["draft"]) == (None, False, True)
    assert (await bob.get(base)).json()["reference"] == "agent:ada/reviewer"
    assert (await ada.get(base)).status_code == 200  # she owns the team
    assert (await ada.get(f"{base}/draft")).status_code == 404
    for client in (ada, bob):
        assert (await client.get("/agents")).json()["items"] == []
    taken = await ada.post(
        "/components", json={"kind": "agent", "team": "ada", "name": "reviewer"}
    )
    assert taken.status_code == 409
    assert taken.json()["type"] == "/problems/name-taken"

    draft = (await bob.get(f"{base}/draft")).json()
    assert (draft["base_number"], draft["base_digest"]) == (0, "")
    assert draft["content"] == agent_file()
    body = {"content": agent_file(body="More.\n"), "base_digest": ""}
    saved = await bob.put(
        f"{base}/draft", json=body, headers={"If-Match": draft["etag"]}
    )
    assert saved.json()["etag"] == '"d2"'
    [listed] = (await bob.get("/drafts")).json()["items"]
    assert (listed["base_number"], listed["behind"]) == (0, 0)
    assert listed["component"]["id"] == made["id"]
    stale = await bob.post(
        f"{base}/draft/publish", json={}, headers={"If-Match": '"d1"'}
    )
    assert stale.status_code == 412

    revision = await publish_draft(bob, made, message="First")
    assert revision.status_code == 201, revision.text
    assert (revision.json()["number"], revision.json()["message"]) == (1, "First")
    assert revision.json()["content"] == body["content"]
    assert (await bob.get("/drafts")).json()["items"] == []
    assert (await ada.get(base)).json()["latest"]["number"] == 1


async def test_what_was_never_published_is_wholly_gone(
    ada: httpx.AsyncClient, editor: httpx.AsyncClient
) -> None:
    made = await begin(editor, content="---\nname: reviewer\n---\nNot yet.\n")
    refused = await publish_draft(editor, made)
    assert refused.status_code == 422
    assert (await editor.get("/drafts")).json()["items"] != []
    answer = await editor.delete(
        f"/components/{made['id']}", headers={"If-Match": made["etag"]}
    )
    assert answer.status_code == 204, answer.text
    assert (await editor.get("/drafts")).json()["items"] == []
    again = await create(ada, "ada")
    assert again["id"] != made["id"]
    assert (await ada.get("/components?deleted=true")).json()["items"] == []


async def test_renaming_a_beginning_frees_its_name(ada: httpx.AsyncClient) -> None:
    made = await begin(ada, content=agent_file())
    answer = await ada.post(
        f"/components/{made['id']}/rename",
        json={"name": "critic"},
        headers={"If-Match": made["etag"]},
    )
    assert answer.status_code == 200, answer.text
    draft = (await ada.get(f"/components/{made['id']}/draft")).json()
    assert draft["content"] == agent_file("critic")
    assert (await publish_draft(ada, made)).status_code == 201
    assert (await create(ada, "ada", "reviewer"))["id"] != made["id"]


async def test_wrong_beginnings_are_refused(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    good = {"kind": "agent", "team": "ada", "name": "reviewer"}
    for wrong, status, loc in (
        ({"kind": "poem"}, 422, "kind"),
        ({"name": "No"}, 422, "name"),
        ({"content": ""}, 422, "content"),
        ({"content": "x" * 2_000_000}, 413, None),
        ({"team": "bob"}, 404, None),
    ):
        answer = await ada.post("/components", json={**good, **wrong})
        assert answer.status_code == status, wrong
        if loc:
            assert [error["loc"] for error in answer.json()["errors"]] == [loc]
    assert (await bob.post("/components", json=good)).status_code == 404


async def test_a_public_one_needs_a_licence_when_it_is_published(
    ada: httpx.AsyncClient,
) -> None:
    made = await begin(ada, content=agent_file(), visibility="public")
    refused = await publish_draft(ada, made)
    assert refused.status_code == 422
    [error] = refused.json()["errors"]
    assert (error["loc"], error["code"]) == ("licence", "licence_required")
    licensed = agent_file().replace("model:", "license: apache-2.0\nmodel:")
    draft = (await ada.get(f"/components/{made['id']}/draft")).json()
    await ada.put(
        f"/components/{made['id']}/draft",
        json={"content": licensed, "base_digest": ""},
        headers={"If-Match": draft["etag"]},
    )
    revision = await publish_draft(ada, made)
    assert revision.status_code == 201, revision.text
    assert revision.json()["licence"] == "Apache-2.0"
    component = (await ada.get(f"/components/{made['id']}")).json()
    assert component["licence"] == "Apache-2.0"


async def test_a_draft_behind_is_merged_and_nothing_is_lost(
    ada: httpx.AsyncClient, editor: httpx.AsyncClient
) -> None:
    """Invariant 9: neither of two people who edit at once loses a line."""
    lines = [f"Line {number}.\n" for number in range(9)]
    agent = await create(ada, "ada", body="".join(lines))
    address = f"/components/{agent['id']}/draft"
    mine = [*lines[:1], "Mine.\n", *lines[2:8], "Both, mine.\n"]
    body = {
        "content": agent_file(body="".join(mine)),
        "base_digest": agent["latest"]["digest"],
    }
    await editor.put(address, json=body, headers={"If-None-Match": "*"})
    theirs = [*lines[:4], "Theirs.\n", *lines[5:8], "Both, theirs.\n"]
    await publish(ada, agent, agent_file(body="".join(theirs)))

    refused = await publish_draft(editor, agent)
    assert refused.status_code == 409
    assert refused.json()["type"] == "/problems/draft-behind"
    [listed] = (await editor.get("/drafts")).json()["items"]
    assert (listed["base_number"], listed["behind"]) == (1, 1)

    merge = (await editor.get(f"{address}/merge")).json()
    assert (merge["base_number"], merge["latest_number"]) == (1, 2)
    assert merge["clean"] is False
    [clash] = merge["conflicts"]
    assert (clash["mine"], clash["theirs"]) == ("Both, mine.\n", "Both, theirs.\n")
    assert clash["base"] == "Line 8.\n"
    text = merge["merged"].splitlines(keepends=True)
    assert "".join(text[clash["start"] : clash["end"]]) == clash["mine"]
    assert "Mine.\n" in text
    assert "Theirs.\n" in text

    chosen = merge["merged"].replace("Both, mine.\n", "Both, mine.\nBoth, theirs.\n")
    kept = {"content": chosen, "latest_digest": merge["latest_digest"]}
    for headers, status in (({}, 428), ({"If-Match": '"d9"'}, 412)):
        answer = await editor.post(f"{address}/merge", json=kept, headers=headers)
        assert answer.status_code == status
    wrong = {**kept, "latest_digest": agent["latest"]["digest"]}
    state = {"If-Match": '"d1"'}
    answer = await editor.post(f"{address}/merge", json=wrong, headers=state)
    assert answer.status_code == 409
    answer = await editor.post(f"{address}/merge", json=kept, headers=state)
    assert answer.status_code == 200, answer.text
    assert (answer.json()["base_number"], answer.json()["etag"]) == (2, '"d2"')
    published = await publish_draft(editor, agent)
    assert published.status_code == 201, published.text
    assert published.json()["content"] == chosen
    assert published.json()["author"]["username"] == "bob"


async def test_drafts_of_those_who_left_the_team_are_kept_but_hidden(
    ada: httpx.AsyncClient, editor: httpx.AsyncClient
) -> None:
    agent = await create(ada, "ada", visibility="internal")
    base = f"/components/{agent['id']}"
    body = {"content": "thought", "base_digest": agent["latest"]["digest"]}
    await editor.put(f"{base}/draft", json=body, headers={"If-None-Match": "*"})
    await ada.post("/teams", json={"slug": "other", "name": "Other"})
    state = {"If-Match": "*"}
    moved = await ada.post(f"{base}/transfer", json={"team": "other"}, headers=state)
    assert moved.status_code == 200, moved.text
    assert (await editor.get(f"{base}/draft")).status_code == 404
    assert (await editor.get("/drafts")).json()["items"] == []
    assert (await editor.get(base)).json()["draft"] is False
    await ada.post(f"{base}/transfer", json={"team": "ada"}, headers=state)
    assert (await editor.get(f"{base}/draft")).json()["content"] == "thought"


SKILL = "---\nname: pilot\ndescription: Brings ships in. Use it at the bar.\n---\nGo.\n"


async def put_file(
    client: httpx.AsyncClient, address: str, path: str, data: bytes
) -> None:
    draft = await client.get(address)
    answer = await client.put(
        f"{address}/files/{path}",
        content=data,
        headers={"If-Match": draft.headers["etag"]},
    )
    assert answer.status_code == 200, answer.text


async def test_files_of_a_tree_are_merged_by_their_paths(
    ada: httpx.AsyncClient, editor: httpx.AsyncClient
) -> None:
    skill = await begin(ada, kind="skill", name="pilot", content=SKILL)
    address = f"/components/{skill['id']}/draft"
    for path in ("both.txt", "mine.txt", "theirs.txt", "gone.txt"):
        await put_file(ada, address, path, b"first")
    first = (await publish_draft(ada, skill)).json()
    body = {"content": SKILL, "base_digest": first["digest"]}
    for client in (ada, editor):
        new = {"If-None-Match": "*"}
        assert (await client.put(address, json=body, headers=new)).is_success
    for path in ("both.txt", "theirs.txt", "added.bin"):
        await put_file(ada, address, path, b"\xff theirs")
    gone = await ada.delete(f"{address}/files/gone.txt", headers={"If-Match": "*"})
    assert gone.is_success, gone.text
    for path in ("both.txt", "mine.txt"):
        await put_file(editor, address, path, b"mine")
    second = (await publish_draft(ada, skill)).json()

    merge = (await editor.get(f"{address}/merge")).json()
    assert (merge["conflicts"], merge["clean"]) == ([], False)
    assert {file["path"]: file["side"] for file in merge["files"]} == {
        "added.bin": "theirs",
        "both.txt": None,
        "gone.txt": "theirs",
        "mine.txt": "mine",
        "theirs.txt": "theirs",
    }
    kept = {"content": merge["merged"], "latest_digest": second["digest"]}
    state = {"If-Match": (await editor.get(address)).headers["etag"]}
    wrong = {**kept, "theirs": ["mine.txt"]}
    refused = await editor.post(f"{address}/merge", json=wrong, headers=state)
    assert refused.status_code == 422
    answer = await editor.post(f"{address}/merge", json=kept, headers=state)
    assert answer.status_code == 200, answer.text
    made = await publish_draft(editor, skill)
    assert made.status_code == 201, made.text
    base = f"/components/{skill['id']}/revisions/3/files"
    for path, data in (
        ("added.bin", b"\xff theirs"),
        ("both.txt", b"mine"),
        ("mine.txt", b"mine"),
        ("theirs.txt", b"\xff theirs"),
    ):
        assert (await ada.get(f"{base}/{path}")).content == data, path
    assert (await ada.get(f"{base}/gone.txt")).status_code == 404


async def test_a_newer_base_brings_what_it_alone_changed(
    ada: httpx.AsyncClient, editor: httpx.AsyncClient
) -> None:
    skill = await begin(ada, kind="skill", name="pilot", content=SKILL)
    address = f"/components/{skill['id']}/draft"
    for path in ("mine.txt", "theirs.txt"):
        await put_file(ada, address, path, b"first")
    first = (await publish_draft(ada, skill)).json()
    body = {"content": SKILL, "base_digest": first["digest"]}
    for client in (ada, editor):
        await client.put(address, json=body, headers={"If-None-Match": "*"})
    await put_file(editor, address, "mine.txt", b"mine")
    await put_file(ada, address, "theirs.txt", b"theirs")
    second = (await publish_draft(ada, skill)).json()
    body["base_digest"] = second["digest"]
    saved = await editor.put(address, json=body, headers={"If-Match": '"d2"'})
    assert saved.status_code == 200, saved.text
    assert (await publish_draft(editor, skill)).status_code == 201
    for path in ("mine", "theirs"):
        file = f"/components/{skill['id']}/revisions/3/files/{path}.txt"
        assert (await ada.get(file)).content == path.encode()


async def test_owners_clear_away_what_somebody_began_and_left(
    ada: httpx.AsyncClient, editor: httpx.AsyncClient
) -> None:
    made = await begin(editor, visibility="internal")
    base = f"/components/{made['id']}"
    members = (await ada.get("/teams/ada/members")).json()["items"]
    [bob] = [one for one in members if one["user"]["username"] == "bob"]
    gone = await ada.delete("/teams/ada/members/bob", headers={"If-Match": bob["etag"]})
    assert gone.status_code == 204, gone.text
    state = {"If-Match": "*"}
    assert (await editor.get(base)).status_code == 404
    assert (await editor.delete(base, headers=state)).status_code == 404
    assert (await ada.get(base)).json()["published"] is False
    assert (await ada.delete(base, headers=state)).status_code == 204
    assert (await create(ada, "ada"))["name"] == "reviewer"
