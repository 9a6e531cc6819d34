"""One action on many components: each wholly or not at all, all in one request."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from roster.core.db import Database
from roster.teams.models import Role
from tests.components.conftest import Join, counted, create

Agents = list[dict[str, Any]]
SOMEBODY = str(uuid4())


@pytest.fixture
async def agents(ada: httpx.AsyncClient) -> Agents:
    return [await create(ada, "ada", f"agent-{number}") for number in range(3)]


async def bulk(
    client: httpx.AsyncClient, action: str, items: Any, **arguments: Any
) -> list[dict[str, Any]]:
    items = [item if isinstance(item, dict) else {"id": item} for item in items]
    body = {"action": action, "items": items, **arguments}
    answer = await client.post("/components/bulk", json=body)
    assert answer.status_code == 200, answer.text
    results: list[dict[str, Any]] = answer.json()["items"]
    assert [result["id"] for result in results] == [item["id"] for item in items]
    return results


def statuses(results: list[dict[str, Any]]) -> list[int]:
    for result in results:
        assert (result["problem"] is None) == (result["status"] < 400)
    return [result["status"] for result in results]


async def actions(ada: httpx.AsyncClient, agent: dict[str, Any]) -> list[str]:
    events = await ada.get("/audit-events", params={"target": agent["id"]})
    return [event["action"] for event in events.json()["items"]]


async def test_each_item_has_its_result_in_order(
    ada: httpx.AsyncClient, agents: Agents
) -> None:
    first, second, third = agents
    items = [
        {"id": first["id"], "etag": first["etag"]},
        {"id": SOMEBODY},
        {"id": second["id"], "etag": '"v77"'},
        {"id": third["id"]},
    ]
    results = await bulk(ada, "label", items, label="production")
    assert statuses(results) == [200, 404, 412, 200]
    assert results[1]["etag"] is None
    assert results[2]["etag"] == second["etag"]
    problem = results[2]["problem"]
    assert problem["type"] == "/problems/stale"
    assert problem["instance"] == "/api/v1/components/bulk"
    for agent, result in ((first, results[0]), (third, results[3])):
        present = (await ada.get(f"/components/{agent['id']}")).json()
        assert {"production", "latest"} == {one["name"] for one in present["labels"]}
        assert present["etag"] == result["etag"] != agent["etag"]
        assert (await actions(ada, agent))[0] == "label.moved"
    untouched = (await ada.get(f"/components/{second['id']}")).json()
    assert untouched["etag"] == second["etag"]
    assert "label.moved" not in await actions(ada, second)

    ids = [agent["id"] for agent in agents]
    results = await bulk(ada, "label", ids, label="stable", number=2)
    assert statuses(results) == [422] * 3
    assert results[0]["problem"]["errors"][0]["loc"] == "number"
    assert statuses(await bulk(ada, "label", ids, label="latest")) == [409] * 3
    results = await bulk(ada, "unlabel", ids, label="production")
    assert statuses(results) == [200, 404, 200]


async def test_a_protected_label_is_a_problem_of_its_item(
    ada: httpx.AsyncClient, agents: Agents
) -> None:
    policy = {"who_may_move": "owner", "approvals": 1, "checks": [], "frozen": False}
    answer = await ada.put(
        "/teams/ada/policy/labels/production",
        json=policy,
        headers={"If-None-Match": "*"},
    )
    assert answer.is_success, answer.text
    ids = [agent["id"] for agent in agents]
    results = await bulk(ada, "label", ids, label="production")
    assert {result["problem"]["type"] for result in results} == {
        "/problems/label-protected"
    }
    assert statuses(await bulk(ada, "label", ids, label="canary")) == [200] * 3


async def test_delete_and_restore(ada: httpx.AsyncClient, agents: Agents) -> None:
    ids = [agent["id"] for agent in agents]
    assert statuses(await bulk(ada, "restore", ids)) == [404] * 3
    results = await bulk(ada, "delete", ids[:2], reason="Nobody used them.")
    assert statuses(results) == [204, 204]
    page = (await ada.get("/agents")).json()
    assert [item["id"] for item in page["items"]] == ids[2:]
    trash = (await ada.get("/agents", params={"deleted": True})).json()["items"]
    assert {item["deletion_reason"] for item in trash} == {"Nobody used them."}
    assert statuses(await bulk(ada, "delete", ids)) == [404, 404, 204]
    etags = [{"id": one["id"], "etag": one["etag"]} for one in results]
    assert statuses(await bulk(ada, "restore", [*etags, ids[2]])) == [200] * 3
    assert len((await ada.get("/agents")).json()["items"]) == 3


async def test_move_to_another_team(ada: httpx.AsyncClient, agents: Agents) -> None:
    answer = await ada.post("/teams", json={"slug": "platform", "name": "Platform"})
    assert answer.status_code == 201, answer.text
    await create(ada, "platform", "agent-1")
    ids = [agent["id"] for agent in agents]

    results = await bulk(ada, "move", ids, team="platform")

    assert statuses(results) == [200, 409, 200]
    assert results[1]["problem"]["type"] == "/problems/name-taken"
    found = (await ada.get("/agents", params={"sort": "name", "team": "ada"})).json()
    assert [item["name"] for item in found["items"]] == ["agent-1"]
    assert "component.transferred" not in await actions(ada, agents[1])
    assert (await actions(ada, agents[2]))[0] == "component.transferred"
    query = {"ref": [agent["reference"] for agent in agents], "sort": "name"}
    moved = (await ada.get("/components", params=query)).json()["items"]
    assert [item["team"]["slug"] for item in moved] == ["platform", "ada", "platform"]
    assert statuses(await bulk(ada, "move", ids, team="nowhere")) == [404] * 3


async def test_collect(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, agents: Agents
) -> None:
    body = {"team": "ada", "name": "all-of-them", "title": "All of them"}
    answer = await ada.post("/collections", json=body)
    assert answer.status_code == 201, answer.text
    collection = answer.json()
    ids = [agent["id"] for agent in agents]

    results = await bulk(
        ada, "collect", [ids[1], SOMEBODY, ids[0]], collection=collection["id"]
    )
    assert statuses(results) == [200, 404, 200]
    items = [{"id": ids[2], "etag": '"v9"'}, ids[1]]
    results = await bulk(ada, "collect", items, collection=collection["id"])
    assert statuses(results) == [412, 200]

    address = f"/collections/{collection['id']}/entries"
    entries = (await ada.get(f"/collections/{collection['id']}")).json()["entries"]
    assert len(entries) == 2, address
    asked: dict[str, Any] = {"action": "collect", "items": [{"id": ids[0]}]}
    for stranger, target in ((bob, collection["id"]), (ada, SOMEBODY)):
        answer = await stranger.post(
            "/components/bulk", json={**asked, "collection": target}
        )
        assert answer.status_code == 404


async def test_rights_are_those_of_the_single_routes(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, agents: Agents, join: Join
) -> None:
    shown = await create(ada, "ada", "shown", visibility="internal")
    ids = [agents[0]["id"], shown["id"]]
    for action, more in (("label", {"label": "x"}), ("delete", {})):
        assert statuses(await bulk(bob, action, ids, **more)) == [404, 403]
    await join("bob", "ada", Role.editor)
    assert statuses(await bulk(bob, "label", ids, label="x")) == [200, 200]
    assert statuses(await bulk(bob, "delete", ids)) == [403, 403]
    assert statuses(await bulk(bob, "move", ids, team="bob")) == [403, 403]
    await bulk(ada, "delete", ids)
    assert statuses(await bulk(bob, "restore", ids)) == [404, 404]


async def test_it_is_done_once_for_a_key(
    ada: httpx.AsyncClient, agents: Agents
) -> None:
    body = {"action": "delete", "items": [{"id": agent["id"]} for agent in agents]}
    headers = {"Idempotency-Key": "one-and-only"}
    first = await ada.post("/components/bulk", json=body, headers=headers)
    second = await ada.post("/components/bulk", json=body, headers=headers)
    assert first.json() == second.json()
    assert second.headers["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"action": "explode", "items": [{"id": SOMEBODY}]}, ""),
        ({"action": "delete", "items": []}, "delete.items"),
        ({"action": "delete", "items": [{"id": SOMEBODY}] * 2}, "delete.items"),
        ({"action": "delete", "items": [{"id": "x"}]}, "delete.items.0.id"),
        ({"action": "label", "items": [{"id": SOMEBODY}]}, "label.label"),
        ({"action": "delete", "items": [{"id": SOMEBODY}], "x": 1}, "delete.x"),
    ],
    ids=["action", "none", "twice", "id", "argument", "unknown"],
)
async def test_what_is_wrong_is_named(
    ada: httpx.AsyncClient, body: dict[str, Any], field: str
) -> None:
    answer = await ada.post("/components/bulk", json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["loc"].endswith(field)


async def test_five_hundred_at_most(
    ada: httpx.AsyncClient, database: Database, agents: Agents
) -> None:
    many = [{"id": str(uuid4())} for _ in range(501)]
    body = {"action": "delete", "items": many}
    assert (await ada.post("/components/bulk", json=body)).status_code == 422
    with counted(database) as seen:
        body = {"action": "delete", "items": [*many[:499], {"id": agents[0]["id"]}]}
        answer = await ada.post("/components/bulk", json=body)
    assert answer.status_code == 200
    # What may not be changed costs nothing for itself.
    assert len(seen) < 25
