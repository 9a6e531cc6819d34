"""What a team has: each kind, plain and as awkward as it may be.

Names go up to the longest that there may be; texts hold what YAML, JSON, TOML and
Markdown read as something else.
"""

import json

LONGEST = "-".join(["long"] * 12) + "-name"
"""A name of 64 characters."""
assert len(LONGEST) == 64

# By what it is for, as it stands behind `description:` in a file.
DESCRIPTIONS = {
    "plain": "Reviews a change before it is merged.",
    "colon": "'Plans work: first this, then that.'",
    "unquoted": "Plans work: first this, then that.",
    "quotes": '"Says \\"no\\" to it\'s and \'its\', and \\\\ to the rest."',
    "hash": "'Sorts issues # not a comment, by {label} and [area] & *weight*'",
    "unicode": "Übersetzt «Größe» nach 日本語, mit 🧭 und e\u0301.",
    "lines": ">-\n  Writes notes\n  over two lines.\n\n  And a third.",
    "number": '"42"',
    "truth": '"yes"',
    "dashes": "'Draws a line --- and goes on.'",
    "html": "'Finds <b>tags</b>, $HOME, `code` and %d in texts.'",
    "backslash": "'Looks for \\n, C:\\temp and ''''''three quotes''''''.'",
    "at": "'@people: are told, !now or ~later?'",
    "long": '"' + "Reads every word that it is given. " * 28 + '"',
}

DESCRIPTION = (
    "Everything: “quotes”, 'more' of \"them\", a # hash, a colon: two, C:\\temp.\n\n"
    "--- and a second paragraph, with 🧭 in it."
)
"""Of a collection."""

BODIES = {
    "plain": "You review changes.\n\n- Look at tests.\n- Look at names.\n",
    "toml": "Three quotes: \"\"\" and ''' and a backslash \\ at the end \\\n",
    "braces": "Say {{args}}, ${HOME}, $1, $ARGUMENTS and {env:HOME}; !`date`.\n",
    "rule": "First.\n\n---\n\nSecond, behind a rule.\n",
    "fence": "```yaml\n---\nname: other\n---\n```\n",
}


def _file(lines: dict[str, str], body: str) -> str:
    front = "".join(f"{key}: {value}\n" for key, value in lines.items())
    return f"---\n{front}---\n{body}"


def agent(name: str, description: str, body: str = "plain", **more: str) -> str:
    lines = {"name": name, "description": DESCRIPTIONS[description], **more}
    return _file(lines, BODIES[body])


def skill(name: str, description: str, body: str = "plain", **more: str) -> str:
    return agent(name, description, body, **more)


def command(description: str, body: str = "plain", **more: str) -> str:
    return _file({"description": DESCRIPTIONS[description], **more}, BODIES[body])


def server(name: str, **values: object) -> str:
    return json.dumps({"mcpServers": {name: values}}, indent=2) + "\n"


AGENTS = {
    "reviewer": agent(
        "reviewer", "plain", tools="Read, Grep, Bash", model="sonnet", color="blue"
    ),
    "planner": agent("planner", "unquoted", "toml"),
    "quoter": agent("quoter", "quotes", tools="[Read, Write]", model="opus"),
    "sorter": agent("sorter", "hash", "braces", model="inherit", color="orange"),
    "translator": agent("translator", "unicode", "fence", model="haiku"),
    "writer": agent(
        "writer", "lines", "rule", tools="Read, Task, mcp__tickets__search, WebFetch"
    ),
    "counter": agent("counter", "number", permissionMode="plan", maxTurns="5"),
    "x": agent("x", "truth", memory="project", effort="high"),
    LONGEST: agent(LONGEST, "long", disallowedTools="Write, Edit"),
    "liner": agent("liner", "dashes", "fence"),
    "finder": agent("finder", "html").replace("\n", "\r\n"),
    "caller": "\ufeff" + agent("caller", "at", tools='"*"'),
}
COMMANDS = {
    "fix-issue": command(
        "plain", "braces", **{"argument-hint": '"[number] [why]"', "model": "sonnet"}
    ),
    "note": command("colon", "toml", **{"allowed-tools": "Bash(git log:*), Read"}),
    "draw": command("dashes", "rule"),
    "y": command("unicode"),
}
SERVERS = {
    "tickets": server(
        "tickets",
        command="no-such-program",
        args=["--level", "2", 'a "b" c'],
        env={"TICKETS_TOKEN": "${TICKETS_TOKEN}", "AREA": "${AREA:-all}"},
    ),
    "wiki": server(
        "wiki",
        type="http",
        url="http://127.0.0.1:9/mcp",
        headers={"Authorization": "Bearer ${WIKI_TOKEN}", "X-Team": "forge"},
    ),
    "events": server("events", type="sse", url="http://127.0.0.1:9/${AREA:-all}/sse"),
}
FILES = {
    "references/style.md": b"# Style\n\nShort sentences: no more than needed.\n",
    "references/größe.md": "Namen: «quer».\n".encode(),
    "scripts/collect.sh": b"#!/bin/sh\ngit log\n",
    "assets/logo.png": b"\x89PNG\r\n\x1a\n\x00\xff" + bytes(range(256)),
    "empty.txt": b"",
}
SKILLS: dict[str, dict[str, bytes]] = {
    name: {"SKILL.md": content.encode(), **others}
    for name, content, others in (
        ("release-notes", skill("release-notes", "plain", license="MIT"), FILES),
        ("draw-lines", skill("draw-lines", "dashes", "rule"), {}),
        ("say-no", skill("say-no", "quotes", "braces"), {}),
        ("plan-work", skill("plan-work", "unquoted"), {}),
        ("find-tags", skill("find-tags", "html", "fence"), {}),
        (
            "use-tools",
            skill("use-tools", "colon", **{"allowed-tools": "[Read, 'Bash(git:*)']"}),
            {"scripts/a.py": b"print('a')\n"},
        ),
        (
            "beyond-it",
            skill("beyond-it", "hash", model="opus", metadata="{team: forge, n: 2}"),
            {},
        ),
        (
            "only-asked",
            skill("only-asked", "lines", **{"disable-model-invocation": "true"}),
            {},
        ),
        ("z", skill("z", "unicode"), {}),
        (LONGEST, skill(LONGEST, "long", compatibility="Needs git"), {}),
    )
}
OPEN_SKILLS: dict[str, dict[str, bytes]] = {
    name: {"SKILL.md": skill(name, text).encode(), **others}
    for name, text, others in (
        ("greet-people", "colon", {}),
        ("sort-things", "hash", {"references/order.md": b"# Order\n"}),
        ("draw-more", "dashes", {}),
    )
}
