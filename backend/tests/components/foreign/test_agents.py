"""Agents of other tools, in the form of ours."""

import pytest

from roster.components.foreign import Converted, convert
from roster.components.kinds.agent import AGENT

COPILOT = """\
---
# Checks what people change
description: 'Reviews changes.'
tools: ['read', "search", 'edit', 'tracker/*', 'search/codebase', playwright/click]
model: GPT-5 (copilot)
handoffs:
  - label: Next
    agent: planner
---
You review.
"""
COPILOT_AS_OURS = """\
---
name: reviewer
# Checks what people change
description: 'Reviews changes.'
tools:
  - Read
  - Grep
  - Glob
  - Edit
  - Write
  - mcp__tracker
  - search/codebase
  - mcp__playwright__click
model: GPT-5 (copilot)
handoffs:
  - label: Next
    agent: planner
---
You review.
"""
CODEX = """\
name = "scout"
description = "Looks around: first here, then there."
model = "some-model"
model_reasoning_effort = "high"
sandbox_mode = "read-only"
since = 2026-01-02
developer_instructions = '''
Look around.
Use C:\\\\temp.'''

[mcp_servers.docs]
url = "https://docs.example.com/mcp"
bearer_token_env_var = "DOCS_TOKEN"
"""
CODEX_AS_OURS = """\
---
name: scout
description: 'Looks around: first here, then there.'
model: some-model
effort: high
sandbox_mode: read-only
since: '2026-01-02'
mcpServers:
  - docs:
      type: http
      url: https://docs.example.com/mcp
      headers:
        Authorization: Bearer ${DOCS_TOKEN}
---
Look around.
Use C:\\\\temp."""
GEMINI = """\
---
kind: local
name: tester
description: Runs tests.
tools:
  - read_file
  - run_shell_command
  - grep_search
  - search_file_content
  - mcp_tracker_find_issue
  - list_directory
max_turns: 12
temperature: 0.2
---
You test.
"""
GEMINI_AS_OURS = """\
---
name: tester
description: Runs tests.
tools:
  - Read
  - Bash
  - Grep
  - mcp__tracker__find_issue
  - list_directory
maxTurns: 12
temperature: 0.2
---
You test.
"""
OPENCODE = """\
---
description: Plans work.
mode: subagent
# What it may do
tools:
  read: true
  write: false
  bash: false
  tracker_find: false
# Rights
permission:
  edit: deny
  bash:
    "*": ask
temperature: 0.1
---
You plan.
"""
OPENCODE_AS_OURS = """\
---
name: planner
description: Plans work.
# What it may do
disallowedTools:
  - Write
  - Bash
  - mcp__tracker__find
  - Edit
# Rights
permission:
  edit: deny
  bash:
    "*": ask
temperature: 0.1
---
You plan.
"""
CURSOR = """\
---
name: keeper
description: Keeps order.
model: fast
readonly: true
is_background: true
---
You keep order.
"""


def only(path: str, text: str) -> Converted:
    [found] = convert(path, text.encode())
    assert found.kind == "agent"
    assert not found.refusal
    return found


@pytest.mark.parametrize(
    ("path", "text", "ours", "tool"),
    [
        (".github/agents/reviewer.agent.md", COPILOT, COPILOT_AS_OURS, "copilot"),
        (".github/chatmodes/reviewer.chatmode.md", COPILOT, COPILOT_AS_OURS, "copilot"),
        ("agents/reviewer.md", COPILOT, COPILOT_AS_OURS, "copilot"),
        (".codex/agents/scout.toml", CODEX, CODEX_AS_OURS, "codex"),
        ("elsewhere/scout.toml", CODEX, CODEX_AS_OURS, "codex"),
        (".gemini/agents/tester.md", GEMINI, GEMINI_AS_OURS, "gemini"),
        ("tester.md", GEMINI, GEMINI_AS_OURS, "gemini"),
        (".opencode/agent/planner.md", OPENCODE, OPENCODE_AS_OURS, "opencode"),
        ("agents/planner.md", OPENCODE, OPENCODE_AS_OURS, "opencode"),
        (
            ".cursor/agents/keeper.md",
            CURSOR,
            CURSOR.replace("is_background", "background"),
            "cursor",
        ),
    ],
)
def test_the_fields_become_ours_and_the_rest_stays(
    path: str, text: str, ours: str, tool: str
) -> None:
    found = only(path, text)
    assert found.data.decode() == ours
    assert found.tool == tool
    parsed = AGENT.parse(found.data, path)
    assert parsed.ok
    assert parsed.strict_yaml_ok
    assert parsed.name == found.name


def test_every_change_is_told_and_what_is_only_kept() -> None:
    assert only(".opencode/agent/planner.md", OPENCODE).notes == (
        "name is that of the file, as the tool calls it.",
        "mode subagent is left out: so are all.",
        "tools: on, as all are that nothing switches off: read.",
        "tools: off, so written in disallowedTools: write, bash, tracker_find.",
        "permission denies, so disallowedTools says too: edit.",
        "Kept as it stands: permission, temperature.",
    )
    assert only(".codex/agents/scout.toml", CODEX).notes == (
        "developer_instructions is the text.",
        "model_reasoning_effort is written as effort.",
        "mcp_servers, docs: bearer_token_env_var is written as headers.",
        (
            "mcp_servers, docs: type is written as http: "
            "that is what Codex speaks at a url."
        ),
        "mcp_servers is written as a list in mcpServers.",
        "Kept as it stands: sandbox_mode, since.",
    )
    assert only(".cursor/agents/keeper.md", CURSOR).notes == (
        "is_background is written as background.",
        "Kept as it stands: readonly.",
    )


@pytest.mark.parametrize(
    "path",
    [
        ".github/agents/a.agent.md",
        ".github/agents/a.md",
        ".copilot/agents/a.md",
        ".cursor/agents/a.md",
        ".gemini/agents/a.md",
        ".opencode/agents/a.md",
    ],
)
@pytest.mark.parametrize(
    "text",
    [
        "---\nname: a\ndescription: b\nmodel: any/model\n---\nDo.\n",
        # Nobody can say for certain what stands in it: its repair is another matter.
        "---\nname: a\ndescription: b: c\ntools: ['read']\n---\nDo.\n",
        "No front matter.\n",
    ],
)
def test_what_is_ours_already_stays_byte_by_byte(path: str, text: str) -> None:
    found = only(path, text)
    assert found.data == text.encode()
    assert found.tool


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # Only a switch that is off takes a tool away, unless all are off.
        ("tools: {read: true}\n", ""),
        (
            "tools: {'*': false, read: true, x: true}\n",
            "tools:\n  - Read\n  - x\n",
        ),
        ("tools: {'*': false}\n", "tools: []\n"),
        ("tools: {write: no-bool}\n", None),
        ("tools: [read]\n", None),
        ("tools: {write: false}\ndisallowedTools: [Bash]\n", None),
        ("permission: deny\n", None),
        ("permission: {'*': deny}\n", None),
        ("permission:\n  edit: ask\n", None),
        (
            "disallowedTools: [Bash]\npermission: {edit: deny}\n",
            "disallowedTools:\n  - Bash\n  - Edit\npermission: {edit: deny}\n",
        ),
        ("steps: 9\n", "maxTurns: 9\n"),
        ("steps: many\n", None),
        ("mode: primary\n", None),
        ("model: anthropic/claude-opus-4-1\n", "model: claude-opus-4-1\n"),
        ("color: '#3E63DD'\n", "color: blue\n"),
        ("tools: {'docs_*': false}\n", "disallowedTools:\n  - mcp__docs\n"),
        ("tools: {plan_exit: false}\n", "disallowedTools:\n  - plan_exit\n"),
    ],
)
def test_tools_of_opencode(before: str, after: str | None) -> None:
    head, tail = "---\nname: a\ndescription: b\n", "---\nDo.\n"
    found = only(".opencode/agent/a.md", head + before + tail)
    expected = before if after is None else after
    assert found.data.decode() == head + expected + tail


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        (
            ".github/agents/a.md",
            "tools: read, Execute\n",
            "tools:\n  - Read\n  - Bash\n",
        ),
        (".github/agents/a.md", "tools: []\n", None),
        (".github/agents/a.md", "tools: [Edit, Grep]\n", None),
        (
            ".github/agents/a.md",
            "model: Claude Opus 4.5\n",
            "model: claude-opus-4-5\n",
        ),
        (".cursor/agents/a.md", "model: claude-4-sonnet\n", "model: claude-sonnet-4\n"),
        (".github/agents/a.md", "tools: ['*']\n", None),
        (".github/agents/a.md", "tools: [web/fetch, agent/run]\n", None),
        (".github/agents/a.md", "model: [one, two]\n", None),
        (
            ".github/agents/a.md",
            "mcp-servers: {x: {type: local, command: run, env: {A: $B}}}\n",
            ("mcpServers:\n  - x:\n      command: run\n      env:\n        A: ${B}\n"),
        ),
        (".github/agents/a.md", "mcp-servers: [x]\n", None),
        (".github/agents/a.md", "mcp-servers: {x: {}}\nmcpServers: [y]\n", None),
        (".gemini/agents/a.md", "tools: ['*', mcp_*]\n", None),
        (".gemini/agents/a.md", "tools: [mcp_x_*]\n", "tools:\n  - mcp__x\n"),
        (".gemini/agents/a.md", "max_turns: 3\nmaxTurns: 4\n", None),
        (
            ".gemini/agents/a.md",
            "mcp_servers: {x: {http_url: 'https://x.example'}}\n",
            "mcpServers:\n  - x:\n      type: http\n      url: https://x.example\n",
        ),
        (".cursor/agents/a.md", "'is_background': true\n", "background: true\n"),
    ],
)
def test_fields_of_single_tools(path: str, before: str, after: str | None) -> None:
    head, tail = "---\nname: a\ndescription: b\n", "---\nDo.\n"
    found = only(path, head + before + tail)
    expected = before if after is None else after
    assert found.data.decode() == head + expected + tail


def test_line_breaks_and_the_way_of_storing_stay() -> None:
    text = CURSOR.replace("\n", "\r\n")
    found = only(".cursor/agents/a.md", text)
    assert found.data.decode() == text.replace("is_background", "background")
    [wide] = convert(".cursor/agents/a.md", text.encode("utf-16"))
    assert wide.data == text.replace("is_background", "background").encode("utf-16")


def test_front_matter_on_one_line() -> None:
    head, tail = "---\n{name: a, description: b, ", "}\n---\nDo.\n"
    found = only(".cursor/agents/a.md", f"{head}is_background: true{tail}")
    assert found.data.decode() == f"{head}background: true{tail}"
    # A list has no place in it, so that all of it is written anew.
    found = only(".github/agents/a.md", f"{head}tools: [read]{tail}")
    assert found.data.decode() == (
        "---\nname: a\ndescription: b\ntools:\n  - Read\n---\nDo.\n"
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('developer_instructions = "a\\d"', "(line 1, column 30)"),
        ("a = 1\ndeveloper_instructions = ", "(line 2, column 26)"),
        ("a = 1\ndeveloper_instructions = '''x", "(line 2, column 30)"),
        ("developer_instructions = 1", "no text in developer_instructions"),
        ("developer_instructions = ' '", "no text in developer_instructions"),
        ("name = 'a'", "no text in developer_instructions"),
        ("developer_instructions = ''\na = " + "[" * 5_000, "too deep"),
        ("developer_instructions = 'x'\na = " + "[" * 40 + "]" * 40, "levels deep"),
        ("developer_instructions = 'x'\n" + "a." * 9_000 + "a = 1", "more parts"),
        ("developer_instructions = 'x'\na = " + "1" * 5_000, "number"),
        ("developer_instructions = 'x'\na = [" + "1," * 5_000 + "]", "2,000 values"),
        ("", "empty"),
    ],
)
def test_a_document_that_its_tool_could_not_read_is_refused(
    text: str, reason: str
) -> None:
    [found] = convert(".codex/agents/a.toml", text.encode())
    assert reason in found.refusal
    assert (found.kind, found.tool, found.data) == ("agent", "codex", b"")


def test_agents_in_the_settings_of_opencode() -> None:
    text = """{
      // what it may do
      "agent": {
        "Deep Thinker": {"description": "Thinks.", "prompt": "Think.\\nTwice.",
          "mode": "subagent", "tools": {"bash": false}},
        "build": {"model": "any/model"}
      },
      "command": {"tidy": {"template": "Tidy $ARGUMENTS", "description": "Tidies."},
        "odd": {"template": 1}},
    }"""
    agent, command = convert("opencode.jsonc", text.encode())
    assert (agent.name, agent.kind, agent.tool) == ("deep-thinker", "agent", "opencode")
    assert agent.data.decode() == (
        "---\nname: deep-thinker\ndescription: Thinks.\n"
        "disallowedTools:\n  - Bash\n---\nThink.\nTwice."
    )
    assert (command.name, command.kind) == ("tidy", "command")
    assert command.data.decode() == ("---\ndescription: Tidies.\n---\nTidy $ARGUMENTS")
    assert command.notes == ("template is the text.",)
