"""Components of all kinds, as people write them and as nobody does."""

from typing import Any

from hypothesis import strategies as st

from roster.components.foreign.color_names import COLORS
from roster.components.foreign.model_names import ALIASES, MODELS
from roster.exports import writing
from roster.exports.shipment import Item
from roster.exports.spelling import document
from tests.exports.shipments import item, markdown

NAMES = st.sampled_from(["reviewer", "fix-it", "a", "x1", "draw-lines"])
WORDS = st.sampled_from(
    [
        "Reviews changes.",
        "Plans: first this, then that.",
        "'Quotes' and \"more\"",
        "# no comment",
        "a --- line",
        "two\nlines",
        "C:\\temp",
        "yes",
        "42",
        "größer 🧭",
        "- a",
        "${HOME} $1 {{args}}",
        "",
        " ",
    ]
)
# What has control characters in it is no text, and is not published.
_CHARS = st.characters(exclude_categories=["Cc", "Cs"])
TEXTS = WORDS | st.text(_CHARS, max_size=12)
TOOLS = st.sampled_from(
    [
        *("Read", "Grep", "Glob", "Bash", "Edit", "Write", "MultiEdit", "Task", "LS"),
        *("WebFetch", "WebSearch", "TodoWrite", "AskUserQuestion", "Skill", "Agent"),
        *("Bash(git log:*)", "Agent(a, b)", "mcp__docs", "mcp__docs__find", "*"),
        *("mcp__a_b__c", "mcp__docs__*", "read", "read_file", "search/codebase"),
        *("custom_tool", "mcp_docs_find", "NotebookRead"),
    ]
)
TOOL_LISTS = st.lists(TOOLS, max_size=4) | st.lists(TOOLS, max_size=3).map(", ".join)
MODELS_SAID = st.sampled_from(
    [
        *ALIASES,
        *MODELS,
        *("inherit", "fable", "gpt-5", "gemini-2.5-pro", "any/model", "fast", "o3"),
        *("claude-sonnet-4-5-20250929", "sonnet[1m]", "GPT-5 (copilot)", "local"),
    ]
)
PIECES = st.sampled_from(
    [
        *(
            "You review.\n",
            "# Title\n\n",
            "$ARGUMENTS",
            "$1",
            "$0",
            "$name",
            "$ARGUMENTS[1]",
        ),
        *(
            "!`git log`",
            "!`grep $ARGUMENTS .`",
            "@docs/a.md",
            "@team",
            "{{args}}",
            "!{ls}",
        ),
        *("@{a.md}", "@{docs}", "${input:arguments}", "${input:argument-1}", "${HOME}"),
        *(
            "${ HOME }",
            "\\$1",
            "$$ARGUMENTS",
            "{",
            "}",
            "'''",
            '"""',
            "\\",
            "\\n",
            "\r\n",
        ),
        *(
            "---\n",
            "```yaml\n---\nname: a\n---\n```\n",
            "\n",
            " ",
            "a",
            "5",
            "\t",
            "[1]",
        ),
        *("{env:HOME}", "$10", "!`a\nb`", "`", "a@b.md", "\u2028", "é"),
    ]
)
BODIES = st.lists(PIECES, max_size=8).map(lambda some: "Do it: " + "".join(some))
REFERENCES = st.sampled_from(
    [
        *("plain", "${TOKEN}", "${TOKEN:-none}", "${AREA:-}", "${my_var}", "a ${B} c"),
        *("Bearer ${TOKEN}", "${CLAUDE_PROJECT_DIR}/x", "${lower:-d}", "", "{env:A}"),
    ]
)
MAPS = st.dictionaries(
    st.sampled_from(["TOKEN", "AREA", "Authorization", "X-Team", "a b"]),
    REFERENCES,
    max_size=3,
)
CONFIGS = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["stdio", "http", "sse", "ws", "local", "odd"]),
        "command": st.sampled_from(["npx", "${HOME}/run", ""]),
        "args": st.lists(REFERENCES, max_size=3),
        "env": MAPS,
        "cwd": st.sampled_from(["/srv", "${HOME}"]),
        "url": st.sampled_from(["https://a.example/mcp", "https://a.example/${AREA}"]),
        "httpUrl": st.just("https://b.example/mcp"),
        "headers": MAPS,
        "timeout": st.sampled_from([1000, 1500, 30_000]),
        "description": st.sampled_from(["Finds tickets.", "${A}"]),
        "disabled": st.booleans(),
        "enabled": st.booleans(),
        "oauth": st.sampled_from([False, {"clientId": "a"}]),
        "alwaysAllow": st.just(["find"]),
        "odd": st.integers() | st.just("x"),
    },
)
SERVERS_OF_AGENTS = st.lists(
    st.sampled_from(["docs"])
    | st.dictionaries(st.sampled_from(["docs", "wiki"]), CONFIGS, max_size=1),
    max_size=2,
)
ODD = (
    st.none()
    | st.booleans()
    | st.integers(-3, 99)
    | st.floats(allow_nan=False, allow_infinity=False, width=16)
    | TEXTS
    | st.lists(TEXTS | st.integers(), max_size=2)
    | st.dictionaries(TEXTS, TEXTS, max_size=2)
)
AGENT_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "description": TEXTS,
    "tools": TOOL_LISTS,
    "disallowedTools": TOOL_LISTS,
    "model": MODELS_SAID,
    "color": st.sampled_from([*COLORS, "#a1b2c3", "mauve", "primary"]),
    "permissionMode": st.sampled_from(["plan", "acceptEdits", "default"]),
    "maxTurns": st.integers(1, 50),
    "skills": st.lists(NAMES, max_size=2),
    "mcpServers": SERVERS_OF_AGENTS,
    "hooks": st.just({"Stop": [{"command": "x"}]}),
    "memory": st.just("project"),
    "background": st.booleans(),
    "effort": st.sampled_from(["low", "high", "max", 3]),
    "isolation": st.just("worktree"),
    "initialPrompt": TEXTS,
}
OTHER_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "name": TEXTS | NAMES,
    "mode": st.sampled_from(["subagent", "primary", "helper"]),
    "temperature": st.sampled_from([0.1, 1, "hot"]),
    "permission": st.sampled_from([{"edit": "deny"}, "deny", {"bash": {"*": "ask"}}]),
    "readonly": st.booleans(),
    "sandbox_mode": st.sampled_from(["read-only", "odd"]),
    "kind": st.sampled_from(["local", "remote"]),
    "mcp-servers": st.just({"x": {"type": "local", "command": "y"}}),
    "max_turns": st.integers(1, 9),
    "handoffs": st.just([{"label": "Next"}]),
    "author": TEXTS,
    "x y": ODD,
}
COMMAND_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "description": TEXTS,
    "argument-hint": st.sampled_from(["[number]", ["number"], "<a> [b]"]),
    "arguments": st.sampled_from([["name"], "name other", "other"]),
    "allowed-tools": TOOL_LISTS,
    "disallowed-tools": TOOL_LISTS,
    "model": MODELS_SAID,
    "effort": st.sampled_from(["low", 3]),
    "disable-model-invocation": st.booleans() | st.just("yes"),
    "user-invocable": st.booleans(),
    "context": st.sampled_from(["fork", "other"]),
    "agent": st.sampled_from(["reviewer", "ask", "agent"]),
    "subtask": st.booleans(),
    "hooks": st.just({"Stop": []}),
    "shell": st.just("bash"),
}
SKILL_FIELDS = {
    "license": st.just("MIT"),
    "compatibility": TEXTS,
    "metadata": st.dictionaries(st.sampled_from(["a", "b-c"]), TEXTS, max_size=2),
    "when_to_use": TEXTS,
    "paths": st.just(["*.py"]),
    "background": st.booleans(),
}


def _manifests(
    fields: dict[str, st.SearchStrategy[Any]], *, odd: bool
) -> st.SearchStrategy[dict[str, Any]]:
    known = st.fixed_dictionaries({}, optional=fields)
    if not odd:
        return known
    wrong = st.dictionaries(st.sampled_from(list(fields)), ODD, max_size=2)
    more = st.fixed_dictionaries({}, optional=OTHER_FIELDS)
    return st.builds(lambda *some: some[0] | some[1] | some[2], known, wrong, more)


def agents(*, odd: bool = True) -> st.SearchStrategy[Item]:
    return _files("agent", AGENT_FIELDS, odd=odd)


def commands(*, odd: bool = True) -> st.SearchStrategy[Item]:
    return _files("command", COMMAND_FIELDS, odd=odd)


def skills(*, odd: bool = True) -> st.SearchStrategy[Item]:
    made = _files("skill", COMMAND_FIELDS | SKILL_FIELDS, odd=odd)
    files = st.dictionaries(
        st.sampled_from(["scripts/a.py", "agents/openai.yaml", "ä.md"]),
        st.binary(max_size=4),
        max_size=2,
    )
    return st.builds(
        lambda one, more: item(one.kind, one.name, one.main, more), made, files
    )


def _files(
    kind: str, fields: dict[str, st.SearchStrategy[Any]], *, odd: bool
) -> st.SearchStrategy[Item]:
    def plain(name: str, values: dict[str, Any], body: str) -> Item:
        told = {"description": "Says it."} if kind != "command" else {}
        named = {"name": name} if kind != "command" else {}
        return markdown(kind, name, named | told | values, body)

    written = st.builds(plain, NAMES, _manifests(fields, odd=odd), BODIES)
    if not odd:
        return written
    broken = st.builds(
        lambda name, said, body: item(
            kind, name, f"---\nname: {name}\ndescription: {said}\n---\n{body}".encode()
        ),
        NAMES,
        TEXTS,
        BODIES,
    )
    return written | broken


def servers() -> st.SearchStrategy[Item]:
    return st.builds(
        lambda name, values: item(
            "server", name, document({"mcpServers": {name: values}})
        ),
        NAMES,
        CONFIGS,
    )


def items(*, odd: bool = True) -> st.SearchStrategy[Item]:
    return agents(odd=odd) | commands(odd=odd) | skills(odd=odd) | servers()


def shipments(*, odd: bool = True) -> st.SearchStrategy[tuple[Item, ...]]:
    """Some components, in the order of an import, with one name each."""
    some = st.lists(
        items(odd=odd), max_size=4, unique_by=lambda one: (one.kind, one.name)
    )
    some = some.map(lambda ones: [one for one in ones if one.parsed.ok])
    return some.map(lambda ones: tuple(sorted(ones, key=lambda x: (x.kind, x.name))))


ANYTHING = st.builds(
    item,
    st.sampled_from(["agent", "command", "skill", "server", "unheard-of"]),
    NAMES,
    st.binary(max_size=60)
    | TEXTS.map(lambda text: text.encode(errors="replace"))
    | st.dictionaries(TEXTS, ODD, max_size=3).map(
        lambda values: f"---\n{writing.yaml(values)}---\n".encode(errors="replace")
    ),
)
