"""What must never come by an update, and what happens to components meanwhile."""

import httpx
import orjson
import pytest
from fastapi import FastAPI

from tests.imports.conftest import agent
from tests.services.git_server import GitServer, Repository
from tests.teams.conftest import make_team, put_member
from tests.upstreams.conftest import Follower, agents

SECRET = "ghp_" + "k3Vb9QxW7rT2mLpZ8nYc4HsD1fGjA6uE0oRi"


def server(**environment: str) -> bytes:
    command = {"command": "run-search", "args": ["--fast"], "env": environment}
    return orjson.dumps({"mcpServers": {"search": command}})


async def decide(follower: Follower, preview: dict[str, object], secrets: str) -> None:
    """Say what becomes of the secrets in all files of an import."""
    address = f"/imports/{preview['id']}/files"
    files = (await follower.get(address))["items"]
    for file in (one for one in files if one["literal_secrets"]):
        answer = await follower.client.patch(
            f"{address}/{file['id']}", json={"secrets": secrets}
        )
        assert answer.status_code == 200, answer.text


async def test_a_secret_that_was_moved_out_does_not_come_back(
    follower: Follower, git_server: GitServer
) -> None:
    remote = git_server.add("kit", {".mcp.json": server(GITHUB_TOKEN=SECRET)})
    preview = await follower.read(remote)
    await decide(follower, preview, "move")
    id_ = str((await follower.apply(preview))["repository_id"])
    assert SECRET not in await follower.text("search", "servers")
    assert (await follower.check(id_))["updates"] == 0

    remote.commit({".mcp.json": server(GITHUB_TOKEN=SECRET, LEVEL="high")})
    assert (await follower.check(id_))["updates"] == 1
    merge = await follower.merge("search", "servers")
    assert SECRET not in str(merge)
    assert merge["objection"] is None
    assert (await follower.update("search", "servers")).status_code == 201
    text = await follower.text("search", "servers")
    assert "${GITHUB_TOKEN}" in text
    assert "high" in text
    assert SECRET not in text
    assert (await follower.check(id_))["updates"] == 0


async def test_a_new_secret_sends_to_an_import(
    follower: Follower, remote: Repository
) -> None:
    id_ = await follower.take(remote)
    leaking = agent("elm", body=f"You work.\nUse {SECRET} for it.\n")
    remote.commit({"agents/elm.md": leaking})
    await follower.check(id_)
    merge = await follower.merge("elm")
    assert "a GitHub token in AGENT.md, line 6" in merge["objection"]
    refused = await follower.update("elm")
    assert refused.status_code == 409
    assert "Import the repository again" in refused.json()["detail"]
    assert SECRET not in refused.text
    job = await follower.update_all(id_)
    assert job["result"] == {"updated": 0, "left": 1}
    assert SECRET not in str(await follower.log(job["id"]))

    # Taken knowingly by an import, it is no news in the next update.
    preview = await follower.read(remote)
    await decide(follower, preview, "keep")
    await follower.apply(preview)
    remote.commit({"agents/elm.md": leaking + b"More.\n"})
    await follower.check(id_)
    assert (await follower.update("elm")).status_code == 201


async def test_what_is_repaired_is_repaired_again(
    follower: Follower, git_server: GitServer
) -> None:
    text = agent("elm", "Plans work: first this, then that.")
    remote = git_server.add("broken", {"elm.md": text})
    id_ = await follower.take(remote)
    taken = await follower.text("elm")
    assert taken != text.decode()
    assert (await follower.check(id_))["updates"] == 0
    remote.commit({"elm.md": text + b"More.\n"})
    assert (await follower.check(id_))["updates"] == 1
    assert (await follower.update("elm")).status_code == 201
    assert await follower.text("elm") == f"{taken}More.\n"
    assert not (await follower.upstream("elm"))["has_local_changes"]


async def test_what_was_renamed_here_keeps_its_name(
    follower: Follower, remote: Repository
) -> None:
    id_ = await follower.take(remote)
    elm = await follower.id_of("elm")
    answer = await follower.client.post(
        f"/components/{elm}/rename", json={"name": "ulmus"}, headers={"If-Match": "*"}
    )
    assert answer.status_code == 200, answer.text
    remote.commit(agents("elm", body="You run.\n"))
    assert (await follower.check(id_))["updates"] == 1
    merge = await follower.merge("ulmus")
    assert merge["clean"]
    assert (await follower.update("ulmus")).status_code == 201
    expected = agent("ulmus", body="You run.\n").decode()
    assert await follower.text("ulmus") == expected


async def test_what_is_yanked_is_not_taken_back_silently(
    follower: Follower, remote: Repository
) -> None:
    id_ = await follower.take(remote)
    remote.commit(agents("elm", body="You run.\n"))
    await follower.check(id_)
    assert (await follower.update("elm")).status_code == 201
    elm = await follower.id_of("elm")
    answer = await follower.client.post(
        f"/components/{elm}/revisions/2/yank", json={"reason": "It runs."}
    )
    assert answer.status_code == 200
    remote.commit(agents("elm", body="You run.\n\nYou rest.\n"))
    await follower.check(id_)
    merge = await follower.merge("elm")
    # What the yanked revision brought was taken back here: that stays so.
    assert "You run." in merge["base"]
    assert "You run." not in merge["mine"]
    assert (await follower.upstream("elm"))["has_local_changes"]

    await follower.client.post(
        f"/components/{elm}/revisions/1/yank", json={"reason": "It works."}
    )
    address = f"/components/{elm}/upstream/update"
    none_left = await follower.client.get(address)
    assert none_left.status_code == 409
    assert "yanked" in none_left.json()["detail"]


async def test_what_is_transferred_has_no_upstream_any_more(
    follower: Follower, remote: Repository
) -> None:
    id_ = await follower.take(remote)
    await make_team(follower.client)
    elm = await follower.id_of("elm")
    answer = await follower.client.post(
        f"/components/{elm}/transfer",
        json={"team": "backend"},
        headers={"If-Match": "*"},
    )
    assert answer.status_code == 200, answer.text
    answer = await follower.client.get(f"/components/{elm}/upstream")
    assert answer.status_code == 404
    remote.commit(agents("elm", body="You run.\n"))
    seen = await follower.check(id_)
    assert (seen["components"], seen["updates"]) == (4, 0)


async def test_what_is_deleted_does_not_count_until_it_is_restored(
    follower: Follower, remote: Repository
) -> None:
    id_ = await follower.take(remote)
    elm = await follower.id_of("elm")
    answer = await follower.client.delete(
        f"/components/{elm}", headers={"If-Match": "*"}
    )
    assert answer.status_code == 204
    remote.commit(agents("elm", body="You run.\n"))
    seen = await follower.check(id_)
    assert (seen["components"], seen["updates"]) == (4, 0)
    job = await follower.update_all(id_)
    assert job["result"] == {"updated": 0, "left": 0}
    restored = await follower.client.post(f"/components/{elm}/restore")
    assert restored.status_code == 200
    assert (await follower.repository(id_))["updates"] == 1


async def test_what_was_redacted_is_pinned_and_let_go_of(
    follower: Follower, remote: Repository
) -> None:
    id_ = await follower.take(remote)
    remote.commit(agents("elm", body="You run.\n"))
    await follower.check(id_)
    elm = await follower.id_of("elm")
    revision = await follower.get(f"/components/{elm}/revisions/1")
    [file] = revision["files"]
    answer = await follower.client.post(
        f"/blobs/{file['digest']}/redact",
        json={"team": "ada", "reason": "A name in it."},
    )
    assert answer.is_success, answer.text
    assert (await follower.upstream("elm"))["is_pinned"]
    address = f"/components/{elm}/upstream/update"
    assert (await follower.client.get(address)).status_code == 409
    assert (await follower.update_all(id_))["result"] == {"updated": 0, "left": 1}


async def test_removing_a_repository_detaches_its_components(
    follower: Follower, remote: Repository
) -> None:
    id_ = await follower.take(remote)
    stale = await follower.client.delete(f"/repositories/{id_}")
    assert stale.status_code == 428
    gone = await follower.client.delete(
        f"/repositories/{id_}", headers={"If-Match": "*"}
    )
    assert gone.status_code == 204, gone.text
    assert (await follower.client.get(f"/repositories/{id_}")).status_code == 404
    assert await follower.components(upstream="any") == {}
    assert set(await follower.components()) >= {"elm", "fir"}


@pytest.fixture
async def shared(follower: Follower, bob: httpx.AsyncClient) -> Follower:
    """Ada in a team where Bob views."""
    await make_team(follower.client)
    await put_member(follower.client, "bob", "viewer")
    return Follower(follower.client, "backend")


async def test_others_learn_nothing_of_where_it_comes_from(
    app: FastAPI, shared: Follower, bob: httpx.AsyncClient, remote: Repository
) -> None:
    id_ = await shared.take(remote)
    remote.commit(agents("elm", body="You run.\n"))
    await shared.check(id_)
    elm = await shared.id_of("elm")
    viewer = Follower(bob, "backend")
    assert set(await viewer.components(upstream="available")) == {"elm"}
    assert (await bob.get(f"/components/{elm}/upstream")).status_code == 200
    for path in ("check", "update", "import"):
        answer = await bob.post(f"/repositories/{id_}/{path}")
        assert answer.status_code == 403, path

    await shared.client.patch(
        f"/components/{elm}", json={"visibility": "internal"}, headers={"If-Match": "*"}
    )
    await shared.client.delete("/teams/backend/members/bob")
    assert await viewer.components(upstream="any") == {}
    assert (await viewer.components())["elm"]["upstream_state"] is None
    assert (await bob.get(f"/components/{elm}/upstream")).status_code == 404
    assert (await bob.get(f"/repositories/{id_}")).status_code == 404
    assert (await viewer.get("/repositories"))["items"] == []


async def test_editors_leave_the_tokens_of_others_as_they_are(
    shared: Follower, bob: httpx.AsyncClient, remote: Repository
) -> None:
    id_ = await shared.take(remote, token="zR8p-Wq3x-Lm5T")
    await put_member(shared.client, "bob", "editor")
    address, headers = f"/repositories/{id_}", {"If-Match": "*"}
    for token in ("hN2v-Qk9d-Yt4B", None):
        refused = await bob.patch(address, json={"token": token}, headers=headers)
        assert refused.status_code == 403
    again = {"team": "backend", "url": remote.url, "token": "hN2v-Qk9d-Yt4B"}
    assert (await bob.post("/imports/repository", json=again)).status_code == 403
    changed = await bob.patch(address, json={"every": "week"}, headers=headers)
    assert changed.status_code == 200
    removed = await bob.delete(address, headers=headers)
    assert removed.status_code == 403
    answer = await shared.client.patch(address, json={"token": None}, headers=headers)
    assert not answer.json()["has_token"]


async def test_a_secret_of_a_server_is_known_by_its_place(
    follower: Follower, git_server: GitServer
) -> None:
    def remote_server(bearer: str) -> bytes:
        about = {"type": "http", "url": "https://mcp.example.org/"}
        headers = {"Authorization": f"Bearer {bearer}"}
        return orjson.dumps({"mcpServers": {"search": {**about, "headers": headers}}})

    remote = git_server.add("kit", {".mcp.json": remote_server("${SEARCH_TOKEN}")})
    id_ = await follower.take(remote)
    value = "Zq8wX2pLm4Rt6Yu8Io0P"
    remote.commit({".mcp.json": remote_server(value)})
    await follower.check(id_)

    merge = await follower.merge("search", "servers")
    assert merge["objection"] is not None
    assert value not in merge["objection"]
    assert (await follower.update("search", "servers")).status_code == 409
    assert (await follower.update_all(id_))["result"] == {"updated": 0, "left": 1}
    assert value not in await follower.text("search", "servers")


async def test_a_token_that_may_not_publish_updates_nothing(
    follower: Follower, remote: Repository
) -> None:
    id_ = await follower.take(remote)
    remote.commit(agents("elm", body="You run.\n"))
    await follower.check(id_)
    asked = await follower.client.post(f"/repositories/{id_}/update")
    job = asked.json()["id"]
    await follower.client.post(f"/jobs/{job}/cancel")
    body = {"name": "CI", "scopes": ["read", "write"]}
    token = (await follower.client.post("/auth/tokens", json=body)).json()["token"]
    again = await follower.client.post(
        f"/jobs/{job}/retry", headers={"Authorization": f"Bearer {token}"}
    )
    assert again.status_code == 201, again.text
    await follower.work()
    done = await follower.get(f"/jobs/{again.json()['id']}")
    assert done["state"] == "failed"
    assert "may not publish" in done["error"]
    assert (await follower.components())["elm"]["upstream_state"] == "available"
