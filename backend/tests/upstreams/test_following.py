"""From a repository to components, and back to what changed there."""

import httpx

from tests.imports.conftest import agent
from tests.services.git_server import Repository
from tests.upstreams.conftest import Follower, agents


async def test_exactly_what_changed_can_be_updated(
    follower: Follower, remote: Repository
) -> None:
    id_ = await follower.take(remote)
    again = await follower.read(remote)
    assert again["counts"]["unchanged"] == 5
    assert again["counts"]["new"] == again["counts"]["changed"] == 0

    changed = agents("alder", "cedar", "fir", body="You work harder.\n")
    commit = remote.commit({**changed, "README.md": b"# More trees\n"})
    seen = await follower.check(id_)

    assert (seen["outcome"], seen["commit"], seen["error"]) == ("updates", commit, "")
    assert (seen["components"], seen["updates"], seen["pinned"]) == (5, 3, 0)
    assert seen["job"]["state"] == "succeeded"
    available = await follower.components(upstream="available")
    assert set(available) == {"alder", "cedar", "fir"}
    everything = await follower.components(upstream="any")
    states = {name: one["upstream_state"] for name, one in everything.items()}
    assert states == {
        **dict.fromkeys(("alder", "cedar", "fir"), "available"),
        **dict.fromkeys(("beech", "elm"), "current"),
    }
    needs = (await follower.get("/stats"))["needs_me"]["updates"]
    assert needs["count"] == 3
    assert {one["name"] for one in needs["first"]} == {"alder", "cedar", "fir"}
    log = await follower.log(seen["job"]["id"])
    assert [line for line in log if "there is an update" in line] == [
        f"agent {name}: there is an update." for name in ("alder", "cedar", "fir")
    ]


async def test_an_update_is_seen_and_taken(
    follower: Follower, remote: Repository
) -> None:
    id_ = await follower.take(remote)
    first = await follower.upstream("alder")
    assert first["path"] == "agents/alder.md"
    assert first["state"] == "current"
    assert first["number"] == 1
    assert first["update"] is None
    assert first["repository"]["url"] == remote.url

    better = agent("alder", body="You work harder.\n")
    commit = remote.commit({"agents/alder.md": better})
    await follower.check(id_)
    merge = await follower.merge("alder")
    assert merge["clean"]
    assert merge["theirs"] == merge["merged"] == better.decode()
    assert merge["commit"] == commit
    answer = await follower.update("alder")
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert (made["number"], made["source"]) == (2, "import")
    assert made["origin"] == {
        "path": "agents/alder.md",
        "repository": remote.url,
        "commit": commit,
    }
    assert await follower.text("alder") == better.decode()
    now = await follower.upstream("alder")
    assert (now["state"], now["number"], now["commit"]) == ("current", 2, commit)
    assert not now["has_local_changes"]
    assert now["update"] is None
    assert (await follower.repository(id_))["updates"] == 0
    address = f"/components/{await follower.id_of('alder')}/upstream/update"
    assert (await follower.client.get(address)).status_code == 404


async def test_what_was_changed_here_is_merged_and_never_lost(
    follower: Follower, remote: Repository
) -> None:
    id_ = await follower.take(remote)
    await follower.edit("elm", agent("elm", body="Mine.\n\nYou work.\n"))
    assert (await follower.upstream("elm"))["has_local_changes"]

    remote.commit({"agents/elm.md": agent("elm", body="You work.\n\nTheirs.\n")})
    await follower.check(id_)
    assert (await follower.update("elm")).status_code == 201
    assert (await follower.text("elm")).endswith("Mine.\n\nYou work.\n\nTheirs.\n")
    assert (await follower.upstream("elm"))["has_local_changes"]

    # The next merge begins from what was taken, and not from what came of it.
    remote.commit({"agents/elm.md": agent("elm", body="You work.\n\nMore.\n")})
    await follower.check(id_)
    assert (await follower.merge("elm"))["clean"]
    assert (await follower.update("elm")).status_code == 201
    assert (await follower.text("elm")).endswith("Mine.\n\nYou work.\n\nMore.\n")


async def test_a_conflict_is_decided_by_a_person(
    follower: Follower, remote: Repository
) -> None:
    id_ = await follower.take(remote)
    await follower.edit("elm", agent("elm", body="You rest.\n"))
    remote.commit({"agents/elm.md": agent("elm", body="You run.\n")})
    await follower.check(id_)

    merge = await follower.merge("elm")
    assert not merge["clean"]
    [conflict] = merge["conflicts"]
    sides = (conflict["base"], conflict["mine"], conflict["theirs"])
    assert sides == ("You work.\n", "You rest.\n", "You run.\n")
    refused = await follower.update("elm")
    assert refused.status_code == 409
    assert "decide" in refused.json()["detail"]
    assert (await follower.text("elm")).endswith("You rest.\n")

    decided = agent("elm", body="You rest, then run.\n").decode()
    assert (await follower.update("elm", content=decided)).status_code == 201
    assert await follower.text("elm") == decided
    assert (await follower.upstream("elm"))["state"] == "current"
    assert (await follower.check(id_))["updates"] == 0


async def test_an_update_is_taken_as_it_was_seen(
    follower: Follower, remote: Repository
) -> None:
    id_ = await follower.take(remote)
    remote.commit({"agents/elm.md": agent("elm", body="You run.\n")})
    await follower.check(id_)
    seen = await follower.merge("elm")
    address = f"/components/{await follower.id_of('elm')}/upstream/update"
    body = {name: seen[name] for name in ("latest_digest", "update_digest")}
    await follower.edit("elm", agent("elm", body="You rest.\n"))
    answer = await follower.client.post(address, json=body)
    assert answer.status_code == 409
    assert "look at the update again" in answer.json()["detail"]
    assert (await follower.text("elm")).endswith("You rest.\n")


async def test_all_are_updated_but_those_that_ask_for_a_person(
    follower: Follower, remote: Repository
) -> None:
    id_ = await follower.take(remote)
    await follower.edit("elm", agent("elm", body="You rest.\n"))
    names = ("alder", "beech", "cedar", "elm")
    remote.commit(agents(*names, body="You run.\n"))
    await follower.check(id_)
    await pin(follower, "cedar")
    assert (await follower.repository(id_))["updates"] == 3

    job = await follower.update_all(id_)
    assert job["state"] == "succeeded"
    assert job["result"] == {"updated": 2, "left": 2}
    log = await follower.log(job["id"])
    assert "Updated agent:ada/alder to revision 2." in log
    assert "Updated agent:ada/beech to revision 2." in log
    assert "agent:ada/cedar was left: it is pinned" in log
    assert any(line.startswith("agent:ada/elm was left: Both sides") for line in log)
    for name, body in [("alder", "run"), ("cedar", "work"), ("elm", "rest")]:
        assert (await follower.text(name)).endswith(f"You {body}.\n")


async def pin(follower: Follower, name: str, *, is_pinned: bool = True) -> None:
    present = await follower.upstream(name)
    answer = await follower.client.patch(
        f"/components/{await follower.id_of(name)}/upstream",
        json={"is_pinned": is_pinned},
        headers={"If-Match": present["etag"]},
    )
    assert answer.status_code == 200, answer.text
    assert answer.json()["is_pinned"] is is_pinned


async def test_what_is_pinned_stays_and_asks_for_nothing(
    follower: Follower, remote: Repository
) -> None:
    id_ = await follower.take(remote)
    await pin(follower, "elm")
    remote.commit(agents("elm", body="You run.\n"))
    seen = await follower.check(id_)
    assert (seen["updates"], seen["pinned"]) == (0, 1)
    assert await follower.components(upstream="available") == {}
    assert (await follower.components())["elm"]["upstream_state"] == "current"
    assert (await follower.get("/stats"))["needs_me"]["updates"]["count"] == 0
    assert (await follower.upstream("elm"))["state"] == "available"
    await pin(follower, "elm", is_pinned=False)
    assert set(await follower.components(upstream="available")) == {"elm"}


async def test_what_is_detached_goes_on_alone(
    follower: Follower, remote: Repository
) -> None:
    id_ = await follower.take(remote)
    address = f"/components/{await follower.id_of('elm')}/upstream"
    stale = await follower.client.delete(address, headers={"If-Match": '"v9"'})
    assert stale.status_code == 412
    gone = await follower.client.delete(address, headers={"If-Match": '"v1"'})
    assert gone.status_code == 204
    assert (await follower.client.get(address)).status_code == 404
    remote.commit(agents("elm", body="You run.\n"))
    seen = await follower.check(id_)
    assert (seen["components"], seen["updates"]) == (4, 0)
    # Taken again it is what stands there, and attached anew.
    preview = await reread(follower, id_)
    await follower.apply(preview)
    assert (await follower.upstream("elm"))["number"] == 2


async def reread(follower: Follower, id_: str) -> dict[str, object]:
    answer: httpx.Response = await follower.client.post(f"/repositories/{id_}/import")
    assert answer.status_code == 201, answer.text
    await follower.work()
    preview: dict[str, object] = await follower.get(f"/imports/{answer.json()['id']}")
    assert preview["repository_id"] == id_
    return preview
