"""What Claude Code reads, in a project and in a plugin."""

import json
from dataclasses import replace

import pytest
import yaml

from roster.exports.plugin_names import marketplace_name, plugin_name
from roster.exports.shipment import Item
from roster.exports.targets.base import Fate, Note
from roster.exports.targets.registry import TARGETS
from tests.exports.shipments import item, lay_out, markdown, notes, ship, texts

AGENT = (
    b"---\nname: lead\ndescription: Leads. # c\ntools: Read, mcp__docs__find\n"
    b"---\nBe.\n"
)
SERVER = {"command": "npx", "args": ["-y", "docs@1.0.0"]}
PLUGIN = "plugins/kit"


def server(name: str, values: object) -> Item:
    document = {"mcpServers": {name: values}}
    return item("server", name, json.dumps(document).encode())


def fates(found: list[Note]) -> list[tuple[str | None, Fate]]:
    return [(note.field, note.fate) for note in found]


def front(text: str) -> dict[str, object]:
    values: dict[str, object] = yaml.safe_load(text.split("---")[1])
    return values


@pytest.mark.parametrize("target", ["claude-code", "claude-plugin"])
def test_what_is_read_as_it_is_keeps_its_bytes(target: str) -> None:
    skill = item(
        "skill", "fly", b"---\nname: fly\ndescription: F\n---\n", {"a.py": b"1"}
    )
    command = markdown("command", "fix", {"description": "Fixes."})
    lead = item("agent", "lead", AGENT.replace(b"\n", b"\r\n"))
    made = lay_out(target, lead, skill, command)
    root = f"{PLUGIN}/" if target == "claude-plugin" else ".claude/"
    found = {file.path: file for file in made.files}
    for one, path in (
        (lead, "agents/lead.md"),
        (skill, "skills/fly/SKILL.md"),
        (command, "commands/fix.md"),
    ):
        assert found[root + path].data == one.main
        assert found[root + path].component == one.reference
    assert found[f"{root}skills/fly/a.py"].stored == skill.others[0]
    assert {note.fate for note in made.notes} == {Fate.kept}
    assert not made.losses


@pytest.mark.parametrize(
    ("said", "field", "fate"),
    [
        ("name: other\ndescription: D", "name", Fate.renamed),
        ("description: D", "name", Fate.renamed),
        ("name: lead\ndescription: 12", "description", Fate.renamed),
        ("name: lead", "description", Fate.approximated),
        ("name: lead\ndescription: ''", "description", Fate.approximated),
        ("name: lead\ndescription: Use: it", None, Fate.approximated),
        ("name: lead\ndescription: 'a --- b'", None, Fate.renamed),
        ("name: lead\ndescription: |\n  a\n  ---", None, Fate.renamed),
    ],
)
def test_what_claude_code_would_skip_is_mended(
    said: str, field: str | None, fate: Fate
) -> None:
    one = item("agent", "lead", f"---\n{said}\n---\nBe kind.\n".encode())
    made = lay_out("claude-code", one)
    text = texts(made)[".claude/agents/lead.md"]
    values = front(text)
    assert values["name"] == "lead"
    assert isinstance(values["description"], str)
    assert values["description"]
    assert text.count("---") == 2
    assert (field, fate) in fates(list(made.notes))
    assert text.endswith("---\nBe kind.\n")


def test_a_mark_of_byte_order_goes() -> None:
    made = lay_out("claude-code", item("agent", "lead", b"\xef\xbb\xbf" + AGENT))
    assert texts(made)[".claude/agents/lead.md"].encode() == AGENT
    assert fates(list(made.notes)) == [(None, Fate.renamed)]


def test_servers_are_one_file_and_hold_no_secret() -> None:
    alone = lay_out("claude-code", server("docs", SERVER))
    assert json.loads(texts(alone)[".mcp.json"])["mcpServers"] == {"docs": SERVER}
    assert texts(alone)[".mcp.json"] == server("docs", SERVER).main.decode()
    secret = "glpat-" + "a1B2c3D4e5F6g7H8i9J0"  # assembled, so that no scanner stops
    remote = {
        "url": "https://a.example/mcp",
        "headers": {"Authorization": "Bearer ${TOKEN}", "X": "${X:-y}"},
    }
    local = {"command": "run", "args": "-a 'b c'", "env": {"PORT": 1, "TOKEN": secret}}
    made = lay_out("claude-code", server("far", remote), server("near", local))
    written = texts(made)[".mcp.json"]
    assert secret not in written
    held = json.loads(written)["mcpServers"]
    assert held["far"] == {"type": "http", **remote}
    assert held["near"]["args"] == ["-a", "b c"]
    assert held["near"]["env"] == {"PORT": "1", "TOKEN": "${TOKEN}"}
    variables = {one.name: one for one in made.variables}
    assert set(variables) == {"TOKEN", "X"}
    assert variables["TOKEN"].required
    assert len(variables["TOKEN"].components) == 2
    assert not variables["X"].required
    assert variables["X"].default == "y"


def test_a_command_behind_a_skill_of_its_name_is_told() -> None:
    skill = markdown("skill", "fix", {"name": "fix", "description": "F"})
    made = lay_out("claude-code", skill, markdown("command", "fix", {}))
    [lost] = made.losses
    assert lost.component.startswith("command:")


def test_a_plugin_says_what_it_is() -> None:
    made = texts(lay_out("claude-plugin", item("agent", "lead", AGENT)))
    market = json.loads(made[".claude-plugin/marketplace.json"])
    manifest = json.loads(made[f"{PLUGIN}/.claude-plugin/plugin.json"])
    assert manifest == {
        "name": "kit",
        "version": "3.0.0",
        "description": "What the forge works with.",
        "author": {"name": "ann"},
    }
    assert (market["name"], market["owner"]) == ("forge-kit", {"name": "forge"})
    [entry] = market["plugins"]
    assert entry["source"] == f"./{PLUGIN}"
    assert entry["version"] == manifest["version"]
    assert "`lead`: Leads." in made[f"{PLUGIN}/README.md"]


def test_a_reserved_name_is_told() -> None:
    made = TARGETS["claude-plugin"].export(replace(ship(), collection="claude"))
    [note] = made.notes
    assert (note.fate, note.becomes) == (Fate.renamed, "rosterclaude")
    assert note.path in texts(made)


def test_an_empty_plugin_is_one_too() -> None:
    made = replace(ship(), description=" \n", title="", author="")
    written = texts(TARGETS["claude-plugin"].export(made))
    manifest = json.loads(written[f"{PLUGIN}/.claude-plugin/plugin.json"])
    assert manifest["description"] == "What forge/kit holds."
    assert manifest["author"] == {"name": "forge"}


def test_agents_of_plugins_call_the_tools_of_its_servers_so() -> None:
    tools = b"  - mcp__docs\n  - mcp__docs-x__b\n"
    other = b"---\nname: a\ndescription: D\ntools:\n" + tools + b"---\n"
    made = lay_out(
        "claude-plugin",
        item("agent", "lead", AGENT),
        item("agent", "a", other),
        server("docs", SERVER),
    )
    called = AGENT.replace(b"mcp__docs__", b"mcp__plugin_kit_docs__")
    written = texts(made)
    assert written[f"{PLUGIN}/agents/lead.md"].encode() == called
    assert front(written[f"{PLUGIN}/agents/a.md"])["tools"] == [
        "mcp__plugin_kit_docs",
        "mcp__docs-x__b",
    ]
    assert not made.losses


def test_what_plugins_ignore_is_told() -> None:
    values = {
        "name": "a",
        "description": "D",
        "permissionMode": "plan",
        "hooks": {"a": 1},
    }
    made = lay_out("claude-plugin", markdown("agent", "a", values))
    assert [note.field for note in made.losses] == ["hooks", "permissionMode"]


def test_codex_is_told_where_the_token_is() -> None:
    remote = {
        "type": "http",
        "url": "https://a.example/mcp",
        "headers": {"Authorization": "Bearer ${TOKEN}"},
    }
    made = lay_out("claude-plugin", server("far", remote))
    held = json.loads(texts(made)[f"{PLUGIN}/.mcp.json"])["mcpServers"]
    assert held["far"] == {**remote, "bearer_token_env_var": "TOKEN"}
    assert fates(notes(made, "bearer_token_env_var")) == [
        ("bearer_token_env_var", Fate.renamed)
    ]


@pytest.mark.parametrize(
    ("name", "free"),
    [
        ("kit", "kit"),
        ("claude", "rosterclaude"),
        ("claude-code", "rosterclaude-code"),
        ("notes-for-anthropics", "notes-for-rosteranthropics"),
        ("cc-plugin-a", "roster-cc-plugin-a"),
        ("claudette", "claudette"),
        ("my-claude-official", "my-rosterclaude-own"),
        ("official-anthropic-kit", "own-rosteranthropic-kit"),
    ],
)
def test_reserved_names_of_plugins(name: str, free: str) -> None:
    assert plugin_name(name) == free


@pytest.mark.parametrize(
    ("team", "collection", "free"),
    [
        ("forge", "kit", "forge-kit"),
        ("agent", "skills", "roster-agent-skills"),
        ("inline", None, "roster-inline"),
        ("claude", "plugins-official", "rosterclaude-plugins-own"),
    ],
)
def test_reserved_names_of_marketplaces(
    team: str, collection: str | None, free: str
) -> None:
    assert marketplace_name(team, collection) == free
