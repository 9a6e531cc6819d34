"""Three-way merges: what one side changed is taken, what both changed is shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roster.components.merging import MergeConflict, merge

TEXTS = st.lists(st.sampled_from("abcd\n"), max_size=30).map("".join)


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "merged"),
    [
        ("a\nb\nc\n", "a\nb\nc\n", "a\nB\nc\n", "a\nB\nc\n"),
        ("a\nb\nc\n", "A\nb\nc\n", "a\nb\nC\n", "A\nb\nC\n"),
        ("a\nb\nc\n", "a\nc\n", "a\nb\nc\nd\n", "a\nc\nd\n"),
        ("a\nb\n", "a\nB\n", "a\nB\n", "a\nB\n"),
        ("a\nb", "a\nb\n", "a\nb", "a\nb\n"),
        ("a\r\nb\r\nc\r\n", "A\nb\nc\n", "a\r\nb\r\nC\r\n", "A\r\nb\r\nC\r\n"),
        ("", "", "new\n", "new\n"),
    ],
)
def test_clean(base: str, mine: str, theirs: str, merged: str) -> None:
    assert merge(base, mine, theirs) == (merged, [])
    if "\r" not in base:
        assert merge(base, theirs, mine) == (merged, [])


def test_clashes_hold_all_sides() -> None:
    found = merge("a\nb\nc\nd\n", "a\nmine\nc\nd\nmore\n", "a\ntheirs\nc\nd\n")
    assert found.text == "a\nmine\nc\nd\nmore\n"
    assert found.clashes == [
        MergeConflict(start=1, end=2, mine="mine\n", theirs="theirs\n", base="b\n")
    ]
    removed = merge("a\nb\nc\n", "a\nc\n", "a\nB\nc\n")
    assert removed.clashes == [
        MergeConflict(start=1, end=1, mine="", theirs="B\n", base="b\n")
    ]
    begun = merge("", "mine\n", "theirs\n")
    assert [clash.base for clash in begun.clashes] == [""]


@given(base=TEXTS, mine=TEXTS, theirs=TEXTS)
def test_nothing_is_lost_and_sides_can_change_places(
    base: str, mine: str, theirs: str
) -> None:
    """Choosing one side of each clash gives what the mirrored merge gives."""
    found, mirrored = merge(base, mine, theirs), merge(base, theirs, mine)
    assert [(clash.mine, clash.theirs) for clash in found.clashes] == [
        (clash.theirs, clash.mine) for clash in mirrored.clashes
    ]
    lines = found.text.splitlines(keepends=True)
    for clash in reversed(found.clashes):
        assert "".join(lines[clash.start : clash.end]) == clash.mine
        lines[clash.start : clash.end] = [clash.theirs]
    assert "".join(lines) == mirrored.text
    assert merge(base, mine, base) == (mine, [])
    assert merge(base, base, theirs) == (theirs, [])
    assert merge(base, mine, mine) == (mine, [])
