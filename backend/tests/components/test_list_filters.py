"""Filters by kind, revisions by reference, and lists as lines."""

import json
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from roster.components.kinds import KINDS
from roster.components.query import ListModels
from tests.components.conftest import agent_file, create, publish

COMMON = {"team", "label", "health", "licence", "visibility", "deprecated"}


async def names(client: httpx.AsyncClient, **query: Any) -> list[str]:
    answer = await client.get("/components", params={"sort": "name", **query})
    assert answer.status_code == 200, answer.text
    return [item["name"] for item in answer.json()["items"]]


def parameters(document: dict[str, Any], path: str) -> set[str]:
    given = document["paths"][f"/api/v1{path}"]["get"]["parameters"]
    assert all(each["schema"] and each["description"] for each in given)
    return {each["name"] for each in given}


async def test_each_list_takes_and_counts_the_facets_of_its_kind(
    ada: httpx.AsyncClient, app: FastAPI
) -> None:
    document = app.openapi()
    every = {facet for kind in KINDS.values() for facet in kind.facets}
    page = {"limit", "cursor", "sort", "count", "highlights"}
    shared = COMMON | {
        "updated_since",
        "upstream",
        "q",
        "deleted",
        "ref",
        "If-None-Match",
    }
    lists = {kind.plural: set(kind.facets) for kind in KINDS.values()}
    for plural, own in {**lists, "components": every | {"kind"}}.items():
        assert parameters(document, f"/{plural}") == shared | page | own
        assert parameters(document, f"/{plural}/facets") == shared | own
        counts = (await ada.get(f"/{plural}/facets")).json()
        assert set(counts) == COMMON | own | {"counted", "complete"}
        for foreign in every - own:
            for path in (f"/{plural}", f"/{plural}/facets"):
                answer = await ada.get(path, params={foreign: "x"})
                assert answer.status_code == 422, (path, foreign)
                assert answer.json()["errors"][0]["loc"] == foreign


def test_a_facet_does_not_hide_what_all_lists_have() -> None:
    class Clashing(type(KINDS["agent"])):  # type: ignore[misc]
        facets = ("model", "sort")

    with pytest.raises(ValueError, match="sort"):
        ListModels.of(Clashing())


async def test_common_filters_and_their_counts(ada: httpx.AsyncClient) -> None:
    first, second, third = [
        await create(ada, "ada", f"agent-{number}", visibility=visibility)
        for number, visibility in enumerate(("private", "internal", "internal"))
    ]
    await publish(ada, first, agent_file("agent-0", body="Later.\n"))
    present = (await ada.get(f"/components/{first['id']}")).json()

    assert await names(ada, visibility="internal") == ["agent-1", "agent-2"]
    assert await names(ada, visibility=["internal", "private"], limit=1) == ["agent-0"]
    assert await names(ada, deprecated=True) == []
    assert await names(ada, deprecated=False, kind="agent") == [
        one["name"] for one in (first, second, third)
    ]
    assert await names(ada, licence="MIT") == []
    since = present["updated_at"]
    assert await names(ada, updated_since=since) == ["agent-0"]
    assert await names(ada, updated_since="9999-12-31T23:59:59Z") == []
    answer = await ada.get("/components", params={"updated_since": "2024-01-01T00:00"})
    assert answer.status_code == 422

    counts = (await ada.get("/components/facets")).json()
    assert (counts["counted"], counts["complete"]) == (3, True)
    assert counts["kind"] == [{"value": "agent", "count": 3}]
    assert counts["visibility"] == [
        {"value": "internal", "count": 2},
        {"value": "private", "count": 1},
    ]
    assert counts["deprecated"] == [{"value": "false", "count": 3}]
    narrowed = {"visibility": "private", "kind": "agent"}
    counts = (await ada.get("/components/facets", params=narrowed)).json()
    assert len(counts["visibility"]) == 2
    assert counts["counted"] == 1


async def test_what_a_caller_may_not_see_is_in_no_list_and_no_count(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    await create(ada, "ada", "hidden", tools="Secretive")
    await create(ada, "ada", "shared", visibility="internal", tools="Read")

    answer = await bob.get("/components", params={"count": True})
    assert [item["name"] for item in answer.json()["items"]] == ["shared"]
    assert (answer.json()["total"], answer.json()["at_least"]) == (1, False)
    counts = (await bob.get("/components/facets")).json()
    assert counts["counted"] == 1
    assert counts["tool"] == [{"value": "Read", "count": 1}]
    assert await names(bob, ref="agent:ada/hidden@1") == []
    lines = await bob.get("/agents", headers={"Accept": "application/x-ndjson"})
    assert "hidden" not in lines.text


async def test_references_name_revisions(ada: httpx.AsyncClient) -> None:
    one = await create(ada, "ada", "one")
    two = await create(ada, "ada", "two")
    await publish(ada, one, agent_file("one", body="Second.\n"))
    await ada.put(
        f"/components/{one['id']}/labels/production",
        json={"number": 1},
        headers={"If-Match": "*"},
    )
    references = [
        "agent:ada/one@production",
        "roster:agent:ada/one@2",
        "agent:ada/one@3",
        "agent:ada/one@canary",
        "agent:ada/two@99999999999999999999",
        "roster:agent:ada/two",
        "agent:ada/none@1",
    ]
    query = {"ref": references, "sort": "name"}
    items = (await ada.get("/components", params=query)).json()["items"]
    found = [(item["name"], item["revision"]) for item in items]
    first = {"number": 1, "digest": one["latest"]["digest"]}
    assert [name for name, _ in found] == ["one", "one", "two"]
    assert found[0][1] == first
    assert found[1][1]["number"] == 2
    assert found[1][1]["digest"] != first["digest"]
    assert found[2][1] is None
    assert items[2]["id"] == two["id"]
    one_of_them = {"ref": "agent:ada/two@latest"}
    [item] = (await ada.get("/agents", params=one_of_them)).json()["items"]
    assert item["revision"] == {"number": 1, "digest": two["latest"]["digest"]}
    [item] = (await ada.get("/components", params={"ref": references[5]})).json()[
        "items"
    ]
    assert item["revision"] is None


async def test_lists_stream_as_lines(ada: httpx.AsyncClient) -> None:
    for number in range(5):
        model = "opus" if number % 2 else "sonnet"
        await create(ada, "ada", f"agent-{number}", model=model)

    headers = {"Accept": "application/x-ndjson"}
    query: dict[str, str | int] = {"model": "sonnet", "sort": "-name", "limit": 2}
    for path in ("/agents", "/components"):
        page = (await ada.get(path, params={**query, "limit": 200})).json()
        answer = await ada.get(path, params=query, headers=headers)
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("application/x-ndjson")
        lines = [json.loads(line) for line in answer.text.splitlines()]
        assert lines == page["items"]
        assert [line["name"][-1] for line in lines] == ["4", "2", "0"]
    for wrong in ({"sort": "relevance"}, {"cursor": "nonsense"}):
        answer = await ada.get("/agents", params=wrong, headers=headers)
        assert answer.status_code == 422
