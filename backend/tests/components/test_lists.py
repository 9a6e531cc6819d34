"""Pages, filters, orders and facet counts."""

import base64
import json
from typing import Any

import httpx
import pytest

from roster.core.db import Database
from tests.components.conftest import agent_file, counted, create, publish

SORTS = [
    "name",
    "-name",
    "updated_at",
    "-updated_at",
    "created_at",
    "-created_at",
    "description_tokens",
    "-description_tokens",
]


@pytest.fixture
async def agents(ada: httpx.AsyncClient) -> list[dict[str, Any]]:
    return [
        await create(
            ada,
            "ada",
            f"agent-{number}",
            description="Reviews things. " + "More words here. " * (number % 3),
            model="opus" if number % 2 else "sonnet",
            tools=None if number == 0 else "Read, Grep" if number < 4 else "Bash",
            body="Body with the word needle.\n",
        )
        for number in range(7)
    ]


async def names(client: httpx.AsyncClient, **query: Any) -> list[str]:
    answer = await client.get("/agents", params=query)
    assert answer.status_code == 200, answer.text
    return [item["name"] for item in answer.json()["items"]]


async def walk(client: httpx.AsyncClient, **query: Any) -> list[str]:
    found: list[str] = []
    while True:
        page = (await client.get("/agents", params=query)).json()
        assert len(page["items"]) <= query["limit"]
        found += [item["name"] for item in page["items"]]
        if page["next_cursor"] is None:
            return found
        query["cursor"] = page["next_cursor"]


@pytest.mark.parametrize("sort", SORTS)
async def test_walking_in_every_order_meets_each_once(
    ada: httpx.AsyncClient, agents: list[dict[str, Any]], sort: str
) -> None:
    whole = await names(ada, sort=sort)
    assert await walk(ada, sort=sort, limit=2) == whole
    assert sorted(whole) == sorted(agent["name"] for agent in agents)
    key = sort.removeprefix("-")
    by_name = {agent["name"]: agent[key] for agent in agents}
    values = [by_name[name] for name in whole]
    assert values == sorted(values, reverse=sort.startswith("-"))


async def test_a_walk_is_not_disturbed_by_what_is_added(
    ada: httpx.AsyncClient, agents: list[dict[str, Any]]
) -> None:
    for query in ({"sort": "-created_at"}, {"q": "needle"}):
        first = (await ada.get("/agents", params={**query, "limit": 3})).json()
        await create(ada, "ada", f"later-{len(query)}-{query.get('q', 'x')}")
        added = await create(
            ada, "ada", f"needle-{len(str(query))}", body="needle " * 40
        )
        rest = await walk(ada, **query, limit=2, cursor=first["next_cursor"])
        found = [item["name"] for item in first["items"]] + rest
        assert len(found) == len(set(found))
        assert {agent["name"] for agent in agents} <= set(found)
        assert added["name"] not in found


async def test_the_default_order_is_newest_first(
    ada: httpx.AsyncClient, agents: list[dict[str, Any]]
) -> None:
    await publish(ada, agents[3], agent_file("agent-3", body="Touched.\n"))
    assert (await names(ada))[:2] == ["agent-3", "agent-6"]


async def test_filters(ada: httpx.AsyncClient, agents: list[dict[str, Any]]) -> None:
    async def found(**query: Any) -> list[str]:
        return [name[-1] for name in await names(ada, sort="name", **query)]

    assert await found(model="opus") == ["1", "3", "5"]
    assert await found(model=["opus", "sonnet"]) == list("0123456")
    assert await found(model="opus", tool="Bash") == ["5"]
    assert await found(tool=["Read", "Bash"]) == list("123456")
    assert await found(model="Opus") == []
    assert await found(team="ada") == list("0123456")
    assert await found(team="elsewhere") == []
    assert await found(q="needle", model="opus") == ["1", "3", "5"]
    await ada.put(
        f"/components/{agents[2]['id']}/labels/stable",
        json={"number": 1},
        headers={"If-Match": "*"},
    )
    assert await found(label="stable") == ["2"]
    assert await found(label=["stable", "latest"]) == list("0123456")
    worst = {agent["health"]["worst"] for agent in agents}
    assert len(await found(health=list(worst))) == 7
    others = {"error", "warning", "info", "fine"} - worst
    assert await found(health=list(others)) == []


async def test_references_find_what_they_name(
    ada: httpx.AsyncClient, agents: list[dict[str, Any]]
) -> None:
    references = [agent["reference"] for agent in agents[:2]]
    query = {"ref": [*references, "agent:ada/absent"], "sort": "name"}
    for address in ("/agents", "/components"):
        page = (await ada.get(address, params=query)).json()
        assert [item["reference"] for item in page["items"]] == references
    many = [f"agent:ada/none-{number}" for number in range(99)] + references[:1]
    page = (await ada.get("/components", params={"ref": many})).json()
    assert [item["reference"] for item in page["items"]] == references[:1]
    for wrong in (["agent:ada"], ["AGENT:ada/x"], ["agent:ada/x@"], many * 2):
        answer = await ada.get("/components", params={"ref": wrong})
        assert answer.status_code == 422, wrong


async def test_one_page_holds_all_references(ada: httpx.AsyncClient) -> None:
    made = [await create(ada, "ada", f"a-{number}") for number in range(55)]
    references = [agent["reference"] for agent in made]
    page = (await ada.get("/components", params={"ref": references})).json()
    assert len(page["items"]) == 55
    page = (await ada.get("/components", params={"ref": references, "limit": 9})).json()
    assert len(page["items"]) == 9


async def test_kinds(ada: httpx.AsyncClient, agents: list[dict[str, Any]]) -> None:
    for query, count in (({}, 7), ({"kind": "agent"}, 7), ({"kind": "skill"}, 0)):
        page = (await ada.get("/components", params=query)).json()
        assert len(page["items"]) == count
        assert page["total"] is None


@pytest.mark.parametrize(
    "query",
    [
        "unknown=1",
        "kind=agent",
        "sort=colour",
        "sort=relevance",
        "sort=relevance&q=+",
        "limit=0",
        "limit=201",
        "health=great",
        "count=perhaps",
        "cursor=nonsense",
        "q=" + "x" * 501,
    ],
)
async def test_wrong_parameters_are_named(ada: httpx.AsyncClient, query: str) -> None:
    answer = await ada.get(f"/agents?{query}")
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["loc"].startswith(query.partition("=")[0])


HOSTILE = [
    ["-updated_at", 5, 5],
    ["-updated_at", "2024-01-01T00:00:00", "0190b6a0-0000-7000-8000-000000000000"],
    ["name", "a\0b", "0190b6a0-0000-7000-8000-000000000000"],
    [
        "description_tokens",
        "99999999999999999999",
        "0190b6a0-0000-7000-8000-000000000000",
    ],
    ["description_tokens", "-1", "x"],
    ["description_tokens", "1", 5],
    ["description_tokens", {}, []],
    ["name"],
    [],
    5,
]


@pytest.mark.parametrize("parts", HOSTILE)
async def test_a_forged_cursor_is_refused(ada: httpx.AsyncClient, parts: Any) -> None:
    cursor = base64.urlsafe_b64encode(json.dumps(parts).encode()).decode()
    sort = parts[0] if isinstance(parts, list) and parts else "name"
    answer = await ada.get("/agents", params={"cursor": cursor, "sort": sort})
    assert answer.status_code == 422, answer.text


async def test_a_cursor_belongs_to_its_order(
    ada: httpx.AsyncClient, agents: list[dict[str, Any]]
) -> None:
    page = (await ada.get("/agents", params={"limit": 2, "sort": "name"})).json()
    query = {"cursor": page["next_cursor"], "sort": "-name"}
    assert (await ada.get("/agents", params=query)).status_code == 422


async def test_statements_do_not_grow_with_rows(
    ada: httpx.AsyncClient, database: Database, agents: list[dict[str, Any]]
) -> None:
    async def statements(address: str) -> int:
        with counted(database) as seen:
            answer = await ada.get(address)
            assert answer.status_code == 200
        return len([line for line in seen if line.lstrip().startswith("SELECT")])

    # Who asks is known from here on, and what is shown of the rows.
    await statements("/agents?limit=100")
    # One for the rows and their labels, or for each of them, and of a question
    # one for each place to look in; on PostgreSQL, one for the newest row.
    for address, most in (("/agents", 3), ("/agents?count=true&q=needle", 6)):
        few = await statements(address + ("&" if "?" in address else "?") + "limit=1")
        many = await statements(address)
        assert few == many <= most, address
    detail = f"/agents/{agents[0]['id']}"
    assert await statements(detail) <= 5
    revisions = f"/components/{agents[0]['id']}/revisions"
    one = await statements(revisions)
    for number in range(3):
        await publish(ada, agents[0], agent_file("agent-0", body=f"{number}\n"))
    await statements("/agents?limit=2")  # what was published made it ask again
    assert await statements(revisions) == one <= 4


async def test_facets_count_what_each_choice_would_show(
    ada: httpx.AsyncClient, agents: list[dict[str, Any]]
) -> None:
    async def facets(**query: Any) -> dict[str, dict[str, int]]:
        answer = (await ada.get("/agents/facets", params=query)).json()
        return {
            facet: {item["value"]: item["count"] for item in values}
            for facet, values in answer.items()
            if facet not in {"counted", "complete"}
        }

    whole = await facets()
    assert whole["team"] == {"ada": 7}
    assert whole["model"] == {"sonnet": 4, "opus": 3}
    assert whole["tool"] == {"Read": 3, "Grep": 3, "Bash": 3}
    assert whole["label"] == {"latest": 7}
    assert sum(whole["health"].values()) == 7
    # Its own filter leaves a facet's other values to be chosen as well.
    chosen = await facets(model="opus")
    assert chosen["model"] == whole["model"]
    assert chosen["tool"] == {"Read": 2, "Grep": 2, "Bash": 1}
    assert chosen["team"] == {"ada": 3}
    assert (await facets(q="needle"))["team"] == {"ada": 7}
    assert (await facets(q="nothing"))["team"] == {}
    answer = await ada.get("/agents/facets", params={"limit": 3})
    assert answer.status_code == 422
    order = (await ada.get("/agents/facets")).json()["model"]
    assert [item["value"] for item in order] == ["sonnet", "opus"]


async def test_more_values_than_a_column_holds_are_cut(ada: httpx.AsyncClient) -> None:
    long = ", ".join(f"tool-{'x' * 300}-{number}" for number in range(3))
    agent = await create(ada, "ada", tools=long)
    assert agent["tools"] == [f"tool-{'x' * 195}"]
