import pytest

from roster.components.kinds.classify import classify

AGENT = "---\nname: a\ndescription: b\n---\nYou help.\n"
BROKEN = "---\nname: a\ndescription: b: c\n---\nYou help.\n"
NO_NAME = "---\ndescription: b\n---\nDo it.\n"
COMMAND = "---\nname: a\ndescription: b\nargument-hint: '[x]'\n---\nDo it.\n"


@pytest.mark.parametrize(
    ("path", "content", "kind"),
    [
        (".claude/agents/a.md", AGENT, "agent"),
        (".claude/agents/deep/er/a.md", BROKEN, "agent"),
        ("plugin/agents/a.md", NO_NAME, "agent"),
        ("agents/no-front-matter.md", "# A\n\nText\n", "agent"),
        ("000_seed.txt", BROKEN, "agent"),
        ("a.md", AGENT, "agent"),
        ("no-ending", AGENT, "agent"),
        ("collection/core/debugger.md", AGENT, "agent"),
        ("C:\\x\\agents\\a.md", AGENT, "agent"),
        ("skills/x/agents/a.md", AGENT, "agent"),
        ("a.md", AGENT.encode("utf-16"), "agent"),
        ("a.md", (AGENT + "日本" * 40_000).encode(), "agent"),
        ("a.md", (AGENT + "\n日本" * 40_000).encode(), "agent"),
        ("agents/readme.md", "# The agents\n", "readme"),
        ("README.md", AGENT.replace("You", "We"), "agent"),
        ("README", "text", "readme"),
        ("README.rst", "text", "readme"),
        ("skills/x/SKILL.md", AGENT, "skill"),
        ("skills/x/reference.md", "# More\n", "skill-file"),
        ("skills/x/scripts/run.py", "pass", "skill-file"),
        ("skills/x/agents/notes.md", "# More\n", "skill-file"),
        ("commands/do.md", NO_NAME, "command"),
        ("commands/skills/do.md", "# Do\n", "skill-file"),
        ("do.md", COMMAND, "command"),
        (".mcp.json", "{}", "server"),
        ("config/tools.json", '{"mcpServers": {}}', "server"),
        ("config/other.json", '{"a": 1}', "other"),
        ("config/list.json", "[]", "other"),
        ("config/broken.json", "{", "other"),
        ("config/deep.json", "[" * 60_000, "other"),
        (".claude-plugin/plugin.json", '{"name": "a"}', "plugin"),
        ("package/plugin.json", "{}", "other"),
        (".claude-plugin/marketplace.json", "{}", "marketplace"),
        (".github/agents/a.md", AGENT, "copilot-agent"),
        ("x/a.agent.md", AGENT, "copilot-agent"),
        ("x/a.chatmode.md", AGENT, "copilot-chatmode"),
        (".github/prompts/a.md", AGENT, "copilot-prompt"),
        (".github/copilot-instructions.md", "# Do\n", "copilot-instructions"),
        ("x/a.md", "---\napplyTo: '**'\n---\nx\n", "copilot-instructions"),
        (".github/ISSUE_TEMPLATE/bug.md", AGENT, "document"),
        (".cursor/rules/a.mdc", "---\nglobs: *.ts\n---\nx", "cursor-rule"),
        ("rules/a.md", "---\nglobs: '*.ts'\n---\nx\n", "cursor-rule"),
        (".cursorrules", "x", "cursor-rule"),
        (".cursor/agents/a.md", AGENT, "cursor-agent"),
        (".gemini/agents/a.md", AGENT, "gemini-agent"),
        (".gemini/commands/a.toml", "prompt = 'x'", "gemini-command"),
        (".opencode/agent/a.md", NO_NAME, "opencode-agent"),
        (
            "agent/a.md",
            "---\ndescription: a\nmode: all\npermission: {}\n---\nx",
            "opencode-agent",
        ),
        (".codex/agents/a.toml", "developer_instructions = 'x'", "codex-agent"),
        ("pyproject.toml", "[project]", "other"),
        ("gemini-extension.json", "{}", "gemini-extension"),
        ("LICENSE", "MIT", "licence"),
        ("LICENSE.md", "MIT", "licence"),
        ("CLAUDE.md", "# Rules", "instructions"),
        ("AGENTS.md", "# Rules", "instructions"),
        ("CHANGELOG.md", "# 1.0", "document"),
        ("docs/guide.md", "# Guide\n", "document"),
        ("notes.txt", b"\x00\x01", "document"),
        ("run.sh", "echo", "other"),
        ("image.png", b"\x89PNG\x00", "other"),
    ],
)
def test_files_are_what_they_are(path: str, content: str | bytes, kind: str) -> None:
    data = content if isinstance(content, bytes) else content.encode()
    assert classify(path, data) == kind
