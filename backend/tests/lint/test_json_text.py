import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roster.lint.findings import apply_edits
from roster.lint.json_text import JsonError, Node, load

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(alphabet=st.characters(blacklist_characters="\0")),
    lambda children: (
        st.lists(children, max_size=4)
        | st.dictionaries(st.text(max_size=5), children, max_size=4)
    ),
    max_leaves=12,
)


@given(value=VALUES, indent=st.sampled_from([None, 2]), ascii_only=st.booleans())
def test_it_reads_what_json_writes(
    value: Any, indent: int | None, *, ascii_only: bool
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    document = load(text)
    assert document.root.value == json.loads(text.replace("\\u0000", "\\ufffd"))
    assert not document.lapses
    assert not document.repeated


def test_every_value_knows_its_place() -> None:
    text = ' {"a": [1, "x\\n"], "b": {"c": true}} '
    root = load(text).root

    def shown(node: Node) -> str:
        return text[node.start : node.end]

    assert shown(root) == text.strip()
    assert [shown(item) for item in root.members["a"].items] == ["1", '"x\\n"']
    assert shown(root.members["b"].members["c"]) == "true"
    assert [text[slice(*span)] for span in root.keys.values()] == ['"a"', '"b"']


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ('{"a": 1,}', ["a comma stands after the last entry"]),
        (
            "[1, 2, // two\n]",
            ["JSON has no comments", "a comma stands after the last entry"],
        ),
        ('/* top */ {"a": [ /* in */ ]} // end', ["JSON has no comments"] * 3),
        ('{"url": "http://x"}', []),
    ],
)
def test_lapses_are_read_and_mended(text: str, problems: list[str]) -> None:
    document = load(text)
    assert [problem for problem, _ in document.lapses] == problems
    mended = apply_edits(text, [edit for _, edit in document.lapses])
    assert json.loads(mended) == document.root.value


@pytest.mark.parametrize(
    ("text", "problem", "offset"),
    [
        ("", "ends too early", 0),
        ('{"a": }', "a value is missing", 6),
        ('{"a" 1}', "a colon is missing", 5),
        ("{'a': 1}", "a key must stand in double quotes", 1),
        ("['a']", "straight double quotes", 1),
        ('["a\nb"]', "a text is not closed", 1),
        ('["a" "b"]', "a comma or a closing bracket", 5),
        ("[,]", "a value is missing", 1),
        ("{} {}", "something stands after the end", 3),
        ("[" * 60, "too deep", 51),
        ("[01]", "a comma or a closing bracket", 2),
        ("[/* open ", "a value is missing", 1),
        (f"[{'1,' * 20_000}1]", "more than 20,000 values", 39_999),
    ],
)
def test_what_is_no_json(text: str, problem: str, offset: int) -> None:
    with pytest.raises(JsonError, match=problem) as caught:
        load(text)
    assert caught.value.offset == offset


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r'"\ud800"', "\ufffd"),
        (r'"a\u0000b"', "a\ufffdb"),
        (r'"\ud83d\ude00"', "\U0001f600"),
        ('"é"', "é"),
    ],
)
def test_texts_can_be_stored(text: str, value: str) -> None:
    assert load(text).root.value == value


def test_keys_that_stand_twice_are_noted() -> None:
    document = load('{"a": 1, "a": 2}')
    assert document.root.value == {"a": 2}
    assert document.repeated == [("a", 9, 12)]


@pytest.mark.parametrize(
    "number",
    ["9" * 309, "-" + "9" * 401, "9" * 5_000, "1e999", "-1E400", "0." + "1" * 5_000],
)
def test_numbers_that_nothing_can_hold_are_refused(number: str) -> None:
    with pytest.raises(JsonError, match="a number is larger or longer") as caught:
        load(f"[{number}]")
    assert caught.value.offset == 1


def test_numbers_that_readers_hold_are_read() -> None:
    big = int("9" * 308)
    assert load(f"[1e99, 1.5, 12, 1e-999, {big}]").root.value == [
        *(1e99, 1.5, 12, 0.0),
        big,
    ]
