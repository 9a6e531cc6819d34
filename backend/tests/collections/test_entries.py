"""Entries: their order, what they follow, what they stand for, who may see them."""

import asyncio
from uuid import uuid4

import httpx
import pytest
from sqlmodel import select

from roster.components.models import Component, Label
from roster.core.db import Database
from roster.core.model import utc_now
from roster.teams.models import Role
from tests.collections.conftest import (
    ANY,
    Join,
    collect,
    create,
    names,
    publish,
    put,
    read,
    release,
    released,
)
from tests.components.conftest import agent_file


async def test_their_order_is_kept_and_changed(ada: httpx.AsyncClient) -> None:
    one, two, three = [await create(ada, "ada", name) for name in ("a", "b", "c")]
    kit = await collect(ada, "kit", three, one)
    place = f"/collections/{kit['id']}"
    assert names(kit) == ["c", "a"]
    unchanged = await put(
        ada, kit, {"reference": "agent:ada/c"}, {"component_id": one["id"]}
    )
    assert unchanged["etag"] == kit["etag"]

    both = {"entries": [{"component_id": one["id"]}, {"reference": "agent:ada/b"}]}
    answer = await ada.post(f"{place}/entries", json=both)
    assert answer.json()["added"] == [two["id"]]
    assert names(answer.json()["collection"]) == ["c", "a", "b"]
    again = await ada.post(f"{place}/entries", json=both)
    assert again.json()["added"] == []
    assert again.headers["etag"] == answer.headers["etag"]

    async def move(agent: str, before: str | None) -> httpx.Response:
        path = f"{place}/entries/{agent}/move"
        return await ada.post(path, json={"before": before}, headers=ANY)

    assert names((await move(two["id"], three["id"])).json()) == ["b", "c", "a"]
    moved = await move(two["id"], None)
    assert names(moved.json()) == ["c", "a", "b"]
    assert (await move(two["id"], None)).headers["etag"] == moved.headers["etag"]
    for nowhere in (two["id"], str(uuid4())):
        assert (await move(two["id"], nowhere)).status_code == 422
    assert (await move(str(uuid4()), None)).status_code == 404

    stale = {"If-Match": kit["etag"]}
    for method, path, body in (
        ("PUT", f"{place}/entries", {"entries": []}),
        ("PATCH", f"{place}/entries/{one['id']}", {"number": 1}),
        ("POST", f"{place}/entries/{one['id']}/move", {"before": None}),
        ("DELETE", f"{place}/entries/{one['id']}", None),
    ):
        answer = await ada.request(method, path, json=body, headers=stale)
        assert answer.status_code == 412, (method, path)
        answer = await ada.request(method, path, json=body)
        assert answer.status_code == 428, (method, path)

    answer = await ada.delete(f"{place}/entries/{three['id']}", headers=ANY)
    assert answer.status_code == 204
    assert names(await read(ada, kit)) == ["a", "b"]
    answer = await ada.delete(f"{place}/entries/{three['id']}", headers=ANY)
    assert answer.status_code == 404
    assert names(await put(ada, kit)) == []


async def test_an_entry_follows_a_label_or_stays(ada: httpx.AsyncClient) -> None:
    agent = await create(ada, "ada")
    kit = await collect(ada, "kit", agent)
    place = f"/collections/{kit['id']}/entries/{agent['id']}"
    [entry] = kit["entries"]
    assert (entry["label"], entry["number"], entry["state"]) == ("latest", None, "ok")
    assert entry["revision"] == {"number": 1, "digest": agent["latest"]["digest"]}
    await publish(ada, agent, agent_file(body="Second.\n"))

    async def follow(**what: object) -> dict[str, object]:
        answer = await ada.patch(place, json=what, headers=ANY)
        assert answer.status_code == 200, answer.text
        found: dict[str, object] = answer.json()["entries"][0]
        return found

    assert (await follow(number=1))["revision"] == entry["revision"]
    assert (await follow())["revision"]["number"] == 2  # type: ignore[index] # an object
    unresolved = await follow(label="stable")
    assert (unresolved["state"], unresolved["revision"]) == ("unresolved", None)
    assert unresolved["description_tokens"] == 0
    await ada.put(
        f"/components/{agent['id']}/labels/stable", json={"number": 1}, headers=ANY
    )
    [entry] = (await read(ada, kit))["entries"]
    assert (entry["state"], entry["revision"]["number"]) == ("ok", 1)

    answer = await ada.patch(place, json={"number": 3}, headers=ANY)
    assert answer.json()["errors"][0]["loc"] == "number"
    both = await ada.patch(place, json={"number": 1, "label": "x"}, headers=ANY)
    assert both.status_code == 422
    before = await read(ada, kit)
    same = await ada.patch(place, json={"label": "stable"}, headers=ANY)
    assert same.headers["etag"] == before["etag"]


async def test_what_cannot_be_an_entry(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    own = await create(ada, "ada")
    foreign = await create(bob, "bob", "hidden")
    draft = (await create(ada, "ada", "gone"))["id"]
    await ada.delete(f"/components/{draft}", headers=ANY)
    kit = await collect(ada, "kit", own)
    place = f"/collections/{kit['id']}/entries"
    for entry, code in (
        ({"component_id": foreign["id"]}, "not_found"),
        ({"component_id": str(uuid4())}, "not_found"),
        ({"component_id": draft}, "not_found"),
        ({"reference": "agent:bob/hidden"}, "not_found"),
        ({"component_id": own["id"], "number": 2}, "not_found"),
    ):
        entries = {"entries": [entry]}
        for method in ("PUT", "POST"):
            answer = await ada.request(method, place, json=entries, headers=ANY)
            assert answer.status_code == 422, answer.text
            [error] = answer.json()["errors"]
            assert (error["loc"], error["code"]) == ("entries.0", code)
    twice = {
        "entries": [{"component_id": own["id"]}, {"reference": "agent:ada/reviewer"}]
    }
    answer = await ada.put(place, json=twice, headers=ANY)
    assert answer.json()["errors"][0] == {
        "loc": "entries.1",
        "message": "It is in the list already.",
        "code": "repeated",
    }
    for entry in ({}, {"component_id": own["id"], "reference": "agent:ada/reviewer"}):
        answer = await ada.put(place, json={"entries": [entry]}, headers=ANY)
        assert answer.status_code == 422
    assert (await read(ada, kit))["etag"] == kit["etag"]


async def test_at_most_a_thousand(ada: httpx.AsyncClient, database: Database) -> None:
    agent = await create(ada, "ada")
    async with database.write() as session:
        rows = await session.exec(select(Component))
        model = rows.one().model_dump(exclude={"id", "name"})
        many = [Component(**model, name=f"agent-{number}") for number in range(1000)]
        session.add_all(many)
    kit = await collect(ada, "kit")
    entries = [{"component_id": str(one.id)} for one in many]
    full = await put(ada, kit, *entries)
    assert len(full["entries"]) == 1000
    one = [{"component_id": agent["id"]}]
    place = f"/collections/{kit['id']}/entries"
    for method, wanted in (("POST", one), ("PUT", [*entries, *one])):
        answer = await ada.request(method, place, json={"entries": wanted}, headers=ANY)
        assert answer.status_code == 422
    backwards = await put(ada, kit, *reversed(entries))
    assert names(backwards)[0] == "agent-999"


async def test_of_one_name_the_topmost_wins(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    own = await create(ada, "ada", description="Short.")
    other = await create(
        bob, "bob", visibility="internal", description="Much longer than the other."
    )
    unlike = await create(ada, "ada", "unlike")
    kit = await collect(ada, "kit", other, own, unlike)
    assert kit["clashes"] == [
        {
            "kind": "agent",
            "name": "reviewer",
            "winner": other["id"],
            "shadowed": [own["id"]],
        }
    ]
    assert [entry["shadowed_by"] for entry in kit["entries"]] == [
        None,
        other["id"],
        None,
    ]
    cost = {
        entry["component_id"]: entry["description_tokens"] for entry in kit["entries"]
    }
    assert kit["description_tokens"] == cost[other["id"]] + cost[unlike["id"]]
    made = await released(ada, kit)
    assert [entry["shadowed"] for entry in made["entries"]] == [False, True, False]

    turned = await put(ada, kit, *({"component_id": one["id"]} for one in (own, other)))
    assert turned["clashes"][0]["winner"] == own["id"]
    # What stands for nothing shadows nothing.
    turned = await put(
        ada,
        kit,
        {"component_id": own["id"], "label": "stable"},
        {"component_id": other["id"]},
    )
    assert turned["clashes"] == []


async def test_never_wider_than_its_entries(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, join: Join
) -> None:
    private = await create(ada, "ada", "private")
    internal = await create(ada, "ada", "internal", visibility="internal")
    of_bob = await create(bob, "bob", "of-bob")
    await join("ada", "bob", Role.viewer)
    kit = await collect(ada, "kit", private, internal)
    place = f"/collections/{kit['id']}"
    refused = await ada.patch(place, json={"visibility": "internal"}, headers=ANY)
    assert refused.status_code == 409
    [error] = refused.json()["errors"]
    assert (error["loc"], error["code"]) == ("agent:ada/private", "narrower")
    assert (await read(ada, kit))["visibility"] == "private"
    # Not even private things of another team: not all of this team see them.
    add = {"entries": [{"component_id": of_bob["id"]}]}
    refused = await ada.post(f"{place}/entries", json=add)
    assert refused.json()["errors"][0]["loc"] == "agent:bob/of-bob"

    await put(ada, kit, {"component_id": internal["id"]})
    wider = await ada.patch(place, json={"visibility": "internal"}, headers=ANY)
    assert wider.json()["visibility"] == "internal"
    public = await ada.patch(place, json={"visibility": "public"}, headers=ANY)
    assert public.json()["errors"][0]["loc"] == "agent:ada/internal"
    add = {"entries": [{"component_id": private["id"]}]}
    refused = await ada.post(f"{place}/entries", json=add)
    assert (refused.status_code, names(await read(bob, kit))) == (409, ["internal"])


async def test_what_became_narrower_is_hidden(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    """Who does not see it learns nothing, also not by changing things around it."""
    agents = [
        await create(ada, "ada", name, visibility="internal")
        for name in ("x", "y", "z")
    ]
    theirs = await create(bob, "bob", visibility="internal")
    kit = await collect(bob, "kit", *agents, theirs, team="bob", visibility="internal")
    before = await released(bob, kit)
    place = f"/components/{agents[1]['id']}"
    await ada.patch(place, json={"visibility": "private"}, headers=ANY)
    await ada.patch(place, json={"licence": "MIT"}, headers=ANY)

    seen = await read(bob, kit)
    assert names(seen) == ["x", "z", "reviewer"]
    page = (await bob.get("/collections")).json()
    assert page["items"][0]["entry_count"] == 3
    assert page["items"][0]["latest_release"] is None
    assert seen["description_tokens"] == sum(
        entry["description_tokens"] for entry in seen["entries"]
    )
    hers = await read(ada, kit)
    assert [entry["state"] for entry in hers["entries"]] == ["ok", "hidden", "ok", "ok"]
    # The whole list, as he sees it: the hidden one stays behind what it stood behind.
    wanted = [{"component_id": entry["component_id"]} for entry in seen["entries"]]
    turned = await put(bob, kit, *reversed(wanted))
    assert names(turned) == ["reviewer", "z", "x"]
    assert names(await read(ada, kit)) == ["reviewer", "z", "x", "y"]
    await put(bob, kit, wanted[1])
    assert names(await read(ada, kit)) == ["z", "y"]
    answer = await bob.post(
        f"/collections/{kit['id']}/entries",
        json={"entries": [{"component_id": agents[1]["id"]}]},
    )
    assert answer.status_code == 422
    # It is left out of a release, and an earlier one that holds it is not there.
    after = await released(bob, kit)
    assert [entry["name"] for entry in after["entries"]] == ["z"]
    for path in ("", "/lock", "/changes", "/export"):
        answer = await bob.get(f"/collections/{kit['id']}/releases/1{path}")
        assert answer.status_code == 404, path
        assert (await ada.get(f"/collections/{kit['id']}/releases/1{path}")).is_success
    listed = (await bob.get(f"/collections/{kit['id']}/releases?count=true")).json()
    assert ([one["number"] for one in listed["items"]], listed["total"]) == ([2], 1)
    changes = await bob.get(f"/collections/{kit['id']}/releases/2/changes")
    assert changes.json()["against"] == 0
    assert before["number"] == 1


async def test_states_that_stop_a_release(
    ada: httpx.AsyncClient, database: Database
) -> None:
    gone = await create(ada, "ada", "gone")
    without = await create(ada, "ada", "without")
    kit = await collect(ada, "kit", gone, without)
    await put(
        ada,
        kit,
        {"component_id": gone["id"]},
        {"component_id": without["id"], "label": "stable"},
    )
    await ada.delete(f"/components/{gone['id']}", headers=ANY)
    first, second = (await read(ada, kit))["entries"]
    assert (first["state"], first["revision"], first["description"]) == (
        "deleted",
        None,
        "",
    )
    assert second["state"] == "unresolved"
    answer = await release(ada, kit)
    assert answer.status_code == 409
    assert [(error["loc"], error["code"]) for error in answer.json()["errors"]] == [
        ("agent:ada/gone", "deleted"),
        ("agent:ada/without", "unresolved"),
    ]
    # A list with a deleted one in it can still be saved.
    saved = await put(
        ada,
        kit,
        {"component_id": without["id"]},
        {"component_id": gone["id"], "number": 1},
    )
    assert names(saved) == ["without", "gone"]
    await put(ada, kit)
    assert (await release(ada, kit)).status_code == 409


async def test_lists_set_at_once_do_not_mix(ada: httpx.AsyncClient) -> None:
    agents = [await create(ada, "ada", f"agent-{number}") for number in range(4)]
    kit = await collect(ada, "kit")
    orders = [agents[start:] + agents[:start] for start in range(4)]
    place = f"/collections/{kit['id']}/entries"

    async def set_to(order: list[dict[str, object]], match: str) -> int:
        body = {"entries": [{"component_id": agent["id"]} for agent in order]}
        answer = await ada.put(place, json=body, headers={"If-Match": match})
        return answer.status_code

    answers = await asyncio.gather(*(set_to(order, "*") for order in orders))
    assert answers == [200] * 4
    after = await read(ada, kit)
    assert names(after) in [[agent["name"] for agent in order] for order in orders]
    answers = await asyncio.gather(
        *(set_to(order[:2], after["etag"]) for order in orders)
    )
    assert sorted(answers) == [200, 412, 412, 412]


@pytest.mark.parametrize("deprecated", [True, False])
async def test_a_deprecated_one_says_so(
    ada: httpx.AsyncClient, database: Database, *, deprecated: bool
) -> None:
    agent = await create(ada, "ada")
    kit = await collect(ada, "kit", agent)
    async with database.write() as session:
        component = (await session.exec(select(Component))).one()
        component.deprecated_at = utc_now() if deprecated else None
        component.deprecation_message = "Use another." if deprecated else None
        labels = (await session.exec(select(Label))).all()
        assert [label.name for label in labels] == ["latest"]
    [entry] = (await read(ada, kit))["entries"]
    assert entry["deprecated"] is deprecated
    assert entry["deprecation_message"] == ("Use another." if deprecated else None)
    assert (await release(ada, kit)).status_code == 201
