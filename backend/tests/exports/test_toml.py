"""TOML that is written is what tomllib reads."""

import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roster.exports import toml

TEXTS = st.text(st.characters(exclude_categories=["Cs"])).filter(
    lambda text: "\0" not in text
) | st.lists(
    st.sampled_from(
        ["'", "''", "'''", '"', '"""', "\\", "\n", "\r", "a", "\t", "\x1f"]
    ),
    max_size=6,
).map("".join)
VALUES = st.recursive(
    TEXTS
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3)
    ),
    max_leaves=10,
)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(TEXTS, VALUES, max_size=4))
def test_any_values_are_read_as_they_were_written(values: dict[str, Any]) -> None:
    assert tomllib.loads(toml.dump(values).decode()) == values
    assert toml.dump(values) == toml.dump(values)


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("plain", '"plain"'),
        ("C:\\temp", "'C:\\temp'"),
        ('"a"', "'\"a\"'"),
        ('it\'s "a"', '"it\'s \\"a\\""'),
        ("a\n\\d\n", "'''\na\n\\d\n'''"),
        ("a\n'''\n", '"""\na\n\'\'\'\n"""'),
        ("a\nb'", '"""\na\nb\'"""'),
        ("\x07\n", '"\\u0007\\n"'),
    ],
)
def test_texts_are_literal_where_they_can_be(said: str, written: str) -> None:
    assert toml.text(said) == written
    assert tomllib.loads(f"a = {written}") == {"a": said}


def test_tables() -> None:
    values = {"mcp": {"a b": {"x": 1, "env": {"K": "v"}}, "c": {}}, "first": [{"a": 1}]}
    assert toml.dump(values).decode() == (
        'first = [{ a = 1 }]\n\n[mcp."a b"]\nx = 1\n\n[mcp."a b".env]\nK = "v"\n'
        "\n[mcp.c]\n"
    )
