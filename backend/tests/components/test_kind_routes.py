"""The routes of each kind, over components of all kinds in one team."""

from typing import Any

import httpx
import pytest

from roster.components.kinds import KINDS

SKILL = (
    "---\nname: notes\ndescription: Takes notes.\nallowed-tools: Read Write\n"
    "model: [opus]\nuser-invocable: on\nmood: calm\n---\nTake notes.\n"
)
COMMAND = "Fix issue $1 as $ARGUMENTS says.\n"
PROGRAM = '{"command": "npx", "args": ["@acme/a@1.0.0", "${ROOT:-.}"], "x": {"y": 1}}'
ADDRESS = '{"mcpServers": {"far": {"type": "http", "url": "https://mcp.acme.example"}}}'


async def make(client: httpx.AsyncClient, kind: str, **body: Any) -> dict[str, Any]:
    plural = KINDS[kind].plural
    answer = await client.post(f"/{plural}", json={"team": "ada", **body})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    assert answer.headers["location"] == f"/api/v1/{plural}/{made['id']}"
    return made


async def test_each_kind_says_what_is_its_own(ada: httpx.AsyncClient) -> None:
    skill = await make(ada, "skill", content=SKILL)
    assert skill["reference"] == "skill:ada/notes"
    assert list(skill["manifest"]) == [
        "name",
        "description",
        "allowed-tools",
        "user-invocable",
        "mood",
    ]
    assert skill["misfits"] == {"model": ["opus"]}
    assert skill["content"] == SKILL

    command = await make(ada, "command", content=COMMAND, name="fix-issue")
    assert command["arguments"] == ["$1", "$ARGUMENTS"]
    assert (command["manifest"], command["description"]) == ({}, COMMAND.strip())

    server = await make(ada, "server", content=PROGRAM, name="files")
    assert server["manifest"]["x"] == {"y": 1}
    assert server["references"] == [{"name": "ROOT", "required": False, "default": "."}]
    assert server["description"] == "Starts npx @acme/a@1.0.0"

    for made in (skill, command, server):
        plural = KINDS[made["kind"]].plural
        read = await ada.get(f"/{plural}/{made['id']}")
        assert read.json() == made
        revision = await ada.get(f"/components/{made['id']}/revisions/1")
        assert revision.json()["arguments"] == made.get("arguments", [])
        assert revision.json()["references"] == made.get("references", [])
        assert (await ada.get(f"/agents/{made['id']}")).status_code == 404
        as_file = await ada.get(
            f"/{plural}/{made['id']}", headers={"Accept": "text/markdown"}
        )
        is_json = as_file.headers["content-type"] == "application/json"
        assert is_json is (made["kind"] == "server")


async def test_lists_and_filters_of_each_kind(ada: httpx.AsyncClient) -> None:
    await make(ada, "server", content=PROGRAM, name="files")
    await make(ada, "server", content=ADDRESS)
    await make(ada, "skill", content=SKILL)

    async def names(plural: str, **query: Any) -> list[str]:
        answer = await ada.get(f"/{plural}", params={"sort": "name", **query})
        assert answer.status_code == 200, answer.text
        return [one["name"] for one in answer.json()["items"]]

    assert await names("servers") == ["far", "files"]
    assert await names("servers", transport="http") == ["far"]
    assert await names("servers", command=["npx", "uvx"]) == ["files"]
    assert await names("skills", tool="Write") == ["notes"]
    assert await names("commands") == []
    assert await names("components", kind=["server", "skill"]) == [
        "far",
        "files",
        "notes",
    ]
    assert (await ada.get("/skills?transport=http")).status_code == 422
    facets = (await ada.get("/servers/facets")).json()
    assert facets["transport"] == [
        {"value": "http", "count": 1},
        {"value": "stdio", "count": 1},
    ]
    # One name may be taken once in each kind.
    await make(ada, "command", content=COMMAND, name="files")


@pytest.mark.parametrize(
    ("kind", "body", "said"),
    [
        ("skill", {"content": "# Only a title\n"}, "no front matter"),
        ("command", {"content": COMMAND}, "Nothing says its name"),
        ("server", {"content": "{"}, "not valid JSON"),
        ("server", {"content": '{"args": []}', "name": "a"}, "no command"),
        ("server", {"content": ADDRESS, "name": "near"}, "its name is far"),
    ],
)
async def test_what_is_no_component_of_the_kind(
    ada: httpx.AsyncClient, kind: str, body: dict[str, str], said: str
) -> None:
    answer = await ada.post(f"/{KINDS[kind].plural}", json={"team": "ada", **body})
    assert answer.status_code == 422
    assert said in answer.json()["detail"]


async def test_a_text_is_checked_as_the_kind_that_is_asked_for(
    ada: httpx.AsyncClient,
) -> None:
    async def ok(**body: Any) -> bool:
        return bool((await ada.post("/lint", json=body)).json()["ok"])

    named = {"path": ".claude/commands/fix.md"}
    assert await ok(content=COMMAND, kind="command", **named)
    assert not await ok(content=COMMAND, kind="agent", **named)
    assert await ok(content=COMMAND, **named)
    assert await ok(content=ADDRESS, kind="server")
    assert await ok(
        content=r'{"command": "x", "\ud800": "\u0000"}', kind="server", path="a.json"
    )
    assert not await ok(content=ADDRESS)
