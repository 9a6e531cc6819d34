"""Files of other tools, from the upload to the component."""

import json

from tests.imports.conftest import Importer, agent

CODEX = (
    b"name = 'scout'\ndescription = 'Looks around.'\nsandbox_mode = 'read-only'\n"
    b"developer_instructions = 'Look around.'\n"
)
SCOUT = (
    b"---\nname: scout\ndescription: Looks around.\nsandbox_mode: read-only\n---\n"
    b"Look around."
)
SERVERS = {
    "one": {"httpUrl": "https://one.example/mcp", "headers": {"A": "Bearer $ONE"}},
    "two": {"command": "npx", "args": ["two@1.0.0"]},
}
TREE = {
    ".codex/agents/scout.toml": CODEX,
    ".gemini/commands/git/tidy.toml": b"prompt = 'Tidy {{args}}.'\n",
    ".gemini/settings.json": json.dumps({"mcpServers": SERVERS}).encode(),
    ".cursor/agents/keeper.md": agent("keeper", readonly="true"),
}


async def test_they_are_published_in_the_form_of_ours(importer: Importer) -> None:
    preview = await importer.take(TREE)
    found = await preview.files()
    assert {path: one["result"]["outcome"] for path, one in found.items()} == {
        ".codex/agents/scout.toml": "created",
        ".cursor/agents/keeper.md": "created",
        ".gemini/commands/git/tidy.toml": "created",
        ".gemini/settings.json#one": "created",
        ".gemini/settings.json#two": "created",
    }
    answer = await importer.client.get("/components", params={"team": "ada"})
    made = {f"{one['kind']}:{one['name']}" for one in answer.json()["items"]}
    assert made == {
        "agent:scout",
        "agent:keeper",
        "command:git-tidy",
        "server:one",
        "server:two",
    }
    assert await importer.file("scout") == SCOUT
    assert await importer.file("keeper") == agent("keeper", readonly="true")


async def test_the_second_time_nothing_is_new(importer: Importer) -> None:
    await importer.take(TREE)
    again = await importer.upload(TREE)
    files = await again.files()
    assert {one["outcome"] for one in files.values()} == {"unchanged"}


async def test_the_preview_says_what_was_done(importer: Importer) -> None:
    preview = await importer.upload(TREE)
    files = await preview.files()
    scout = files[".codex/agents/scout.toml"]
    assert (scout["tool"], scout["name"]) == ("codex", "scout")
    detail = await preview.detail(".codex/agents/scout.toml")
    assert detail["source"] == CODEX.decode()
    assert detail["original"] == SCOUT.decode()
    assert "developer_instructions is the text." in detail["notes"]
    one = await preview.detail(".gemini/settings.json#one")
    assert json.loads(one["original"])["mcpServers"]["one"] == {
        "type": "http",
        "url": "https://one.example/mcp",
        "headers": {"A": "Bearer ${ONE}"},
    }
    assert "two" not in one["source"]


async def test_a_plugin_that_stands_elsewhere_is_left_aside(importer: Importer) -> None:
    source = {"source": "github", "repo": "acme/kit"}
    entry = {"name": "kit", "source": source}
    path = ".claude-plugin/marketplace.json"
    preview = await importer.upload(
        {path: json.dumps({"plugins": [entry]}).encode(), "agents/a.md": agent("a")}
    )
    row = (await preview.files())[f"{path}#kit"]
    assert (row["outcome"], row["kind"]) == ("left_aside", "plugin")
    assert "https://github.com/acme/kit" in row["reason"]
    assert row["elsewhere"]["url"] == "https://github.com/acme/kit"
