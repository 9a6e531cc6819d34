"""What an import finds in a tree: the files of all tools, plugins, licences."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from roster.components.kinds import KINDS
from roster.imports.unpacking import Kept, headline, read_upload
from roster.uploads.archive import Limits
from roster.uploads.multipart import Part
from roster.uploads.spool import Span, Spool

LIMITS = Limits(files=500, file_bytes=400_000, unpacked_bytes=4_000_000, tree_files=50)
FILE_BYTES = 50_000
AGENT = b"---\nname: a\ndescription: Does it.\n---\nYou do it.\n"
SKILL = b"---\nname: x\ndescription: Does it.\n---\nDo it.\n"
CODEX = b"name = 'scout'\ndescription = 'Looks.'\ndeveloper_instructions = 'Look.'\n"
TOML_COMMAND = b"prompt = 'Do {{args}}.'\n"
SERVER = {"command": "npx", "args": ["files@1.0.0"]}
MIT = (
    b"MIT License\n\nPermission is hereby granted, free of charge, to any person "
    b"obtaining a copy of it. The above copyright notice and this permission notice "
    b"shall be included.\n"
)


def as_json(**values: Any) -> bytes:
    return json.dumps(values).encode()


SERVERS = as_json(mcpServers={"x": SERVER, "y": SERVER})
TREE = {
    ".claude/agents/a.md": AGENT,
    ".claude/commands/do.md": b"Do it.\n",
    ".claude/skills/x/SKILL.md": SKILL,
    ".mcp.json": as_json(mcpServers={"x": SERVER}),
    ".github/agents/b.agent.md": AGENT,
    ".github/chatmodes/c.chatmode.md": AGENT,
    ".github/prompts/p.prompt.md": b"Do it.\n",
    ".vscode/mcp.json": as_json(servers={"v": SERVER}),
    ".cursor/agents/d.md": AGENT,
    ".cursor/commands/e.md": b"Do it.\n",
    ".cursor/mcp.json": SERVERS,
    ".cursor/rules/r.mdc": b"---\nglobs: '*'\n---\nRule.\n",
    ".opencode/agent/f.md": AGENT,
    ".opencode/command/g.md": b"Do it.\n",
    "opencode.json": as_json(
        mcp={"o": {"type": "remote", "url": "https://o.example"}},
        agent={"h": {"description": "x", "prompt": "y"}},
        command={"o": {"template": "z"}},
    ),
    ".codex/agents/scout.toml": CODEX,
    ".codex/prompts/q.md": b"Do it.\n",
    ".codex/config.toml": b"[mcp_servers.k]\ncommand = 'x'\n",
    ".gemini/agents/i.md": AGENT,
    ".gemini/commands/git/j.toml": TOML_COMMAND,
    ".gemini/settings.json": as_json(mcpServers={"s": SERVER}),
    "gemini-extension.json": as_json(name="n"),
    "docs/guide.md": b"# Guide\n",
}
TAKEN = {
    ".claude/agents/a.md": ("agent", "a", ""),
    ".claude/commands/do.md": ("command", "do", ""),
    ".claude/skills/x/SKILL.md": ("skill", "x", ""),
    ".mcp.json": ("server", "x", ""),
    ".github/agents/b.agent.md": ("agent", "a", "copilot"),
    ".github/chatmodes/c.chatmode.md": ("agent", "a", "copilot"),
    ".github/prompts/p.prompt.md": ("command", "p", "copilot"),
    ".vscode/mcp.json": ("server", "v", "copilot"),
    ".cursor/agents/d.md": ("agent", "a", "cursor"),
    ".cursor/commands/e.md": ("command", "e", "cursor"),
    ".cursor/mcp.json#x": ("server", "x", "cursor"),
    ".cursor/mcp.json#y": ("server", "y", "cursor"),
    ".opencode/agent/f.md": ("agent", "a", "opencode"),
    ".opencode/command/g.md": ("command", "g", "opencode"),
    "opencode.json#o": ("server", "o", "opencode"),
    "opencode.json#agents/h": ("agent", "h", "opencode"),
    "opencode.json#commands/o": ("command", "o", "opencode"),
    ".codex/agents/scout.toml": ("agent", "scout", "codex"),
    ".codex/prompts/q.md": ("command", "q", "codex"),
    ".codex/config.toml#k": ("server", "k", "codex"),
    ".gemini/agents/i.md": ("agent", "a", "gemini"),
    ".gemini/commands/git/j.toml": ("command", "git-j", "gemini"),
    ".gemini/settings.json#s": ("server", "s", "gemini"),
}


def rows(files: Mapping[str, bytes]) -> dict[str, dict[str, Any]]:
    """The rows of an upload by path, with the bytes of what is kept."""
    with Spool() as spool:
        parts = [Part(path, spool.append(data)) for path, data in files.items()]
        reading = read_upload(parts, spool, LIMITS, FILE_BYTES)
        assert headline(reading)

        def read(span: Span | None) -> bytes | None:
            return spool.read(span) if span is not None else None

        def row(kept: Kept) -> dict[str, Any]:
            sources = {"content": read(kept.content), "source": read(kept.source)}
            return {"outcome": "", "elsewhere": None, **kept.values, **sources}

        found = [row(kept) for kept in reading.files]
    by_path = {one["path"]: one for one in found}
    assert len(by_path) == len(found)
    return by_path


def test_the_places_of_all_tools() -> None:
    found = rows(TREE)
    taken = {
        path: (row["kind"], row["name"], row["tool"])
        for path, row in found.items()
        if row["content"]
    }
    assert taken == TAKEN
    assert {path: row["kind"] for path, row in found.items() if not row["content"]} == {
        ".cursor/rules/r.mdc": "cursor-rule",
        "gemini-extension.json": "gemini-extension",
        "docs/guide.md": "document",
    }
    for row in found.values():
        if row["content"]:
            assert KINDS[row["kind"]].parse(row["content"], row["path"]).ok


def test_the_file_as_it_came_stands_beside_what_was_made_of_it() -> None:
    found = rows({".codex/agents/scout.toml": CODEX, ".cursor/agents/a.md": AGENT})
    made = found[".codex/agents/scout.toml"]
    assert made["source"] == CODEX
    assert made["content"] == b"---\nname: scout\ndescription: Looks.\n---\nLook."
    assert made["notes"] == ["developer_instructions is the text."]
    assert made["size"] == len(made["content"])
    kept = found[".cursor/agents/a.md"]
    assert (kept["content"], kept["source"], kept["notes"]) == (AGENT, None, [])


def test_a_component_among_others_has_only_its_own_part_beside_it() -> None:
    found = rows(
        {
            ".cursor/mcp.json": (
                b'{"mcpServers": {"x": {"command": "x"}, /* two */'
                b' "y": {"url": "https://y.example",}}}'
            ),
            ".gemini/settings.json": b'{"k": "v", "mcpServers": {"x": {"url": "u"}}}',
            ".cursor/a/mcp.json": b'{"k": "v", "mcpServers": {"x": {"url": "u"}}}',
            "opencode.json": b'{"k": 1, "agent": {"h": {"prompt": "y"}}}',
            ".codex/config.toml": (
                b"k = 'v'\n[mcp_servers.\"a b\"]\ncommand = 'x' # one\n"
                b"[mcp_servers.\"a b\".env]\nA = '[mcp_servers.x]'\n[k2]\nx = 1\n"
            ),
            "in/config.toml": b"[mcp_servers]\nx = {url = 'x'}\n[mcp_servers.y]\n",
        }
    )
    sources = {path: row["source"] for path, row in found.items()}
    assert sources == {
        ".cursor/mcp.json#x": b'"x": {"command": "x"}',
        ".cursor/mcp.json#y": b'"y": {"url": "https://y.example",}',
        ".gemini/settings.json#x": b'"x": {"url": "u"}',
        ".cursor/a/mcp.json": b'"x": {"url": "u"}',
        "opencode.json#agents/h": b'"h": {"prompt": "y"}',
        ".codex/config.toml#a-b": (
            b"[mcp_servers.\"a b\"]\ncommand = 'x' # one\n"
            b"[mcp_servers.\"a b\".env]\nA = '[mcp_servers.x]'\n"
        ),
        # An inline table cannot be cut out.
        "in/config.toml#x": None,
        "in/config.toml#y": b"[mcp_servers.y]\n",
    }


@pytest.mark.parametrize(
    ("path", "data", "kind", "reason"),
    [
        (".codex/agents/a.toml", b"a = '''", "agent", "(line 1, column 8)"),
        (".codex/config.toml", b"[a\n", "server", "(line 1, column 3)"),
        (".gemini/settings.json", b'{"a": ', "server", "(line 1, column 7)"),
        (".gemini/commands/a.toml", b"x = 1", "command", "no text in prompt"),
        (".vscode/mcp.json", b"{", "server", "not valid JSON"),
        (".codex/agents/a.toml", b"#" * 60_000, "agent", "60,000 bytes"),
        (".github/agents/a.md", b"You help.\n", "agent", "front matter"),
        (".github/prompts/a.md", b"", "command", "empty"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(
    path: str, data: bytes, kind: str, reason: str
) -> None:
    [row] = rows({path: data}).values()
    assert (row["path"], row["kind"], row["outcome"]) == (path, kind, "refused")
    assert reason in row["reason"]


def test_a_plugin_says_where_its_components_stand() -> None:
    manifest = as_json(
        name="kit",
        version="1.0",
        commands="./verbs/",
        agents=["./people/one.md"],
        mcpServers="./tools.json",
    )
    found = rows(
        {
            "kit/.claude-plugin/plugin.json": manifest,
            "kit/verbs/tidy.md": b"# Tidy\n\nTidy up.\n",
            "kit/verbs/README.md": b"# Verbs\n",
            "kit/people/one.md": b"---\ndescription: One.\n---\nOne.\n",
            "kit/people/notes.md": b"# Notes\n",
            "kit/tools.json": as_json(x=SERVER),
            "kit/agents/a.md": AGENT,
            "other/agents/a.md": AGENT,
        }
    )
    assert {path: row["kind"] for path, row in found.items()} == {
        "kit/.claude-plugin/plugin.json": "plugin",
        "kit/verbs/tidy.md": "command",
        "kit/verbs/README.md": "readme",
        "kit/people/one.md": "agent",
        "kit/people/notes.md": "document",
        "kit/tools.json": "server",
        "kit/agents/a.md": "agent",
        "other/agents/a.md": "agent",
    }
    assert found["kit/agents/a.md"]["notes"] == ["Part of the plugin kit 1.0."]
    assert found["other/agents/a.md"]["notes"] == []


def test_the_servers_that_a_manifest_holds() -> None:
    found = rows(
        {
            "p/.claude-plugin/plugin.json": as_json(name="p", mcpServers={"x": SERVER}),
            "p/SKILL.md": SKILL,
            "q/.claude-plugin/plugin.json": b'{"name": "q", ',
            ".claude-plugin/marketplace.json": as_json(
                plugins=[{"name": "p", "source": "./p", "mcpServers": {"y": SERVER}}]
            ),
        }
    )
    assert {path: row["kind"] for path, row in found.items()} == {
        "p/SKILL.md": "skill",
        "p/.claude-plugin/plugin.json#x": "server",
        "q/.claude-plugin/plugin.json": "plugin",
        ".claude-plugin/marketplace.json": "marketplace",
        ".claude-plugin/marketplace.json#y": "server",
    }
    assert found["p/.claude-plugin/plugin.json#x"]["notes"] == ["Part of the plugin p."]
    inline = found[".claude-plugin/marketplace.json#y"]
    assert inline["notes"] == ["Part of the plugin p."]
    assert json.loads(inline["content"]) == {"mcpServers": {"y": SERVER}}


def test_plugins_that_stand_elsewhere_are_told_with_their_address() -> None:
    source = {"source": "github", "repo": "acme/kit", "ref": "v2", "path": "kit"}
    found = rows(
        {
            ".claude-plugin/marketplace.json": as_json(
                plugins=[
                    {"name": "far", "source": source},
                    {"name": "pack", "source": {"source": "npm", "package": "pack"}},
                    {"name": "near", "source": "./near"},
                ]
            ),
            "near/agents/a.md": AGENT,
        }
    )
    far = found[".claude-plugin/marketplace.json#far"]
    assert (far["kind"], far["outcome"], far["size"]) == ("plugin", "left_aside", 0)
    assert far["reason"] == (
        "The plugin far stands in https://github.com/acme/kit, folder kit, at v2; "
        "import it from there."
    )
    assert far["elsewhere"] == {
        "url": "https://github.com/acme/kit",
        "ref": "v2",
        "folder": "kit",
    }
    pack = found[".claude-plugin/marketplace.json#pack"]
    assert (pack["outcome"], pack["elsewhere"]) == ("left_aside", None)
    assert found["near/agents/a.md"]["notes"] == ["Part of the plugin near."]
    assert ".claude-plugin/marketplace.json#near" not in found


def test_the_licence_of_the_nearest_folder() -> None:
    own = b"---\nname: b\ndescription: B.\nlicense: ISC\n---\nB.\n"
    found = rows(
        {
            "LICENSE": MIT,
            "agents/a.md": AGENT,
            "kit/.claude-plugin/plugin.json": as_json(name="kit", license="Apache-2.0"),
            "kit/agents/a.md": AGENT,
            "skills/closed/SKILL.md": SKILL,
            "skills/closed/LICENSE.txt": b"All rights reserved.\n",
            "skills/own/SKILL.md": own,
        }
    )
    licences = {p: row["licence"] for p, row in found.items() if row["content"]}
    assert licences == {
        "agents/a.md": "MIT",
        "kit/agents/a.md": "Apache-2.0",
        "skills/closed/SKILL.md": None,
        "skills/own/SKILL.md": "ISC",
    }


def test_what_a_skill_brings_along_in_the_format_of_a_tool_is_its_own() -> None:
    found = rows(
        {
            "skills/x/SKILL.md": SKILL,
            "skills/x/agents/b.agent.md": AGENT,
            "skills/x/scout.toml": CODEX,
            "skills/x/.github/agents/c.md": AGENT,
        }
    )
    assert {path: row["kind"] for path, row in found.items()} == {
        "skills/x/SKILL.md": "skill",
        "skills/x/.github/agents/c.md": "agent",
    }


def test_two_files_of_one_path_have_a_row_each() -> None:
    with Spool() as spool:
        parts = [Part("a.toml", spool.append(CODEX)) for _ in range(2)]
        reading = read_upload(parts, spool, LIMITS, FILE_BYTES)
    assert [kept.values["name"] for kept in reading.files] == ["scout", "scout"]


def test_manifests_larger_than_all_that_is_held_are_left_aside() -> None:
    manifest = as_json(name="kit", commands="./verbs", filler="x" * 390_000)
    files = {f"{n}/.claude-plugin/plugin.json": manifest for n in range(11, 30)}
    verbs = {f"{n}/verbs/a.md": b"# Tidy\n\nTidy up.\n" for n in (11, 29)}
    limits = Limits(500, 400_000, 40_000_000)
    with Spool() as spool:
        given = {**files, **verbs}.items()
        parts = [Part(path, spool.append(data)) for path, data in given]
        reading = read_upload(parts, spool, limits, 400_000)
    kinds = {kept.values["path"]: kept.values["kind"] for kept in reading.files}
    assert len(kinds) == len(files) + len(verbs)
    assert (kinds["11/verbs/a.md"], kinds["29/verbs/a.md"]) == ("command", "document")
