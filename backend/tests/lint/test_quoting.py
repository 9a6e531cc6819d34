from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from roster.lint import strict
from roster.lint.findings import apply_edits
from roster.lint.quoting import block, double_quoted, dump, quote_edits, quoted, scalar

AWKWARD = [
    "",
    " lead",
    "trail ",
    "a: b",
    "a #b",
    "- a",
    "? a",
    "*a",
    "&a",
    "!a",
    "%a",
    "@a",
    "`a`",
    "[a",
    "{a",
    "'",
    '"',
    "it's",
    'say "hi"',
    "a\\nb",
    "\\",
    "yes",
    "Null",
    "~",
    "1",
    "1.5",
    "0o17",
    "a\tb",
    "a\nb",
    "\n",
    "\x85",
    "\u2028",
    "\x07",
    "\ufeff",
    "é😀",
    "---",
    "...",
]


@pytest.mark.parametrize("value", AWKWARD)
def test_every_text_survives_in_quotes(value: str) -> None:
    for text in (quoted(value), double_quoted(value), scalar(value)):
        assert strict.load(f"a: {text}\n").values == {"a": value}
        assert yaml.safe_load(f"a: {text}\n") == {"a": value}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a: b", "'a: b'"),
        ("it's: x", '"it\'s: x"'),
        ("it's, isn't, can't: \"x\"", '"it\'s, isn\'t, can\'t: \\"x\\""'),
        ("a\\nb: c", "'a\\nb: c'"),
    ],
)
def test_the_style_with_fewer_insertions_is_taken(value: str, expected: str) -> None:
    edits = quote_edits(value, 0)
    assert edits is not None
    assert apply_edits(value, edits) == expected


@pytest.mark.parametrize("value", ["a\nb", "a\tb", "a\x85b"])
def test_some_texts_cannot_be_quoted_by_insertions_alone(value: str) -> None:
    assert quote_edits(value, 0) is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a\nb", "|-\n  a\n  b"),
        ("a\n\nb\n", "|\n  a\n\n  b"),
        ("a\n\n", "|+\n  a\n"),
        ("  a\nb", "|2-\n    a\n  b"),
        ("\na", "|2-\n\n  a"),
        ("  \na", None),
        ("a\x07\nb", None),
        ("\n \n", None),
    ],
)
def test_lines_become_a_block(value: str, text: str | None) -> None:
    assert block(value) == text
    if text:
        assert strict.load(f"a: {text}\n").values == {"a": value}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (False, "false"),
        (3, "3"),
        (1.5, "1.5"),
        ("Read, Grep", "Read, Grep"),
        ("a: b", "'a: b'"),
    ],
)
def test_scalars_are_as_short_as_can_be(value: Any, text: str) -> None:
    assert scalar(value) == text


def test_a_manifest_is_written_for_people() -> None:
    values = {
        "name": "x",
        "description": "One.\n\nTwo: three.",
        "tools": ["Read", "Bash(git log: *)"],
        "hooks": {"Stop": [{"matcher": "*", "hooks": []}, "plain"], "none": {}},
        "yes": None,
        "a key: odd": 1,
    }
    text = dump(values)
    assert text == (
        "name: x\n"
        "description: |-\n  One.\n\n  Two: three.\n"
        "tools:\n  - Read\n  - 'Bash(git log: *)'\n"
        "hooks:\n"
        "  Stop:\n"
        "    - matcher: '*'\n"
        "      hooks: []\n"
        "    - plain\n"
        "  none: {}\n"
        "'yes': null\n"
        "'a key: odd': 1\n"
    )
    assert strict.load(text).values == values


TEXTS = st.text(
    st.characters(codec="utf-8", exclude_characters="\0\r"),
    max_size=40,
)
SCALARS = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | TEXTS
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3)
    ),
    max_leaves=6,
)


@given(st.dictionaries(TEXTS, VALUES, max_size=4), st.sampled_from(["\n", "\r\n"]))
def test_what_is_written_is_read_back(values: dict[str, Any], newline: str) -> None:
    assert strict.load(dump(values, newline)).values == values
