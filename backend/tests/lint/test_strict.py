import json
from typing import Any

import pytest

from roster.lint.strict import MAX_DEPTH, StrictError, load, resolve_plain


@pytest.mark.parametrize(
    ("plain", "value"),
    [
        ("on", "on"),
        ("yes", "yes"),
        ("No", "No"),
        ("2024-01-31", "2024-01-31"),
        ("12:30:45", "12:30:45"),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("42", 42),
        ("-7", -7),
        ("0o17", 15),
        ("0xff", 255),
        ("017", 17),
        ("1_000", "1_000"),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("1e999", "1e999"),
        ("9" * 19, "9" * 19),
        ("9" * 5000, "9" * 5000),
        ("1.0.0", "1.0.0"),
        ("sonnet", "sonnet"),
    ],
)
def test_plain_scalars_follow_the_core_schema(plain: str, value: Any) -> None:
    assert resolve_plain(plain) == value
    assert type(resolve_plain(plain)) is type(value)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("", {}),
        ("# nothing\n", {}),
        ("a: 1\nb: two\n", {"a": 1, "b": "two"}),
        ("b: 1\na: 2\n", {"b": 1, "a": 2}),
        ("a: '1'\nb: \"true\"\n", {"a": "1", "b": "true"}),
        ("a: !!str 1\nb: !!int 2\nc: ! 3\n", {"a": "1", "b": 2, "c": "3"}),
        ("a: [x, {y: z}]\nb:\n  - c: d\n", {"a": ["x", {"y": "z"}], "b": [{"c": "d"}]}),
        ("a: &x [1]\nb: *x\n", {"a": [1], "b": [1]}),
        ("a: &x 1\nb: *x\n", {"a": 1, "b": 1}),
        ("&x a: 1\nb: *x\n", {"a": 1, "b": "a"}),
        ("1: a\ntrue: b\n~: c\n", {"1": "a", "true": "b", "~": "c"}),
        ("a: |\n  one\n  two\n", {"a": "one\ntwo\n"}),
        ("a: !!map {}\nb: !!seq []\n", {"a": {}, "b": []}),
        ('a: "x\\0y"\n', {"a": "x\ufffdy"}),
        ("a: 1\r\nb: 2\r\n", {"a": 1, "b": 2}),
    ],
)
def test_documents_become_plain_values(text: str, values: dict[str, Any]) -> None:
    loaded = load(text).values
    assert loaded == values
    assert list(loaded) == list(values)
    json.dumps(loaded)


BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9)
)


@pytest.mark.parametrize(
    ("text", "problem", "offset"),
    [
        ("a: b: c\n", "mapping values are not allowed", 4),
        ("é: 😀 b: c\n", "mapping values are not allowed", 6),
        ("a: *\n", "did not find expected alphabetic", 4),
        ("a: *b\n", "names no anchor", 3),
        ("a: &x [*x]\n", "names no anchor", 7),
        (BOMB, "aliases expand too far", None),
        ("a: " + "[" * (MAX_DEPTH + 1), "nested too deep", None),
        ("a: " + "{x: " * 100, "nested too deep", None),
        ("- a\n- b\n", "holds no keys", 0),
        ("just text\n", "holds no keys", 0),
        ("a: 1\n---\nb: 2\n", "second document", 5),
        ("[a]: b\n", "a key must be a word", 0),
        ("&k a: 1\n*k : b\n", "a key must be a word", 8),
        ("a: !thing b\n", "tag !thing is unknown", 3),
        ("a: !thing [b]\n", "tag !thing is unknown", 3),
        ("a: 'x\n", "found unexpected end of stream", None),
        ("a: x\x07\n", "control character U+0007", 4),
        ("a:\n\t- b\n", "cannot start any token", 3),
    ],
)
def test_what_a_strict_loader_refuses(
    text: str,
    problem: str,
    offset: int | None,
) -> None:
    with pytest.raises(StrictError, match=problem.replace("+", r"\+")) as error:
        load(text)
    assert error.value.rule == "yaml.invalid"
    assert offset is None or error.value.offset == offset


@pytest.mark.parametrize("text", ["a: 1\nb: 2\na: 3\n", "x:\n  a: 1\n  a: 2\n"])
def test_a_key_that_appears_twice_is_refused(text: str) -> None:
    with pytest.raises(StrictError, match="the key a appears twice") as error:
        load(text)
    assert error.value.rule == "yaml.duplicate-key"


def test_spots_say_where_top_level_values_stand() -> None:
    text = "é: 'x'\ntools: [a, b]\nmap:\n  k: v\n"
    spots = load(text).spots
    assert text[spots["é"].start : spots["é"].end] == "'x'"
    assert text[spots["tools"].start : spots["tools"].end] == "[a, b]"
    assert text[spots["map"].start : spots["map"].end].strip() == "k: v"
    assert text[spots["map"].key :].startswith("map")
    assert (spots["é"].raw, spots["é"].style) == ("x", "'")
