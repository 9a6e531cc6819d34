"""The catalogue and the rules name the same things, both ways."""

import ast
import re
from pathlib import Path

import pytest

import roster
from roster.components.kinds.agent import AGENT
from roster.components.kinds.base import Kind
from roster.components.kinds.server import SERVER
from roster.components.kinds.skill import SKILL
from roster.lint.findings import Severity
from roster.lint.rules import RULES

GOOD = "---\nname: foo\ndescription: Use it.\n---\nBody\n"
SECRET = "q7Rz2LmX9vKc4TnB"

# One file for each rule, which that rule finds something in.
FILES: dict[str, str | bytes] = {
    "file.bom": b"\xef\xbb\xbf" + GOOD.encode(),
    "file.encoding": GOOD.replace("Body", "Café").encode("cp1252"),
    "file.mojibake": GOOD + "âœ… done\n",
    "file.line-endings": GOOD.replace("\n", "\r\n"),
    "file.hidden-character": GOOD + "in\u200bvisible\n",
    "frontmatter.missing": "# Just a title\n",
    "frontmatter.unclosed": "---\nname: foo\ndescription: Use it.\n\n# Body\n",
    "frontmatter.preceded": "\n" + GOOD,
    "frontmatter.indented": " ---\n name: foo\n description: Use it.\n ---\nBody\n",
    "yaml.invalid": GOOD.replace("Use it.", "Use it: often."),
    "yaml.duplicate-key": GOOD.replace("name: foo", "name: foo\nname: foo"),
    "yaml.tab": GOOD.replace("name: foo", "name: foo\ntools:\n\t- Read"),
    "yaml.comment-cut": GOOD.replace("Use it.", "Use it for #5."),
    "manifest.name-missing": GOOD.replace("name: foo\n", ""),
    "manifest.name-invalid": GOOD.replace("foo", "Foo Bar"),
    "manifest.name-differs-from-file": GOOD.replace("foo", "bar"),
    "manifest.description-missing": GOOD.replace("description: Use it.\n", ""),
    "manifest.description-long": GOOD.replace("Use it.", "Use it. " * 200),
    "manifest.literal-newline": GOOD.replace("Use it.", "Use it.\\n\\nOften."),
    "manifest.tools-type": GOOD.replace("name: foo", "name: foo\ntools: {read: true}"),
    "manifest.unknown-key": GOOD.replace("name: foo", "name: foo\nmood: calm"),
    "manifest.value-type": GOOD.replace("name: foo", "name: foo\nmodel: [a]"),
    "body.empty": GOOD.replace("Body\n", ""),
    "secret.literal": f"{GOOD}password = '{SECRET}'\n",
}

# The same for the kinds that have rules of their own.
SKILLS: dict[str, str] = {
    "body.runs-shell": f"{GOOD}!`date`\n",
    "skill.name-differs-from-folder": GOOD.replace("foo", "bar"),
    "skill.description-too-long": GOOD.replace("Use it.", "Use it. " * 200),
    "skill.compatibility-too-long": GOOD.replace(
        "name: foo", f"name: foo\ncompatibility: {'x' * 501}"
    ),
    "skill.key-beyond-standard": GOOD.replace("name: foo", "name: foo\nmodel: opus"),
    "skill.long": GOOD + "line\n" * 600,
    "skill.missing-file": f"{GOOD}[more](more.md)\n",
}
SERVERS: dict[str, str] = {
    "json.invalid": '{"command": "x",}',
    "json.duplicate-key": '{"command": "x", "command": "y"}',
    "server.missing": "[]",
    "server.target-missing": '{"args": []}',
    "server.target-twice": '{"command": "x", "url": "https://a.example"}',
    "server.type": '{"url": "https://a.example"}',
    "server.plain-http": '{"type": "http", "url": "http://a.example"}',
    "server.literal-secret": f'{{"command": "x", "env": {{"A_KEY": "{SECRET}"}}}}',
    "server.placeholder": '{"command": "x", "env": {"A_KEY": "<key>"}}',
    "server.reference": '{"command": "x", "env": {"A": "${env:B}"}}',
    "server.unpinned-package": '{"command": "npx", "args": ["x"]}',
    "server.shell": '{"command": "npx -y x"}',
}
CASES: list[tuple[Kind, str, str, str | bytes]] = [
    *((AGENT, "agents/foo.md", *case) for case in FILES.items()),
    *((SKILL, "foo/SKILL.md", *case) for case in SKILLS.items()),
    *((SERVER, "foo.json", *case) for case in SERVERS.items()),
]


@pytest.mark.parametrize(
    ("kind", "path", "rule", "content"), CASES, ids=[case[2] for case in CASES]
)
def test_every_rule_finds_what_it_is_about(
    kind: Kind, path: str, rule: str, content: str | bytes
) -> None:
    data = content.encode() if isinstance(content, str) else content
    found = {finding.rule for finding in kind.parse(data, path, others=[]).findings}
    assert rule in found
    assert found <= RULES.keys()


def test_every_rule_has_its_case() -> None:
    assert sorted(rule for _, _, rule, _ in CASES) == sorted(RULES)


def test_a_sound_agent_has_no_findings() -> None:
    parsed = AGENT.parse(GOOD.encode(), "agents/foo.md")
    assert parsed.findings == []
    assert parsed.ok
    assert parsed.repaired is None


def test_every_id_in_the_source_is_in_the_catalogue() -> None:
    root = Path(roster.__file__).parent
    prefixes = {rule.split(".")[0] for rule in RULES}
    shape = re.compile(rf"(?:{'|'.join(sorted(prefixes))})\.[a-z]+(?:-[a-z]+)*")
    named = {
        node.value
        for folder in ("lint", "components/kinds")
        for path in (root / folder).glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and shape.fullmatch(node.value)
    }
    assert named - {"skill.md"} == RULES.keys()  # the name of a file


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
def test_every_rule_says_what_to_do(rule: object) -> None:
    assert rule.__class__.__name__ == "Rule"
    entry = RULES[getattr(rule, "id", "")]
    assert entry.severity in Severity
    assert entry.help.count(". ") >= 1
    assert entry.help.endswith(".")
    assert not entry.title.endswith(".")
