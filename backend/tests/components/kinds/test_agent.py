import json
from typing import Any

import pytest

from roster.components.kinds import KINDS, Parsed, kind_of
from roster.components.kinds.agent import AGENT
from roster.lint import strict
from roster.lint.findings import apply

TOP = "---\nname: foo\ndescription: Use it.\n"
GOOD = f"{TOP}---\nYou help.\n"


def parse(text: str, path: str | None = "agents/foo.md") -> Parsed:
    return AGENT.parse(text.encode(), path)


def rules(parsed: Parsed) -> list[str]:
    return [finding.rule for finding in parsed.findings]


def fix_of(parsed: Parsed, rule: str) -> int:
    return rules(parsed).index(rule)


def test_the_registry_holds_the_kind() -> None:
    assert list(KINDS) == ["agent", "skill", "command", "server"]
    assert KINDS["agent"] is AGENT
    assert kind_of("agents/foo.md", GOOD.encode()) is AGENT
    assert kind_of("README.md", b"# Read me") is None
    assert AGENT.export_path("foo") == ".claude/agents/foo.md"


def test_a_sound_file_is_read_whole() -> None:
    text = (
        "---\nvibe: calm\nname: foo\ndescription: |-\n  Use it.\n\n  <example>\n"
        '  user: "Please?"\n  assistant: "Yes."\n  </example>\n'
        "tools: Read, Bash(git log:*), Read\nmodel: sonnet\n---\n\nYou help.\n"
    )
    parsed = parse(text)
    assert parsed.ok
    assert parsed.kind == "agent"
    assert parsed.strict_yaml_ok is True
    assert (parsed.name, parsed.display_name) == ("foo", None)
    assert list(parsed.manifest) == ["vibe", "name", "description", "tools", "model"]
    assert parsed.body == "\nYou help.\n"
    assert [example.user for example in parsed.examples] == ["Please?"]
    assert parsed.facets == {"model": ["sonnet"], "tool": ["Read", "Bash"]}
    assert parsed.description_tokens == len(parsed.manifest["description"]) // 4 + 1
    assert parsed.body_tokens == 3
    assert parsed.repaired is None
    assert parsed.objection is None
    assert parsed.encoded() == text.encode()
    assert Parsed.model_validate_json(parsed.model_dump_json()) == parsed


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\n \n", "empty"),
        (b"a\0b", "binary"),
        (b"x" * 99, "too-large"),
    ],
)
def test_what_cannot_be_read_is_refused(data: bytes, code: str) -> None:
    parsed = AGENT.parse(data, "agents/foo.md", limit=50)
    assert parsed.refused is not None
    assert parsed.refused.code == code
    assert parsed.objection == parsed.refused.message
    assert not parsed.ok
    assert parsed.encoded() == b""
    assert (parsed.text, parsed.findings, parsed.manifest) == ("", [], {})


@pytest.mark.parametrize(
    ("top", "path", "name", "shown", "rule"),
    [
        ("name: foo", "agents/foo.md", "foo", None, None),
        ("name: Foo Bar", "foo-bar.md", "foo-bar", "Foo Bar", "manifest.name-invalid"),
        ("name: '代码'", "a/coder.md", "coder", "代码", "manifest.name-invalid"),
        ("name: 007", "x.txt", "007", None, "manifest.value-type"),
        ("name: 1.50", "x.txt", "1-50", "1.50", "manifest.value-type"),
        ("name:", "agents/foo.md", "foo", None, "manifest.name-missing"),
        ("name: ''", "agents/foo.md", "foo", None, "manifest.name-missing"),
        ("name: [a]", "agents/foo.md", "foo", None, "manifest.name-missing"),
        ("model: opus", "foo.agent.md", "foo", None, "manifest.name-missing"),
        ("name: bar", "agents/foo.md", "bar", None, "manifest.name-differs-from-file"),
        ("name: bar", "seed.txt", "bar", None, None),
        ("name: foo", None, "foo", None, None),
    ],
)
def test_names(
    top: str,
    path: str | None,
    name: str,
    shown: str | None,
    rule: str | None,
) -> None:
    parsed = parse(f"---\n{top}\ndescription: Use it.\n---\nBody\n", path)
    assert (parsed.name, parsed.display_name) == (name, shown)
    assert parsed.ok
    assert rule is None or rule in rules(parsed)
    assert rule is not None or rules(parsed) == []


def test_without_a_name_and_a_path_nothing_can_be_published() -> None:
    parsed = parse("---\ndescription: Use it.\n---\nBody\n", None)
    assert parsed.name is None
    assert not parsed.ok
    assert parsed.objection is not None
    assert "no name" in parsed.objection
    assert parsed.findings[0].fix is None


def test_a_missing_name_is_proposed_not_written() -> None:
    parsed = parse("---\ndescription: a: b\n---\nBody\n")
    assert "name" not in parsed.manifest
    assert parsed.repaired == b"---\ndescription: 'a: b'\n---\nBody\n"
    index = fix_of(parsed, "manifest.name-missing")
    assert AGENT.mend(parsed, {index}).startswith(b"---\nname: foo\ndescription: ")


@pytest.mark.parametrize(
    ("description", "objection"),
    [
        ("", "no description"),
        ("description:", "no description"),
        ("description: [a]", "no description"),
        ("description:\n  - a", "no description"),
    ],
)
def test_without_a_description_nothing_can_be_published(
    description: str,
    objection: str,
) -> None:
    parsed = parse(f"---\nname: foo\n{description}\n---\nBody\n")
    assert not parsed.ok
    assert "manifest.description-missing" in rules(parsed)
    assert parsed.objection is not None
    assert objection in parsed.objection


def test_a_description_in_brackets_can_be_taken_as_text() -> None:
    parsed = parse("---\nname: foo\ndescription: [Beta] \n---\nBody\n")
    mended = AGENT.mend(parsed, {fix_of(parsed, "manifest.description-missing")})
    assert parse(mended.decode()).manifest["description"] == "[Beta]"


def test_a_number_as_description_is_kept() -> None:
    parsed = parse("---\nname: foo\ndescription: 12\n---\nBody\n")
    assert parsed.ok
    assert parsed.manifest["description"] == 12
    mended = AGENT.mend(parsed, {fix_of(parsed, "manifest.value-type")})
    assert parse(mended.decode()).manifest["description"] == "12"


@pytest.mark.parametrize(
    ("text", "strict_ok"),
    [
        (GOOD, True),
        (GOOD.replace("Use it.", "Use: it."), False),
        ("# Title\n", None),
        (TOP + "\n# Prompt\n", None),
        (TOP + "\n# Prompt\nHelp.\n\n---\n", False),
        (f"\n{GOOD}", True),
        (f"<!-- x -->\n{GOOD}", True),
        (f"# Title\n{GOOD}", None),
        (GOOD.removeprefix("---\n"), None),
        (GOOD.replace("foo\n", "foo\nname: foo\n"), False),
    ],
)
def test_the_strict_verdict(text: str, strict_ok: bool | None) -> None:
    assert parse(text).strict_yaml_ok is strict_ok


BROKEN = [
    GOOD.replace("Use it.", "Use it: now."),
    GOOD.replace("Use it.", "It's \"x\": y\\n\\nuser: 'z'"),
    TOP + "tools:\n\t- Read\n---\nBody\n",
    TOP + "description: Other.\n---\nBody\n",
    TOP + "\n# Prompt\n",
    f"\n\n{GOOD}",
    f"<!-- x -->\n{GOOD}",
    f"```\n{GOOD}```\n",
    GOOD.removeprefix("---\n"),
    GOOD.replace("Use it.", "Use: it").replace("\n", "\r\n"),
    GOOD.replace("Use it.", "a: b\nuser: c\n\nd"),
    " ---\n name: a\n description: b: c\n ---\nBody\n",
    "# T\n---\ndescription: a: b\nname: c\nname: d\n---\nBody\n",
]


@pytest.mark.parametrize("text", BROKEN)
def test_a_repaired_file_is_read_with_the_same_values(text: str) -> None:
    parsed = parse(text)
    assert parsed.repaired is not None
    again = AGENT.parse(parsed.repaired, "agents/foo.md")
    assert again.strict_yaml_ok is True
    assert again.manifest == parsed.manifest
    assert list(again.manifest) == list(parsed.manifest)
    assert again.repaired is None
    assert parsed.encoded() == text.encode()
    safe = [f.fix for f in parsed.findings if f.fix and f.fix.safe]
    assert apply(parsed.text, safe).encode() == parsed.repaired


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (b"\xef\xbb\xbf" + GOOD.encode(), "utf-8-sig"),
        (b"\xef\xbb\xbf" * 2 + GOOD.encode(), "utf-8-sig"),
        (GOOD.encode("utf-16"), "utf-16-le-sig"),
        (GOOD.replace("help", "hélp").encode("cp1252"), "cp1252"),
    ],
)
def test_other_encodings_are_repaired_to_utf_8(data: bytes, encoding: str) -> None:
    parsed = AGENT.parse(data, "agents/foo.md")
    assert parsed.ok
    assert parsed.encoding == encoding
    assert parsed.encoded() == data
    assert parsed.repaired == parsed.text.lstrip("\ufeff").encode()
    assert parsed.repaired.startswith(b"---")


def test_what_cannot_be_mended_offers_no_fix() -> None:
    keys = "".join(f"k{number}: a: b\n" for number in range(400))
    parsed = parse(f"\n---\nname: foo\n{keys}---\nBody\n")
    assert parsed.repaired is None
    assert not any(f.fix and f.fix.safe for f in parsed.findings)


def test_examples_are_taken_from_the_prompt_when_the_description_has_none() -> None:
    block = '<example>\nuser: "In the prompt"\n</example>\n'
    assert [e.user for e in parse(GOOD + block).examples] == ["In the prompt"]
    both = GOOD.replace("Use it.", "Use it. user: 'Above' assistant: 'x'") + block
    assert [e.user for e in parse(both).examples] == ["Above"]


@pytest.mark.parametrize(
    ("manifest", "body"),
    [
        ({"name": "a", "description": "b"}, "Body\n"),
        ({"description": "One.\n\nTwo: 3", "name": "a", "x": [1, {"y": None}]}, ""),
        ({}, "\nBody"),
        ({"name": "a", "tools": ["Read", "Bash(a: b)"]}, "One\r\nTwo\r\n"),
    ],
)
def test_what_is_composed_is_read_back(manifest: dict[str, Any], body: str) -> None:
    parsed = AGENT.parse(AGENT.compose(manifest, body), "agents/a.md")
    assert parsed.manifest == manifest
    assert list(parsed.manifest) == list(manifest)
    assert parsed.body == body
    assert parsed.strict_yaml_ok is True
    json.dumps(parsed.manifest)


def test_a_file_without_front_matter_gets_a_proposal() -> None:
    parsed = parse("# Helper\n\nIt helps: with\nthings.\n")
    assert not parsed.ok
    assert parsed.name == "foo"
    assert parsed.strict_yaml_ok is None
    assert parsed.body == parsed.text
    mended = AGENT.mend(parsed, {0})
    again = AGENT.parse(mended, "agents/foo.md")
    assert again.manifest == {"name": "foo", "description": "It helps: with things."}
    assert again.body == "\n" + parsed.text


@pytest.mark.parametrize(
    ("text", "path"), [("# Only a title\n", "a/b.md"), ("Hi\n", None)]
)
def test_where_nothing_can_be_proposed(text: str, path: str | None) -> None:
    assert parse(text, path).findings[0].fix is None


def test_values_stay_json_and_fit_a_database() -> None:
    parsed = parse(
        '---\nname: a\ndescription: "b\\0c"\nbig: 99999999999999999999\n---\nx'
    )
    assert parsed.manifest["description"] == "b\ufffdc"
    assert parsed.manifest["big"] == "99999999999999999999"
    assert strict.load("a: .nan").values == {"a": ".nan"}
