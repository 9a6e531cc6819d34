"""What may be stored of values that YAML can give."""

import datetime as dt
from typing import Any

import pytest

from roster.components.content import clean, storable
from roster.components.kinds import KINDS
from roster.components.reading import CACHED_BYTES, CACHED_FILES, read_stored
from tests.components.conftest import agent_file

AGENT = KINDS["agent"]


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        ("a\0b", "a\ufffdb"),
        ("a\ud800b", "a\ufffdb"),
        ("\ud83d\ude00 é", "😀 é"),
        (2**53, 2**53),
        (2**53 + 1, "9007199254740993"),
        (-(2**70), "-1180591620717411303424"),
        (True, True),
        (1.5, 1.5),
        (None, None),
        (dt.date(2024, 1, 2), "2024-01-02"),
        ({1: ["x\0", {"y": (1, 2)}]}, {"1": ["x\ufffd", {"y": [1, 2]}]}),
    ],
)
def test_values_become_storable(value: Any, stored: Any) -> None:
    assert storable(value) == stored


def test_nesting_ends_somewhere() -> None:
    value: Any = "bottom"
    for _ in range(10_000):
        value = [value]
    depth = 0
    shown = storable(value)
    while isinstance(shown, list):
        depth, shown = depth + 1, shown[0]
    assert (depth, shown) == (50, "…")


def test_clean_keeps_what_is_fine() -> None:
    for text in ("", "plain", "é 😀", "\ufeffmark"):
        assert clean(text) == text


async def test_reading_stored_files_is_remembered_within_bounds() -> None:
    data = agent_file().encode()
    first = await read_stored(AGENT, "reviewer", "first", data)
    assert await read_stored(AGENT, "reviewer", "first", data) is first
    assert (await read_stored(AGENT, "other", "first", data)) is not first
    for number in range(CACHED_FILES):
        await read_stored(AGENT, "reviewer", f"digest-{number}", data)
    again = await read_stored(AGENT, "reviewer", "first", data)
    assert again is not first
    assert again == first
    large = agent_file(body="x" * CACHED_BYTES).encode()
    first = await read_stored(AGENT, "reviewer", "large", large)
    assert await read_stored(AGENT, "reviewer", "large", large) is not first
