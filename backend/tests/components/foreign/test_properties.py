"""What holds for any bytes that come in as a file of another tool."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from roster.components.foreign import Converted, convert
from roster.components.foreign.base import UNSAFE
from roster.components.foreign.licence_files import licence_of, recognised
from roster.components.foreign.places import PLACES, looked_in
from roster.components.foreign.plugins import layout_of
from roster.components.kinds import KINDS

PATHS = st.sampled_from(
    [
        ".github/agents/a.agent.md",
        ".github/prompts/a.prompt.md",
        ".cursor/agents/a.md",
        ".cursor/mcp.json",
        ".gemini/agents/a.md",
        ".gemini/commands/a.toml",
        ".gemini/settings.json",
        ".opencode/agent/a.md",
        ".opencode/command/a.md",
        ".codex/agents/a.toml",
        ".codex/config.toml",
        ".vscode/mcp.json",
        "opencode.json",
        "mcp-config.json",
        "plugin.json",
        "any.json",
        "any.md",
    ]
)
KEYS = st.sampled_from(
    [
        *("name", "description", "tools", "disallowedTools", "permission", "mode"),
        *("is_background", "background", "max_turns", "maxTurns", "mcp-servers"),
        *("mcp_servers", "mcpServers", "mcp", "servers", "inputs", "agent", "prompt"),
        *("developer_instructions", "command", "commands", "template", "args", "env"),
        *("environment", "url", "httpUrl", "http_url", "headers", "type", "env_vars"),
        *("bearer_token_env_var", "env_http_headers", "http_headers", "id", "default"),
        *(
            "model_reasoning_effort",
            "agents",
            "x y",
            "",
            "é",
            "*",
            "a.b",
            "1",
            "#",
            "- a",
        ),
    ]
)
TEXTS = st.text(max_size=12) | st.sampled_from(
    [
        *(
            "${env:A}",
            "${input:a}",
            "$A",
            "{env:A}",
            "${A}",
            "${{ secrets.A }}",
            "deny",
        ),
        *("local", "remote", "stdio", "a: b", "{{args}}", "!{a}", "@{a}", "$1", "yes"),
        *("read", "a/b", "mcp_a_b", "---\n", "|", "a\n\nb\n ", "\u2028", "\x85", "on"),
    ]
)
VALUES = st.recursive(
    TEXTS | st.booleans() | st.none() | st.integers() | st.floats(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(KEYS | TEXTS, inner, max_size=4)
    ),
    max_leaves=12,
)
DOCUMENTS = st.dictionaries(KEYS, VALUES, max_size=6)


def as_toml(values: dict[str, Any]) -> str:
    return "".join(f"{key} = {inline(v)}\n" for key, v in _named(values))


def inline(value: Any) -> str:
    if isinstance(value, dict):
        pairs = ", ".join(f"{key} = {inline(item)}" for key, item in _named(value))
        return f"{{{pairs}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(inline, value))}]"
    if value is None:
        return "1979-05-27T07:32:00Z"
    if isinstance(value, float):
        return repr(value) if "e" not in repr(value) else "inf"
    return json.dumps(value)


def _named(values: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(json.dumps(key), value) for key, value in values.items()]


def as_markdown(values: dict[str, Any]) -> str:
    return f"---\n{json.dumps(values)[1:-1]}\n---\nBody {{{{args}}}}\n"


def in_lines(values: dict[str, Any]) -> str:
    lines = "".join(f"{json.dumps(k)}: {json.dumps(v)}\n" for k, v in values.items())
    return f"---\n{lines}# A comment\n---\nBody\n"


WRITERS: list[Callable[[dict[str, Any]], str]]
WRITERS = [json.dumps, as_toml, as_markdown, in_lines]
WRITTEN = st.builds(
    lambda values, write: write(values).encode(errors="surrogatepass"),
    DOCUMENTS,
    st.sampled_from(WRITERS),
)
FILES = (
    st.binary(max_size=200)
    | TEXTS.map(lambda text: text.encode(errors="surrogatepass"))
    | WRITTEN
)


def check(path: str, data: bytes) -> None:
    found = convert(path, data)
    assert convert(path, data) == found
    names = [(one.kind, one.name) for one in found if one.name and one.kind == "server"]
    assert len(set(names)) == len(names)
    for one in found:
        assert one.kind in KINDS
        assert not any(UNSAFE.search(text) for text in (*one.notes, one.refusal))
        assert bool(one.data) != bool(one.refusal) or one.data == data
        if not one.refusal:
            check_own(one, data)


def check_own(one: Converted, data: bytes) -> None:
    """Reading our own output again changes nothing, and no strict reader refuses it."""
    kind = KINDS[one.kind]
    path = kind.export_path(one.name or "a")
    for again in convert(path, one.data):
        assert again.data == one.data
    if one.data != data:
        parsed = kind.parse(one.data, path)
        assert parsed.refused is None or parsed.refused.code == "binary"
        assert parsed.strict_yaml_ok is not False


@settings(max_examples=400, deadline=None)
@given(PATHS, FILES)
@example(".codex/agents/a.toml", b"developer_instructions = '''\\d\n'''\na.b.c = 1")
@example(".codex/config.toml", b"[mcp_servers.a]\n" + b"[mcp_servers.a.b]\n" * 2)
def test_any_file_is_read_or_refused(path: str, data: bytes) -> None:
    check(path, data)


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"mcpServers": ' * 60 + b"{}" + b"}" * 60,
        b"a=" + b"{a=" * 100_000,
        b"developer_instructions = 'x'\n" + b"a." * 100_000 + b"a = 1",
        b"---\ntools: " + b"[" * 10_000 + b"\n---\n",
        b"---\ntools: " + b"{a: " * 60 + b"1" + b"}" * 60 + b"\n---\n",
        b"---\n" + b"".join(b"k%d: 1\n" % n for n in range(9_000)) + b"---\n",
        b'{"mcpServers": {"' + b"n" * 60_000 + b'": {"command": "x"}}}',
        b"".join(b"[mcp_servers.x%d]\nurl = ''\n" % n for n in range(1_500)),
        b"".join(b"[mcp_servers.'%s']\nurl = ''\n" % (b"-" * n) for n in range(300)),
        b"prompt = '" + b"!{" * 50_000 + b"'",
        b"prompt = '" + b"!{a} " * 20_000 + b"'",
    ],
)
def test_what_is_made_to_hurt_is_read_or_refused(data: bytes) -> None:
    for path in (".codex/agents/a.toml", ".codex/config.toml", "opencode.json"):
        check(path, data)
    for path in (".gemini/commands/a.toml", ".cursor/mcp.json", ".opencode/agent/a.md"):
        check(path, data)


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(st.sampled_from(["plugins", "metadata", "name"]), VALUES), VALUES
)
def test_any_manifest_of_plugins_is_read(values: dict[str, Any], entry: Any) -> None:
    files = {
        "a/.claude-plugin/marketplace.json": {**values, "plugins": [entry, values]},
        "a/b/.claude-plugin/plugin.json": values,
    }
    layout = layout_of(files, [*files, "a/b/c.md"])
    layout.kind_at("a/b/c.md", "document")
    assert all(remote.reason for _, remote in layout.remotes)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300), DOCUMENTS)
def test_any_licence_is_read(data: bytes, values: dict[str, Any]) -> None:
    recognised(data)
    manifest = json.dumps({**values, "license": values.get("name")}).encode()
    licence_of([("LICENSE", data), ("package.json", manifest), ("plugin.json", data)])


def test_the_places_are_told_in_order() -> None:
    assert list(PLACES) == sorted(set(PLACES))
    assert {".claude/agents/", ".github/agents/", ".mcp.json", "*.prompt.md"} <= set(
        PLACES
    )
    assert {".codex/config.toml", "opencode.json", ".gemini/commands/"} <= set(PLACES)
    assert looked_in().startswith("Looked in ")
    assert all(place in looked_in() for place in PLACES)
