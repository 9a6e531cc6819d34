"""Create and read agents."""

import json

import httpx
import pytest

from roster.components.content import content_digest
from roster.components.kinds import KINDS
from roster.settings import Settings
from tests.components.conftest import agent_file, create


async def test_create_answers_with_the_whole_agent(ada: httpx.AsyncClient) -> None:
    content = agent_file()
    answer = await ada.post(
        "/agents", json={"team": "ada", "content": content, "message": "First"}
    )
    assert answer.status_code == 201, answer.text
    agent = answer.json()
    assert answer.headers["location"] == f"/api/v1/agents/{agent['id']}"
    assert answer.headers["etag"] == agent["etag"] == '"v1"'
    assert agent["reference"] == "agent:ada/reviewer"
    assert agent["visibility"] == "private"
    assert agent["display_name"] is None
    assert agent["description"] == "Reviews a change before it is merged."
    assert agent["model"] == "sonnet"
    assert agent["tools"] == ["Read", "Grep"]
    assert list(agent["manifest"]) == ["name", "description", "tools", "model"]
    assert agent["body"] == "You review changes.\n"
    assert agent["content"] == content
    assert agent["labels"] == [{"name": "latest", "number": 1, "yanked": False}]
    assert agent["permissions"] == {"edit": True, "manage": True}
    assert agent["draft"] is False
    assert agent["health"]["worst"] in {"info", "fine"}
    latest = agent["latest"]
    assert latest["number"] == 1
    assert latest["digest"] == content_digest(KINDS["agent"], content.encode())
    assert latest["author"]["username"] == "ada"
    assert (await ada.get(answer.headers["location"][7:])).json() == agent


async def test_a_missing_name_comes_from_the_request(ada: httpx.AsyncClient) -> None:
    content = "---\ndescription: Plans the work.\n---\nPlan.\n"
    body = {"team": "ada", "content": content}
    answer = await ada.post("/agents", json=body)
    assert answer.status_code == 422
    assert [error["loc"] for error in answer.json()["errors"]] == ["content"]
    answer = await ada.post("/agents", json={**body, "name": "planner"})
    assert answer.status_code == 201, answer.text
    assert answer.json()["name"] == "planner"


async def test_another_name_in_the_file_is_refused(ada: httpx.AsyncClient) -> None:
    body = {"team": "ada", "content": agent_file("reviewer"), "name": "planner"}
    answer = await ada.post("/agents", json=body)
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert (error["loc"], error["code"]) == ("content", "name_differs")


async def test_a_name_written_otherwise_is_kept_beside(ada: httpx.AsyncClient) -> None:
    agent = await create(ada, "ada", "Code Reviewer")
    assert agent["name"] == "code-reviewer"
    assert agent["display_name"] == "Code Reviewer"


@pytest.mark.parametrize(
    ("content", "status"),
    [
        ("", 422),
        ("   \n", 422),
        ("no front matter at all", 422),
        ("---\nname: x\n---\nno description\n", 422),
        ("---\nname: [a, b]\ndescription: {}\n---\n", 422),
        ("half a character \ud800", 422),
        ("a NUL \0", 422),
        ("\x01\x02\x03" * 100, 422),
    ],
)
async def test_what_is_no_agent_names_the_content(
    ada: httpx.AsyncClient, content: str, status: int
) -> None:
    # Escapes that a client in another language may well send.
    body = json.dumps({"team": "ada", "content": content})
    json_type = {"Content-Type": "application/json"}
    answer = await ada.post("/agents", content=body, headers=json_type)
    assert answer.status_code == status, answer.text
    assert answer.json()["errors"]


async def test_errors_say_where(ada: httpx.AsyncClient) -> None:
    content = "---\nname: reviewer\n---\nNo description.\n"
    answer = await ada.post("/agents", json={"team": "ada", "content": content})
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert error["loc"] == "content"
    assert error["code"] == "manifest.description-missing"
    line, _, column = error["message"].split(" ")[0].partition(":")
    assert line.isdigit()
    assert column.isdigit()


async def test_a_file_over_the_limit_is_refused(
    ada: httpx.AsyncClient, settings: Settings
) -> None:
    content = agent_file(body="x" * settings.file_bytes)
    answer = await ada.post("/agents", json={"team": "ada", "content": content})
    assert answer.status_code == 413
    assert answer.json()["type"] == "/problems/too-large"


async def test_a_taken_name_is_a_conflict_even_when_deleted(
    ada: httpx.AsyncClient,
) -> None:
    agent = await create(ada, "ada")
    body = {"team": "ada", "content": agent_file()}
    for _ in range(2):
        answer = await ada.post("/agents", json=body)
        assert answer.status_code == 409
        assert answer.json()["type"] == "/problems/name-taken"
        await ada.delete(
            f"/components/{agent['id']}", headers={"If-Match": agent["etag"]}
        )


async def test_a_team_that_you_are_not_in_is_not_found(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    for slug in ("ada", "nowhere"):
        answer = await bob.post("/agents", json={"team": slug, "content": agent_file()})
        assert answer.status_code == 404, slug


async def test_a_viewer_makes_nothing(viewer: httpx.AsyncClient) -> None:
    answer = await viewer.post("/agents", json={"team": "ada", "content": agent_file()})
    assert answer.status_code == 403


async def test_hostile_yaml_values_are_stored_and_served(
    ada: httpx.AsyncClient,
) -> None:
    deep = "[" * 60 + "]" * 60
    content = (
        '---\nname: hostile\ndescription: "a\\0b\\ud800c"\n'
        f"model: {'m' * 500}\nbig: 123456789012345678901234567890\n"
        f"float: .nan\nwhen: 2024-01-01\ndeep: {deep}\n1: one\n---\nBody.\n"
    )
    answer = await ada.post("/agents", json={"team": "ada", "content": content})
    if answer.status_code == 422:  # refusing it is fine, failing is not
        assert answer.json()["errors"]
        return
    assert answer.status_code == 201, answer.text
    agent = answer.json()
    assert "\0" not in agent["description"]
    assert (await ada.get(f"/agents/{agent['id']}")).status_code == 200
    assert (await ada.get("/agents", params={"model": "m" * 200})).json()["items"]


async def test_the_file_itself_with_etag_and_304(ada: httpx.AsyncClient) -> None:
    agent = await create(ada, "ada", body="Prüfe ✅\r\n")
    for address in (f"/agents/{agent['id']}", f"/components/{agent['id']}"):
        accept = {"Accept": "text/markdown"}
        answer = await ada.get(address, headers=accept)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/markdown; charset=utf-8"
        assert answer.content == agent["content"].encode()
        assert answer.headers["etag"].startswith('"v1-')
        assert "Accept" in answer.headers["vary"]
        again = await ada.get(
            address, headers={**accept, "If-None-Match": answer.headers["etag"]}
        )
        assert again.status_code == 304
        assert again.content == b""
        as_json = await ada.get(address, headers={"Accept": "*/*"})
        assert as_json.headers["content-type"] == "application/json"
        assert as_json.headers["etag"] != answer.headers["etag"]


@pytest.mark.parametrize(
    ("accept", "markdown"),
    [
        ("text/markdown", True),
        ("text/*", True),
        ("text/markdown, application/json;q=0.5", True),
        ("text/markdown;q=0.5, application/json", False),
        ("text/markdown, application/json", False),
        ("text/markdown;q=nonsense", False),
        ("text/markdown; charset=utf-8", True),
        ("text/html, */*;q=0.8", False),
        ("", False),
    ],
)
async def test_negotiation(
    ada: httpx.AsyncClient, accept: str, *, markdown: bool
) -> None:
    agent = await create(ada, "ada")
    answer = await ada.get(f"/agents/{agent['id']}", headers={"Accept": accept})
    got = answer.headers["content-type"].startswith("text/markdown")
    assert got is markdown


async def test_reads_answer_304_until_something_changes(ada: httpx.AsyncClient) -> None:
    agent = await create(ada, "ada")
    addresses = [
        "/agents",
        "/agents/facets",
        f"/agents/{agent['id']}",
        f"/components/{agent['id']}",
        f"/components/{agent['id']}/revisions",
        f"/components/{agent['id']}/labels",
    ]
    tags = {}
    for address in addresses:
        answer = await ada.get(address)
        tags[address] = answer.headers["etag"]
        assert answer.headers["cache-control"] == "private, no-cache"
        again = await ada.get(address, headers={"If-None-Match": tags[address]})
        assert again.status_code == 304, address
    etag = agent["etag"]
    await ada.put(
        f"/components/{agent['id']}/labels/stable",
        json={"number": 1},
        headers={"If-Match": etag},
    )
    for address in addresses:
        again = await ada.get(address, headers={"If-None-Match": tags[address]})
        assert again.status_code == 200, address


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_an_unknown_or_foreign_kind_is_not_found(ada: httpx.AsyncClient) -> None:
    missing = "/agents/0190b6a0-0000-7000-8000-000000000000"
    assert (await ada.get(missing)).status_code == 404
    assert (await ada.get("/agents/not-an-id")).status_code == 422


async def test_nothing_without_signing_in(anonymous: httpx.AsyncClient) -> None:
    for address in ("/agents", "/agents/facets", "/components", "/rules"):
        assert (await anonymous.get(address)).status_code == 401, address
    assert (await anonymous.post("/lint", json={"content": "x"})).status_code == 401
