"""What Copilot, Cursor, OpenCode, Codex and Gemini CLI are given to read."""

import json
import tomllib
from typing import Any

import pytest
import yaml
from hypothesis import given

from roster.exports.shipment import Item
from roster.exports.targets.base import Exported, Fate
from tests.exports import strategies
from tests.exports.shipments import item, lay_out, markdown, notes, texts
from tests.exports.test_round_trip import QUICK
from tests.exports.validators import CHECKS
from tests.real_clients import stock

STOCK = (
    *(item("agent", name, text.encode()) for name, text in stock.AGENTS.items()),
    *(item("command", name, text.encode()) for name, text in stock.COMMANDS.items()),
    *(item("server", name, text.encode()) for name, text in stock.SERVERS.items()),
    *(
        item(
            "skill",
            name,
            files["SKILL.md"],
            {k: v for k, v in files.items() if k != "SKILL.md"},
        )
        for name, files in stock.SKILLS.items()
    ),
)
AGENT = {
    "name": "reviewer",
    "description": "Reviews: all.",
    "tools": "Read, Bash(git log:*), mcp__docs__find, NotebookOpen",
    "model": "sonnet",
    "color": "blue",
    "maxTurns": 5,
}


def problems(target: str, exported: Exported) -> list[str]:
    written = {file.path: file.data for file in exported.files if file.data is not None}
    return CHECKS[target](written)


@pytest.mark.parametrize("target", CHECKS)
def test_awkward_components_are_accepted(target: str) -> None:
    exported = lay_out(target, *STOCK)
    assert problems(target, exported) == []
    held = {note.component for note in exported.notes}
    assert {one.reference for one in STOCK} <= held


@pytest.mark.parametrize("target", CHECKS)
@QUICK
@given(strategies.shipments())
def test_anything_that_can_be_published_is_accepted(
    target: str, items: tuple[Item, ...]
) -> None:
    exported = lay_out(target, *items)
    written = {file.path: file.data for file in exported.files if file.data is not None}
    assert CHECKS[target](written) == []


def only(target: str, one: Item) -> tuple[str, Exported]:
    exported = lay_out(target, one)
    text = next(text for path, text in texts(exported).items() if one.name in path)
    return text, exported


def fields(text: str) -> Any:
    return yaml.safe_load(text.split("---\n")[1])


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (
            "copilot",
            {
                "name": "reviewer",
                "tools": ["Read", "Bash", "docs/find", "NotebookOpen"],
                "model": "Claude Sonnet 4.5",
            },
        ),
        ("cursor", {"name": "reviewer", "model": "claude-4.5-sonnet"}),
        (
            "opencode",
            {
                "mode": "subagent",
                "model": "anthropic/claude-sonnet-4-5",
                "steps": 5,
                "tools": {"*": False, "read": True, "bash": True, "docs_find": True},
                "color": "#3e63dd",
            },
        ),
        (
            "gemini",
            {
                "kind": "local",
                "name": "reviewer",
                "tools": ["read_file", "run_shell_command", "mcp_docs_find"],
                "max_turns": 5,
            },
        ),
    ],
)
def test_an_agent(target: str, expected: dict[str, Any]) -> None:
    text, exported = only(target, markdown("agent", "reviewer", AGENT))
    assert fields(text) == {"description": "Reviews: all.", **expected}
    assert text.endswith("---\nDo it.\n")
    said = [note.why for note in notes(exported, "tools")]
    assert target == "cursor" or any("NotebookOpen" in why for why in said)


def test_an_agent_for_codex() -> None:
    body = 'Look for \\d+ and """ and \'x\'.\nThen end.\n'
    text, _ = only("codex", markdown("agent", "reviewer", AGENT, body))
    assert tomllib.loads(text) == {
        "name": "reviewer",
        "description": "Reviews: all.",
        "developer_instructions": body,
    }
    assert "developer_instructions = '''\nLook for \\d+" in text


@pytest.mark.parametrize(
    ("target", "key", "value"),
    [("cursor", "readonly", True), ("codex", "sandbox_mode", "read-only")],
)
@pytest.mark.parametrize(
    "values", [{"tools": "Read, Grep"}, {"tools": []}, {"permissionMode": "plan"}]
)
def test_an_agent_that_changes_nothing(
    target: str, key: str, value: Any, values: dict[str, Any]
) -> None:
    told = {"name": "a", "description": "b", **values}
    text, exported = only(target, markdown("agent", "a", told))
    read = tomllib.loads(text) if target == "codex" else fields(text)
    assert read[key] == value
    [note] = notes(exported, *values)
    assert (note.fate, note.becomes) == (Fate.approximated, key)


def test_a_prompt_that_is_too_long_for_copilot_is_cut_and_told() -> None:
    one = markdown("agent", "a", {"name": "a", "description": "b"}, "x" * 30_001)
    text, exported = only("copilot", one)
    assert text.endswith("---\n" + "x" * 30_000)
    assert [note.fate for note in notes(exported, "body")] == [Fate.approximated]


@pytest.mark.parametrize(
    ("target", "body", "written"),
    [
        (
            "copilot",
            "Fix $1, $topic: $ARGUMENTS.",
            "Fix ${input:argument-1}, ${input:topic}: ${input:arguments}.",
        ),
        ("opencode", "Fix $0, $topic: $ARGUMENTS[1].", "Fix $1, $1: $2."),
        ("opencode", "Fix $1: !`git log` @a.md.", "Fix $1: !`git log` @a.md."),
        (
            "gemini",
            "Do $ARGUMENTS: !`git log` @docs/a.md @acme/b me@x.org",
            "Do {{args}}: !{git log} @{docs/a.md} @acme/b me@x.org",
        ),
        ("gemini", "!`awk '{'`", "!`awk '{'`"),
        ("gemini", "!`grep $ARGUMENTS .`", "!`grep $ARGUMENTS .`"),
        # Words for us, which Gemini would start and read.
        ("gemini", "Say !{id} and @{/etc/passwd}", "Say ! {id} and @ {/etc/passwd}"),
    ],
)
def test_what_commands_have_filled_in(target: str, body: str, written: str) -> None:
    values = {"description": "Fixes.", "arguments": ["topic"]}
    text, _ = only(target, markdown("command", "fix", values, body))
    read = tomllib.loads(text)["prompt"] if target == "gemini" else text
    assert read.endswith(written)


@pytest.mark.parametrize("target", ["cursor", "codex", "gemini"])
def test_what_is_not_filled_in_is_told(target: str) -> None:
    _, exported = only(target, markdown("command", "fix", {}, "Do it with $1."))
    [note] = notes(exported, "body")
    assert (note.fate, "$1" in note.why) == (Fate.approximated, True)


def test_commands_are_skills_of_codex_that_wait_to_be_asked() -> None:
    skill = markdown("skill", "fix", {"name": "fix", "description": "Of a skill."})
    command = markdown("command", "fix", {"description": "Of a command."})
    written = texts(lay_out("codex", command, skill))
    assert "Of a skill." in written[".agents/skills/fix/SKILL.md"]
    assert "Of a command." in written[".agents/skills/fix-command/SKILL.md"]
    policy = written[".agents/skills/fix-command/agents/openai.yaml"]
    assert yaml.safe_load(policy) == {"policy": {"allow_implicit_invocation": False}}


SERVER = {
    "command": "npx",
    "args": ["-y", "tickets"],
    "env": {"TICKETS_TOKEN": "${TICKETS_TOKEN}", "AREA": "${AREA:-all}"},
}
REMOTE = {
    "type": "http",
    "url": "https://a.example/mcp",
    "headers": {"Authorization": "Bearer ${TOKEN}", "X-Team": "forge"},
}


@pytest.mark.parametrize(
    ("target", "path", "local", "remote"),
    [
        (
            "copilot",
            ("servers",),
            {
                "type": "stdio",
                "command": "npx",
                "args": ["-y", "tickets"],
                "env": {
                    "TICKETS_TOKEN": "${input:TICKETS_TOKEN}",
                    "AREA": "${input:AREA}",
                },
            },
            REMOTE
            | {
                "headers": {"Authorization": "Bearer ${input:TOKEN}", "X-Team": "forge"}
            },
        ),
        (
            "cursor",
            ("mcpServers",),
            SERVER
            | {"env": {"TICKETS_TOKEN": "${env:TICKETS_TOKEN}", "AREA": "${env:AREA}"}},
            REMOTE
            | {"headers": {"Authorization": "Bearer ${env:TOKEN}", "X-Team": "forge"}},
        ),
        (
            "opencode",
            ("mcp",),
            {
                "type": "local",
                "command": ["npx", "-y", "tickets"],
                "environment": {
                    "TICKETS_TOKEN": "{env:TICKETS_TOKEN}",
                    "AREA": "{env:AREA}",
                },
                "enabled": True,
            },
            {
                "type": "remote",
                "url": "https://a.example/mcp",
                "headers": {"Authorization": "Bearer {env:TOKEN}", "X-Team": "forge"},
                "enabled": True,
            },
        ),
        (
            "codex",
            ("mcp_servers",),
            {
                "command": "npx",
                "args": ["-y", "tickets"],
                "env": {"AREA": "all"},
                "env_vars": ["TICKETS_TOKEN"],
            },
            {
                "url": "https://a.example/mcp",
                "bearer_token_env_var": "TOKEN",
                "http_headers": {"X-Team": "forge"},
            },
        ),
        (
            "gemini",
            ("mcpServers",),
            SERVER | {"env": {"TICKETS_TOKEN": "${TICKETS_TOKEN}", "AREA": "${AREA}"}},
            {
                "httpUrl": "https://a.example/mcp",
                "headers": {"Authorization": "Bearer ${TOKEN}", "X-Team": "forge"},
            },
        ),
    ],
)
def test_servers(
    target: str, path: tuple[str, ...], local: dict[str, Any], remote: dict[str, Any]
) -> None:
    items = [
        item("server", name, json.dumps({"mcpServers": {name: values}}).encode())
        for name, values in (("tickets", SERVER), ("wiki", REMOTE))
    ]
    exported = lay_out(target, *items)
    [text] = texts(exported).values()
    held = tomllib.loads(text) if target == "codex" else json.loads(text)
    for key in path:
        held = held[key]
    assert held == {"tickets": local, "wiki": remote}
    needed = {one.name: (one.required, one.default) for one in exported.variables}
    assert needed == {
        "AREA": (False, "all"),
        "TICKETS_TOKEN": (True, None),
        "TOKEN": (True, None),
    }


def test_vs_code_asks_for_secrets_and_for_what_has_a_default() -> None:
    values = {**SERVER, "cwd": "${HOME}"}
    data = json.dumps({"mcpServers": {"tickets": values}}).encode()
    [text] = texts(lay_out("copilot", item("server", "tickets", data))).values()
    document = json.loads(text)
    assert document["servers"]["tickets"]["cwd"] == "${env:HOME}"
    assert document["inputs"] == [
        {"type": "promptString", "id": "AREA", "description": "AREA", "default": "all"},
        {
            "type": "promptString",
            "id": "TICKETS_TOKEN",
            "description": "TICKETS_TOKEN",
            "password": True,
        },
    ]


def test_files_that_opencode_alone_would_fill_in_are_told() -> None:
    values = REMOTE | {"headers": {"X-Team": "{file:~/.ssh/id_ed25519}"}}
    data = json.dumps({"mcpServers": {"wiki": values}}).encode()
    exported = lay_out("opencode", item("server", "wiki", data))
    fates = {note.fate for note in notes(exported, "headers")}
    assert Fate.approximated in fates
    others = lay_out("cursor", item("server", "wiki", data))
    assert not notes(others, "headers")


@pytest.mark.parametrize("target", CHECKS)
def test_no_secret_goes_out(target: str) -> None:
    secret = "ghp_" + "a1B2" * 9
    values = {"command": "npx", "env": {"GITHUB_TOKEN": secret}}
    data = json.dumps({"mcpServers": {"hub": values}}).encode()
    exported = lay_out(target, item("server", "hub", data))
    assert secret not in "".join(texts(exported).values())
    if target != "agents-md":
        assert {one.name for one in exported.variables} == {"GITHUB_TOKEN"}


@pytest.mark.parametrize("target", ["copilot", "cursor", "opencode", "codex", "gemini"])
def test_a_server_that_the_tool_cannot_reach_is_left_out_and_told(target: str) -> None:
    values = {"type": "ws", "url": "wss://a.example"}
    data = json.dumps({"mcpServers": {"live": values}}).encode()
    exported = lay_out(target, item("server", "live", data))
    assert not any("live" in text for text in texts(exported).values())
    [note] = exported.losses
    assert (note.fate, note.component) == (Fate.dropped, "server:forge/live@1")


def test_the_extension_of_gemini_says_which_release_it_is() -> None:
    [text] = texts(lay_out("gemini")).values()
    assert json.loads(text) == {
        "name": "kit",
        "version": "3.0.0",
        "description": "What the forge works with.",
    }


@pytest.mark.parametrize(
    "tools", [{"search": True, "edit": False}, ["search"], "search"]
)
def test_the_tools_of_a_prompt_are_a_list(tools: Any) -> None:
    text, _ = only("copilot", markdown("command", "fix", {"tools": tools}))
    assert fields(text) == {"tools": ["search"]}
