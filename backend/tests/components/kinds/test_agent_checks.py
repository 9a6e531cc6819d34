import pytest

from roster.components.kinds import Parsed
from roster.components.kinds.agent import AGENT
from roster.lint.findings import Finding, apply

TOP = "---\nname: foo\n"
END = "---\nYou help.\n"


def look(lines: str, rule: str) -> tuple[Parsed, Finding]:
    parsed = AGENT.parse(f"{TOP}{lines}{END}".encode(), "agents/foo.md")
    (finding,) = [finding for finding in parsed.findings if finding.rule == rule]
    return parsed, finding


def mended(lines: str, rule: str) -> str:
    """The lines after the fix of the one finding."""
    parsed, finding = look(lines, rule)
    assert finding.fix is not None
    assert not finding.fix.safe
    text = apply(parsed.text, [finding.fix])
    return text.removeprefix(TOP).removesuffix(END)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            "description: One.\\n\\nTwo.\n",
            "description: |-\n  One.\n\n  Two.\n",
        ),
        (
            'description: "One.\\\\nuser: \\"x\\"\\\\nThree."\n',
            'description: |-\n  One.\n  user: "x"\n  Three.\n',
        ),
        (
            'description: Use it: now\\n\\nuser: "It\'s"\\n\n',
            'description: |-\n  Use it: now\n\n  user: "It\'s"\n',
        ),
        (
            "description: 'One. \\n\\tTwo\\r\\nThree'\n",
            "description: |-\n  One.\n    Two\n  Three\n",
        ),
        (
            "description: >-\n  One.\\n\\n\n  Two.\nmodel: opus\n",
            "description: |-\n  One.\n\n   Two.\nmodel: opus\n",
        ),
        ("description: a\\n<example>\n", "description: |-\n  a\n  <example>\n"),
        ('description: "\\x07a\\\\n\\\\nb"\n', 'description: "\\x07a\\n\\nb"\n'),
        (
            "description:A b\\n\\nc\n",
            "description: |-\n  A b\n\n  c\n",
        ),
    ],
)
def test_literal_line_breaks_become_real(lines: str, expected: str) -> None:
    assert mended(lines, "manifest.literal-newline") == expected


@pytest.mark.parametrize(
    "lines",
    [
        "description: Splits at \\n signs.\n",
        "description: Reads C:\\new\n",
        "description: |-\n  One.\n\n  Two.\n",
    ],
)
def test_a_backslash_n_that_is_meant_stays(lines: str) -> None:
    parsed = AGENT.parse(f"{TOP}{lines}{END}".encode(), "agents/foo.md")
    assert parsed.findings == []


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ('tools: \'["Read", "Edit"]\'\n', "tools: Read, Edit\n"),
        ("tools: \"['Read']\"\n", "tools: Read\n"),
        ("tools: '[Read, Bash(a)]'\n", "tools: Read, Bash(a)\n"),
        ("disallowedTools: '[]'\n", "disallowedTools: ''\n"),
    ],
)
def test_lists_in_quotes_become_names(lines: str, expected: str) -> None:
    assert mended(f"description: x\n{lines}", "manifest.tools-type") == (
        f"description: x\n{expected}"
    )


@pytest.mark.parametrize("value", ["{read: true}", "'[Read'", "3"])
def test_other_tools_cannot_be_mended(value: str) -> None:
    _, finding = look(f"description: x\ntools: {value}\n", "manifest.tools-type")
    assert finding.fix is None


@pytest.mark.parametrize(
    ("key", "likely"),
    [
        ("Model", "model"),
        ("max-turns", "maxTurns"),
        ("disallowed_tools", "disallowedTools"),
        ("allowed-tools", "tools"),
        ("mcp-servers", "mcpServers"),
    ],
)
def test_misspelt_keys_are_recognised(key: str, likely: str) -> None:
    lines = f"description: about {key}\n{key}: x\n"
    assert mended(lines, "manifest.unknown-key") == lines.replace(
        f"{key}:", f"{likely}:"
    )


def test_a_misspelt_key_beside_the_right_one_is_only_named() -> None:
    _, finding = look("description: x\nModel: a\nmodel: b\n", "manifest.unknown-key")
    assert finding.fix is None
    assert finding.severity == "info"
    assert (finding.line, finding.column) == (4, 1)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("model: 4\n", "model: '4'\n"),
        ("color: true\n", "color: 'true'\n"),
    ],
)
def test_numbers_where_text_belongs_are_quoted(lines: str, expected: str) -> None:
    result = mended(f"description: x\n{lines}", "manifest.value-type")
    assert result == f"description: x\n{expected}"


@pytest.mark.parametrize("lines", ["model: [a]\n", "maxTurns: many\n", "hooks: x\n"])
def test_other_types_are_named_and_kept(lines: str) -> None:
    parsed, finding = look(f"description: x\n{lines}", "manifest.value-type")
    assert finding.fix is None
    assert lines.split(":", maxsplit=1)[0] in parsed.manifest
    assert parsed.ok


def test_a_description_that_a_comment_cuts() -> None:
    result = mended("description: Mends #5 and it's #6\n", "yaml.comment-cut")
    assert result == 'description: "Mends #5 and it\'s #6"\n'
    _, finding = look("description: one\n  two #5\n", "yaml.comment-cut")
    assert finding.fix is None


@pytest.mark.parametrize(
    "lines",
    [
        "description: 'one' # a comment\n",
        "description: |- # a comment\n  one\n",
        "description: one#two\n",
        "description: one\n# a comment\n",
    ],
)
def test_comments_that_cut_nothing(lines: str) -> None:
    parsed = AGENT.parse(f"{TOP}{lines}{END}".encode(), "agents/foo.md")
    assert parsed.findings == []


def test_renaming_writes_the_nearest_name() -> None:
    parsed = AGENT.parse(b"---\nname: 'My Agent'\ndescription: x\n---\nBody\n", "a.md")
    (index,) = [
        number
        for number, finding in enumerate(parsed.findings)
        if finding.rule == "manifest.name-invalid"
    ]
    assert AGENT.mend(parsed, {index}) == (
        b"---\nname: my-agent\ndescription: x\n---\nBody\n"
    )


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("name:\ndescription: x\n", b"---\nname: foo\ndescription: x\n---\nBody\n"),
        ("name: ''\ndescription: x\n", b"---\nname: foo\ndescription: x\n---\nBody\n"),
        ("description: x\n", b"---\nname: foo\ndescription: x\n---\nBody\n"),
    ],
)
def test_a_missing_name_is_written_where_it_belongs(
    lines: str,
    expected: bytes,
) -> None:
    parsed = AGENT.parse(f"---\n{lines}---\nBody\n".encode(), "agents/foo.md")
    assert AGENT.mend(parsed, {0}) == expected
