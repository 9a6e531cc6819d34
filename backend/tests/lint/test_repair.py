"""What a person reads in front matter that is not valid YAML, and how it is mended."""

from textwrap import indent
from typing import Any

import pytest
import yaml

from roster.lint import repair, strict
from roster.lint.findings import apply
from roster.lint.source import Source

KNOWN = frozenset(
    {"name", "description", "tools", "model", "color", "memory", "hooks", "skills"},
)

SPEECH = (
    "Use when.\n\nContext: x\nuser: \"hi\"\nassistant: 'ho'\n"
    "<example>\nname: inner\n</example>"
)
CASES: dict[str, tuple[str, dict[str, Any], str]] = {
    "a colon in a description": (
        "name: a\ndescription: Use it: often\nmodel: opus\n",
        {"name": "a", "description": "Use it: often", "model": "opus"},
        "name: a\ndescription: 'Use it: often'\nmodel: opus\n",
    ),
    "apostrophes make double quotes shorter": (
        "description: It's his: don't\n",
        {"description": "It's his: don't"},
        "description: \"It's his: don't\"\n",
    ),
    "a literal backslash n stays one": (
        'description: One: two\\n\\nuser: "x"\\nIt\'s\n',
        {"description": 'One: two\\n\\nuser: "x"\\nIt\'s'},
        "description: 'One: two\\n\\nuser: \"x\"\\nIt''s'\n",
    ),
    "comments and blank lines stay": (
        "# top\nname: a\n\n# about\ndescription: a: b\n",
        {"name": "a", "description": "a: b"},
        "# top\nname: a\n\n# about\ndescription: 'a: b'\n",
    ),
    "trailing blanks stay outside": (
        "description: a: b  \n",
        {"description": "a: b"},
        "description: 'a: b'  \n",
    ),
    "an asterisk": ("tools: *\n", {"tools": "*"}, "tools: '*'\n"),
    "emphasis": (
        "description: **Do** this\n",
        {"description": "**Do** this"},
        "description: '**Do** this'\n",
    ),
    "an at sign": (
        "description: @me\n",
        {"description": "@me"},
        "description: '@me'\n",
    ),
    "a tag": ("description: !now x\n", {"description": "!now x"}, ""),
    "braces": (
        "description: {{ x }} y\n",
        {"description": "{{ x }} y"},
        "description: '{{ x }} y'\n",
    ),
    "brackets": (
        "description: [Beta] tool: x\n",
        {"description": "[Beta] tool: x"},
        "description: '[Beta] tool: x'\n",
    ),
    "text after a quote": (
        'description: "One" and two\n',
        {"description": '"One" and two'},
        "description: '\"One\" and two'\n",
    ),
    "two quoted words": (
        "description: 'One' and 'two'\n",
        {"description": "'One' and 'two'"},
        "",
    ),
    "quotes in quotes": (
        'description: "say "hi" now"\n',
        {"description": 'say "hi" now'},
        'description: "say \\"hi\\" now"\n',
    ),
    "an apostrophe in quotes": (
        "description: 'It's here'\n",
        {"description": "It's here"},
        "description: 'It''s here'\n",
    ),
    "a quoted word in quotes": (
        "description: 'say 'hi' now'\n",
        {"description": "say 'hi' now"},
        "",
    ),
    "a doubled apostrophe beside one that is not": (
        "description: 'It''s what it's'\n",
        {"description": "It's what it's"},
        "",
    ),
    "a backslash that escapes nothing": (
        'description: "C:\\Users \\d"\n',
        {"description": "C:\\Users \\d"},
        'description: "C:\\\\Users \\\\d"\n',
    ),
    "a quote that is not closed": (
        'description: "Use it\nmodel: opus\n',
        {"description": "Use it", "model": "opus"},
        'description: "Use it"\nmodel: opus\n',
    ),
    "a bracket that is not closed": (
        "tools: [Read, Grep\nmodel: opus\n",
        {"tools": ["Read", "Grep"], "model": "opus"},
        "tools: [Read, Grep]\nmodel: opus\n",
    ),
    "an item with a colon": (
        'tools: [Read, Bash(git log: *), "Edit"]\n',
        {"tools": ["Read", "Bash(git log: *)", "Edit"]},
        "tools: [Read, 'Bash(git log: *)', \"Edit\"]\n",
    ),
    "several brackets": ("hint: [a] [b]\n", {"hint": "[a] [b]"}, "hint: '[a] [b]'\n"),
    "tabs before items": (
        "tools:\n\t- Read\n\t- Grep\n",
        {"tools": ["Read", "Grep"]},
        "tools:\n  - Read\n  - Grep\n",
    ),
    "a broken line in a list": (
        "tools:\n  - Read\n  - *\n  - a: b: c\n",
        {"tools": ["Read", "*", {"a": "b: c"}]},
        "",
    ),
    "a broken line deep down": (
        'hooks:\n  Stop:\n    - matcher: *\n      say: "x" y\n',
        {"hooks": {"Stop": [{"matcher": "*", "say": '"x" y'}]}},
        "",
    ),
    "a nested key twice": (
        "hooks:\n  a: 1\n  a: 2\n",
        {"hooks": {"a": 1}},
        "hooks:\n  a: 1\n#   a: 2\n",
    ),
    "no blank after the colon": (
        "name:a\ndescription:b\n",
        {"name": "a", "description": "b"},
        "name: a\ndescription: b\n",
    ),
    "a no-break space": (
        "name:\xa0a\nmodel: b: c\n",
        {"name": "a", "model": "b: c"},
        "",
    ),
    "a wide colon": ("name\uff1aa\nmodel: b\n", {"name": "a", "model": "b"}, ""),
    "an indented key": (
        "name: a\n description: some text\n  model: opus\n",
        {"name": "a", "description": "some text", "model": "opus"},
        "name: a\ndescription: some text\nmodel: opus\n",
    ),
    "all keys indented": (
        "  name: a\n  description: b: c\n  model: d\n",
        {"name": "a", "description": "b: c", "model": "d"},
        "  name: a\n  description: 'b: c'\n  model: d\n",
    ),
    "a key twice, the last counts": (
        "name: a\nmodel: b\nname: c\n",
        {"model": "b", "name": "c"},
        "# name: a\nmodel: b\nname: c\n",
    ),
    "a long key twice": (
        "description: |\n  a\n\n  b\nname: c\ndescription: d\n",
        {"name": "c", "description": "d"},
        "# description: |\n#   a\n\n#   b\nname: c\ndescription: d\n",
    ),
    "speech at the left edge": (
        f"name: a\ndescription: {SPEECH}\nmodel: opus\n",
        {"name": "a", "description": SPEECH, "model": "opus"},
        f"name: a\ndescription: |-\n{indent(SPEECH, '  ')}\nmodel: opus\n",
    ),
    "a known key in an open example": (
        "description: See: <example>\nmodel: opus\n</example>\nmodel: haiku\n",
        {"description": "See: <example>\nmodel: opus\n</example>", "model": "haiku"},
        "",
    ),
    "prose that looks like a one-word key": (
        "description: Use: it.\nMore prose.\nmemory: of the elephant\nmodel: opus\n",
        {
            "description": "Use: it.\nMore prose.\nmemory: of the elephant",
            "model": "opus",
        },
        "",
    ),
    "indented lines keep their shape": (
        "description: Use: it\n\n    one\n      two: three\n\n    four  \nmodel: x\n",
        {"description": "Use: it\n\none\n  two: three\n\nfour", "model": "x"},
        "description: |-\n  Use: it\n\n  one\n    two: three\n\n  four\nmodel: x\n",
    ),
    "text that begins below its key": (
        "description:\n  Use it: now\n  or: never: ever\nmodel: x\n",
        {"description": "Use it: now\nor: never: ever", "model": "x"},
        "",
    ),
    "a block that is not indented": (
        "description: |\nOne\nuser: two\nmodel: x\n",
        {"description": "One\nuser: two\n", "model": "x"},
        "description: |\n  One\n  user: two\nmodel: x\n",
    ),
    "a folded block that is not indented": (
        "description: >-\nOne\ntwo.\nmodel: x\n",
        {"description": "One two.", "model": "x"},
        "description: >-\n  One\n  two.\nmodel: x\n",
    ),
    "a block whose first line is further in": (
        "description: |\n    One\n  two\nmodel: x\n",
        {"description": "  One\ntwo\n", "model": "x"},
        "description: |2\n    One\n  two\nmodel: x\n",
    ),
    "a block that begins with a blank and is not indented": (
        "description: |\n One\ntwo\nmodel: x\n",
        {"description": " One\ntwo\n", "model": "x"},
        "",
    ),
    "a line that belongs to no key": (
        "Hello\nname: a\nstray\n  - more\ndescription: b\n",
        {"name": "a", "description": "b"},
        "# Hello\nname: a\n# stray\n#   - more\ndescription: b\n",
    ),
    "the end of a document": (
        "name: a\ntools: b\n...\nmodel: c\n",
        {"name": "a", "tools": "b", "model": "c"},
        "name: a\ntools: b\n# ...\nmodel: c\n",
    ),
    "a stray line with a hidden line break": (
        "name: a\nstray\u2028more\x07\nmodel: b\n",
        {"name": "a", "model": "b"},
        "name: a\n# stray more \nmodel: b\n",
    ),
    "a control character": (
        "description: a \x9d b\n",
        {"description": "a \x9d b"},
        'description: "a \\x9d b"\n',
    ),
    "a control character on several lines": (
        "description: a\n  b \x07\n",
        {"description": "a\nb \x07"},
        'description: "a\\nb \\x07"\n',
    ),
    "unknown keys": (
        "name: a\npriority: high: low\nmy-key: x\n",
        {"name": "a", "priority": "high: low", "my-key": "x"},
        "",
    ),
    "words that begin with a capital are prose": (
        "description: Use: it\nTriggers: on x\nmodel: y\n",
        {"description": "Use: it\nTriggers: on x", "model": "y"},
        "",
    ),
    "carriage returns": (
        "name: a\r\ndescription: b: c\r\nuser: d\r\nmodel: e\r\n",
        {"name": "a", "description": "b: c\nuser: d", "model": "e"},
        "name: a\r\ndescription: |-\r\n  b: c\r\n  user: d\r\nmodel: e\r\n",
    ),
    "a closing bracket at the left edge": (
        "tools: [\n  Read,\n  a: b: c\n]\nmodel: x: y\n",
        {"tools": ["Read", "a: b: c"], "model": "x: y"},
        "",
    ),
    "a list at the left edge": (
        "tools:\n- Read\n- Grep\ndescription: a: b\n",
        {"tools": ["Read", "Grep"], "description": "a: b"},
        "tools:\n- Read\n- Grep\ndescription: 'a: b'\n",
    ),
    "an address is no key": (
        "description: See: this\nname://x\nmodel: y\n",
        {"description": "See: this\nname://x", "model": "y"},
        "",
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_values_are_those_that_a_person_reads(
    case: tuple[str, dict[str, Any], str],
) -> None:
    text, values, repaired = case
    with pytest.raises(strict.StrictError):
        strict.load(text)
    mended = repair.mend(Source(text), 0, len(text), KNOWN)
    assert mended.values == values
    assert list(mended.values) == list(values)
    assert mended.findings
    assert all(f.fix and f.fix.safe for f in mended.findings)
    result = apply(text, [f.fix for f in mended.findings if f.fix])
    if repaired:
        assert result == repaired
    assert strict.load(result).values == values
    assert yaml.load(result, Loader=yaml.CSafeLoader).keys() == values.keys()
    assert set(mended.spans) == set(values)


def test_findings_point_at_the_place_and_say_what_to_do() -> None:
    text = "name: a\ndescription: Use it: often\n"
    (finding,) = repair.mend(Source(text), 0, len(text), KNOWN).findings
    assert (finding.rule, finding.severity) == ("yaml.invalid", "error")
    assert (finding.line, finding.column) == (2, 20)
    assert "Put the value in quotes" in finding.message
    assert finding.evidence == "description: Use it: often"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("tools:\n\t- Read\n", "yaml.tab"),
        ("name: a\nname: b\n", "yaml.duplicate-key"),
        ("name: a\nstray\n", "yaml.invalid"),
    ],
)
def test_some_causes_have_rules_of_their_own(text: str, rule: str) -> None:
    findings = repair.mend(Source(text), 0, len(text), KNOWN).findings
    assert [finding.rule for finding in findings] == [rule]


def test_what_nobody_wrote_by_hand_is_not_mended() -> None:
    text = "".join(f"key{number}: a: b\n" for number in range(repair.MAX_KEYS + 1))
    mended = repair.mend(Source(text), 0, len(text), KNOWN)
    assert mended.values == {}
    (finding,) = mended.findings
    assert finding.fix is None
    assert "not valid YAML" in finding.message


@pytest.mark.parametrize("text", ["\n# only a comment\n%x", "? [a]\n: b\n"])
def test_where_no_key_is_seen_the_problem_is_named(text: str) -> None:
    mended = repair.mend(Source(text), 0, len(text), KNOWN)
    assert mended.values == {}
    assert mended.findings


@pytest.mark.parametrize("lines", [10, 5000])
def test_long_values_are_mended_too(lines: int) -> None:
    for text in (
        "description: a: b\n" + "user: x\n" * lines,
        "description: |\n" + "x\n" * lines,
        "tools: [" + "a: b: c, " * lines + "d]\n",
    ):
        mended = repair.mend(Source(text), 0, len(text), KNOWN)
        result = apply(text, [f.fix for f in mended.findings if f.fix])
        assert strict.load(result).values == mended.values
