"""Front matter that is written means the same to every reader of YAML."""

from typing import Any

import pytest
import strictyaml  # type: ignore[import-untyped]  # it has no types
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from roster.components.content import clean
from roster.exports import writing
from roster.lint import strict

TEXTS = (
    "plain",
    "a: b",
    "a #b",
    "- a",
    "[a]",
    "{a}",
    "*a",
    "&a",
    "!a",
    "@a",
    "`a`",
    "%a",
    "|",
    ">",
    "=",
    "<<",
    "~",
    "yes",
    "No",
    "on",
    "null",
    "",
    " a",
    "a ",
    "1.10",
    "0x1F",
    "1_000",
    "12:30",
    "2026-01-31",
    ".inf",
    "a\tb",
    "a\nb",
    "a\n\nb\n",
    "\n a\nb",
    "a\n \nb",
    "a\r\nb",
    "'a' \"b\" \\",
    "---",
    "a --- b",
    "a\n---\nb",
    "-----",
    "é 🧭 \u2028 \x85 \ufeff",
    "\x00\x07",
    "\ud800",
)
SCALARS: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**40), 2**40),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(),
    st.sampled_from(TEXTS),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
    ),
    max_leaves=8,
)


def cleaned(value: Any) -> Any:
    """What no file can hold is replaced."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [cleaned(one) for one in value]
    if isinstance(value, dict):
        return {clean(key): cleaned(one) for key, one in value.items()}
    return value


@settings(max_examples=400, deadline=None)
@given(st.dictionaries(st.text(), VALUES, max_size=4))
@example({"a": [{"b": ["c\nd\n", {}]}, [], [["e"]]]})
@example({"a": 1e16, "b": 1e-7, "c": -0.5})
def test_readers_of_both_versions_agree(values: dict[str, Any]) -> None:
    values = cleaned(values)
    text = writing.yaml(values)

    assert (yaml.safe_load(text) or {}) == values
    assert strict.load(text).values == values
    assert "---" not in text


@settings(max_examples=300, deadline=None)
@given(
    st.dictionaries(
        st.text(min_size=1),
        st.text() | st.sampled_from(TEXTS) | st.dictionaries(st.text(), st.text()),
        min_size=1,
        max_size=4,
    )
)
def test_who_wants_blocks_and_texts_alone_agrees(values: dict[str, Any]) -> None:
    values = {key: value for key, value in cleaned(values).items() if value != {}}
    if values:
        assert strictyaml.load(writing.yaml(values)).data == values


@pytest.mark.parametrize("text", TEXTS)
def test_every_text_comes_back(text: str) -> None:
    said = {"first": text, "list": [text, text], "map": {"inner": text}}

    assert yaml.safe_load(writing.yaml(said)) == cleaned(said)


@pytest.mark.parametrize("body", ["Do it.\n", "---\nname: a\n---\nDo.\n", "", "a\r\nb"])
def test_a_page_without_values_has_no_front_matter(body: str) -> None:
    written = writing.page({}, body).decode()

    assert not written.startswith("---")
    assert written.strip() == body.strip().replace("\r\n", "\n")
