"""The catalogue and the rules name the same things, both ways."""

import ast
import re
from pathlib import Path

import pytest

import roster
from roster.components.kinds.agent import AGENT
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


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_finds_what_it_is_about(rule: str) -> None:
    content = FILES[rule]
    data = content.encode() if isinstance(content, str) else content
    found = {finding.rule for finding in AGENT.parse(data, "agents/foo.md").findings}
    assert rule in found
    assert found <= RULES.keys()


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
    assert named == RULES.keys()


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
def test_every_rule_says_what_to_do(rule: object) -> None:
    assert rule.__class__.__name__ == "Rule"
    entry = RULES[getattr(rule, "id", "")]
    assert entry.severity in Severity
    assert entry.help.count(". ") >= 1
    assert entry.help.endswith(".")
    assert not entry.title.endswith(".")
