"""Servers in all spellings, in the form of ours."""

import json
from typing import Any

import pytest

from roster.components.foreign import Converted, convert
from roster.components.kinds.server import SERVER


def one(path: str, text: str) -> Converted:
    [found] = convert(path, text.encode())
    assert found.kind == "server"
    assert not found.refusal
    return found


def config(path: str, text: str) -> Any:
    document = json.loads(one(path, text).data)
    [values] = document["mcpServers"].values()
    assert SERVER.parse(one(path, text).data, path).ok
    return values


VS_CODE = """{
  "inputs": [
    {"id": "api-key", "type": "promptString", "description": "The key"},
    {"id": "mode", "type": "pickString", "default": "fast"},
    {"id": "unused", "type": "promptString"}
  ],
  "servers": {
    "tickets": {
      "type": "stdio", "command": "npx", "args": ["--mode", "${input:mode}"],
      "env": {"KEY": "${input:api-key}", "HOST": "${env:HOST}"},
      "envFile": "${workspaceFolder}/.env"
    }
  }
}"""
OPENCODE = """{
  "$schema": "https://example.com/config.json",
  "mcp": {
    "tickets": {
      "type": "local", "command": ["npx", "-y", "tickets@1.0.0"],
      "environment": {"TOKEN": "{env:TOKEN}", "FILE": "{file:./x}"}, "enabled": true
    },
    "off": {"enabled": false}
  }
}"""
CODEX = """
model = "any"
[mcp_servers.tickets]
command = "npx"
args = ["tickets@1.0.0"]
env = { MODE = "fast" }
env_vars = ["TOKEN"]
startup_timeout_sec = 20
tool_timeout_sec = 1.5
"""
CODEX_REMOTE = """
[mcp_servers."docs site"]
url = "https://docs.example.com/mcp"
bearer_token_env_var = "DOCS"
http_headers = { X-Team = "a" }
env_http_headers = { X-Key = "KEY" }
"""


@pytest.mark.parametrize(
    ("path", "text", "values"),
    [
        (
            ".vscode/mcp.json",
            VS_CODE,
            {
                "command": "npx",
                "args": ["--mode", "${MODE:-fast}"],
                "env": {"KEY": "${API_KEY}", "HOST": "${HOST}"},
                "envFile": "${workspaceFolder}/.env",
            },
        ),
        (
            "opencode.json",
            OPENCODE,
            {
                "command": "npx",
                "args": ["-y", "tickets@1.0.0"],
                "env": {"TOKEN": "${TOKEN}", "FILE": "{file:./x}"},
            },
        ),
        (
            ".opencode/opencode.jsonc",
            (
                '{"mcp": {"servers": {"x": {"type": "remote", "url": "https://x.example",'
                '"headers": {"A": "Bearer {env:T}"},},},}} // v2'
            ),
            {
                "type": "http",
                "url": "https://x.example",
                "headers": {"A": "Bearer ${T}"},
            },
        ),
        (
            ".codex/config.toml",
            CODEX,
            {
                "command": "npx",
                "args": ["tickets@1.0.0"],
                "env": {"MODE": "fast", "TOKEN": "${TOKEN}"},
                "startup_timeout_sec": 20,
                "timeout": 1500,
            },
        ),
        (
            "settings/any.toml",
            CODEX_REMOTE,
            {
                "type": "http",
                "url": "https://docs.example.com/mcp",
                "headers": {
                    "X-Team": "a",
                    "X-Key": "${KEY}",
                    "Authorization": "Bearer ${DOCS}",
                },
            },
        ),
        (
            ".gemini/settings.json",
            (
                '{"ui": {}, "mcpServers": {"x": {"httpUrl": "https://x.example/$TEAM", '
                '"headers": {"A": "${T}"}, "trust": true}}}'
            ),
            {
                "type": "http",
                "url": "https://x.example/${TEAM}",
                "headers": {"A": "${T}"},
                "trust": True,
            },
        ),
        (
            "gemini-extension.json",
            '{"name": "x", "mcpServers": {"x": {"url": "https://x.example/sse"}}}',
            {"type": "sse", "url": "https://x.example/sse"},
        ),
        (
            "gemini-extension.json",
            '{"mcpServers": {"x": {"command": "a", "args": ["${extensionPath}/x"]}}}',
            {"command": "a", "args": ["${extensionPath}/x"]},
        ),
        (
            ".copilot/mcp-config.json",
            (
                '{"mcpServers": {"x": {"type": "local", "command": "x", '
                '"tools": ["*"], "args": ["$NOT"], "env": {"A": "$A", "B": "${B:-c}", '
                '"C": "${{ secrets.C }}", "D": "a$5"}}}}'
            ),
            {
                "command": "x",
                "args": ["$NOT"],
                "env": {"A": "${A}", "B": "${B:-c}", "C": "${C}", "D": "a$5"},
            },
        ),
        (
            "tools/mcp-config.json",
            '{"mcpServers": {"x": {"type": "local", "command": "x"}}}',
            {"command": "x"},
        ),
        (
            ".cursor/mcp.json",
            (
                '{"mcpServers": {"x": {"url": "https://x.example", '
                '"headers": {"A": "Bearer ${env:T}"}}}}'
            ),
            {"url": "https://x.example", "headers": {"A": "Bearer ${T}"}},
        ),
        (
            "plugins/kit/.mcp.json",
            (
                '{"mcpServers": {"x": {"type": "http", "url": "https://x.example", '
                '"headers": {"Authorization": "Bearer ${T}"}, '
                '"bearer_token_env_var": "T"}}}'
            ),
            {
                "type": "http",
                "url": "https://x.example",
                "headers": {"Authorization": "Bearer ${T}"},
            },
        ),
        (
            ".claude-plugin/plugin.json",
            '{"name": "p", "mcpServers": {"x": {"command": "${CLAUDE_PLUGIN_ROOT}"}}}',
            {"command": "${CLAUDE_PLUGIN_ROOT}"},
        ),
        # By what stands in them, wherever they are.
        (
            "config/some.json",
            '{"mcp": {"x": {"type": "local", "command": ["x"]}}}',
            {"command": "x"},
        ),
        (
            "config/some.json",
            (
                '{"inputs": [], "servers": {"x": {"command": "x", "env": '
                '{"A": "${input:a-b}"}}}}'
            ),
            {"command": "x", "env": {"A": "${A_B}"}},
        ),
    ],
)
def test_each_spelling_becomes_ours(path: str, text: str, values: Any) -> None:
    found = config(path, text)
    assert found == values
    assert list(found) == list(values)


def test_what_was_done_is_told() -> None:
    assert one(".vscode/mcp.json", VS_CODE).notes == (
        'type "stdio" is left out: so it is anyway.',
        (
            "References are written anew: ${input:mode} as ${MODE:-fast}, "
            "${input:api-key} as ${API_KEY}, ${env:HOST} as ${HOST}."
        ),
        "Kept as it stands: ${workspaceFolder}.",
        "A person is asked for: api-key (The key), mode.",
    )
    assert one("opencode.json", OPENCODE).notes == (
        "command is written as command and args.",
        "environment is written as env.",
        'type "local" is left out: so it is anyway.',
        "enabled true is left out: so it is anyway.",
        "References are written anew: {env:TOKEN} as ${TOKEN}.",
        "Kept as it stands: {file:./x}.",
    )
    found = one("x.toml", CODEX_REMOTE)
    assert (found.name, found.tool) == ("docs-site", "codex")
    assert found.notes == (
        "http_headers is written as headers.",
        "env_http_headers is written as headers.",
        "bearer_token_env_var is written as headers.",
        "type is written as http: that is what Codex speaks at a url.",
    )


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".cursor/mcp.json", '{"mcpServers":{"x":{"command":"x"}}}'),
        (".cursor/mcp.json", '// mine\n{"mcpServers":{"x":{"command":"${X}"}}}'),
        (".vscode/mcp.json", '{"servers":{"x":{"command":"x"}}}'),
        (
            ".vscode/mcp.json",
            '{"servers":{"x":{"cwd":"${workspaceFolder}","url":"u"}}}',
        ),
        ("mcp-config.json", '{"mcpServers":{"x":{"type":"stdio","command":"x"}}}'),
    ],
)
def test_one_server_that_is_ours_already_stays_byte_by_byte(
    path: str, text: str
) -> None:
    assert one(path, text).data == text.encode()


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".mcp.json", '{"mcpServers": {"x": {"command": "$X"}, "y": {"url": "u"}}}'),
        ("x.json", '{"command": "x", "args": []}'),
        (".mcp.json", "{"),
        (".vscode/mcp.json", "{"),
        (".vscode/mcp.json", "[]"),
        (".gemini/settings.json", "{}"),
        (".gemini/settings.json", '{"tools": {"x": {"command": "x"}}}'),
        (".codex/config.toml", "[a]\ncommand = 'x'"),
        ("opencode.json", '{"mcp": {"x": {"enabled": false}}}'),
        ("plugin.json", '{"name": "p", "mcpServers": "./x.json"}'),
        ("package.json", '{"name": "p"}'),
    ],
)
def test_nothing_to_convert(path: str, text: str) -> None:
    assert convert(path, text.encode()) == []


@pytest.mark.parametrize(
    ("path", "text", "reason"),
    [
        (".gemini/settings.json", '{\n "a": }', "(line 2, column 7)"),
        ("opencode.json", '{"a": 1', "(line 1, column 8)"),
        (".codex/config.toml", "[a\n", "(line 1, column 3)"),
        ("opencode.json", "\x00", "NUL"),
    ],
)
def test_settings_that_cannot_be_read_are_refused_with_their_place(
    path: str, text: str, reason: str
) -> None:
    [found] = convert(path, text.encode())
    assert reason in found.refusal


def test_more_servers_than_anybody_has_are_refused() -> None:
    servers = {f"s{number}": {"command": "x"} for number in range(1_001)}
    data = json.dumps({"mcpServers": servers}).encode()
    [found] = convert(".cursor/mcp.json", data)
    assert found.refusal == "It names more than 1,000 servers."


def test_several_servers_have_a_document_each() -> None:
    text = (
        '{"mcpServers": {"My Server": {"command": "a"}, "my-server": {"url": "u"}, '
        '"broken": {}}}'
    )
    found = convert(".cursor/mcp.json", text.encode())
    assert [item.name for item in found] == ["my-server", "my-server-2", "broken"]
    keys = [list(json.loads(item.data)["mcpServers"]) for item in found]
    assert keys == [["My Server"], ["my-server-2"], ["broken"]]


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ('env_vars = ["A"]\nenv = { A = "b" }', ["env_vars", "env"]),
        ('env_vars = ["not a name"]', ["env_vars"]),
        ("bearer_token_env_var = 'not a name'", ["bearer_token_env_var"]),
        ("env_http_headers = { A = 1 }", ["env_http_headers"]),
        (
            "http_headers = { A = 'b' }\nheaders = { C = 'd' }",
            ["http_headers", "headers"],
        ),
    ],
)
def test_what_would_change_its_meaning_stays(fields: str, kept: list[str]) -> None:
    text = f"[mcp_servers.x]\ncommand = 'x'\n{fields}\n"
    assert list(config(".codex/config.toml", text)) == ["command", *kept]
